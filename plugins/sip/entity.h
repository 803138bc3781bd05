/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publications by PUBLISH (RFC 3903), each a device of its own to the core, and what their entity tags stand for. Requests about
 * them are in server.c.
 */
#pragma once

#include "plugins/sip/simple.h"

#define HG_SIP_TAG_MAX 64

struct hg_sip_entity {
	UT_hash_handle hh, by_origin;
	char tag[HG_SIP_TAG_MAX]; /* "<who>.<how often>": the first part names the device */
	char *origin;             /* which machine of whom publishes it; "" not known */
	struct hg_sip *sip;
	hg_addr person;
	const struct hg_sip_peer *by; /* who spoke for him; NULL: a device of his own */
	uint32_t changes;
	bool known;                     /* the core has it */
	struct hg_bytes *body;          /* the document that it was said with last */
	struct hg_bytes *asked;         /* what it is to be instead; NULL: as it is */
	struct hg_sip_request *request; /* that waits for the core */
	bool expired;                   /* while that waited */
	hg_timer *expiry;
};

struct hg_sip_entity *hg_sip_entity_find(struct hg_sip *, const char *tag); /* NULL */
struct hg_sip_entity *hg_sip_entity_begin(struct hg_sip *, hg_addr person, struct hg_str origin);
struct hg_str hg_sip_entity_device(const struct hg_sip_entity *); /* as the core knows it */
/* What a device of that person said. */
struct hg_record *hg_sip_entity_record(struct hg_sip *, const struct hg_pidf *, hg_addr person);
/* With each answer (RFC 3903 6); the one before is not known any more. */
void hg_sip_entity_retag(struct hg_sip_entity *);
/* The core has it from now on for so long. The first time it takes the place of what the same machine published before. */
void hg_sip_entity_stands(struct hg_sip_entity *, uint32_t seconds);
/* With its document, so that the next process can say it again; 0: no longer. */
void hg_sip_entity_keep(struct hg_sip_entity *, uint32_t seconds);
void hg_sip_entity_end(struct hg_sip_entity *);
void hg_sip_entity_forget(struct hg_sip_entity *); /* the same, and the core is told so */
