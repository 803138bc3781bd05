/* SPDX-License-Identifier: Apache-2.0 */
/* Smaller questions than hg_core_show answers: what one watcher is shown, a contact list, the
 * users. */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <errno.h>
#include <utlist.h>

static void text(struct hg_buf *b, const char *key, struct hg_str value)
{
	hg_buf_addf(b, ",\"%s\":", key);
	hg_buf_add_json(b, value);
}

static void truth(struct hg_buf *b, const char *key, bool value)
{
	hg_buf_addf(b, ",\"%s\":%s", key, value ? "true" : "false");
}

static void availability(struct hg_buf *b, uint32_t said)
{
	hg_buf_addf(b, ",\"availability\":%u", said);
	text(b, "band", hg_str(hg_band_name(hg_band_of(said))));
}

/* ---- what one watcher is shown ---- */

/* The member by which he is in that container: the most special kind, as hg_container_of has it. */
static void show_reason(const struct hg_person *p, const struct hg_watch_obj *w, struct hg_buf *b)
{
	const struct hg_member *best = NULL;
	uint16_t id = hg_watch_container(w);

	for (size_t i = 0; i < p->ncontainers; i++)
		for (size_t k = 0; p->container[i].id == id && k < p->container[i].n; k++) {
			struct hg_member *m = &p->container[i].member[k];
			struct hg_container alone = { .id = id, .member = m, .n = 1 };

			if (hg_container_of(&alone, 1, &w->asker) == id &&
				(!best || hg_member_rank(m->type) > hg_member_rank(best->type)))
				best = m;
		}
	hg_buf_addf(b, ",\"container\":%u", id);
	if (!best)
		return;
	text(b, "memberType", hg_str(hg_member_type_name(best->type)));
	if (best->value)
		text(b, "memberValue", hg_bytes_str(best->value));
}

int hg_core_view(struct hg_core *c, hg_addr watcher, hg_addr person, const hg_part *part,
	size_t nparts, void (*each)(void *arg, const struct hg_view *, struct hg_buf *), void *arg,
	struct hg_buf *b)
{
	struct hg_person *p = hg_person_find(c, person);
	struct hg_watch_obj *w = hg_watch_find(c, watcher, person), probe;
	struct hg_outlet_obj o = { .watch = w };
	enum hg_standing standing;
	hg_viewid id;

	if (hg_core_is_home(c, person) ? !p || !p->exists : !w)
		return -ENOENT;
	if (p && p->exists) {
		probe = hg_watch_as_if(c, watcher, p);
		o.watch = &probe;
	}
	hg_buf_adds(b, "{\"watcher\":");
	hg_buf_add_json(b, hg_intern_text(c->env.ids, watcher));
	text(b, "person", hg_intern_text(c->env.ids, person));
	truth(b, "watching", w != NULL);
	id = hg_view_id(c, &o, &standing);
	if (!o.watch->is_out)
		show_reason(p, o.watch, b);
	for (size_t i = 0; i < nparts; i++) {
		struct hg_view v;

		hg_view_make(c, &o, id, standing, part[i], &v);
		each(arg, &v, b);
	}
	hg_buf_addc(b, '}');
	return 0;
}

/* ---- a contact list ---- */

int hg_core_contacts(struct hg_core *c, hg_addr owner, struct hg_buf *b)
{
	struct hg_person *p = hg_person_find(c, owner);

	if (!p || !p->exists)
		return -ENOENT;
	hg_buf_adds(b, "{\"owner\":");
	hg_buf_add_json(b, hg_intern_text(c->env.ids, owner));
	hg_buf_addf(b, ",\"number\":%u,\"groups\":[", p->list.delta);
	for (size_t i = 0, n = 0; i < p->list.ngroups; i++) {
		const struct hg_group *g = &p->list.group[i];

		if (g->gone)
			continue;
		hg_buf_addf(b, "%s{\"id\":%u", n++ ? "," : "", g->id);
		text(b, "name", hg_bytes_str(g->name));
		hg_buf_addc(b, '}');
	}
	hg_buf_adds(b, "],\"contacts\":[");
	for (size_t i = 0, n = 0; i < p->list.ncontacts; i++) {
		const struct hg_contact *k = &p->list.contact[i];

		if (k->gone)
			continue;
		hg_buf_adds(b, n++ ? ",{\"uri\":" : "{\"uri\":");
		hg_buf_add_json(b, hg_bytes_str(k->uri));
		text(b, "name", hg_bytes_str(k->name));
		text(b, "groups", hg_bytes_str(k->groups));
		truth(b, "subscribed", k->subscribed);
		hg_buf_addc(b, '}');
	}
	hg_buf_adds(b, "]}");
	return 0;
}

/* ---- containers ---- */

int hg_core_containers(struct hg_core *c, hg_addr owner, struct hg_buf *b)
{
	const struct hg_person *p = hg_person_find(c, owner);

	if (!p || !p->exists)
		return -ENOENT;
	hg_buf_adds(b, "{\"person\":");
	hg_buf_add_json(b, hg_intern_text(c->env.ids, owner));
	hg_show_containers(p, b);
	hg_buf_addc(b, '}');
	return 0;
}

/* ---- delegates ---- */

int hg_core_delegates(struct hg_core *c, hg_addr person, struct hg_buf *b)
{
	const struct hg_person *p = hg_person_find(c, person);

	if (!p || !p->exists)
		return -ENOENT;
	hg_buf_adds(b, "{\"person\":");
	hg_buf_add_json(b, hg_intern_text(c->env.ids, person));
	hg_delegates_show(c, p, b);
	hg_buf_addc(b, '}');
	return 0;
}

/* ---- the users ---- */

void hg_core_users(struct hg_core *c, struct hg_buf *b)
{
	const struct hg_person *p;
	size_t n = 0;

	hg_buf_addc(b, '[');
	for (p = c->persons; p; p = p->hh.next) {
		if (!p->exists)
			continue;
		hg_buf_adds(b, n++ ? ",{\"person\":" : "{\"person\":");
		hg_buf_add_json(b, hg_intern_text(c->env.ids, p->addr));
		hg_buf_addf(b, ",\"endpoints\":%zu", p->nendpoints);
		availability(b, p->agg[0].state.availability);
		hg_buf_adds(b, ",\"card\":");
		hg_card_show(p, b);
		hg_buf_addc(b, '}');
	}
	hg_buf_addc(b, ']');
}
