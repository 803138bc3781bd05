/* SPDX-License-Identifier: Apache-2.0 */
/* A boss with a delegate, and what they ask for (tests/unit/test_mirror_delegate*.c). */
#pragma once

#include "tests/unit/mirror_rig.h"

#include <errno.h>

static const hg_part own_parts[] = { HG_PART_DELEGATES };

static inline struct hg_delegate_edit allow(uint32_t version, bool publish, bool redelegate)
{
	return (struct hg_delegate_edit){
		.version = version, .publish = publish, .redelegate = redelegate
	};
}

/* In the name of `owner`, NULL: his own; without a turn. */
static inline uint64_t ask_delegate(
	struct client *c, const char *owner, const char *who, struct hg_delegate_edit e)
{
	return rig_request(c,
		&(struct hg_request){ .kind = HG_REQ_DELEGATE,
			.target = owner ? rig_addr(c->rig, owner) : 0,
			.watched = rig_addr(c->rig, who),
			.delegate = e });
}

static inline void set_delegate(
	struct client *c, const char *owner, const char *who, struct hg_delegate_edit e)
{
	ask_delegate(c, owner, who, e);
	rig_turn(c->rig);
}

/* Takes the changes. */
static inline uint64_t publish_for_later(
	struct client *c, const char *owner, struct hg_change *ch, size_t n)
{
	uint64_t cookie = rig_request(c,
		&(struct hg_request){ .kind = HG_REQ_PUBLISH,
			.target = rig_addr(c->rig, owner),
			.change = ch,
			.nchanges = n });

	for (size_t i = 0; i < n; i++)
		hg_change_done(&ch[i]);
	return cookie;
}

static inline void publish_for(
	struct client *c, const char *owner, uint32_t version, uint32_t availability)
{
	struct hg_change ch[] = { rig_state(2, 0x30000077, version, availability),
		rig_state(3, 0x30000077, version, availability) };

	publish_for_later(c, owner, ch, 2);
	rig_turn(c->rig);
}

/* The boss is signed on, bob is her delegate and carol is nobody. */
struct office {
	struct rig *r;
	struct client boss, bob, carol;
};

static inline struct office open_office(void)
{
	struct office o = { .r = rig_new() };

	o.boss = rig_sign_on(o.r, "boss@h", "desk");
	o.bob = rig_sign_on(o.r, "bob@h", "desk"); /* his device is called as hers is */
	o.carol = rig_sign_on(o.r, "carol@h", "desk");
	set_delegate(&o.boss, NULL, "bob@h", allow(0, true, false));
	rig_has(o.r, "ok");
	hg_buf_reset(&o.r->log);
	return o;
}
