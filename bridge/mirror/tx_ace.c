/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One user is let in or blocked, [MS-SIP] setACE: what that means in containers. Blocked is who is in the container of the
 * blocked; let in is who is not, and if nothing else lets him in, the one that people of his class begin with.
 */

#include "bridge/mirror/tx.h"

#include "bridge/mirror/contact_list.h"

/* Into something that shows him anything. */
static bool is_named(const struct hg_person *p, const struct hg_asker *a)
{
	for (size_t i = 0; i < p->ncontainers; i++)
		if (p->container[i].id != HG_C_BLOCKED &&
			hg_member_find(&p->container[i], HG_MEMBER_USER, a->addr) >= 0)
			return true;
	return false;
}

/* Without a word about him. */
static bool is_let_in(const struct hg_core *c, struct hg_person *p, const struct hg_asker *a)
{
	for (size_t i = 0; i < p->ncontainers; i++)
		if (hg_member_find(&p->container[i], HG_MEMBER_DOMAIN, a->domain) >= 0)
			return true;
	return hg_list_has(&p->list, a->addr) || !hg_consent_by_name(c, p, a);
}

/* What he is in without a word about himself. */
static uint16_t begins_in(struct hg_person *p, const struct hg_asker *a)
{
	struct hg_asker anybody = { 0, a->domain, a->trust };

	return hg_container_of(p->container, p->ncontainers, &anybody);
}

static void add_edit(struct hg_core *c, struct hg_tx *tx, uint16_t container, bool remove)
{
	struct hg_member_edit *e = (struct hg_member_edit *)tx->req.member; /* room for two */

	e[tx->req.nmembers++] = (struct hg_member_edit){ .container = container,
		.version = hg_tx_container_version(tx->person, container),
		.remove = remove,
		.member = {
			HG_MEMBER_USER, hg_core_user_uri(c, tx->req.watched), tx->req.watched } };
}

static enum hg_verdict stage(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_asker asker = hg_core_asker(c, tx->req.watched);
	uint16_t container = begins_in(tx->person, &asker);
	bool nowhere = container == HG_C_DEFAULT || container == HG_C_BLOCKED;
	enum hg_verdict v;

	if (tx->req.watched == tx->person->addr)
		return hg_tx_refuse(tx, HG_BAD, "nobody is let in to himself, or blocked");
	tx->req.member = hg_realloc((void *)tx->req.member, 2 * sizeof(*tx->req.member));
	add_edit(c, tx, HG_C_BLOCKED, !tx->req.remove);
	if (!tx->req.remove && !is_named(tx->person, &asker) &&
		(nowhere || !is_let_in(c, tx->person, &asker)))
		add_edit(c, tx, nowhere ? HG_C_EXTERNAL : container, false);
	v = hg_tx_members.stage(c, tx);
	if (v == HG_OK)
		hg_tx_answered_stage(c, tx);
	return v;
}

static void apply(struct hg_core *c, struct hg_tx *tx)
{
	hg_tx_members.apply(c, tx);
	hg_tx_answered_apply(c, tx);
	tx->delta = tx->req.member[0].version + 1;
}

const struct tx_ops hg_tx_ace = { stage, apply };
