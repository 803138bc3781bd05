/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Views: what one outlet may be shown, part by part. To everything downstream a view id is opaque;
 *here it is 1 home(person, container)   2 received(watch)   3 self(person)   4 nothing(presentity,
 *standing)
 */

#include "bridge/mirror/core.h"

#include "bridge/presence/faces.h"

#include "bridge/presence/digest.h"

#include <string.h>

enum { HOME = 1, RECEIVED, SELF, NOTHING };

static hg_viewid make_id(int kind, uint32_t who, uint16_t what)
{
	return (hg_viewid)kind << 60 | (hg_viewid)who << 16 | what;
}

static int kind_of(hg_viewid id)
{
	return (int)(id >> 60);
}

static uint32_t who_of(hg_viewid id)
{
	return (uint32_t)(id >> 16);
}

static uint16_t what_of(hg_viewid id)
{
	return (uint16_t)id;
}

static hg_viewid received_id(struct hg_core *c, const struct hg_watch_obj *w)
{
	const struct hg_watch_obj *x;

	if (HG_PLANTED(HG_BUG_SHARED_RECEIVED_VIEW))
		for (x = c->watches; x; x = x->hh.next)
			if (x->key.presentity == w->key.presentity && x->nfaces)
				return make_id(RECEIVED, 0, 0) | x->id;
	return make_id(RECEIVED, 0, 0) | w->id;
}

hg_viewid hg_view_id(struct hg_core *c, const struct hg_outlet_obj *o, enum hg_standing *ret)
{
	const struct hg_watch_obj *w = o->watch;

	*ret = HG_KNOWN;
	if (!w)
		return make_id(SELF, o->self->addr, 0);
	*ret = c->farewell && o->standing ? HG_REFUSED : hg_watch_standing(c, w);
	if (*ret != HG_KNOWN)
		return make_id(NOTHING, w->key.presentity, (uint16_t)*ret);
	if (w->is_out)
		return received_id(c, w);
	return make_id(HOME, w->key.presentity,
		HG_PLANTED(HG_BUG_KEY_WITHOUT_CONTAINER) ? 1 : hg_watch_container(w));
}

static struct hg_watch_obj *watch_behind(struct hg_core *c, hg_viewid id)
{
	hg_watch watch = (hg_watch)id;
	struct hg_watch_obj *w;

	HASH_FIND(hh_id, c->watches_by_id, &watch, sizeof(watch), w);
	return w;
}

/* The container of a home view. With a planted defect the id does not say it, and the outlet must
 * be asked. */
static uint16_t container_of(struct hg_core *c, const struct hg_outlet_obj *o, hg_viewid id)
{
	return HG_PLANTED(HG_BUG_KEY_WITHOUT_CONTAINER) ? hg_watch_container(o->watch)
							: what_of(id);
}

/* Of all that a whole presence is made of. */
static uint64_t newest_change(const struct hg_person *p)
{
	static const hg_part parts[] = { HG_CAT_STATE, HG_CAT_NOTE, HG_CAT_CALENDAR_DATA,
		HG_CAT_CONTACT_CARD };
	uint64_t newest = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (p->changed[parts[i]] > newest)
			newest = p->changed[parts[i]];
	return newest;
}

uint64_t hg_view_changed(
	struct hg_core *c, const struct hg_outlet_obj *o, hg_viewid id, hg_part part)
{
	struct hg_person *p;

	switch (kind_of(id)) {
	case RECEIVED:
		return watch_behind(c, id)->changed;
	case HOME:
	case SELF:
		p = hg_person_find(c, who_of(id));
		if (part < HG_CAT_COUNT)
			return p->changed[part];
		if (part == HG_PART_WHOLE || part == HG_PART_ASPECT)
			return newest_change(p);
		if (part == HG_PART_CONTAINERS)
			return p->containers_changed;
		if (part == HG_PART_SUBSCRIBERS)
			return p->waiting_changed;
		if (part == HG_PART_WATCHERS)
			return p->watchers_changed;
		if (part == HG_PART_DELEGATES)
			return p->delegates_changed;
		return p->list_changed;
	default:
		return 0;
	}
}

static void nothing_presence(enum hg_standing standing, struct hg_presence *ret)
{
	/* Whoever has said no, or not yes, is shown as offline; of whom nothing is known, unknown.
	 */
	ret->availability = standing == HG_UNKNOWN ? 0 : hg_band_canonical(HG_BAND_OFFLINE);
}

/* The newest note of the container (EP 1.5: an empty one clears). */
static const struct hg_pub *newest_note(const struct hg_person *p, uint16_t container)
{
	const struct hg_pub *best = NULL;
	size_t first, end;

	hg_pubs_range(&p->pubs, HG_CAT_NOTE, &first, &end);
	for (size_t i = first; i < end; i++) {
		const struct hg_pub *b = p->pubs.v[i];

		if (hg_pub_live(b) && b->key.container == container &&
			(!best || b->published >= best->published))
			best = b;
	}
	return best;
}

static void home_presence(
	struct hg_core *c, struct hg_person *p, uint16_t container, struct hg_presence *ret)
{
	const struct hg_agg *a = &p->agg[container == HG_C_WORKGROUP];
	const struct hg_pub *note = newest_note(p, container);

	ret->circle = hg_circle_of(container);
	if (container == HG_C_BLOCKED) {
		ret->availability = hg_band_canonical(HG_BAND_OFFLINE);
		return;
	}
	if (hg_shows_aggregate(container))
		ret->availability = a->state.availability;
	if (hg_shows_aggregate(container) && container != HG_C_EXTERNAL) {
		ret->last_active = a->state.last_active;
		ret->activity = a->state;
		ret->activity.details = NULL; /* where he sits goes to those who read categories */
		ret->manual = a->manual;
		if (a->state.details)
			ret->device = hg_device_kind_of(hg_str(a->state.details->device));
	}
	ret->busy = hg_calendar_at(hg_person_calendar(p, container), core_now(c).utc);
	if (note)
		ret->note = note->note;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* When the note that is shown was published, or one that would be shown before it was taken away. */
static int64_t note_since(const struct hg_person *p, uint16_t container)
{
	const struct hg_pub *note;
	int64_t published, since;
	size_t first, end;

	if (HG_PLANTED(HG_BUG_SINCE_OF_ANY_CIRCLE))
		container = HG_C_COLLEAGUES;
	note = newest_note(p, container);
	since = published = note ? note->published : 0;
	hg_pubs_range(&p->pubs, HG_CAT_NOTE, &first, &end);
	for (size_t i = first; i < end; i++) {
		const struct hg_pub *b = p->pubs.v[i];

		if (!hg_pub_live(b) && b->key.container == container && b->published >= published)
			since = later(since, b->ended);
	}
	return since;
}

/* What a container does not show does not show by its time either. */
static int64_t home_since(struct hg_core *c, struct hg_person *p, uint16_t container)
{
	size_t n = hg_pubs_of_home(c, p, container, HG_CAT_STATE);
	int64_t since = container != HG_C_BLOCKED ? note_since(p, container) : 0;

	for (size_t i = 0; i < n; i++)
		since = later(since, c->view_pub[i]->published);
	return since;
}

int64_t hg_view_since(struct hg_core *c, const struct hg_outlet_obj *o, hg_viewid id)
{
	struct hg_watch_obj *w;

	switch (kind_of(id)) {
	case HOME:
		return home_since(c, hg_person_find(c, who_of(id)), container_of(c, o, id));
	case RECEIVED:
		w = watch_behind(c, id);
		hg_watch_shown(c, w);
		return later(w->state_since, w->note_since);
	default:
		return 0;
	}
}

/* Borrows: the result is valid until the next change. */
void hg_view_presence(struct hg_core *c, const struct hg_outlet_obj *o, hg_viewid id,
	enum hg_standing standing, struct hg_presence *ret)
{
	memset(ret, 0, sizeof(*ret));
	switch (kind_of(id)) {
	case HOME:
		home_presence(c, hg_person_find(c, who_of(id)), container_of(c, o, id), ret);
		break;
	case RECEIVED:
		*ret = *hg_watch_shown(c, watch_behind(c, id));
		break;
	default:
		nothing_presence(standing, ret);
	}
}

bool hg_view_offline(
	struct hg_core *c, const struct hg_outlet_obj *o, hg_viewid id, enum hg_standing standing)
{
	struct hg_presence p;

	hg_view_presence(c, o, id, standing, &p);
	return hg_band_of(p.availability) == HG_BAND_OFFLINE ||
		hg_band_of(p.availability) == HG_BAND_UNKNOWN;
}

static size_t category_pubs(struct hg_core *c, const struct hg_outlet_obj *o, hg_viewid id,
	enum hg_standing standing, hg_part category)
{
	struct hg_watch_obj *w;
	struct hg_presence p;

	switch (kind_of(id)) {
	case HOME:
		return hg_pubs_of_home(c, hg_person_find(c, who_of(id)),
			HG_PLANTED(HG_BUG_ALSO_OF_ANY_CIRCLE) && o->standing
				? HG_C_COLLEAGUES
				: container_of(c, o, id),
			category);
	case SELF:
		return hg_pubs_of_self(c, o->self, category);
	case RECEIVED:
		w = watch_behind(c, id);
		return hg_pubs_of_presence(
			c, hg_watch_shown(c, w), w->state_since, w->note_since, category);
	default:
		memset(&p, 0, sizeof(p));
		nothing_presence(standing, &p);
		return hg_pubs_of_presence(c, &p, 0, 0, category);
	}
}

/* Of somebody at home who is not there no note and no calendar are told: they would tell whether he has left or but appears
 * so. What people elsewhere say when they go was said to be heard. */
bool hg_view_hides(hg_viewid id, const struct hg_presence *p)
{
	enum hg_band band = hg_band_of(p->availability);

	return kind_of(id) == HOME && !HG_PLANTED(HG_BUG_LAST_WORDS_AT_HOME) &&
		(band == HG_BAND_UNKNOWN || band == HG_BAND_OFFLINE);
}

static void add_calendar(
	struct hg_core *c, const struct hg_outlet_obj *o, hg_viewid id, struct hg_view *ret)
{
	if (kind_of(id) != HOME || hg_view_hides(id, &ret->person))
		return;
	ret->calendar = hg_person_calendar(hg_person_find(c, who_of(id)), container_of(c, o, id));
	ret->calendar_since = hg_calendar_since(ret->calendar, core_now(c).utc);
}

void hg_view_make(struct hg_core *c, const struct hg_outlet_obj *o, hg_viewid id,
	enum hg_standing standing, hg_part part, struct hg_view *ret)
{
	hg_addr presentity = o->watch ? o->watch->key.presentity : o->self->addr;

	memset(ret, 0, sizeof(*ret));
	ret->id = id;
	ret->part = part;
	ret->standing = standing;
	ret->address = presentity;
	ret->presentity = hg_intern_text(c->env.ids, presentity);
	if (part == HG_PART_WHOLE || part == HG_PART_ASPECT)
		hg_view_presence(c, o, id, standing, &ret->person);
	if (part == HG_PART_WHOLE) {
		ret->npubs = category_pubs(c, o, id, standing, HG_CAT_CONTACT_CARD);
		ret->pub = c->view_pub;
		add_calendar(c, o, id, ret);
	} else if (part < HG_CAT_COUNT) {
		ret->npubs = category_pubs(c, o, id, standing, part);
		ret->pub = c->view_pub;
	}
	if (o->self) {
		hg_view_self(c, o->self, part, &c->self);
		ret->self = &c->self;
	}
}

/* Of a received view: who of the resources says what. */
uint64_t hg_view_digest_faces(struct hg_core *c, hg_viewid id, uint64_t h)
{
	const struct hg_watch_obj *w = kind_of(id) == RECEIVED ? watch_behind(c, id) : NULL;

	for (size_t i = 0; w && i < w->nfaces; i++) {
		h = hg_digest_number(h, w->face[i].name->hash);
		h = hg_digest_number(h, w->face[i].said->hash);
	}
	return h;
}

size_t hg_view_faces(struct hg_core *c, hg_viewid id, const struct hg_table *t)
{
	const struct hg_watch_obj *w = kind_of(id) == RECEIVED ? watch_behind(c, id) : NULL;
	size_t n = w ? w->nfaces : 0;

	for (size_t i = 0; i < n; i++) {
		const struct hg_face_obj *f = &w->face[i];
		struct hg_statement s = f->statement;
		struct hg_presence p = { 0 };

		if (s.priority <
			0) /* takes no part in the person, but it is there (RFC 8048 table 1) */
			s.priority = 0;
		hg_faces_presence(c->env.policy.grammar, &(struct hg_said){ &s, f->at }, 1,
			core_now(c).utc, &p);
		hg_grow(&c->view_face, &c->view_face_cap, i, sizeof(*c->view_face));
		c->view_face[i] = (struct hg_face){ .name = hg_bytes_str(f->name),
			.priority = f->statement.priority,
			.record = hg_table_out(t, &p),
			.exact = f->statement.exact };
		hg_presence_done(&p);
	}
	return n;
}

uint64_t hg_view_digest(const struct hg_view *v, uint64_t changed)
{
	uint64_t h = hg_digest_number(HG_DIGEST_START, v->standing);

	if (v->part == HG_PART_WHOLE || v->part == HG_PART_ASPECT)
		h = hg_digest_presence(h, &v->person);
	else if (v->part >= HG_CAT_COUNT)
		return hg_digest_number(
			h, changed); /* the owner's lists: every change of them shows */
	for (size_t i = 0; i < v->npubs; i++)
		h = hg_digest_number(h, hg_pub_digest(v->pub[i], v->self != NULL));
	if (v->calendar)
		h = hg_digest_calendar(h, v->calendar, v->calendar_since);
	return h;
}
