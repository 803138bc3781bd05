/* SPDX-License-Identifier: Apache-2.0 */
/* publish categories: documents of any category into any container in somebody's name, and away again; all of them or none. */

#include "bridge/ctl/verbs.h"

#include "bridge/documents/publish.h"

#include <stdlib.h>

/* What is asked for, read. */
struct wish {
	struct hg_change *change;
	size_t n, cap;
	size_t removed; /* of those that there are */
	char wrong[256];
};

static void wish_done(struct wish *w)
{
	for (size_t i = 0; i < w->n; i++)
		hg_change_done(&w->change[i]);
	free(w->change);
}

static bool HG_PRINTF(2, 3) wrong(struct wish *w, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(w->wrong, sizeof(w->wrong), fmt, args);
	va_end(args);
	return false;
}

/* The application's own, by what clients make of the first four bits (EP 1.12). */
static uint32_t default_instance(const struct hg_change *ch)
{
	static const uint32_t of_state[] = { [HG_STATE_OTHER] = 0,
		[HG_STATE_MACHINE] = 0x30000000,
		[HG_STATE_USER] = 0x20000000,
		[HG_STATE_CALENDAR] = 0x40000000,
		[HG_STATE_PHONE] = 0x80000000,
		[HG_STATE_AGGREGATE] = 0,
		[HG_STATE_AGGREGATE_MACHINE] = 0 };

	if (ch->key.category == HG_CAT_STATE)
		return of_state[ch->state.kind] | HG_APPLICATION;
	return (ch->key.category == HG_CAT_NOTE ? 0x70000000 : 0) | HG_APPLICATION;
}

static bool read_number(const json_t *p, const char *key, uint32_t max, uint32_t *ret)
{
	const json_t *number = json_object_get(p, key);
	json_int_t n = json_integer_value(number);

	*ret = (uint32_t)n;
	return json_is_integer(number) && n >= 0 && n <= max;
}

static bool read_expiry(
	struct wish *w, const json_t *request, const json_t *p, struct hg_change *ch)
{
	const char *said = hg_verb_text(p, "expire");
	uint32_t seconds;

	ch->expiry = HG_STATIC;
	if (said && !hg_expiry_find(hg_str(said), &ch->expiry))
		return wrong(w, "expire: one of static, user, time, endpoint");
	if (ch->expiry == HG_ENDPOINT && !hg_verb_text(request, "endpoint"))
		return wrong(w, "bound to an endpoint: to which? Name a device of his");
	if (ch->expiry != HG_TIME)
		return !json_object_get(p, "seconds") ||
			wrong(w, "seconds go with what expires by time alone");
	if (!read_number(p, "seconds", 366 * 86400, &seconds) || !seconds)
		return wrong(w, "seconds: from one second to a year");
	ch->expires = seconds;
	return true;
}

static bool read_content(
	struct wish *w, const json_t *request, const json_t *p, struct hg_change *ch)
{
	const char *payload = hg_verb_text(p, "payload");
	struct hg_doc_err err = { "" };

	ch->expires = -1;
	if (!payload)
		return wrong(
			w, "the request has no payload for %s", hg_category_name(ch->key.category));
	return read_expiry(w, request, p, ch) &&
		(hg_publish_content(hg_str(payload), ch, &err) == 0 ||
			wrong(w, "%s: %s", hg_category_name(ch->key.category), err.text));
}

/* One publication without its container. */
static bool read_one(struct wish *w, const json_t *request, const json_t *p, struct hg_change *ch)
{
	const char *category = hg_verb_text(p, "category");

	ch->key.category = category ? hg_category_find(hg_str(category)) : HG_CAT_NONE;
	if (ch->key.category == HG_CAT_NONE)
		return wrong(w, "there is no category '%.40s'", category ? category : "");
	if (json_is_true(json_object_get(p, "remove")))
		ch->expires = 0;
	else if (!read_content(w, request, p, ch))
		return false;
	if (!json_object_get(p, "instance")) {
		if (ch->expires == 0 && ch->key.category == HG_CAT_STATE)
			return wrong(w, "of states, an instance says which one is to be removed");
		ch->key.instance = default_instance(ch);
	} else if (!read_number(p, "instance", UINT32_MAX, &ch->key.instance)) {
		return wrong(w, "instance: a number up to 4294967295");
	}
	return true;
}

static void add_copy(struct wish *w, const struct hg_change *ch, uint16_t container)
{
	struct hg_change *to;

	hg_grow(&w->change, &w->cap, w->n, sizeof(*w->change));
	to = &w->change[w->n++];
	hg_change_copy(to, ch);
	to->key.container = container;
}

static bool read_publication(struct wish *w, const json_t *request, const json_t *p)
{
	const json_t *containers = json_object_get(p, "containers"), *id;
	struct hg_change ch = { 0 };
	bool good = read_one(w, request, p, &ch);
	size_t i;

	if (good && !json_array_size(containers))
		good = wrong(w, "into which containers?");
	json_array_foreach (containers, i, id) {
		if (good &&
			(!json_is_integer(id) || json_integer_value(id) < 0 ||
				json_integer_value(id) > HG_C_MAX))
			good = wrong(w, "containers: numbers up to %d", HG_C_MAX);
		if (good && w->n == HG_PUBLISH_MAX)
			good = wrong(w, "more than %d publications", HG_PUBLISH_MAX);
		if (good)
			add_copy(w, &ch, (uint16_t)json_integer_value(id));
	}
	hg_change_done(&ch);
	return good;
}

static bool read_wish(const json_t *request, struct wish *w)
{
	const json_t *list = json_object_get(request, "publications"), *p;
	size_t i;

	json_array_foreach (list, i, p)
		if (!read_publication(w, request, p))
			return false;
	return w->n || wrong(w, "the request has no publications");
}

static void start(struct hg_job *j)
{
	struct wish w = { 0 };

	read_wish(j->request, &w); /* it was good before */
	hg_core_publish(j->daemon->core, j->who, hg_str(hg_verb_text(j->request, "endpoint")),
		w.change, w.n, hg_job_answered, j);
	wish_done(&w);
}

static void done(struct hg_job *j, const struct hg_answer *a)
{
	const char *name = hg_verb_name(j->daemon, j->who);
	unsigned published = j->number, removed = j->removed;

	if (published)
		hg_log(HG_INFO, "application-published", "person=%s what=categories",
			hg_log_text(hg_str(name)));
	if (removed)
		hg_log(HG_INFO, "application-cleared", "person=%s publications=%u",
			hg_log_text(hg_str(name)), removed);
	hg_job_say(j,
		json_pack("{s:s, s:i, s:i}", "person", name, "published", (int)published, "removed",
			(int)removed),
		"for %s: %u published, %u removed", name, published, removed);
	hg_job_end(j, HG_DONE);
}

static void count(struct hg_job *j, const struct wish *w)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->change[i].expires != 0)
			j->number++;
		else if (hg_core_has_publication(j->daemon->core, j->who, w->change[i].key))
			j->removed++;
	}
}

void hg_verb_publish_categories(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = hg_job_new(ctx, request, asker);
	struct wish w = { 0 };
	bool good = read_wish(request, &w);

	if (!good)
		hg_verb_fail(request, &asker->out, HG_WRONG, "%s", w.wrong);
	else
		j->who = hg_verb_address(ctx, request, "person", &asker->out);
	j->start = start;
	j->done = done;
	if (j->who)
		count(j, &w);
	if (!j->who) {
		hg_job_end(j, HG_WRONG);
	} else if (!j->number && !j->removed && hg_core_has_user(j->daemon->core, j->who)) {
		hg_job_end(j,
			hg_verb_fail(request, &asker->out, HG_NOT_DONE,
				"nothing of that kind was published for %s",
				hg_verb_name(ctx, j->who)));
	} else {
		start(j);
	}
	wish_done(&w);
}
