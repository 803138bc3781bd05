/* SPDX-License-Identifier: Apache-2.0 */
/* What the control socket answers, and what its verbs share. */

#include "bridge/ctl/verbs.h"

#include <stdlib.h>

const struct hg_ctl_verb hg_daemon_verbs[] = {
	{ "show", .run = hg_verb_show },
	{ "user list", .run = hg_verb_user_list },
	{ "user add", .begin = hg_verb_user_add },
	{ "user set", .begin = hg_verb_user_set },
	{ "user del", .begin = hg_verb_user_del },
	{ "contact list", .run = hg_verb_contact_list },
	{ "contact add", .begin = hg_verb_contact_add },
	{ "contact del", .begin = hg_verb_contact_del },
	{ "link list", .run = hg_verb_link_list },
	{ "link", .begin = hg_verb_link },
	{ "delegate list", .run = hg_verb_delegate_list },
	{ "delegate add", .begin = hg_verb_delegate_edit },
	{ "delegate del", .begin = hg_verb_delegate_edit },
	{ "relationship", .run = hg_verb_relationship },
	{ "relationship set", .begin = hg_verb_relationship_set },
	{ "view", .run = hg_verb_view },
	{ "publish", .begin = hg_verb_publish },
	{ "publish clear", .begin = hg_verb_unpublish },
	{ "reload", .run = hg_verb_reload },
	{ "publish categories", .begin = hg_verb_publish_categories },
	{ "container list", .run = hg_verb_container_list },
	{ "container add", .begin = hg_verb_container_edit },
	{ "container remove", .begin = hg_verb_container_edit },
	{ "watch", .begin = hg_verb_watch },
	{ "watch as", .begin = hg_verb_subscribe },
	{ .name = NULL },
};

int hg_verb_fail(const json_t *request, struct hg_buf *out, int code, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	hg_buf_addf(out, "heliograph %s: %s\n", hg_verb_text(request, "verb"), text);
	return code;
}

const char *hg_verb_text(const json_t *request, const char *key)
{
	return json_string_value(json_object_get(request, key));
}

hg_addr hg_verb_address_of(
	struct hg_daemon *d, const json_t *request, const char *said, struct hg_buf *out)
{
	const char *reason = "";
	struct hg_address a;

	if (hg_address_from_sip(hg_str(said), d->site->settings.domains, &a, &reason) < 0 ||
		!a.local[0]) {
		hg_verb_fail(request, out, HG_WRONG, "'%s' is no address of a person: %s",
			said ? said : "", reason[0] ? reason : "write it as user@domain");
		return 0;
	}
	return hg_addr_of(d->ids, &a);
}

hg_addr hg_verb_address(
	struct hg_daemon *d, const json_t *request, const char *key, struct hg_buf *out)
{
	const char *said = hg_verb_text(request, key);

	if (!said) {
		hg_verb_fail(request, out, HG_WRONG, "the request names no %s", key);
		return 0;
	}
	return hg_verb_address_of(d, request, said, out);
}

const char *hg_verb_name(const struct hg_daemon *d, hg_addr addr)
{
	return hg_intern_text(d->ids, addr).p;
}

int hg_verb_write(const json_t *request, struct hg_str json,
	void (*write)(const json_t *root, struct hg_buf *), struct hg_buf *out)
{
	json_t *root;

	if (json_is_true(json_object_get(request, "json"))) {
		hg_buf_add(out, json);
		hg_buf_addc(out, '\n');
		return HG_DONE;
	}
	root = json_loadb(json.p, json.n, 0, NULL);
	write(root, out);
	json_decref(root);
	return HG_DONE;
}

int hg_verb_list(struct hg_daemon *d, const json_t *request, hg_addr who,
	int (*list)(struct hg_core *, hg_addr who, struct hg_buf *json),
	void (*write)(const json_t *root, struct hg_buf *), struct hg_buf *out)
{
	struct hg_buf json = { 0 };
	int rc;

	if (list(d->core, who, &json) < 0)
		rc = hg_verb_fail(request, out, HG_NOT_DONE,
			"no such user: %s (list them with 'heliograph user list')",
			hg_verb_name(d, who));
	else
		rc = hg_verb_write(request, hg_buf_str(&json), write, out);
	hg_buf_done(&json);
	return rc;
}

/* ---- verbs that change something ---- */

struct hg_job *hg_job_new(struct hg_daemon *d, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = hg_alloc(sizeof(*j));

	j->daemon = d;
	j->asker = asker;
	j->request = json_incref((json_t *)request);
	return j;
}

void hg_job_end(struct hg_job *j, int code)
{
	hg_ctl_answer(j->asker, code);
	hg_card_done(&j->card);
	json_decref(j->request);
	free(j);
}

void hg_job_say(struct hg_job *j, json_t *take, const char *fmt, ...)
{
	struct hg_buf *out = &j->asker->out;
	char *json = json_is_true(json_object_get(j->request, "json"))
		? json_dumps(take, JSON_COMPACT)
		: NULL;
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (!json && vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	hg_buf_addf(out, "%s\n", json ? json : text ? text : "");
	free(text);
	free(json);
	json_decref(take);
}

static const char *refusal(const struct hg_answer *a)
{
	if (a->verdict == HG_CONFLICT)
		return "somebody else is changing the same; try again";
	return a->reason && a->reason[0] ? a->reason : "refused";
}

static const char *remedy(enum hg_verdict v)
{
	switch (v) {
	case HG_NOT_FOUND:
		return " (list them with 'heliograph user list')";
	case HG_TOO_LARGE:
		return " (see 'limits' in heliograph.yaml(5))";
	case HG_LATER:
		return " (the log says why; try again)";
	default:
		return "";
	}
}

void hg_job_answered(void *job, const struct hg_answer *a)
{
	struct hg_job *j = job;

	if (a->verdict == HG_OK) {
		j->done(j, a);
	} else if (a->verdict == HG_CONFLICT && !j->again) {
		j->again = true;
		j->start(j);
	} else {
		hg_verb_fail(j->request, &j->asker->out, HG_NOT_DONE, "%s%s", refusal(a),
			remedy(a->verdict));
		hg_job_end(j, HG_NOT_DONE);
	}
}
