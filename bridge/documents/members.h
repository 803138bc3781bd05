/* SPDX-License-Identifier: Apache-2.0 */
/* Requests about who may see what: container members (EP 3.3) and waiting watchers (EP 4.2.1). */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/adapter.h>

#define HG_MEMBERS_MAX 1024 /* edits of one request */
#define HG_MEMBER_MAX 454   /* bytes of a member's name: as long as a contact's URI may be */

/* In the order of the document; member.addr is left 0. */
struct hg_members {
	struct hg_member_edit *edit;
	size_t n;
};

int hg_members_read(struct hg_str body, struct hg_members *ret, struct hg_doc_err *);
void hg_members_done(struct hg_members *);

struct hg_subscriber {
	char *user; /* "user@domain" */
	bool acknowledged;
};

int hg_subscriber_read(struct hg_str body, struct hg_subscriber *ret, struct hg_doc_err *);
void hg_subscriber_done(struct hg_subscriber *);
