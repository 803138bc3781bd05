/* SPDX-License-Identifier: Apache-2.0 */
/* Requests outlive the call that brought them: copies of their own. */

#include "bridge/mirror/tx.h"

#include <stdlib.h>

static struct hg_str own(struct hg_str s)
{
	return (struct hg_str){ hg_str_dup(s), s.n };
}

static void disown(struct hg_str *s)
{
	free((char *)s->p);
	*s = HG_STR_NONE;
}

static struct hg_change *copy_changes(const struct hg_change *from, size_t n)
{
	struct hg_change *to = hg_alloc((n + 1) * sizeof(*to));

	for (size_t i = 0; i < n; i++)
		hg_change_copy(&to[i], &from[i]);
	return to;
}

static struct hg_member_edit *copy_members(
	struct hg_core *c, const struct hg_member_edit *from, size_t n)
{
	struct hg_member_edit *to = hg_alloc((n + 1) * sizeof(*to));

	for (size_t i = 0; i < n; i++) {
		to[i] = from[i];
		if (from[i].member.type == HG_MEMBER_USER && from[i].member.addr &&
			!from[i].member.value)
			to[i].member.value = hg_core_user_uri(c, from[i].member.addr);
		else
			hg_bytes_ref(to[i].member.value);
	}
	return to;
}

static struct hg_contact_edit *copy_contact(const struct hg_contact_edit *from)
{
	struct hg_contact_edit *to = hg_alloc(sizeof(*to));

	*to = *from;
	to->uri = own(from->uri);
	to->name = own(from->name);
	to->groups = own(from->groups);
	to->external = own(from->external);
	return to;
}

void hg_request_copy(struct hg_core *c, struct hg_request *to, const struct hg_request *from)
{
	*to = *from;
	to->instance = own(from->instance);
	to->wire = own(from->wire);
	to->memo = own(from->memo);
	to->change = copy_changes(from->change, from->nchanges);
	to->member = copy_members(c, from->member, from->nmembers);
	to->contact = from->contact ? copy_contact(from->contact) : NULL;
	to->said = hg_record_ref((struct hg_record *)from->said);
}

void hg_request_done(struct hg_request *r)
{
	struct hg_contact_edit *e = (struct hg_contact_edit *)r->contact;

	disown(&r->instance);
	disown(&r->wire);
	disown(&r->memo);
	hg_record_unref((struct hg_record *)r->said);
	for (size_t i = 0; i < r->nchanges; i++)
		hg_change_done((struct hg_change *)&r->change[i]);
	free((void *)r->change);
	for (size_t i = 0; i < r->nmembers; i++)
		hg_member_done((struct hg_member *)&r->member[i].member);
	free((void *)r->member);
	if (e) {
		disown(&e->uri);
		disown(&e->name);
		disown(&e->groups);
		disown(&e->external);
		free(e);
	}
}
