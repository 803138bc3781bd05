/* SPDX-License-Identifier: Apache-2.0 */
/* Contact lists: edits by SOAP, the list and its deltas (EP 4.5). */
#pragma once

#include "bridge/documents/doc.h"
#include "bridge/documents/lcs_soap.h"
#include <heliograph/adapter.h>

#define HG_CONTACT_URI_MAX 454 /* bytes, [MS-SIP] limits as EP 4.5.4 has them */
#define HG_CONTACT_NAME_MAX 256
#define HG_CONTACT_EXTERNAL_MAX 2048

/* One SOAP request. The strings of `edit` point into `own`; edit.addr is left 0. A display name
 * that only repeats the URI is taken as none. */
struct hg_soap {
	enum hg_soap_kind {
		HG_SOAP_CONTACT,  /* `edit` */
		HG_SOAP_SEARCH,   /* of the directory, for `find` */
		HG_SOAP_PRESENCE, /* these two only of clients from before categories */
		HG_SOAP_ACE
	} kind;
	struct hg_contact_edit edit;
	struct hg_search find;
	struct hg_lcs_presence presence;
	struct hg_lcs_ace ace;
	char *own[4];
};

int hg_soap_read(struct hg_str body, struct hg_soap *ret, struct hg_doc_err *);
void hg_soap_done(struct hg_soap *);
/* Body of a 200, HG_TYPE_SOAP: the new delta and, for HG_ADD_GROUP, the group's id. */
void hg_soap_write(struct hg_buf *, enum hg_contact_op, uint32_t group, uint32_t delta);

/* Likewise, HG_SOAP_PRESENCE and HG_SOAP_ACE, which alone has a number. */
void hg_soap_write_lcs(struct hg_buf *, enum hg_soap_kind, uint32_t delta);

/* HG_PART_CONTACTS, HG_TYPE_ROAMING_CONTACTS, a document by itself: the whole list when view->since
 * is 0, else what changed after it. omit_deleted_group: leaves <deletedGroup> out, which frees
 * memory twice in pidgin-sipe 1.25. */
void hg_contacts_write(struct hg_buf *, const struct hg_view *, bool omit_deleted_group);
