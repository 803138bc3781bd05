/* SPDX-License-Identifier: Apache-2.0 */
/* Edits of the contact list: their answer, and the list and the deltas that they lead to. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/contacts.h"
#include "bridge/documents/search.h"

static void check_list(const struct hg_self *self, uint32_t since)
{
	struct hg_view view = {
		.part = HG_PART_CONTACTS, .presentity = HG_STR("a@b"), .self = self, .since = since
	};
	struct hg_buf b = { 0 };

	hg_contacts_write(&b, &view, false);
	FUZZ_REQUIRE_XML(hg_buf_str(&b));
	hg_buf_done(&b);
}

static void check_shown(const struct hg_contact_edit *e)
{
	struct hg_contact contact = { .uri = hg_bytes_new(e->uri),
		.name = hg_bytes_new(e->name),
		.groups = hg_bytes_new(e->groups),
		.external = hg_bytes_new(e->external),
		.subscribed = e->subscribed,
		.added = 2,
		.changed = 3 };
	struct hg_group group = { .id = e->group,
		.name = contact.name,
		.external = contact.external,
		.added = 2,
		.changed = 3 };
	struct hg_self self = {
		.contact = &contact, .ncontacts = 1, .group = &group, .ngroups = 1, .delta = 4
	};

	for (uint32_t since = 0; since < 4; since++)
		check_list(&self, since);
	contact.gone = group.gone = true;
	check_list(&self, 2);
	hg_bytes_unref(contact.uri);
	hg_bytes_unref(contact.name);
	hg_bytes_unref(contact.groups);
	hg_bytes_unref(contact.external);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_soap soap;
	struct hg_buf b = { 0 };

	if (hg_soap_read(fuzz_text(data, size), &soap, &err) == 0 && soap.kind == HG_SOAP_CONTACT) {
		FUZZ_REQUIRE(soap.edit.uri.n <= HG_CONTACT_URI_MAX);
		FUZZ_REQUIRE(soap.edit.name.n <= HG_CONTACT_NAME_MAX);
		FUZZ_REQUIRE(soap.edit.external.n <= HG_CONTACT_EXTERNAL_MAX);
		hg_soap_write(&b, soap.edit.op, soap.edit.group, soap.edit.delta);
		FUZZ_REQUIRE_XML(hg_buf_str(&b));
		check_shown(&soap.edit);
	}
	FUZZ_REQUIRE(!soap.presence.note.text || soap.presence.note.text->n <= HG_LCS_NOTE_MAX);
	FUZZ_REQUIRE(hg_band_of(hg_lcs_machine(&soap.presence)) != HG_BAND_UNKNOWN);
	hg_buf_done(&b);
	for (size_t i = 0; i < soap.find.n; i++) {
		FUZZ_REQUIRE(soap.find.n <= HG_SEARCH_TERMS_MAX);
		FUZZ_REQUIRE(soap.find.term[i].value.n > 0 &&
			soap.find.term[i].value.n <= HG_SEARCH_VALUE_MAX);
		FUZZ_REQUIRE(soap.find.term[i].field <= HG_SEARCH_UNKNOWN);
	}
	hg_soap_done(&soap);
	return 0;
}
