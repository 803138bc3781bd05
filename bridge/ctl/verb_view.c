/* SPDX-License-Identifier: Apache-2.0 */
/* view, relationship: what one watcher is shown, and why. */

#include "bridge/ctl/verbs.h"
#include "bridge/ctl/view_json.h"

#include <string.h>

static const struct {
	const char *name;
	uint16_t container;
} levels[] = {
	{ "external", HG_C_EXTERNAL },
	{ "colleagues", HG_C_COLLEAGUES },
	{ "workgroup", HG_C_WORKGROUP },
	{ "friends", HG_C_FRIENDS },
	{ "blocked", HG_C_BLOCKED },
	{ "default", HG_C_DEFAULT },
};

enum { NLEVELS = sizeof(levels) / sizeof(levels[0]) };

static void write_container(const json_t *root, struct hg_buf *out)
{
	long long id = (long long)json_integer_value(json_object_get(root, "container"));
	const char *type = hg_verb_text(root, "memberType");
	const char *value = hg_verb_text(root, "memberValue");

	if (!json_object_get(root, "container")) {
		hg_buf_adds(out, "decided where that person lives");
		return;
	}
	for (int i = 0; i < NLEVELS; i++)
		if (levels[i].container == id)
			hg_buf_adds(out, id ? levels[i].name : "none");
	hg_buf_addf(out, " (container %lld)", id);
	if (type)
		hg_buf_addf(out, ", as member %s%s%s", type, value ? " " : "", value ? value : "");
	else if (!id)
		hg_buf_adds(out, ", as no member of any");
}

static void write_relationship(const json_t *root, struct hg_buf *out)
{
	hg_buf_addf(out, "%s to %s: ", hg_verb_text(root, "watcher"), hg_verb_text(root, "person"));
	write_container(root, out);
	hg_buf_addf(out, ", %s%s\n", hg_verb_text(root, "standing"),
		json_is_true(json_object_get(root, "watching")) ? "" : ", not watching");
}

static void write_documents(const json_t *root, struct hg_buf *out)
{
	const char *name;
	json_t *list, *document;
	size_t i;

	json_object_foreach ((json_t *)json_object_get(root, "categories"), name, list)
		json_array_foreach (list, i, document)
			hg_buf_addf(out, "  %s %lld: %s\n", name,
				(long long)json_integer_value(
					json_object_get(document, "instance")),
				hg_verb_text(document, "payload"));
}

static void write_view(const json_t *root, struct hg_buf *out)
{
	write_relationship(root, out);
	hg_buf_addf(out, "  %s (%lld)", hg_verb_text(root, "band"),
		(long long)json_integer_value(json_object_get(root, "availability")));
	if (hg_verb_text(root, "activity"))
		hg_buf_addf(out, " %s", hg_verb_text(root, "activity"));
	if (hg_verb_text(root, "lastActive"))
		hg_buf_addf(out, ", last active %s", hg_verb_text(root, "lastActive"));
	if (hg_verb_text(root, "noteText"))
		hg_buf_addf(out, ", note: %s\n", hg_verb_text(root, "noteText"));
	else
		hg_buf_addf(out, ", %s note\n",
			json_is_true(json_object_get(root, "note")) ? "with a" : "no");
	write_documents(root, out);
}

struct looking {
	bool notes;
	size_t categories; /* written so far */
};

static void write_part(void *arg, const struct hg_view *v, struct hg_buf *b)
{
	struct looking *l = arg;

	hg_buf_addc(b, ',');
	if (v->part != HG_PART_WHOLE && l->categories++ == 0)
		hg_buf_adds(b, "\"categories\":{");
	hg_view_json(v, l->notes, b);
}

static int look(struct hg_daemon *d, const json_t *request,
	void (*write)(const json_t *, struct hg_buf *), struct hg_buf *out)
{
	struct looking l = { .notes = json_is_true(json_object_get(request, "notes")) };
	struct hg_str wrong = HG_STR_NONE;
	hg_part part[HG_VIEW_PARTS];
	size_t n = hg_view_parts(hg_verb_text(request, "categories"), part, &wrong);
	hg_addr watcher = hg_verb_address(d, request, "watcher", out);
	hg_addr person = watcher ? hg_verb_address(d, request, "person", out) : 0;
	struct hg_buf json = { 0 };
	int rc;

	if (!person)
		return HG_WRONG;
	if (!n)
		return hg_verb_fail(
			request, out, HG_WRONG, "there is no category '%.*s'", HG_STR_ARG(wrong));
	if (hg_core_view(d->core, watcher, person, part, n, write_part, &l, &json) < 0)
		return hg_verb_fail(request, out, HG_NOT_DONE,
			"%s is no user here, nor does %s watch such a person elsewhere",
			hg_verb_name(d, person), hg_verb_name(d, watcher));
	if (l.categories)
		hg_buf_addc(&json, '}'); /* the first one closed "categories" */
	rc = hg_verb_write(request, hg_buf_str(&json), write, out);
	hg_buf_done(&json);
	return rc;
}

int hg_verb_view(void *ctx, const json_t *request, struct hg_buf *out)
{
	return look(ctx, request, write_view, out);
}

int hg_verb_relationship(void *ctx, const json_t *request, struct hg_buf *out)
{
	return look(ctx, request, write_relationship, out);
}

/* ---- changing ---- */

static void start(struct hg_job *j)
{
	hg_core_set_relationship(
		j->daemon->core, j->who, j->whom, (uint16_t)j->number, hg_job_answered, j);
}

static void done(struct hg_job *j, const struct hg_answer *a)
{
	hg_job_end(j, look(j->daemon, j->request, write_relationship, &j->asker->out));
}

void hg_verb_relationship_set(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = hg_job_new(ctx, request, asker);
	const char *level = hg_verb_text(request, "level");
	int i = 0;

	while (i < NLEVELS && (!level || strcmp(levels[i].name, level)))
		i++;
	if (i == NLEVELS) {
		hg_verb_fail(request, &asker->out, HG_WRONG,
			"there is no relationship '%s' (one of: external, colleagues, workgroup, "
			"friends, blocked, default)",
			level ? level : "");
		hg_job_end(j, HG_WRONG);
		return;
	}
	j->number = levels[i].container;
	j->who = hg_verb_address(ctx, request, "watcher", &asker->out);
	j->whom = j->who ? hg_verb_address(ctx, request, "person", &asker->out) : 0;
	j->start = start;
	j->done = done;
	if (j->whom)
		start(j);
	else
		hg_job_end(j, HG_WRONG);
}
