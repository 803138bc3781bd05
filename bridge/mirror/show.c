/* SPDX-License-Identifier: Apache-2.0 */
/* The whole mirror of one person as JSON. Note texts and other payloads are shown by their size
 * only. */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <errno.h>
#include <utlist.h>

static const char *const auth_names[] = { "none", "pending", "granted", "refused" };

/* "key": for a list's entry or an object's value; commas by the caller's `first`. */
static void key(struct hg_buf *b, const char *name)
{
	char last = b->n ? b->p[b->n - 1] : '{';

	if (last != '{' && last != '[')
		hg_buf_addc(b, ',');
	hg_buf_addf(b, "\"%s\":", name);
}

static void next(struct hg_buf *b)
{
	char last = b->n ? b->p[b->n - 1] : '[';

	if (last != '{' && last != '[')
		hg_buf_addc(b, ',');
	hg_buf_addc(b, '{');
}

static void text(struct hg_buf *b, const char *name, struct hg_str value)
{
	key(b, name);
	hg_buf_add_json(b, value);
}

static void number(struct hg_buf *b, const char *name, int64_t value)
{
	key(b, name);
	hg_buf_addf(b, "%lld", (long long)value);
}

static void truth(struct hg_buf *b, const char *name, bool value)
{
	key(b, name);
	hg_buf_adds(b, value ? "true" : "false");
}

static void moment(struct hg_buf *b, const char *name, int64_t utc)
{
	char t[HG_UTC_TEXT];

	if (!utc)
		return;
	hg_utc_write(utc, t);
	text(b, name, hg_str(t));
}

static void availability(struct hg_buf *b, uint32_t number_said)
{
	number(b, "availability", number_said);
	text(b, "band", hg_str(hg_band_name(hg_band_of(number_said))));
}

static struct hg_str who(struct hg_core *c, hg_addr addr)
{
	return hg_intern_text(c->env.ids, addr);
}

static void show_aggregates(struct hg_person *p, struct hg_buf *b)
{
	static const char *const seen_by[HG_PASSES] = { "everybody", "workgroup" };

	key(b, "aggregate");
	hg_buf_addc(b, '[');
	for (int i = 0; i < HG_PASSES; i++) {
		next(b);
		text(b, "for", hg_str(seen_by[i]));
		availability(b, p->agg[i].state.availability);
		if (p->agg[i].state.token[0])
			text(b, "activity", hg_str(p->agg[i].state.token));
		moment(b, "since", p->agg[i].published);
		moment(b, "lastActive", p->agg[i].state.last_active);
		hg_buf_addc(b, '}');
	}
	hg_buf_addc(b, ']');
}

static void show_endpoints(struct hg_core *c, struct hg_person *p, struct hg_buf *b)
{
	struct hg_endpoint_obj *e;

	key(b, "endpoints");
	hg_buf_addc(b, '[');
	DL_FOREACH (p->endpoint, e) {
		next(b);
		text(b, "instance", hg_bytes_str(e->instance));
		truth(b, "confirmed", e->lane != NULL || e->link != NULL || e->said != NULL);
		truth(b, "linked", e->link != NULL);
		truth(b, "publishes", e->said != NULL); /* and is not signed in as that */
		if (!e->link)
			number(b, "endsInSeconds", (e->until - core_now(c).mono) / 1000);
		hg_buf_addc(b, '}');
	}
	hg_buf_addc(b, ']');
}

static void show_publications(struct hg_core *c, struct hg_person *p, struct hg_buf *b)
{
	key(b, "publications");
	hg_buf_addc(b, '[');
	for (size_t i = 0; i < p->pubs.n; i++) {
		const struct hg_pub *u = p->pubs.v[i];
		const struct hg_endpoint_obj *e = hg_endpoint_find(c, u->origin);

		if (!hg_pub_live(u))
			continue;
		next(b);
		text(b, "category", hg_str(hg_category_name(u->key.category)));
		number(b, "instance", u->key.instance);
		number(b, "container", u->key.container);
		number(b, "version", u->version);
		text(b, "expiry", hg_str(hg_expiry_name(u->expiry)));
		if (hg_is_application(u->key.instance))
			text(b, "origin", hg_str("application"));
		moment(b, "published", u->published);
		if (e)
			text(b, "endpoint", hg_bytes_str(e->instance));
		if (e && e->person != p)
			text(b, "delegate", who(c, e->person->addr));
		if (u->key.category == HG_CAT_STATE && u->state.availability)
			availability(b, u->state.availability);
		number(b, "octets", u->payload ? u->payload->n : 0);
		hg_buf_addc(b, '}');
	}
	hg_buf_addc(b, ']');
}

void hg_show_containers(const struct hg_person *p, struct hg_buf *b)
{
	key(b, "containers");
	hg_buf_addc(b, '[');
	for (size_t i = 0; i < p->ncontainers; i++) {
		const struct hg_container *k = &p->container[i];

		next(b);
		number(b, "id", k->id);
		number(b, "version", k->version);
		key(b, "members");
		hg_buf_addc(b, '[');
		for (size_t m = 0; m < k->n; m++) {
			next(b);
			text(b, "type", hg_str(hg_member_type_name(k->member[m].type)));
			if (k->member[m].value)
				text(b, "value", hg_bytes_str(k->member[m].value));
			hg_buf_addc(b, '}');
		}
		hg_buf_adds(b, "]}");
	}
	hg_buf_addc(b, ']');
}

static void show_contacts(struct hg_person *p, struct hg_buf *b)
{
	number(b, "contactListNumber", p->list.delta);
	key(b, "contacts");
	hg_buf_addc(b, '[');
	for (size_t i = 0; i < p->list.ncontacts; i++) {
		const struct hg_contact *k = &p->list.contact[i];

		if (k->gone)
			continue;
		next(b);
		text(b, "uri", hg_bytes_str(k->uri));
		text(b, "name", hg_bytes_str(k->name));
		text(b, "groups", hg_bytes_str(k->groups));
		truth(b, "subscribed", k->subscribed);
		hg_buf_addc(b, '}');
	}
	hg_buf_addc(b, ']');
}

static void show_presence(const struct hg_presence *shown, struct hg_buf *b)
{
	availability(b, shown->availability);
	moment(b, "lastActive", shown->last_active);
	truth(b, "note", shown->note.text != NULL);
}

static void show_faces(struct hg_core *c, struct hg_watch_obj *w, struct hg_buf *b)
{
	key(b, "resources");
	hg_buf_addc(b, '[');
	for (size_t i = 0; i < w->nfaces; i++) {
		next(b);
		text(b, "name", hg_bytes_str(w->face[i].name));
		if (w->face[i].statement.machine)
			number(b, "machine", w->face[i].statement.machine);
		if (w->face[i].statement.user)
			number(b, "user", w->face[i].statement.user);
		number(b, "priority", w->face[i].statement.priority);
		moment(b, "heard", w->face[i].at);
		hg_buf_addc(b, '}');
	}
	hg_buf_addc(b, ']');
	(void)c;
}

/* What else he says: of which kind, and how much of it. */
static void show_aspects(const struct hg_watch_obj *w, struct hg_buf *b)
{
	key(b, "also");
	hg_buf_addc(b, '[');
	for (size_t i = 0; i < w->naspects; i++) {
		next(b);
		text(b, "vocabulary", hg_str(w->aspect[i].vocabulary->name));
		number(b, "values", w->aspect[i].said->n);
		hg_buf_addc(b, '}');
	}
	hg_buf_addc(b, ']');
}

static void show_outlets(struct hg_watch_obj *w, struct hg_buf *b)
{
	struct hg_outlet_obj *o;

	key(b, "outlets");
	hg_buf_addc(b, '[');
	DL_FOREACH (w->outlet, o) {
		next(b);
		text(b, "adapter", hg_str(o->lane->adapter->name));
		truth(b, "told", o->told);
		truth(b, "waiting", o->queued);
		number(b, "sent", (int64_t)o->sequence);
		hg_buf_addc(b, '}');
	}
	hg_buf_addc(b, ']');
}

/* Last words are of none. */
static int64_t there(const struct hg_watch_obj *w)
{
	int64_t n = 0;

	for (size_t i = 0; i < w->nfaces; i++)
		n += hg_statement_says(&w->face[i].statement);
	return n;
}

/* What the accounts elsewhere that are him have to say is among his endpoints. */
static void show_links(struct hg_core *c, struct hg_person *p, struct hg_buf *b)
{
	struct hg_link_obj *k, *tmp;

	hg_buf_addc(b, '[');
	HASH_ITER (hh, c->links, k, tmp) {
		const struct hg_watch_obj *w;

		if (k->person != p)
			continue;
		w = hg_watch_find(c, p->addr, k->addr);
		next(b);
		text(b, "address", who(c, k->addr));
		text(b, "out", hg_str(auth_names[w ? w->auth.out : HG_AUTH_NONE]));
		number(b, "resources", w ? there(w) : 0);
		hg_buf_addc(b, '}');
	}
	hg_buf_addc(b, ']');
}

int hg_core_links(struct hg_core *c, hg_addr person, struct hg_buf *b)
{
	struct hg_person *p = hg_person_find(c, person);

	if (!p || !p->exists)
		return -ENOENT;
	show_links(c, p, b);
	return 0;
}

void hg_delegates_show(struct hg_core *c, const struct hg_person *p, struct hg_buf *b)
{
	number(b, "delegatesVersion", p->delegates.version);
	key(b, "delegates");
	hg_buf_addc(b, '[');
	for (size_t i = 0; i < p->delegates.n; i++) {
		const struct hg_delegate *d = &p->delegates.v[i];

		next(b);
		text(b, "address", who(c, d->addr));
		truth(b, "publish", d->publish);
		truth(b, "redelegate", d->redelegate);
		hg_buf_addc(b, '}');
	}
	hg_buf_addc(b, ']');
}

static void show_watch(struct hg_core *c, struct hg_watch_obj *w, bool as_watcher, struct hg_buf *b)
{
	next(b);
	text(b, as_watcher ? "presentity" : "watcher",
		who(c, as_watcher ? w->key.presentity : w->key.watcher));
	if (w->is_out)
		text(b, "out", hg_str(auth_names[w->auth.out]));
	if (w->is_in)
		text(b, "in", hg_str(auth_names[w->auth.in]));
	text(b, "standing", hg_str(hg_standing_name(hg_watch_standing(c, w))));
	if (!w->is_out && w->presentity)
		number(b, "container", hg_watch_container(w));
	truth(b, "held", hg_watch_held(w));
	if (w->is_out) {
		truth(b, "stale", w->stale);
		show_presence(hg_watch_shown(c, w), b);
		show_faces(c, w, b);
		show_aspects(w, b);
	}
	show_outlets(w, b);
	hg_buf_addc(b, '}');
}

static void show_watches(struct hg_core *c, struct hg_person *p, struct hg_buf *b)
{
	struct hg_watch_obj *w;

	key(b, "watches");
	hg_buf_addc(b, '[');
	DL_FOREACH2 (p->watched, w, wnext)
		show_watch(c, w, true, b);
	hg_buf_addc(b, ']');
	key(b, "watchers");
	hg_buf_addc(b, '[');
	DL_FOREACH2 (p->watcher, w, pnext)
		show_watch(c, w, false, b);
	hg_buf_addc(b, ']');
}

/* Somebody whose home is elsewhere: what of him passes through here. */
static void show_remote(struct hg_core *c, hg_addr addr, struct hg_buf *b)
{
	struct hg_watch_obj *w, *tmp;

	key(b, "watches");
	hg_buf_addc(b, '[');
	HASH_ITER (hh, c->watches, w, tmp)
		if (w->key.watcher == addr)
			show_watch(c, w, true, b);
	hg_buf_addc(b, ']');
	key(b, "watchers");
	hg_buf_addc(b, '[');
	HASH_ITER (hh, c->watches, w, tmp)
		if (w->key.presentity == addr)
			show_watch(c, w, false, b);
	hg_buf_addc(b, ']');
}

static bool is_known(struct hg_core *c, hg_addr addr)
{
	const struct hg_watch_obj *w;

	for (w = c->watches; w; w = w->hh.next)
		if (w->key.watcher == addr || w->key.presentity == addr)
			return true;
	return false;
}

int hg_core_show(struct hg_core *c, hg_addr addr, struct hg_buf *b)
{
	struct hg_person *p = hg_person_find(c, addr);

	if (p && !p->exists)
		p = NULL;
	if (!p && (hg_core_is_home(c, addr) || !is_known(c, addr)))
		return -ENOENT;
	hg_buf_addc(b, '{');
	text(b, "person", who(c, addr));
	truth(b, "home", p != NULL);
	if (p) {
		key(b, "card");
		hg_card_show(p, b);
		show_aggregates(p, b);
		show_endpoints(c, p, b);
		show_publications(c, p, b);
		hg_show_containers(p, b);
		show_contacts(p, b);
		hg_delegates_show(c, p, b);
		key(b, "links");
		show_links(c, p, b);
		show_watches(c, p, b);
	} else {
		show_remote(c, addr, b);
	}
	hg_buf_addc(b, '}');
	return 0;
}
