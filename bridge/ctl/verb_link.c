/* SPDX-License-Identifier: Apache-2.0 */
/* link: accounts elsewhere that are the same person. */

#include "bridge/ctl/show_text.h"
#include "bridge/ctl/verbs.h"

static void write_links(const json_t *root, struct hg_buf *out)
{
	hg_links_text(root, "", out);
}

int hg_verb_link_list(void *ctx, const json_t *request, struct hg_buf *out)
{
	hg_addr person = hg_verb_address(ctx, request, "person", out);

	return person ? hg_verb_list(ctx, request, person, hg_core_links, write_links, out)
		      : HG_WRONG;
}

static void start(struct hg_job *j)
{
	hg_core_ask(j->daemon->core,
		&(struct hg_request){ .kind = HG_REQ_LINK,
			.target = j->who,
			.watched = j->whom,
			.wire = hg_intern_text(j->daemon->ids, j->whom),
			.remove = j->flag },
		hg_job_answered, j);
}

static void done(struct hg_job *j, const struct hg_answer *a)
{
	const char *who = hg_verb_name(j->daemon, j->who);
	const char *account = hg_verb_name(j->daemon, j->whom);

	hg_job_say(j,
		json_pack("{s:s, s:s, s:b}", "person", who, "address", account, "linked", !j->flag),
		j->flag ? "%s is not linked to %s any more"
			: "%s is an account of %s, and counts once it has accepted the subscription",
		account, who);
	hg_job_end(j, HG_DONE);
}

void hg_verb_link(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = hg_job_new(ctx, request, asker);

	j->who = hg_verb_address(ctx, request, "person", &asker->out);
	j->whom = j->who ? hg_verb_address(ctx, request, "account", &asker->out) : 0;
	j->flag = json_is_true(json_object_get(request, "remove"));
	j->start = start;
	j->done = done;
	if (j->whom)
		start(j);
	else
		hg_job_end(j, HG_WRONG);
}
