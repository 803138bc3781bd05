/* SPDX-License-Identifier: Apache-2.0 */
/* The contact list: [MS-SIP] roaming contacts, EP 4.5. What it does to the half "out" of a watch is
 * in here too. */

#include "bridge/mirror/contact_list.h"
#include "bridge/mirror/tx.h"

#include <stdlib.h>
#include <utlist.h>

enum { URI, NAME, GROUPS, EXTERNAL };

/* [MS-SIP]: longer ones are refused. */
enum { GROUP_NAME_MAX = 256, URI_MAX = 454, DISPLAY_MAX = 1024, EXTERNAL_MAX = 2048 };

/* ---- facts ---- */

static void list_fact(struct hg_core *c, struct hg_tx *tx)
{
	hg_tx_fact(c, tx, HG_FACT_LIST, false)->number[0] = tx->person->list.delta + 1;
}

static void contact_fact(struct hg_core *c, struct hg_tx *tx, hg_addr addr,
	struct hg_bytes *const value[4], bool subscribed)
{
	struct hg_fact *f = hg_tx_fact(c, tx, HG_FACT_CONTACT, value == NULL);

	f->name = hg_intern_text(c->env.ids, addr);
	if (!value)
		return;
	f->value = hg_bytes_str(value[URI]);
	f->extra = hg_bytes_str(value[NAME]);
	f->groups = hg_bytes_str(value[GROUPS]);
	f->more = hg_bytes_str(value[EXTERNAL]);
	f->number[0] = subscribed;
}

static void group_fact(struct hg_core *c, struct hg_tx *tx, uint32_t id, bool gone)
{
	struct hg_fact *f = hg_tx_fact(c, tx, HG_FACT_GROUP, gone);

	f->number[0] = id;
	if (!gone) {
		f->value = hg_bytes_str(tx->value[NAME]);
		f->extra = hg_bytes_str(tx->value[EXTERNAL]);
	}
}

/* ---- staging ---- */

/* What the change of the contact does to the watch across the border. */
static void stage_auth(
	struct hg_core *c, struct hg_tx *tx, const struct hg_contact_edit *e, bool added)
{
	struct hg_watch_obj *w = hg_watch_find(c, tx->person->addr, e->addr);
	struct hg_pair pair = { tx->person->addr, e->addr,
		hg_intern_text(c->env.ids, tx->person->addr),
		hg_bytes_str(w ? w->wire_presentity : tx->value[URI]) };
	struct hg_halves now = w ? w->auth : hg_watch_no_halves(c, pair.watcher, pair.presentity);
	/* An account of his own is listened to whether or not it is in his list. */
	bool linked = w && w->link && !HG_PLANTED(HG_BUG_CONTACT_TAKES_LINK);
	bool wanted = (e->op == HG_SET_CONTACT && e->subscribed) || linked;

	if (hg_core_where(c, e->addr).kind != HG_WHERE_ROUTE)
		return;
	tx->auth = now;
	if (!wanted)
		tx->auth.out = HG_AUTH_NONE;
	else if (now.out == HG_AUTH_NONE || (now.out == HG_AUTH_REFUSED && added))
		tx->auth.out = HG_AUTH_PENDING;
	tx->change_auth = tx->auth.out != now.out;
	if (tx->change_auth)
		hg_tx_pair_fact(c, tx, &pair, tx->auth, HG_PROMPT_NONE);
}

static enum hg_verdict stage_set_contact(
	struct hg_core *c, struct hg_tx *tx, const struct hg_contact_edit *e)
{
	struct hg_contacts *l = &tx->person->list;
	const struct hg_contact *old = hg_list_contact(l, e->addr);
	bool added = !old || old->gone;
	struct hg_str bare = e->uri;

	if (!e->addr)
		return hg_tx_refuse(tx, HG_BAD, "setContact: 'URI' is no address");
	if (e->uri.n > URI_MAX || e->name.n > DISPLAY_MAX || e->external.n > EXTERNAL_MAX)
		return hg_tx_refuse(tx, HG_TOO_LARGE, "setContact: a value is too long");
	if (added && hg_list_contacts(l) >= c->env.policy.limits.contacts) {
		hg_core_count(c, "limit_contacts_total");
		return hg_tx_refuse(tx, HG_TOO_LARGE, "too many contacts");
	}
	if (e->subscribed && hg_core_where(c, e->addr).kind == HG_WHERE_ROUTE &&
		!hg_watch_find(c, tx->person->addr, e->addr) && hg_watch_full(c))
		return hg_tx_refuse(tx, HG_TOO_LARGE, "too many watches");
	if (hg_str_istarts(bare, HG_STR("sip:")))
		bare = (struct hg_str){ bare.p + 4, bare.n - 4 };
	tx->value[URI] = hg_bytes_new(bare);
	/* pidgin-sipe gives the URI itself as the name of a new contact: that is no name. */
	tx->value[NAME] = hg_bytes_new(hg_str_ieq(e->name, e->uri) ? HG_STR_NONE : e->name);
	tx->value[GROUPS] = hg_list_groups_of(l, e->groups, 0);
	tx->value[EXTERNAL] = hg_bytes_new(e->external);
	contact_fact(c, tx, e->addr, tx->value, e->subscribed);
	hg_tx_let_in(c, tx, HG_MEMBER_USER, e->addr);
	stage_auth(c, tx, e, added);
	return HG_OK;
}

static enum hg_verdict stage_delete_contact(
	struct hg_core *c, struct hg_tx *tx, const struct hg_contact_edit *e)
{
	const struct hg_contact *old = hg_list_contact(&tx->person->list, e->addr);

	if (old && !old->gone)
		contact_fact(c, tx, e->addr, NULL, false);
	stage_auth(c, tx, e, false);
	return HG_OK;
}

static enum hg_verdict check_group(struct hg_tx *tx, const struct hg_contact_edit *e)
{
	const struct hg_group *g = hg_list_group(&tx->person->list, e->group);

	if (!g || g->gone)
		return hg_tx_refuse(tx, HG_NOT_FOUND, "group: there is none of this number");
	if (e->group == HG_GROUP_OTHER)
		return hg_tx_refuse(tx, HG_FORBIDDEN,
			"group: that of other contacts can be neither renamed nor deleted");
	return HG_OK;
}

static enum hg_verdict stage_group(
	struct hg_core *c, struct hg_tx *tx, const struct hg_contact_edit *e)
{
	struct hg_contacts *l = &tx->person->list;
	struct hg_group *same = hg_list_group_named(l, e->name);

	if (e->name.n == 0 || e->name.n > GROUP_NAME_MAX || e->external.n > EXTERNAL_MAX)
		return hg_tx_refuse(tx, HG_TOO_LARGE, "group: its name is empty or too long");
	tx->value[NAME] = hg_bytes_new(e->name);
	tx->value[EXTERNAL] = hg_bytes_new(e->external);
	if (e->op == HG_MODIFY_GROUP) {
		enum hg_verdict v = check_group(tx, e);

		if (v != HG_OK)
			return v;
		if (same && same->id != e->group)
			return hg_tx_refuse(tx, HG_BAD, "modifyGroup: another group has this name");
		tx->group = e->group;
	} else if (same) {
		tx->group = same->id; /* there is one: pidgin-sipe asks for a second "~" */
		return HG_OK;
	} else {
		tx->group = hg_list_free_group(l);
		if (l->ngroups >= c->env.policy.limits.groups || tx->group == 0) {
			hg_core_count(c, "limit_groups_total");
			return hg_tx_refuse(tx, HG_TOO_LARGE, "too many groups");
		}
	}
	group_fact(c, tx, tx->group, false);
	return HG_OK;
}

static enum hg_verdict stage_delete_group(
	struct hg_core *c, struct hg_tx *tx, const struct hg_contact_edit *e)
{
	struct hg_contacts *l = &tx->person->list;
	enum hg_verdict v = check_group(tx, e);

	if (v != HG_OK)
		return v;
	group_fact(c, tx, e->group, true);
	for (size_t i = 0; i < l->ncontacts; i++) {
		const struct hg_contact *k = &l->contact[i];
		struct hg_bytes *groups = hg_list_groups_of(l, hg_bytes_str(k->groups), e->group);
		struct hg_bytes *value[4] = { k->uri, k->name, groups, k->external };

		hg_tx_keep(tx, groups);
		if (!k->gone && !hg_bytes_eq(groups, k->groups) &&
			!HG_PLANTED(HG_BUG_GROUP_LEFT_IN_STORE))
			contact_fact(c, tx, k->addr, value, k->subscribed);
	}
	return HG_OK;
}

static void send_true_number(struct hg_person *p, hg_endpoint to)
{
	struct hg_outlet_obj *o;

	/* The client has counted its request and is one ahead for good, unless it is told
	 * (sipe-client 8.1). */
	DL_FOREACH (p->self, o) {
		struct hg_projection *list = hg_outlet_part(o, HG_PART_CONTACTS);

		if (list && o->endpoint && o->endpoint->id == to)
			list->again = true;
	}
}

static enum hg_verdict stage_op(
	struct hg_core *c, struct hg_tx *tx, const struct hg_contact_edit *e)
{
	switch (e->op) {
	case HG_SET_CONTACT:
		return stage_set_contact(c, tx, e);
	case HG_DELETE_CONTACT:
		return stage_delete_contact(c, tx, e);
	case HG_ADD_GROUP:
	case HG_MODIFY_GROUP:
		return stage_group(c, tx, e);
	case HG_DELETE_GROUP:
		return stage_delete_group(c, tx, e);
	}
	return hg_tx_refuse(tx, HG_BAD, "contact list: unknown operation");
}

static enum hg_verdict stage(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_contact_edit *e = tx->req.contact;
	enum hg_verdict v;

	tx->delta = tx->person->list.delta;
	if (e->delta != tx->delta)
		v = hg_tx_refuse(tx, HG_CONFLICT, "the contact list has another deltaNum");
	else
		v = stage_op(c, tx, e);
	if (v != HG_OK) {
		tx->facts.n = 0;
		return v;
	}
	list_fact(c, tx);
	return HG_OK;
}

/* Whatever it was refused for, the store's failure and a full queue included. */
void hg_tx_contact_refused(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_person *p = hg_person_find(c, tx->by.addr);

	if (!p)
		return;
	tx->delta = p->list.delta;
	send_true_number(p, tx->by.endpoint);
	hg_person_self_dirty(c, p);
}

/* ---- applying ---- */

static void take_value(struct hg_bytes **to, struct hg_bytes *from)
{
	hg_bytes_unref(*to);
	*to = hg_bytes_ref(from);
}

static void apply_set_contact(struct hg_tx *tx, const struct hg_contact_edit *e)
{
	struct hg_contacts *l = &tx->person->list;
	struct hg_contact *k = hg_list_contact(l, e->addr);

	if (!k) {
		hg_grow(&l->contact, &l->contacts_cap, l->ncontacts, sizeof(*l->contact));
		k = &l->contact[l->ncontacts++];
		*k = (struct hg_contact){ .addr = e->addr, .gone = true };
	}
	if (k->gone)
		k->added = tx->delta;
	k->gone = false;
	k->changed = tx->delta;
	k->subscribed = e->subscribed;
	take_value(&k->uri, tx->value[URI]);
	take_value(&k->name, tx->value[NAME]);
	take_value(&k->groups, tx->value[GROUPS]);
	take_value(&k->external, tx->value[EXTERNAL]);
}

static void apply_group(struct hg_tx *tx)
{
	struct hg_contacts *l = &tx->person->list;
	struct hg_group *g = hg_list_group(l, tx->group);

	if (tx->group == HG_GROUP_OTHER || (g && tx->req.contact->op == HG_ADD_GROUP))
		return; /* it is there, and stays as it is */
	if (!g) {
		hg_grow(&l->group, &l->groups_cap, l->ngroups, sizeof(*l->group));
		g = &l->group[l->ngroups++];
		*g = (struct hg_group){ .id = tx->group, .added = tx->delta };
	}
	g->changed = tx->delta;
	take_value(&g->name, tx->value[NAME]);
	take_value(&g->external, tx->value[EXTERNAL]);
}

static void apply_delete_group(struct hg_tx *tx, uint32_t id)
{
	struct hg_contacts *l = &tx->person->list;
	struct hg_group *g = hg_list_group(l, id);

	for (size_t i = 0; i < l->ncontacts; i++) {
		struct hg_contact *k = &l->contact[i];
		struct hg_bytes *groups = hg_list_groups_of(l, hg_bytes_str(k->groups), id);

		if (!k->gone && !hg_bytes_eq(groups, k->groups)) {
			take_value(&k->groups, groups);
			k->changed = tx->delta;
		}
		hg_bytes_unref(groups);
	}
	g->gone = true;
	g->changed = tx->delta;
}

static void apply_delete_contact(struct hg_tx *tx, hg_addr addr)
{
	struct hg_contact *k = hg_list_contact(&tx->person->list, addr);

	if (k && !k->gone) {
		k->gone = true;
		k->changed = tx->delta;
	}
}

static void end_outlets_of(struct hg_core *c, struct hg_watch_obj *w)
{
	while (w->outlet)
		hg_outlet_end(c, w->outlet);
}

static void apply_auth(struct hg_core *c, struct hg_tx *tx, const struct hg_contact_edit *e)
{
	struct hg_watch_obj *w = hg_watch_find(c, tx->person->addr, e->addr);
	bool wanted = e->op == HG_SET_CONTACT && e->subscribed;

	if (tx->change_auth && !w)
		w = hg_watch_get(c, tx->person->addr, e->addr,
			hg_intern_text(c->env.ids, tx->person->addr), hg_bytes_str(tx->value[URI]));
	if (!w)
		return;
	if (tx->change_auth)
		hg_watch_set_halves(c, w, tx->auth);
	if (!wanted)
		end_outlets_of(c, w);
	hg_watch_release(c, w);
}

/* The number that every place where the list is shown has reached. */
static uint32_t known_everywhere(struct hg_person *p)
{
	uint32_t known = p->list.delta;
	struct hg_outlet_obj *o;

	DL_FOREACH (p->self, o) {
		const struct hg_projection *list = hg_outlet_part(o, HG_PART_CONTACTS);

		if (list && list->list && list->list < known)
			known = list->list;
	}
	return known;
}

static void apply(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_contact_edit *e = tx->req.contact;

	hg_list_forget(&tx->person->list, known_everywhere(tx->person));
	tx->delta = ++tx->person->list.delta;
	switch (e->op) {
	case HG_SET_CONTACT:
		apply_set_contact(tx, e);
		hg_tx_let_in_apply(c, tx);
		apply_auth(c, tx, e);
		break;
	case HG_DELETE_CONTACT:
		apply_delete_contact(tx, e->addr);
		apply_auth(c, tx, e);
		break;
	case HG_ADD_GROUP:
	case HG_MODIFY_GROUP:
		apply_group(tx);
		break;
	case HG_DELETE_GROUP:
		apply_delete_group(tx, e->group);
		break;
	}
	hg_person_list_changed(c, tx->person);
}

const struct tx_ops hg_tx_contact = { stage, apply };
