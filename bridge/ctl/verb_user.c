/* SPDX-License-Identifier: Apache-2.0 */
/* user list, add, del. */

#include "bridge/ctl/verbs.h"

#include <stdlib.h>

static void write_users(const json_t *root, struct hg_buf *out)
{
	const json_t *u;
	size_t i;

	json_array_foreach (root, i, u) {
		long long n = (long long)json_integer_value(json_object_get(u, "endpoints"));

		hg_buf_addf(out, "%-40s %-14s", hg_verb_text(u, "person"), hg_verb_text(u, "band"));
		if (n)
			hg_buf_addf(out, " %lld endpoint%s", n, n == 1 ? "" : "s");
		while (out->p[out->n - 1] == ' ')
			out->p[--out->n] = '\0';
		hg_buf_addc(out, '\n');
	}
}

int hg_verb_user_list(void *ctx, const json_t *request, struct hg_buf *out)
{
	struct hg_daemon *d = ctx;
	struct hg_buf json = { 0 };
	int rc;

	hg_core_users(d->core, &json);
	rc = hg_verb_write(request, hg_buf_str(&json), write_users, out);
	hg_buf_done(&json);
	return rc;
}

static void begin(struct hg_daemon *d, const json_t *request, struct hg_ctl_asker *asker,
	void (*start)(struct hg_job *), void (*done)(struct hg_job *, const struct hg_answer *))
{
	struct hg_job *j = hg_job_new(d, request, asker);

	j->who = hg_verb_address(d, request, "person", &asker->out);
	j->start = start;
	j->done = done;
	if (!j->who) {
		hg_job_end(j, HG_WRONG);
		return;
	}
	j->flag = hg_core_has_user(d->core, j->who);
	start(j);
}

static void start_add(struct hg_job *j)
{
	hg_core_ask_user(j->daemon->core, j->who, false, hg_job_answered, j);
}

static void added(struct hg_job *j, const struct hg_answer *a)
{
	const char *who = hg_verb_name(j->daemon, j->who);

	hg_job_say(j, json_pack("{s:s, s:b}", "person", who, "added", !j->flag), "%s %s a user",
		who, j->flag ? "already was" : "is now");
	hg_job_end(j, HG_DONE);
}

void hg_verb_user_add(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	begin(ctx, request, asker, start_add, added);
}

static void start_del(struct hg_job *j)
{
	hg_core_ask_user(j->daemon->core, j->who, true, hg_job_answered, j);
}

static void removed(struct hg_job *j, const struct hg_answer *a)
{
	const char *who = hg_verb_name(j->daemon, j->who);
	bool open = j->daemon->live->settings.provision_open;

	hg_job_say(j,
		json_pack("{s:s, s:b, s:b}", "person", who, "deleted", true, "provisionOpen", open),
		"%s is no user any more, and all that was his is deleted%s", who,
		open ? "\nWho signs in becomes a user here ('users: provision: open'): take away the account, too."
		     : "");
	hg_job_end(j, HG_DONE);
}

void hg_verb_user_del(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	begin(ctx, request, asker, start_del, removed);
}
