/* SPDX-License-Identifier: Apache-2.0 */
/* Writing: from a view, or a record that a mapping table made of one, to lines. Pure: what is equal is written equally. */

#include "plugins/loopback/text.h"

static void add_record(const struct hg_record *r, struct hg_buf *b)
{
	for (uint32_t i = 0; i < r->n; i++) {
		hg_buf_adds(b, hg_loopback_vocabulary.field[r->value[i].field].name);
		loopback_add_word(b, r->value[i].text);
		hg_buf_addc(b, '\n');
	}
}

/* What he is, in a word and in words of his own. */
static void add_activity(const struct hg_state *state, struct hg_buf *b)
{
	loopback_add_word(b, hg_str(state->token));
	for (size_t i = 0; state->custom && i < state->custom->n; i++)
		loopback_add_word(b, hg_bytes_str(state->custom->v[i].text));
}

/* The content goes out as it came in; what the core made itself has none, and is written from the facet. */
static void add_content(const struct hg_pub *p, struct hg_buf *b)
{
	if (p->payload) {
		hg_buf_addc(b, ' ');
		hg_buf_add(b, hg_bytes_str(p->payload));
	} else if (p->key.category == HG_CAT_NOTE) {
		hg_buf_adds(b, " note");
		loopback_add_word(b, hg_bytes_str(p->note.text));
	} else {
		hg_buf_addf(b, " aggregate %u", p->state.availability);
		add_activity(&p->state, b);
	}
	hg_buf_addc(b, '\n');
}

/* Which container it stands in, and its version, are for the owner's eyes alone. */
static void add_category(const struct hg_view *v, struct hg_buf *b)
{
	for (size_t i = 0; i < v->npubs; i++) {
		const struct hg_pub *p = v->pub[i];

		hg_buf_adds(b, hg_category_name(p->key.category));
		if (v->self)
			hg_buf_addf(b, " %u %u %u", p->key.container, p->key.instance, p->version);
		add_content(p, b);
	}
}

static void add_presence(const struct hg_presence *p, struct hg_buf *b)
{
	hg_buf_addf(b, "presence %u", p->availability);
	add_activity(&p->activity, b);
	hg_buf_addc(b, '\n');
	if (!p->note.text)
		return;
	hg_buf_adds(b, "note");
	loopback_add_word(b, hg_bytes_str(p->note.text));
	hg_buf_addc(b, '\n');
}

static void add_containers(const struct hg_self *s, struct hg_buf *b)
{
	for (size_t i = 0; i < s->ncontainers; i++) {
		const struct hg_container *k = &s->container[i];

		hg_buf_addf(b, "container %u %u", k->id, k->version);
		for (size_t m = 0; m < k->n; m++) {
			hg_buf_addf(b, " %d:", (int)k->member[m].type);
			hg_buf_add(b, hg_bytes_str(k->member[m].value));
		}
		hg_buf_addc(b, '\n');
	}
}

static void add_groups(const struct hg_view *v, struct hg_buf *b)
{
	for (size_t i = 0; i < v->self->ngroups; i++) {
		const struct hg_group *g = &v->self->group[i];

		if (v->since && g->changed <= v->since)
			continue;
		if (g->gone && v->since) {
			hg_buf_addf(b, "ungroup %u\n", g->id);
		} else if (!g->gone) {
			hg_buf_addf(b, "group %u", g->id);
			loopback_add_word(b, hg_bytes_str(g->name));
			hg_buf_addc(b, '\n');
		}
	}
}

static void add_waiting(const struct hg_self *s, struct hg_buf *b)
{
	for (size_t i = 0; i < s->nwaiting; i++) {
		hg_buf_adds(b, "waiting");
		loopback_add_word(b, s->waiting[i].user);
		hg_buf_addf(b, " %d\n", (int)s->waiting[i].trust);
	}
}

static void add_watchers(const struct hg_self *s, struct hg_buf *b)
{
	for (size_t i = 0; i < s->nby; i++) {
		hg_buf_adds(b, "watcher");
		loopback_add_word(b, s->by[i].user);
		hg_buf_addf(b, " %d\n", (int)s->by[i].how);
	}
}

static void add_delegates(const struct hg_self *s, struct hg_buf *b)
{
	hg_buf_addf(b, "delegates %u\n", s->delegates_version);
	for (size_t i = 0; i < s->ndelegates; i++) {
		hg_buf_adds(b, "delegate");
		loopback_add_word(b, hg_bytes_str(s->delegate[i].uri));
		hg_buf_addf(b, " %d %d\n", s->delegate[i].publish, s->delegate[i].redelegate);
	}
}

/* The list, or what came after the number that is known over there already. */
static void add_list(const struct hg_view *v, struct hg_buf *b)
{
	hg_buf_addf(b, "list %u %u\n", v->since, v->self->delta);
	add_groups(v, b);
	for (size_t i = 0; i < v->self->ncontacts; i++) {
		const struct hg_contact *k = &v->self->contact[i];

		if ((v->since && k->changed <= v->since) || (k->gone && !v->since))
			continue;
		hg_buf_adds(b, k->gone ? "uncontact" : "contact");
		loopback_add_word(b, hg_bytes_str(k->uri));
		if (!k->gone) {
			hg_buf_addf(b, " %d", k->subscribed);
			loopback_add_word(b, hg_bytes_str(k->name));
			loopback_add_word(b, hg_bytes_str(k->groups));
		}
		hg_buf_addc(b, '\n');
	}
}

void loopback_render(void *self, uint16_t format, const struct hg_view *v,
	const struct hg_record *r, struct hg_buf *b)
{
	if (v->part == HG_PART_WHOLE && format == HG_LOOPBACK_MAPPED)
		add_record(r, b);
	else if (v->part == HG_PART_WHOLE)
		add_presence(&v->person, b);
	else if (v->part < HG_CAT_COUNT)
		add_category(v, b);
	else if (v->part == HG_PART_CONTAINERS)
		add_containers(v->self, b);
	else if (v->part == HG_PART_SUBSCRIBERS)
		add_waiting(v->self, b);
	else if (v->part == HG_PART_WATCHERS)
		add_watchers(v->self, b);
	else if (v->part == HG_PART_DELEGATES)
		add_delegates(v->self, b);
	else if (v->part == HG_PART_CONTACTS)
		add_list(v, b);
}
