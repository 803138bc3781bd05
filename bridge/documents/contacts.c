/* SPDX-License-Identifier: Apache-2.0 */
/* The contact list and what changed in it (EP 4.5.2, 4.5.3). */
#include "bridge/documents/contacts.h"
#include "bridge/documents/write.h"

static void add_group(struct hg_buf *out, const char *element, const struct hg_group *group)
{
	hg_buf_addf(out, "<%s id=\"%u\"", element, (unsigned)group->id);
	hg_write_attr(out, "name", hg_bytes_str(group->name));
	hg_write_attr(out, "externalURI", hg_bytes_str(group->external));
	hg_buf_adds(out, "/>");
}

/* All attributes, always: pidgin-sipe does not survive a contact without uri or groups. */
static void add_contact_rest(struct hg_buf *out, const struct hg_contact *contact)
{
	hg_write_attr(out, "name", hg_bytes_str(contact->name));
	hg_write_attr(out, "groups", hg_bytes_str(contact->groups));
	hg_write_attr(out, "subscribed", contact->subscribed ? HG_STR("true") : HG_STR("false"));
	hg_write_attr(out, "externalURI", hg_bytes_str(contact->external));
	hg_buf_adds(out, "/>");
}

static void add_default_group(struct hg_buf *out, const struct hg_self *self)
{
	for (size_t i = 0; i < self->ngroups; i++) {
		if (self->group[i].id == HG_GROUP_OTHER && !self->group[i].gone)
			return;
	}
	hg_buf_adds(out, "<group id=\"1\" name=\"~\" externalURI=\"\"/>");
}

/* In a list addresses stand without "sip:", in a delta with it. */
static void write_list(struct hg_buf *out, const struct hg_self *self)
{
	hg_buf_addf(out, "<contactList deltaNum=\"%u\">", (unsigned)self->delta);
	add_default_group(out, self);
	for (size_t i = 0; i < self->ngroups; i++) {
		if (!self->group[i].gone)
			add_group(out, "group", &self->group[i]);
	}
	for (size_t i = 0; i < self->ncontacts; i++) {
		if (self->contact[i].gone)
			continue;
		hg_buf_adds(out, "<contact");
		hg_write_attr(out, "uri", hg_bytes_str(self->contact[i].uri));
		add_contact_rest(out, &self->contact[i]);
	}
	hg_buf_adds(out, "</contactList>");
}

/* What happened to an entry since a client was told last, all changes taken together. */
enum change { SAME, ADDED, MODIFIED, DELETED };

static enum change change_of(uint32_t added, uint32_t changed, bool gone, uint32_t since)
{
	if (changed <= since)
		return SAME;
	if (added > since)
		return gone ? SAME : ADDED; /* came and went unseen, or is new */
	return gone ? DELETED : MODIFIED;
}

static void add_groups(
	struct hg_buf *out, const struct hg_view *view, enum change which, const char *element)
{
	for (size_t i = 0; i < view->self->ngroups; i++) {
		const struct hg_group *group = &view->self->group[i];
		uint32_t added = group->added;
		if (change_of(added, group->changed, group->gone, view->since) != which)
			continue;
		if (which == DELETED)
			hg_buf_addf(out, "<%s id=\"%u\"/>", element, (unsigned)group->id);
		else
			add_group(out, element, group);
	}
}

static void add_contacts(
	struct hg_buf *out, const struct hg_view *view, enum change which, const char *element)
{
	for (size_t i = 0; i < view->self->ncontacts; i++) {
		const struct hg_contact *contact = &view->self->contact[i];
		if (change_of(contact->added, contact->changed, contact->gone, view->since) !=
			which)
			continue;
		hg_buf_addf(out, "<%s", element);
		hg_write_sip_attr(out, "uri", hg_bytes_str(contact->uri));
		if (which == DELETED)
			hg_buf_adds(out, "/>");
		else
			add_contact_rest(out, contact);
	}
}

/* Groups exist before contacts are put into them and go after the contacts have left, [MS-SIP]
 * (EP 4.5.3). */
static void write_delta(struct hg_buf *out, const struct hg_view *view, bool omit_deleted_group)
{
	hg_buf_addf(out, "<contactDelta deltaNum=\"%u\" prevDeltaNum=\"%u\">",
		(unsigned)view->self->delta, (unsigned)view->since);
	add_groups(out, view, ADDED, "addedGroup");
	add_groups(out, view, MODIFIED, "modifiedGroup");
	add_contacts(out, view, ADDED, "addedContact");
	add_contacts(out, view, MODIFIED, "modifiedContact");
	add_contacts(out, view, DELETED, "deletedContact");
	if (!omit_deleted_group)
		add_groups(out, view, DELETED, "deletedGroup");
	hg_buf_adds(out, "</contactDelta>");
}

void hg_contacts_write(struct hg_buf *out, const struct hg_view *view, bool omit_deleted_group)
{
	if (view->since)
		write_delta(out, view, omit_deleted_group);
	else
		write_list(out, view->self);
}
