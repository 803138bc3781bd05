/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/mirror/contact_list.h"

#include <stdlib.h>

enum { GROUP_ID_MAX = 64 }; /* [MS-SIP] */

struct hg_contact *hg_list_contact(struct hg_contacts *l, hg_addr addr)
{
	for (size_t i = 0; i < l->ncontacts; i++)
		if (l->contact[i].addr == addr)
			return &l->contact[i];
	return NULL;
}

bool hg_list_has(struct hg_contacts *l, hg_addr addr)
{
	const struct hg_contact *k = hg_list_contact(l, addr);

	return k && !k->gone;
}

struct hg_group *hg_list_group(struct hg_contacts *l, uint32_t id)
{
	for (size_t i = 0; i < l->ngroups; i++)
		if (l->group[i].id == id)
			return &l->group[i];
	return NULL;
}

struct hg_group *hg_list_group_named(struct hg_contacts *l, struct hg_str name)
{
	for (size_t i = 0; i < l->ngroups; i++)
		if (!l->group[i].gone && hg_str_eq(hg_bytes_str(l->group[i].name), name))
			return &l->group[i];
	return NULL;
}

size_t hg_list_contacts(const struct hg_contacts *l)
{
	size_t live = 0;

	for (size_t i = 0; i < l->ncontacts; i++)
		live += !l->contact[i].gone;
	return live;
}

struct hg_bytes *hg_list_groups_of(struct hg_contacts *l, struct hg_str said, uint32_t without)
{
	struct hg_buf b = { 0 };
	struct hg_bytes *r;
	struct hg_str token;
	uint32_t id;

	while (hg_str_token(&said, ' ', &token)) {
		struct hg_group *g = hg_str_u32(token, &id) ? hg_list_group(l, id) : NULL;

		if (g && !g->gone && id != without)
			hg_buf_addf(&b, "%s%u", b.n ? " " : "", id);
	}
	if (b.n == 0)
		hg_buf_addf(&b, "%d", HG_GROUP_OTHER);
	r = hg_buf_bytes(&b);
	hg_buf_done(&b);
	return r;
}

uint32_t hg_list_free_group(struct hg_contacts *l)
{
	/* The number of a group that is gone is free again only when nobody has to be told any
	 * more. */
	for (uint32_t id = 2; id <= GROUP_ID_MAX; id++)
		if (!hg_list_group(l, id))
			return id;
	return 0;
}

static void contact_done(struct hg_contact *k)
{
	hg_bytes_unref(k->uri);
	hg_bytes_unref(k->name);
	hg_bytes_unref(k->groups);
	hg_bytes_unref(k->external);
}

static void group_done(struct hg_group *g)
{
	hg_bytes_unref(g->name);
	hg_bytes_unref(g->external);
}

void hg_list_forget(struct hg_contacts *l, uint32_t known)
{
	for (size_t i = l->ncontacts; i-- > 0;) {
		if (l->contact[i].gone && l->contact[i].changed <= known) {
			contact_done(&l->contact[i]);
			l->contact[i] = l->contact[--l->ncontacts];
		}
	}
	for (size_t i = l->ngroups; i-- > 0;) {
		if (l->group[i].gone && l->group[i].changed <= known) {
			group_done(&l->group[i]);
			l->group[i] = l->group[--l->ngroups];
		}
	}
}

void hg_list_done(struct hg_contacts *l)
{
	for (size_t i = 0; i < l->ncontacts; i++)
		contact_done(&l->contact[i]);
	for (size_t i = 0; i < l->ngroups; i++)
		group_done(&l->group[i]);
	free(l->contact);
	free(l->group);
}
