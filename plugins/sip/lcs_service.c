/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client of the 2005 dialect says about its own user, in publications and memberships (docs/decisions/0015): what it
 * says of the device is the device's, what it says of the person (userInfo) is what Lync clients publish, in the same places.
 */
#include "plugins/sip/request.h"

#include "bridge/documents/contacts.h"
#include "bridge/documents/facets.h"
#include "bridge/documents/lcs.h"

/* EP 1.12: the top four bits of an instance say what it is, the rest who. */
#define INSTANCE_MACHINE UINT32_C(0x30000000)

enum { CHANGES_MAX = 64 };

struct work {
	struct hg_change change[CHANGES_MAX];
	size_t n;
};

/* As Lync clients make it of their epid: its first 32 bits, moved aside. */
static uint32_t endpoint_bits(struct hg_str instance)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < 8; i++) {
		char c = i < instance.n ? instance.p[i] : '\0';
		bool digit = c >= '0' && c <= '9';
		if (!digit && !((c | 32) >= 'a' && (c | 32) <= 'f'))
			return (uint32_t)hg_str_hash(instance) >> 4;
		bits = bits << 4 | (uint32_t)(digit ? c - '0' : (c | 32) - 'a' + 10);
	}
	return bits >> 4;
}

/* ---- states ---- */

static void add_state(struct work *w, uint16_t container, uint32_t instance, enum hg_expiry expiry,
	const struct hg_state *state)
{
	struct hg_change *ch = &w->change[w->n++];
	struct hg_buf payload = { 0 };
	*ch = (struct hg_change){ .key = { HG_CAT_STATE, container, instance },
		.expiry = expiry,
		.expires = state->availability ? -1 : 0 };
	if (!state->availability)
		return;
	hg_state_copy(&ch->state, state);
	hg_state_write(&payload, state);
	ch->payload = hg_buf_bytes(&payload);
	hg_buf_done(&payload);
}

/* In both containers that the person's state is computed from; availability 0 takes it back. */
static void add_states(
	struct work *w, uint32_t instance, enum hg_expiry expiry, const struct hg_state *state)
{
	add_state(w, HG_C_AGGREGATION, instance, expiry, state);
	add_state(w, HG_C_AGGREGATION_URGENT, instance, expiry, state);
}

/* ---- notes ---- */

static void add_note(struct work *w, uint16_t container, const struct hg_note *note)
{
	struct hg_change *ch = &w->change[w->n++];
	struct hg_buf payload = { 0 };
	*ch = (struct hg_change){ .key = { HG_CAT_NOTE, container, HG_LCS_NOTE },
		.expiry = HG_STATIC,
		.expires = note->text ? -1 : 0 };
	if (!note->text)
		return;
	hg_note_copy(&ch->note, note);
	hg_note_write(&payload, note);
	ch->payload = hg_buf_bytes(&payload);
	hg_buf_done(&payload);
}

/* Such a client does not know of containers: the grammar does. Where it wants it empty, nothing is said. */
static void add_notes(struct hg_sip *sip, struct work *w, const struct hg_note *note)
{
	const struct hg_grammar_rule *rule;
	size_t n = sip->host->grammar(sip->core, &rule);
	for (size_t i = 0; i < n; i++) {
		bool speaks = rule[i].category == HG_CAT_NOTE &&
			rule[i].transform == HG_TRANSFORM_COPY &&
			rule[i].sources & 1u << HG_SOURCE_SIMPLE;
		for (size_t k = 0; speaks && k < rule[i].ncontainers && w->n < CHANGES_MAX; k++)
			add_note(w, rule[i].container[k], note);
	}
}

/* ---- setPresence ---- */

void hg_sip_lcs_presence(struct hg_sip_request *req, const struct hg_lcs_presence *said)
{
	struct work w = { .n = 0 };
	uint32_t bits = endpoint_bits(hg_str(req->conn->instance));
	struct hg_state machine = {
		.kind = HG_STATE_MACHINE, .availability = hg_lcs_machine(said), .max = UINT32_MAX
	};
	if (!hg_sip_owns(req, hg_str(said->uri))) {
		hg_sip_refuse(req, 403, "presentity: uri is not the publisher");
		return;
	}
	add_states(&w, INSTANCE_MACHINE | bits, HG_ENDPOINT, &machine);
	if (said->person) {
		add_states(&w, HG_LCS_CHOICE, HG_STATIC, &said->choice);
		add_notes(req->sip, &w, &said->note);
	}
	hg_sip_request_ask(req,
		&(struct hg_request){ .kind = HG_REQ_PUBLISH,
			.target = req->owner,
			.change = w.change,
			.nchanges = w.n,
			.any_version = true });
	while (w.n)
		hg_change_done(&w.change[--w.n]);
}

/* ---- setACE ---- */

void hg_sip_lcs_ace(struct hg_sip_request *req, const struct hg_lcs_ace *ace)
{
	hg_addr addr;
	if (hg_sip_bad_uri(req, "mask", hg_str(ace->mask), &addr))
		return;
	hg_sip_request_ask(req,
		&(struct hg_request){ .kind = HG_REQ_ACE,
			.target = req->owner,
			.watched = addr,
			.remove = ace->block });
}

/* ---- answers ---- */

void hg_sip_lcs_answer(struct hg_sip_request *req, const struct hg_answer *answer)
{
	struct hg_buf doc = { 0 };
	msg_t *out = hg_sip_reply(req, 200);
	hg_soap_write_lcs(&doc, req->soap, answer->delta);
	hg_sip_reply_body(out, HG_TYPE_SOAP, hg_buf_str(&doc));
	hg_buf_done(&doc);
	hg_sip_reply_send(req, out);
}
