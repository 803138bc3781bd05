/* SPDX-License-Identifier: Apache-2.0 */
/* delegate list, add, del: who may act in somebody's name, as his client would say it. */

#include "bridge/ctl/show_text.h"
#include "bridge/ctl/verbs.h"

#include <string.h>

static void write_delegates(const json_t *root, struct hg_buf *out)
{
	hg_delegates_text(json_object_get(root, "delegates"), "", out);
}

static int list(struct hg_daemon *d, const json_t *request, hg_addr who, struct hg_buf *out)
{
	return hg_verb_list(d, request, who, hg_core_delegates, write_delegates, out);
}

int hg_verb_delegate_list(void *ctx, const json_t *request, struct hg_buf *out)
{
	hg_addr who = hg_verb_address(ctx, request, "person", out);

	return who ? list(ctx, request, who, out) : HG_WRONG;
}

/* ---- changing ---- */

static void start(struct hg_job *j)
{
	struct hg_delegate_edit e = { .remove = j->flag,
		.publish = json_is_true(json_object_get(j->request, "publish")),
		.redelegate = json_is_true(json_object_get(j->request, "redelegate")) };

	hg_core_edit_delegate(j->daemon->core, j->who, j->whom, e, hg_job_answered, j);
}

static void done(struct hg_job *j, const struct hg_answer *a)
{
	hg_job_end(j, list(j->daemon, j->request, j->who, &j->asker->out));
}

void hg_verb_delegate_edit(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = hg_job_new(ctx, request, asker);

	j->start = start;
	j->done = done;
	j->flag = strcmp(hg_verb_text(request, "verb"), "delegate del") == 0;
	j->who = hg_verb_address(ctx, request, "person", &asker->out);
	j->whom = j->who ? hg_verb_address(ctx, request, "address", &asker->out) : 0;
	if (j->whom)
		start(j);
	else
		hg_job_end(j, HG_WRONG);
}
