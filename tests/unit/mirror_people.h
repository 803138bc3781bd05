/* SPDX-License-Identifier: Apache-2.0 */
/* Clients of a core on paper: what they ask for and publish (tests/unit/mirror_rig.h). */
#pragma once

#include "tests/unit/mirror_turn.h"

/* ---- clients ---- */

static inline struct client rig_client(struct rig *r, const char *who, const char *epid)
{
	struct hg_lane_spec spec = {
		.adapter = &rig_adapter, .self = r, .format = FMT_NATIVE, .in_order = r->in_order
	};
	struct client c = { r, { .proof = HG_PROOF_LISTENER, .addr = rig_addr(r, who) }, epid };

	c.by.lane = rig_add_lane(r, r->host.lane_open(r->core, &spec));
	return c;
}

static inline uint64_t rig_request(struct client *c, const struct hg_request *req)
{
	struct hg_request q = *req;

	q.target = q.target ? q.target : c->by.addr;
	c->rig->host.request(c->rig->core, &c->by, &q, ++c->rig->cookie);
	return c->rig->cookie;
}

static inline void rig_register(struct client *c, uint32_t expires)
{
	rig_request(c,
		&(struct hg_request){
			.kind = HG_REQ_REGISTER, .instance = hg_str(c->name), .expires = expires });
	rig_turn(c->rig);
	c->by.endpoint = c->rig->endpoint;
}

/* Signed on, and the journal forgets how. */
static inline struct client rig_sign_on(struct rig *r, const char *who, const char *epid)
{
	struct client c = rig_client(r, who, epid);

	rig_register(&c, 3600);
	hg_buf_reset(&r->log);
	return c;
}

static inline void rig_drop(struct client *c)
{
	for (size_t i = 0; i < c->rig->nlanes; i++)
		if (c->rig->lane[i] == c->by.lane)
			c->rig->lane[i] = 0;
	c->rig->host.lane_close(c->rig->core, c->by.lane);
	rig_turn(c->rig);
}

static inline struct hg_change rig_change(
	hg_part category, uint16_t container, uint32_t instance, uint32_t version)
{
	return (struct hg_change){
		.key = { category, container, instance }, .version = version, .expires = -1
	};
}

/* A state of an endpoint, 0x3... a machine's, 0x2... a user's; 0 deletes. */
static inline struct hg_change rig_state(
	uint16_t container, uint32_t instance, uint32_t version, uint32_t availability)
{
	struct hg_change ch = rig_change(HG_CAT_STATE, container, instance, version);
	char text[32];

	ch.expiry = HG_ENDPOINT;
	ch.state.kind = instance >> 28 == 2 ? HG_STATE_USER : HG_STATE_MACHINE;
	ch.state.manual = ch.state.kind == HG_STATE_USER;
	ch.state.availability = availability;
	ch.state.max = UINT32_MAX;
	if (!availability)
		ch.expires = 0;
	snprintf(text, sizeof(text), "%u", availability);
	ch.payload = hg_bytes_new(hg_str(text));
	return ch;
}

static inline struct hg_change rig_note(uint16_t container, uint32_t version, const char *text)
{
	struct hg_change ch = rig_change(HG_CAT_NOTE, container, 0, version);

	ch.expiry = HG_STATIC;
	ch.payload = hg_bytes_new(hg_str(text));
	ch.note.text = *text ? hg_bytes_new(hg_str(text)) : NULL;
	return ch;
}

/* Takes the changes; without a turn. */
static inline uint64_t rig_publish_later(struct client *c, struct hg_change *ch, size_t n)
{
	uint64_t cookie = rig_request(
		c, &(struct hg_request){ .kind = HG_REQ_PUBLISH, .change = ch, .nchanges = n });

	for (size_t i = 0; i < n; i++)
		hg_change_done(&ch[i]);
	return cookie;
}

static inline void rig_publish(struct client *c, struct hg_change *ch, size_t n)
{
	rig_publish_later(c, ch, n);
	rig_turn(c->rig);
}

/* A machine's state in both aggregation containers, as clients publish it. */
static inline void rig_machine(struct client *c, uint32_t version, uint32_t availability)
{
	uint32_t instance = 0x30000000 | (c->by.endpoint & 0xffff);
	struct hg_change ch[] = { rig_state(2, instance, version, availability),
		rig_state(3, instance, version, availability) };

	rig_publish(c, ch, 2);
}

static inline void rig_choose(struct client *c, uint32_t version, uint32_t availability)
{
	struct hg_change ch[] = { rig_state(2, 0x20000000, version, availability),
		rig_state(3, 0x20000000, version, availability) };

	rig_publish(c, ch, 2);
}

static inline hg_outlet rig_open(
	struct client *c, const char *presentity, const hg_part *part, size_t n, uint64_t cookie)
{
	hg_addr addr = presentity ? rig_addr(c->rig, presentity) : c->by.addr;
	struct hg_outlet_spec spec = { .principal = &c->by,
		.presentity = addr,
		.wire_presentity = hg_intern_text(c->rig->ids, addr),
		.format = FMT_NATIVE,
		.part = part,
		.nparts = n,
		.cookie = cookie };
	hg_outlet o;

	assert_int_equal(c->rig->host.outlet_open(c->rig->core, &spec, &o), HG_OK);
	rig_turn(c->rig);
	return o;
}

static inline hg_outlet rig_watch_state(struct client *c, const char *presentity, uint64_t cookie)
{
	static const hg_part state = HG_CAT_STATE;

	return rig_open(c, presentity, &state, 1, cookie);
}

/* setContact or deleteContact, with the list's number as it is now. */
static inline void rig_contact(
	struct client *c, enum hg_contact_op op, const char *who, bool subscribed, uint32_t delta)
{
	hg_addr addr = rig_addr(c->rig, who);
	struct hg_contact_edit e = { .op = op,
		.delta = delta,
		.uri = hg_intern_text(c->rig->ids, addr),
		.addr = addr,
		.groups = HG_STR("1"),
		.subscribed = subscribed };

	rig_request(c, &(struct hg_request){ .kind = HG_REQ_CONTACT, .contact = &e });
	rig_turn(c->rig);
}

/* The wish to see somebody, as a dialog's `<context/>` says it; without a turn. */
static inline void rig_wish(struct client *c, const char *who)
{
	hg_addr addr = rig_addr(c->rig, who);

	rig_request(c,
		&(struct hg_request){ .kind = HG_REQ_WATCH,
			.watched = addr,
			.wire = hg_intern_text(c->rig->ids, addr) });
}

static inline struct hg_member_edit rig_member(
	struct client *c, uint16_t container, uint32_t version, bool remove, const char *user)
{
	struct hg_member_edit e = { container, version, remove,
		{ .type = HG_MEMBER_USER, .addr = rig_addr(c->rig, user) } };

	e.member.value = hg_bytes_new(hg_intern_text(c->rig->ids, e.member.addr));
	return e;
}

static inline void rig_members(struct client *c, struct hg_member_edit *e, size_t n)
{
	rig_request(c, &(struct hg_request){ .kind = HG_REQ_MEMBERS, .member = e, .nmembers = n });
	for (size_t i = 0; i < n; i++)
		hg_bytes_unref(e[i].member.value);
}

/* Into `to`, not changed before, and out of `from`, changed once; 0: out of none. */
static inline void rig_move(struct client *owner, const char *who, uint16_t from, uint16_t to)
{
	struct hg_member_edit e[2];
	size_t n = 0;

	if (from)
		e[n++] = rig_member(owner, from, 2, true, who);
	e[n++] = rig_member(owner, to, 1, false, who);
	rig_members(owner, e, n);
	rig_turn(owner->rig);
}

/* ---- an administrator ---- */

static inline void rig_keep_verdict(void *arg, const struct hg_answer *a)
{
	*(enum hg_verdict *)arg = a->verdict;
}

/* The verdict stays 99 while the store waits. */
static inline enum hg_verdict rig_ask(struct rig *r, const struct hg_request *req)
{
	r->verdict = 99;
	hg_core_ask(r->core, req, rig_keep_verdict, &r->verdict);
	rig_turn(r);
	return r->verdict;
}

/* That the account is one of the person's, or not any more. */
static inline struct hg_request rig_account(
	struct rig *r, const char *person, const char *account, bool remove)
{
	hg_addr addr = rig_addr(r, account);

	return (struct hg_request){ .kind = HG_REQ_LINK,
		.target = rig_addr(r, person),
		.watched = addr,
		.wire = hg_intern_text(r->ids, addr),
		.remove = remove };
}

static inline enum hg_verdict rig_link_account(
	struct rig *r, const char *person, const char *account, bool remove)
{
	struct hg_request req = rig_account(r, person, account, remove);

	return rig_ask(r, &req);
}
