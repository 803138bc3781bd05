/* SPDX-License-Identifier: Apache-2.0 */
/* Contact lists and the short answers, as clients are sent them. */
#include "tests/unit/test_documents.h"

#include "bridge/documents/contacts.h"
#include "bridge/documents/publish.h"

#include <string.h>

static struct hg_bytes *text(const char *cstr)
{
	return hg_bytes_new(hg_str(cstr));
}

static struct hg_contact contact(
	const char *uri, const char *name, const char *groups, uint32_t added, uint32_t changed)
{
	return (struct hg_contact){ .uri = text(uri),
		.name = text(name),
		.groups = text(groups),
		.subscribed = true,
		.added = added,
		.changed = changed };
}

static void drop_self(
	struct hg_contact *contacts, size_t ncontacts, struct hg_group *groups, size_t ngroups)
{
	for (size_t i = 0; i < ncontacts; i++) {
		hg_bytes_unref(contacts[i].uri);
		hg_bytes_unref(contacts[i].name);
		hg_bytes_unref(contacts[i].groups);
	}
	for (size_t i = 0; i < ngroups; i++)
		hg_bytes_unref(groups[i].name);
}

static void contact_list(void **state)
{
	struct hg_group groups[] = {
		{ .id = 2, .name = text("Colleagues"), .added = 1, .changed = 1 }
	};
	struct hg_contact contacts[] = {
		contact("bob@example.com", "", "2", 1, 1),
		contact("carol@example.com", "", "2", 1, 1),
		contact("gone@example.com", "", "2", 1, 1),
	};
	contacts[2].gone = true;
	struct hg_self self = {
		.contact = contacts, .ncontacts = 3, .group = groups, .ngroups = 1, .delta = 1
	};

	hg_contacts_write(
		&out, &(struct hg_view){ .part = HG_PART_CONTACTS, .self = &self }, false);
	assert_golden(&out, "out-contact-list.xml");
	drop_self(contacts, 3, groups, 1);
}

static void contact_delta(void **state)
{
	struct hg_group groups[] = {
		{ .id = 1, .name = text("~"), .added = 1, .changed = 1 },
		{ .id = 2, .name = text("Pals & <Co>"), .added = 1, .changed = 8 },
		{ .id = 3, .name = text("Family"), .added = 8, .changed = 9 },
		{ .id = 4, .name = text("Old"), .added = 2, .changed = 10, .gone = true },
		{ .id = 5, .name = text("Brief"), .added = 8, .changed = 10, .gone = true },
	};
	struct hg_contact contacts[] = {
		contact("same@example.com", "Same", "1", 1, 7),
		contact("bob@example.com", "Bob \"B\"", "1 3", 2, 10),
		contact("eve@example.com", "", "3", 9, 10),
		contact("old@example.com", "", "2", 2, 9),
		contact("brief@example.com", "", "2", 8, 9),
	};
	contacts[2].subscribed = false;
	contacts[3].gone = contacts[4].gone = true;
	struct hg_self self = {
		.contact = contacts, .ncontacts = 5, .group = groups, .ngroups = 5, .delta = 10
	};
	struct hg_view view = { .part = HG_PART_CONTACTS, .self = &self, .since = 7 };

	hg_contacts_write(&out, &view, false);
	assert_golden(&out, "out-contact-delta.xml");
	assert_non_null(strstr(out.p, "<deletedGroup id=\"4\"/>"));
	hg_buf_reset(&out);
	hg_contacts_write(&out, &view, true);
	assert_null(strstr(out.p, "deletedGroup"));

	/* after a refused edit: the true number, and nothing else */
	hg_buf_reset(&out);
	view.since = 10;
	hg_contacts_write(&out, &view, false);
	assert_str(hg_buf_str(&out),
		"<contactDelta deltaNum=\"10\" prevDeltaNum=\"10\"></contactDelta>");
	drop_self(contacts, 5, groups, 5);
}

/* ---- answers ---- */

static void answers(void **state)
{
	static const struct hg_conflict conflicts[] = { { 1, 1, 2 }, { 3, 0, 4 } };

	hg_soap_write(&out, HG_ADD_GROUP, 3, 2);
	assert_golden(&out, "out-soap-add-group.xml");
	hg_buf_reset(&out);
	hg_soap_write(&out, HG_SET_CONTACT, 0, 4);
	assert_golden(&out, "out-soap-set-contact.xml");
	hg_buf_reset(&out);
	hg_fault_write(&out, conflicts, 2);
	assert_str(hg_buf_str(&out),
		"<Fault xmlns=\"http://schemas.microsoft.com/2006/09/sip/fault\">"
		"<Faultcode>Client.BadCall.WrongDelta</Faultcode><details>"
		"<operation index=\"1\" version=\"1\" curVersion=\"2\"/>"
		"<operation index=\"3\" version=\"0\" curVersion=\"4\"/></details></Fault>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(contact_list, clear_out),
		cmocka_unit_test_setup(contact_delta, clear_out),
		cmocka_unit_test_setup(answers, clear_out),
	};

	return cmocka_run_group_tests_name(
		"documents: contact lists and answers", tests, NULL, drop_out);
}
