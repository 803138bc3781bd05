/* SPDX-License-Identifier: Apache-2.0 */
/* What a client from before categories says about its own user, by SOAP ([MS-SIP]; EP 4.5.4). */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/presence.h>

#define HG_LCS_NOTE_MAX \
	HG_DOC_PAYLOAD_MAX /* bytes: clients say again what Lync clients published */

/* setPresence: all that a device says at a time. What is not in it is not so any more. */
struct hg_lcs_presence {
	char *uri;             /* of whom; as written */
	uint32_t availability; /* [MS-SIP] 2.2.1: below 100 not there */
	uint32_t
		activity; /* from 100 away, 200 idle, 300 right back, 400 active, 500 on the phone, 600 busy */
	bool idle;              /* nobody touches the device */
	bool person;            /* the two below are said; else only the device speaks */
	struct hg_state choice; /* the person's own, for all devices; availability 0: none */
	struct hg_note note;    /* text NULL: none */
};

void hg_lcs_presence_done(struct hg_lcs_presence *);

/* What the device says of itself. */
uint32_t hg_lcs_machine(const struct hg_lcs_presence *);

/* setACE of one user */
struct hg_lcs_ace {
	char *mask; /* his URI */
	bool block;
};
