/* SPDX-License-Identifier: Apache-2.0 */
/* user list, add, set, del. */

#include "bridge/ctl/verbs.h"

#include "bridge/presence/card.h"

#include <stdlib.h>

static void write_users(const json_t *root, struct hg_buf *out)
{
	const json_t *u;
	size_t i;

	json_array_foreach (root, i, u) {
		long long n = (long long)json_integer_value(json_object_get(u, "endpoints"));

		hg_buf_addf(out, "%-40s %-14s", hg_verb_text(u, "person"), hg_verb_text(u, "band"));
		const char *name = hg_verb_text(json_object_get(u, "card"), "display-name");

		if (n)
			hg_buf_addf(out, " %lld endpoint%s", n, n == 1 ? "" : "s");
		if (name)
			hg_buf_addf(out, " %s", name);
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

/* What the request says of somebody. false after saying what is wrong with it. */
static bool read_card(struct hg_job *j)
{
	json_t *value;
	const char *key;

	json_object_foreach (json_object_get(j->request, "card"), key, value) {
		enum hg_card_field field = hg_card_field_find(hg_str(key));
		struct hg_str text = hg_str_trim(
			(struct hg_str){ json_string_value(value), json_string_length(value) });
		struct hg_err err = { 0 };
		struct hg_buf said = { 0 };

		if (field == HG_CARD_FIELDS || !json_is_string(value))
			hg_err_set(&err, -1, key, "heliograph(8) lists the fields", "%s",
				json_is_string(value) ? "no such field" : "not a text");
		else if (!text.n || hg_card_check(field, text, &err) == 0) {
			hg_bytes_unref(j->card.field[field]);
			j->card.field[field] = hg_bytes_new(text);
			continue;
		}
		hg_err_write(&err, &said);
		hg_verb_fail(j->request, &j->asker->out, HG_WRONG, "%s", said.p);
		hg_buf_done(&said);
		return false;
	}
	return true;
}

static void begin(struct hg_daemon *d, const json_t *request, struct hg_ctl_asker *asker,
	void (*start)(struct hg_job *), void (*done)(struct hg_job *, const struct hg_answer *))
{
	struct hg_job *j = hg_job_new(d, request, asker);

	j->who = hg_verb_address(d, request, "person", &asker->out);
	j->start = start;
	j->done = done;
	if (!j->who || !read_card(j)) {
		hg_job_end(j, HG_WRONG);
		return;
	}
	j->flag = hg_core_has_user(d->core, j->who);
	start(j);
}

static void start_add(struct hg_job *j)
{
	hg_core_ask_card(j->daemon->core, j->who, &j->card, true, hg_job_answered, j);
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

static void start_set(struct hg_job *j)
{
	hg_core_ask_card(j->daemon->core, j->who, &j->card, false, hg_job_answered, j);
}

static void changed(struct hg_job *j, const struct hg_answer *a)
{
	const char *who = hg_verb_name(j->daemon, j->who);

	hg_job_say(j, json_pack("{s:s, s:b}", "person", who, "changed", true),
		"the record of %s says so now", who);
	hg_job_end(j, HG_DONE);
}

void hg_verb_user_set(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	begin(ctx, request, asker, start_set, changed);
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
