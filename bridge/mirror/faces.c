/* SPDX-License-Identifier: Apache-2.0 */
/* Received views: what the resources of a remote person said to one watcher, and only to him. */

#include "bridge/mirror/core.h"

#include "bridge/presence/faces.h"

#include <stdlib.h>

void hg_face_free(struct hg_face_obj *f)
{
	hg_bytes_unref(f->name);
	hg_record_unref(f->said);
	hg_statement_done(&f->statement);
}

static struct hg_face_obj *find(struct hg_watch_obj *w, struct hg_str name)
{
	for (size_t i = 0; i < w->nfaces; i++)
		if (hg_str_eq(hg_bytes_str(w->face[i].name), name))
			return &w->face[i];
	return NULL;
}

static void changed(struct hg_core *c, struct hg_watch_obj *w)
{
	hg_watch_changed(c, w);
	hg_watch_dirty(c, w);
	hg_link_sync(c, w);
}

/* Something was heard: what is shown is news again. */
static void heard(struct hg_watch_obj *w)
{
	w->stale = w->unknown = false;
}

static const struct hg_table *table_of(struct hg_core *c, struct hg_watch_obj *w)
{
	struct hg_lane_obj *l = hg_watch_out_lane(c, w);

	return l ? hg_core_table(c, l->adapter->format[l->format].vocabulary, w->key.presentity)
		 : NULL;
}

static void drop(struct hg_watch_obj *w, size_t i)
{
	hg_face_free(&w->face[i]);
	w->face[i] = w->face[--w->nfaces];
}

/* Nobody has said since that it is still so: it is from before the link broke, or is being asked about. */
static bool unconfirmed(const struct hg_face_obj *f, uint32_t generation)
{
	return f->generation != generation || f->doubted;
}

/* One that nobody has confirmed makes way for one that is there. */
static bool has_room(struct hg_core *c, struct hg_watch_obj *w, uint32_t generation)
{
	size_t i = 0;

	if (w->nfaces < c->env.policy.limits.faces)
		return true;
	while (i < w->nfaces && !unconfirmed(&w->face[i], generation))
		i++;
	if (i < w->nfaces)
		drop(w, i);
	else
		hg_core_count(c, "limit_faces_total");
	return w->nfaces < c->env.policy.limits.faces;
}

/* What somebody said when he went ends when he is there again. */
static void drop_silent(struct hg_watch_obj *w)
{
	for (size_t i = w->nfaces; i-- > 0;)
		if (!hg_statement_says(&w->face[i].statement))
			drop(w, i);
}

/* Does another one than this say that somebody is there? */
static bool others_say(const struct hg_watch_obj *w, struct hg_str name)
{
	for (size_t i = 0; i < w->nfaces; i++)
		if (hg_statement_says(&w->face[i].statement) &&
			!hg_str_eq(hg_bytes_str(w->face[i].name), name))
			return true;
	return false;
}

void hg_faces_set(struct hg_core *c, struct hg_watch_obj *w, struct hg_str name,
	struct hg_record *take, uint32_t generation)
{
	const struct hg_table *t = table_of(c, w);
	struct hg_face_obj *f = find(w, name);
	struct hg_statement statement = { 0 };

	if (f && f->doubted && f->generation == generation && hg_record_eq(f->said, take)) {
		hg_record_unref(take); /* it is no news, not even of when */
		f->doubted = false;
		return;
	}
	if (t)
		hg_table_in(t, take, &statement);
	if (HG_PLANTED(HG_BUG_WORDS_ALONE_COUNT))
		statement.exact = NULL;
	if (t && !hg_statement_says(&statement) && (w->directed || others_say(w, name))) {
		hg_statement_done(&statement);
		hg_record_unref(take);
		hg_faces_gone(c, w, name);
		return;
	}
	if (hg_statement_says(&statement) && !HG_PLANTED(HG_BUG_LAST_WORDS_STAY))
		drop_silent(w);
	f = find(w, name);
	if (!f) {
		if (!has_room(c, w, generation)) {
			hg_statement_done(&statement);
			hg_record_unref(take);
			return;
		}
		hg_grow(&w->face, &w->faces_cap, w->nfaces, sizeof(*w->face));
		f = &w->face[w->nfaces++];
		*f = (struct hg_face_obj){ .name = hg_bytes_new(name) };
	}
	hg_record_unref(f->said);
	hg_statement_done(&f->statement);
	f->said = take;
	f->statement = statement;
	f->doubted = false;
	f->generation = generation;
	f->at = core_now(c).utc;
	f->directed = hg_directed_is(c, w);
	if (t)
		w->table = hg_table_id(t);
	heard(w);
	changed(c, w);
}

void hg_faces_gone(struct hg_core *c, struct hg_watch_obj *w, struct hg_str name)
{
	for (size_t i = w->nfaces; i-- > 0;)
		if (name.n ? hg_str_eq(hg_bytes_str(w->face[i].name), name) : !w->face[i].directed)
			drop(w, i);
	heard(w);
	changed(c, w);
}

/* What was said to this watcher alone a server does not repeat (RFC 6121 4.6). */
void hg_faces_doubt(struct hg_watch_obj *w)
{
	for (size_t i = 0; i < w->nfaces && !HG_PLANTED(HG_BUG_SILENCE_IS_CONSENT); i++)
		w->face[i].doubted = !w->face[i].directed;
}

/* The bound after a link came back: faces that nobody confirmed are gone, and silence was an
 * answer. */
void hg_faces_settle(struct hg_core *c, struct hg_watch_obj *w, uint32_t generation)
{
	bool other = w->stale || w->unknown;

	if (HG_PLANTED(HG_BUG_NO_SETTLE))
		return;
	for (size_t i = w->nfaces; i-- > 0;)
		if (unconfirmed(&w->face[i], generation)) {
			drop(w, i);
			other = true;
		}
	other |= hg_aspects_settle(w, generation);
	heard(w);
	if (other) /* else it has been so since before */
		changed(c, w);
}

void hg_faces_remap(struct hg_core *c, struct hg_watch_obj *w, const struct hg_vocabulary *v)
{
	const struct hg_table *t = table_of(c, w);
	bool other = false;

	if (!t || hg_table_vocabulary(t) != v || hg_table_id(t) == w->table)
		return;
	w->table = hg_table_id(t);
	for (size_t i = 0; i < w->nfaces; i++) {
		struct hg_statement was = w->face[i].statement;

		hg_table_in(t, w->face[i].said, &w->face[i].statement);
		other |= !hg_statement_eq(&was, &w->face[i].statement);
		hg_statement_done(&was);
	}
	if (other)
		changed(c, w);
}

void hg_faces_reread(struct hg_core *c, struct hg_watch_obj *w)
{
	if (w->nfaces)
		changed(c, w);
}

static bool same_state(const struct hg_presence *a, const struct hg_presence *b)
{
	return a->availability == b->availability && a->last_active == b->last_active &&
		hg_state_eq(&a->activity, &b->activity);
}

const struct hg_presence *hg_watch_shown(struct hg_core *c, struct hg_watch_obj *w)
{
	struct hg_presence was = w->shown;
	struct hg_said *said;
	size_t n = 0;

	if (w->shown_at == w->changed)
		return &w->shown;
	said = hg_alloc((w->nfaces + w->naspects + 1) * sizeof(*said));
	for (size_t i = 0; i < w->nfaces; i++)
		said[n++] = (struct hg_said){ &w->face[i].statement, w->face[i].at };
	for (size_t i = 0; i < w->naspects; i++)
		said[n++] = (struct hg_said){ &w->aspect[i].statement, 0 };
	hg_faces_presence(c->env.policy.grammar, said, n, core_now(c).utc, &w->shown);
	hg_aspects_show(w, &w->shown);
	w->shown_at = w->changed;
	/* publishTime moves with the content: the same presence once more, as probes bring it, is
	 * no news. It has been so since it was heard, and not since somebody looked. */
	if (!same_state(&was, &w->shown) || !w->state_since) {
		w->state_since = w->changed_at;
		hg_core_event(c,
			&(struct hg_event){ .kind = HG_EVENT_STATE,
				.person = w->key.presentity,
				.other = w->key.watcher,
				.availability = w->shown.availability });
	}
	if (!hg_note_eq(&was.note, &w->shown.note))
		w->note_since = w->changed_at;
	hg_presence_done(&was);
	free(said);
	return &w->shown;
}
