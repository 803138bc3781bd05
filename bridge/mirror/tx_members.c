/* SPDX-License-Identifier: Apache-2.0 */
/* Containers' members: [MS-PRES] setContainerMembers, EP 3.3. */

#include "bridge/mirror/tx.h"

#include <stdlib.h>
#include <utlist.h>

uint32_t hg_tx_container_version(const struct hg_person *p, uint16_t id)
{
	const struct hg_container *k = hg_container_find(p->container, p->ncontainers, id);

	return k ? k->version : 0;
}

/* How many different containers stand before this edit: the fault counts containers, not members.
 */
static uint32_t container_index(const struct hg_member_edit *e, size_t at)
{
	uint32_t index = 0;

	for (size_t i = 0; i <= at; i++)
		index += i == 0 || e[i].container != e[i - 1].container;
	return index;
}

static bool is_first_of(const struct hg_member_edit *e, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (e[i].container == e[at].container)
			return false;
	return true;
}

/* How many the container has after this edit at most: removals are not counted on. */
static size_t members_after(const struct hg_member_edit *e, size_t at, const struct hg_container *k)
{
	size_t n = k ? k->n : 0;

	for (size_t i = 0; i <= at && !e[at].remove; i++)
		n += e[i].container == e[at].container && !e[i].remove &&
			(!k || hg_member_find(k, e[i].member.type, e[i].member.addr) < 0);
	return e[at].remove ? 0 : n;
}

static enum hg_verdict check(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_member_edit *e = tx->req.member;
	struct hg_person *p = tx->person;
	size_t fresh = 0;

	tx->conflict = hg_alloc((tx->req.nmembers + 1) * sizeof(*tx->conflict));
	for (size_t i = 0; i < tx->req.nmembers; i++) {
		uint32_t current = hg_tx_container_version(p, e[i].container);
		const struct hg_container *k = hg_container_find(
			p->container, p->ncontainers, e[i].container);
		bool named = e[i].member.type == HG_MEMBER_USER ||
			e[i].member.type == HG_MEMBER_DOMAIN;

		if (e[i].container <= HG_C_AGGREGATION_URGENT || e[i].container > HG_C_MAX)
			return hg_tx_refuse(tx, HG_BAD, "container: its members cannot be changed");
		if (named && !e[i].member.addr)
			return hg_tx_refuse(tx, HG_BAD, "member: 'value' is no address");
		if (members_after(e, i, k) > c->env.policy.limits.members) {
			hg_core_count(c, "limit_members_total");
			return hg_tx_refuse(tx, HG_TOO_LARGE, "too many members");
		}
		if (!is_first_of(e, i))
			continue;
		fresh += !k;
		if (e[i].version != current)
			tx->conflict[tx->nconflicts++] = (struct hg_conflict){
				container_index(e, i), e[i].version, current
			};
	}
	if (p->ncontainers + fresh > c->env.policy.limits.containers) {
		hg_core_count(c, "limit_containers_total");
		return hg_tx_refuse(tx, HG_TOO_LARGE, "too many containers");
	}
	return tx->nconflicts ? hg_tx_refuse(tx, HG_CONFLICT, "") : HG_OK;
}

static void member_fact(struct hg_core *c, struct hg_tx *tx, uint16_t container,
	const struct hg_member *m, bool gone)
{
	struct hg_fact *f = hg_tx_fact(c, tx, HG_FACT_MEMBER, gone);

	f->number[0] = container;
	f->number[1] = m->type;
	f->name = hg_bytes_str(m->value);
}

/* The defaults are not in the store before the first change of the container: it writes them all.
 */
void hg_tx_container_facts(
	struct hg_core *c, struct hg_tx *tx, const struct hg_container *k, uint32_t version)
{
	struct hg_fact *f = hg_tx_fact(c, tx, HG_FACT_CONTAINER, false);

	f->number[0] = k->id;
	f->number[1] = version;
	for (size_t i = 0; i < k->n; i++)
		member_fact(c, tx, k->id, &k->member[i], false);
}

static enum hg_verdict stage(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_member_edit *e = tx->req.member;
	enum hg_verdict v = check(c, tx);

	if (v != HG_OK)
		return v;
	for (size_t i = 0; i < tx->req.nmembers; i++) {
		struct hg_container *k = hg_container_find(
			tx->person->container, tx->person->ncontainers, e[i].container);
		struct hg_container blank = { .id = e[i].container };
		int at;

		if (is_first_of(e, i))
			hg_tx_container_facts(c, tx, k ? k : &blank, e[i].version + 1);
		at = k ? hg_member_find(k, e[i].member.type, e[i].member.addr) : -1;
		if (e[i].remove && at >= 0)
			member_fact(c, tx, k->id, &k->member[at], true);
		else if (!e[i].remove && at < 0)
			member_fact(c, tx, e[i].container, &e[i].member, false);
		if (!e[i].remove)
			hg_tx_let_in(c, tx, e[i].member.type, e[i].member.addr);
	}
	return HG_OK;
}

static struct hg_container *container_get(struct hg_person *p, uint16_t id)
{
	struct hg_container *k = hg_container_find(p->container, p->ncontainers, id);

	if (k)
		return k;
	hg_grow(&p->container, &p->containers_cap, p->ncontainers, sizeof(*p->container));
	k = &p->container[p->ncontainers++];
	*k = (struct hg_container){ .id = id };
	return k;
}

static void apply_one(struct hg_container *k, const struct hg_member_edit *e)
{
	int at = hg_member_find(k, e->member.type, e->member.addr);

	if (e->remove && at >= 0) {
		hg_member_done(&k->member[at]);
		k->member[at] = k->member[--k->n];
	} else if (!e->remove && at < 0) {
		hg_grow(&k->member, &k->cap, k->n, sizeof(*k->member));
		k->member[k->n] = e->member;
		hg_bytes_ref(k->member[k->n++].value);
	}
}

/* Is it about users whom he blocks? Classes and domains are no matter of an account's block list. */
static bool blocks(const struct hg_tx *tx)
{
	for (size_t i = 0; i < tx->req.nmembers; i++)
		if (tx->req.member[i].container == HG_C_BLOCKED &&
			tx->req.member[i].member.type == HG_MEMBER_USER &&
			!(tx->req.member[i].remove && HG_PLANTED(HG_BUG_UNBLOCKED_NOT_TOLD)))
			return true;
	return false;
}

static void apply(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_member_edit *e = tx->req.member;
	struct hg_watch_obj *w;

	for (size_t i = 0; i < tx->req.nmembers; i++) {
		struct hg_container *k = container_get(tx->person, e[i].container);

		if (is_first_of(e, i))
			k->version = e[i].version + 1;
		apply_one(k, &e[i]);
	}
	hg_tx_let_in_apply(c, tx);
	hg_person_containers_changed(c, tx->person);
	DL_FOREACH2 (tx->person->watcher, w, pnext)
		hg_watch_dirty(c, w);
	if (blocks(tx))
		hg_links_blocked(c, tx->person);
}

const struct tx_ops hg_tx_members = { stage, apply };
