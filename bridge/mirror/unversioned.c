/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that somebody makes who does not follow the versions of what he changes: with those that
 * hold now. A request that was already under way may still come between: HG_CONFLICT, once more. */

#include "bridge/mirror/contact_list.h"
#include "bridge/mirror/tx.h"

#include <stdlib.h>

/* ---- who is in which container ---- */

static void add_edit(struct hg_member_edit *e, size_t *n, const struct hg_container *k, bool remove,
	const struct hg_member *m)
{
	e[(*n)++] = (struct hg_member_edit){
		.container = k->id, .version = k->version, .remove = remove, .member = *m
	};
}

void hg_core_set_relationship(struct hg_core *c, hg_addr watcher, hg_addr person,
	uint16_t container, void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	const struct hg_person *p = hg_person_find(c, person);
	struct hg_request req = { .kind = HG_REQ_MEMBERS, .target = person };
	struct hg_member m = { HG_MEMBER_USER, hg_core_user_uri(c, watcher), watcher };
	struct hg_member_edit *e = hg_alloc(((p ? p->ncontainers : 0) + 1) * sizeof(*e));
	struct hg_container fresh = { .id = container };
	bool there = container == HG_C_DEFAULT;

	for (size_t i = 0; p && i < p->ncontainers; i++) {
		const struct hg_container *k = &p->container[i];
		bool in = hg_member_find(k, HG_MEMBER_USER, watcher) >= 0;

		if (k->id <= HG_C_AGGREGATION_URGENT)
			continue;
		if (k->id == container && !in)
			add_edit(e, &req.nmembers, k, false, &m);
		else if (k->id != container && in)
			add_edit(e, &req.nmembers, k, true, &m);
		there |= k->id == container;
	}
	if (!there)
		add_edit(e, &req.nmembers, &fresh, false, &m);
	req.member = e;
	hg_core_ask(c, &req, done, arg);
	hg_bytes_unref(m.value);
	free(e);
}

void hg_core_edit_members(struct hg_core *c, hg_addr owner, struct hg_member_edit *e, size_t n,
	void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	const struct hg_person *p = hg_person_find(c, owner);

	for (size_t i = 0; p && i < n; i++)
		e[i].version = hg_tx_container_version(p, e[i].container);
	hg_core_ask(c,
		&(struct hg_request){
			.kind = HG_REQ_MEMBERS, .target = owner, .member = e, .nmembers = n },
		done, arg);
}

/* ---- the contact list ---- */

void hg_core_edit_contact(struct hg_core *c, hg_addr owner, struct hg_contact_edit *e,
	void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	struct hg_person *p = hg_person_find(c, owner);
	struct hg_contact *k = p ? hg_list_contact(&p->list, e->addr) : NULL;

	e->delta = p ? p->list.delta : 0;
	if (e->op == HG_SET_CONTACT && k && !k->gone) {
		if (!e->name.p)
			e->name = hg_bytes_str(k->name);
		if (!e->groups.p)
			e->groups = hg_bytes_str(k->groups);
		e->uri = hg_bytes_str(k->uri);
		e->external = hg_bytes_str(k->external);
	}
	hg_core_ask(c,
		&(struct hg_request){ .kind = HG_REQ_CONTACT, .target = owner, .contact = e }, done,
		arg);
}

bool hg_core_has_contact(struct hg_core *c, hg_addr owner, hg_addr addr)
{
	struct hg_person *p = hg_person_find(c, owner);

	return p && hg_list_has(&p->list, addr);
}

/* ---- delegates ---- */

void hg_core_edit_delegate(struct hg_core *c, hg_addr owner, hg_addr delegate,
	struct hg_delegate_edit e, void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	const struct hg_person *p = hg_person_find(c, owner);

	e.version = p ? p->delegates.version : 0;
	hg_core_ask(c,
		&(struct hg_request){ .kind = HG_REQ_DELEGATE,
			.target = owner,
			.watched = delegate,
			.delegate = e },
		done, arg);
}

/* ---- publications ---- */

bool hg_is_application(uint32_t instance)
{
	return (instance & 0x0fffffff) == HG_APPLICATION;
}

static void ask_to_publish(struct hg_core *c, hg_addr person, hg_endpoint endpoint,
	const struct hg_change *ch, size_t n, void (*done)(void *arg, const struct hg_answer *),
	void *arg)
{
	hg_tx_ask(c,
		&(struct hg_request){
			.kind = HG_REQ_PUBLISH, .target = person, .change = ch, .nchanges = n },
		endpoint, done, arg);
}

void hg_core_publish(struct hg_core *c, hg_addr person, struct hg_str endpoint,
	struct hg_change *ch, size_t n, void (*done)(void *arg, const struct hg_answer *),
	void *arg)
{
	struct hg_person *p = hg_person_find(c, person);
	const struct hg_endpoint_obj *e = p && endpoint.n ? hg_endpoint_of(p, endpoint) : NULL;

	for (size_t i = 0; p && i < n; i++) {
		const struct hg_pub *b = hg_pubs_find(&p->pubs, ch[i].key);

		ch[i].version = b && hg_pub_live(b) ? b->version : 0;
	}
	ask_to_publish(c, person, e ? e->id : 0, ch, n, done, arg);
}

bool hg_core_has_publication(struct hg_core *c, hg_addr person, struct hg_pubkey key)
{
	const struct hg_person *p = hg_person_find(c, person);
	const struct hg_pub *b = p ? hg_pubs_find(&p->pubs, key) : NULL;

	return b && hg_pub_live(b);
}

size_t hg_core_unpublish(struct hg_core *c, hg_addr person, hg_part category, uint32_t instance,
	void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	const struct hg_person *p = hg_person_find(c, person);
	struct hg_change *ch = hg_alloc(((p ? p->pubs.n : 0) + 1) * sizeof(*ch));
	size_t n = 0;

	for (size_t i = 0; p && i < p->pubs.n; i++) {
		const struct hg_pub *b = p->pubs.v[i];

		if (!hg_pub_live(b) || !hg_is_application(b->key.instance) ||
			(category && b->key.category != category) ||
			(instance && b->key.instance != instance))
			continue;
		ch[n++] = (struct hg_change){ .key = b->key, .version = b->version };
	}
	ask_to_publish(c, person, 0, ch, n, done, arg);
	free(ch);
	return n;
}
