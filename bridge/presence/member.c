/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/presence/member.h"

#include <stdlib.h>

/* In the order of enum hg_member_type. */
static const struct {
	const char *name;
	int rank;
} types[] = {
	[HG_MEMBER_EVERYONE] = { "everyone", 1 },
	[HG_MEMBER_FEDERATED] = { "federated", 2 },
	[HG_MEMBER_PUBLIC_CLOUD] = { "publicCloud", 3 },
	[HG_MEMBER_SAME_ENTERPRISE] = { "sameEnterprise", 4 },
	[HG_MEMBER_DOMAIN] = { "domain", 5 },
	[HG_MEMBER_USER] = { "user", 6 },
};

const char *hg_member_type_name(enum hg_member_type t)
{
	return types[t].name;
}

enum hg_member_type hg_member_type_find(struct hg_str name)
{
	for (int t = HG_MEMBER_EVERYONE; t <= HG_MEMBER_USER; t++)
		if (hg_str_is(name, types[t].name))
			return t;
	return 0;
}

int hg_member_rank(enum hg_member_type t)
{
	return types[t].rank;
}

static bool matches(const struct hg_member *m, const struct hg_asker *a)
{
	switch (m->type) {
	case HG_MEMBER_EVERYONE:
		return true;
	case HG_MEMBER_FEDERATED:
		return a->trust == HG_FEDERATED;
	case HG_MEMBER_PUBLIC_CLOUD:
		return a->trust == HG_PUBLIC_CLOUD;
	case HG_MEMBER_SAME_ENTERPRISE:
		return a->trust == HG_SAME_ENTERPRISE;
	case HG_MEMBER_DOMAIN:
		return m->addr == a->domain;
	case HG_MEMBER_USER:
		return m->addr == a->addr;
	}
	return false;
}

uint16_t hg_container_of(const struct hg_container *c, size_t n, const struct hg_asker *a)
{
	uint16_t best = HG_C_DEFAULT;
	int rank = 0;

	for (size_t i = 0; i < n; i++) {
		if (c[i].id <= HG_C_AGGREGATION_URGENT)
			continue;
		for (size_t k = 0; k < c[i].n; k++) {
			int r = types[c[i].member[k].type].rank;

			if ((r > rank || (r == rank && c[i].id > best)) &&
				matches(&c[i].member[k], a)) {
				rank = r;
				best = c[i].id;
			}
		}
	}
	return best;
}

struct hg_container *hg_container_find(struct hg_container *c, size_t n, uint16_t id)
{
	for (size_t i = 0; i < n; i++)
		if (c[i].id == id)
			return &c[i];
	return NULL;
}

int hg_member_find(const struct hg_container *c, enum hg_member_type type, hg_addr addr)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->member[i].type == type && c->member[i].addr == addr)
			return (int)i;
	return -1;
}

void hg_member_done(struct hg_member *m)
{
	hg_bytes_unref(m->value);
	m->value = NULL;
}

void hg_container_done(struct hg_container *c)
{
	for (size_t i = 0; i < c->n; i++)
		hg_member_done(&c->member[i]);
	free(c->member);
	c->member = NULL;
	c->n = c->cap = 0;
}
