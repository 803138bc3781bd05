/* SPDX-License-Identifier: Apache-2.0 */
/* What the server publishes in a person's name, and to whom it shows which of it. */
#include "tests/unit/mirror_rig.h"

static const hg_part state_part[] = { HG_CAT_STATE };
static const hg_part legacy_part[] = { HG_CAT_LEGACY_INTEROP };
static const hg_part services_part[] = { HG_CAT_SERVICES };

/* The device of this client can do these; it is its second publication and later ones that name a version. */
static struct hg_change device(struct client *c, uint32_t version, const char *id, uint32_t can)
{
	struct hg_change ch = rig_change(HG_CAT_DEVICE, HG_C_AGGREGATION, c->by.endpoint, version);
	struct hg_device d = {
		.id = hg_bytes_new(hg_str(id)), .named = can, .render = can, .capture = can
	};

	ch.expiry = HG_ENDPOINT;
	ch.payload = hg_bytes_new(HG_STR("device"));
	ch.device = hg_device_new(&d);
	hg_bytes_unref(d.id);
	return ch;
}

static void publish_device(struct client *c, const char *id, uint32_t can)
{
	struct hg_change ch = device(c, 0, id, can);

	rig_publish(c, &ch, 1);
}

/* A machine that says where it stands, and what it is. */
static void machine_at(struct client *c, uint32_t version, uint32_t availability,
	const char *location, const char *kind)
{
	uint32_t instance = 0x30000000 | (c->by.endpoint & 0xffff);
	struct hg_change ch[] = { rig_state(2, instance, version, availability),
		rig_state(3, instance, version, availability) };
	struct hg_details d = { .location = hg_bytes_new(hg_str(location)) };

	snprintf(d.device, sizeof(d.device), "%s", kind);
	for (int i = 0; i < 2; i++)
		ch[i].state.details = hg_details_new(&d);
	hg_bytes_unref(d.location);
	rig_publish(c, ch, 2);
}

static void move_to(struct client *owner, uint16_t container, const char *who)
{
	struct hg_member_edit e = rig_member(owner, container, 1, false, who);

	rig_members(owner, &e, 1);
	rig_turn(owner->rig);
	hg_buf_reset(&owner->rig->log);
}

/* TV-11: the most active one, under the name that its device has. */
static void the_owner_is_told_which_device_is_in_use(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk"),
		      lap = rig_sign_on(r, "alice@h", "lap"),
		      pad = rig_sign_on(r, "alice@h", "pad");

	publish_device(&lap, "4b1682a8-f968-5701-83fc-7c6741dc6697", 1);
	rig_machine(&desk, 0, 5000);
	rig_machine(&pad, 0, 15500);
	hg_buf_reset(&r->log);
	rig_machine(&lap, 0, 3500);
	rig_has(r, " 2.10000000.v3=3500#4b1682a8-f968-5701-83fc-7c6741dc6697 ");
	rig_machine(&lap, 1, 15500);
	rig_has(r, " 2.10000000.v4=5000#desk ");
	rig_free(r);
}

/* TV-23: where the most active computer stands, unless the person is away; TV-22: never for External. */
static void the_place_is_shown_to_colleagues_while_one_is_there(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      phone = rig_sign_on(r, "alice@h", "phone"),
		      bob = rig_sign_on(r, "bob@h", "desk"), eve = rig_sign_on(r, "eve@h", "desk");

	move_to(&alice, 100, "eve@h");
	rig_open(&bob, "alice@h", state_part, 1, 21);
	rig_open(&eve, "alice@h", state_part, 1, 22);
	machine_at(&alice, 0, 3500, "31/East Wing", "computer");
	hg_buf_reset(&r->log);
	machine_at(&phone, 0, 3500, "the train", "mobile");
	rig_has_not(r, "show #21");
	rig_has_not(r, "show #22");
	rig_choose(&alice, 0, 6500);
	rig_has(r, "show #21 known alice@h state{6500@31/East Wing}");
	rig_has(r, "show #22 known alice@h state{6500}");
	hg_buf_reset(&r->log);
	rig_choose(&alice, 1, 15500);
	rig_has(r, "show #21 known alice@h state{15500}");
	rig_free(r);
}

/* What External is not shown does not move its view either: not even the time of it. */
static void external_is_not_told_that_something_else_changed(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk"), eve = rig_sign_on(r, "eve@h", "desk");
	struct hg_change call[] = { rig_state(2, 0x80000001, 0, 6500),
		rig_state(3, 0x80000001, 0, 6500) };

	move_to(&alice, 100, "eve@h");
	rig_machine(&alice, 0, 3500);
	rig_choose(&alice, 0, 6500);
	rig_open(&bob, "alice@h", state_part, 1, 21);
	rig_open(&eve, "alice@h", state_part, 1, 22);
	hg_buf_reset(&r->log);
	for (int i = 0; i < 2; i++) {
		call[i].state.kind = HG_STATE_PHONE;
		call[i].state.min = 6500;
		call[i].state.max = 8999;
		strcpy(call[i].state.token, "on-the-phone");
	}
	rig_publish(&alice, call, 2);
	rig_has(r, "show #21 known alice@h state{6500/on-the-phone}");
	rig_has_not(r, "show #22");
	rig_free(r);
}

/* TV-19, with the owner's bootstrap instance of TV-27. */
static void the_number_of_old_clients_is_the_aggregates(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	static const char *const in[] = { "bob@h", "carol@h", "dave@h", "eve@h", "mallory@h" };
	static const uint16_t container[] = { 100, 200, 300, 400, 32000 };
	static const char *const shown[] = { "9500", "9500", "6900/urgent-interruptions-only",
		"9500", "18500" };

	rig_machine(&alice, 0, 3500);
	rig_choose(&alice, 0, 9500);
	rig_open(&alice, NULL, legacy_part, 1, 20);
	rig_has(r,
		"legacyInterop{100.1.v3=9500 200.1.v3=9500 "
		"300.1.v3=6900/urgent-interruptions-only 400.1.v3=9500 32000.1.v1=18500}");
	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++) {
		struct client w = rig_sign_on(r, in[i], "desk");
		char want[80];

		move_to(&alice, container[i], in[i]);
		rig_open(&w, "alice@h", legacy_part, 1, 30 + i);
		snprintf(want, sizeof(want), "show #%zu known alice@h legacyInterop{%s}\n", 30 + i,
			shown[i]);
		rig_has(r, want);
	}
	rig_free(r);
}

static void what_a_person_can_do_is_what_the_devices_can(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk"),
		      phone = rig_sign_on(r, "alice@h", "phone"),
		      bob = rig_sign_on(r, "bob@h", "desk");

	rig_open(&bob, "alice@h", services_part, 1, 21);
	rig_has(r, "show #21 known alice@h services{}");
	rig_machine(&desk, 0, 5000);
	publish_device(&desk, "a", 1u << HG_CAN_TEXT);
	rig_has(r, "show #21 known alice@h services{5:5000r}");
	rig_machine(&phone, 0, 3500);
	publish_device(&phone, "b", 1u << HG_CAN_TEXT | 1u << HG_CAN_VOICE);
	rig_has(r, "show #21 known alice@h services{3:3500r 5:3500r}");
	hg_buf_reset(&r->log);
	rig_register(&phone, 0);
	rig_has(r, "show #21 known alice@h services{5:5000r}");
	rig_register(&desk, 0);
	rig_has(r, "show #21 known alice@h services{}");
	rig_free(r);
}

static void only_the_server_publishes_what_is_its_own(void **state)
{
	static const hg_part own[] = { HG_CAT_SERVICES, HG_CAT_LEGACY_INTEROP };
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		struct hg_change ch = rig_change(own[i], 200, 0, 0);

		ch.payload = hg_bytes_new(HG_STR("x"));
		hg_buf_reset(&r->log);
		rig_publish(&alice, &ch, 1);
		rig_has(r, " forbidden");
		ch = rig_change(own[i], 200, 0, 0);
		ch.expires = 0;
		hg_buf_reset(&r->log);
		rig_publish(&alice, &ch, 1);
		rig_has(r, " ok");
	}
	rig_free(r);
}

/* ---- the law: whatever went before, what is aggregated follows from what is published now ---- */

enum { KEYS = 6, LAW_STEPS = 60, LAW_SEEDS = 8 };

/* What stands under one key, 0: nothing; in the order in which it was said. */
struct said {
	uint32_t availability, version, order;
};

static const struct {
	enum hg_state_kind kind;
	uint32_t instance;
	int device; /* 0 desk, 1 phone */
	const char *token;
} law_key[KEYS] = {
	{ HG_STATE_MACHINE, 0x30000001, 0, "" },
	{ HG_STATE_MACHINE, 0x30000002, 1, "" },
	{ HG_STATE_USER, 0x20000000, 0, "" },
	{ HG_STATE_PHONE, 0x80000001, 1, "on-the-phone" },
	{ HG_STATE_CALENDAR, 0x40000001, 0, "in-a-meeting" },
	{ HG_STATE_CALENDAR, 0x50000001, 0, "out-of-office" },
};

static void law_say(struct client *device, int key, uint32_t availability, uint32_t version)
{
	struct hg_change ch[2];

	for (int i = 0; i < 2; i++) {
		struct hg_state *s = &ch[i].state;

		ch[i] = rig_state((uint16_t)(2 + i), law_key[key].instance, version, availability);
		s->kind = law_key[key].kind;
		s->manual = s->kind == HG_STATE_USER;
		s->min = key == 5 ? 12000 : *law_key[key].token ? 6500 : 0;
		s->max = key == 5 || !*law_key[key].token ? UINT32_MAX : 8999;
		snprintf(s->token, sizeof(s->token), "%s", law_key[key].token);
	}
	rig_publish(&device[law_key[key].device], ch, 2);
}

/* All that the owner is shown of it, without versions, which count what went before. */
static void law_view(struct client *device, struct hg_buf *ret)
{
	struct rig *r = device->rig;
	const char *p;

	hg_buf_reset(&r->log);
	r->host.outlet_shut(r->core, rig_open(device, NULL, state_part, 1, 99));
	rig_turn(r);
	hg_buf_addc(&r->log, '\0');
	hg_buf_reset(ret);
	for (p = strchr(r->log.p, '{'); p && *p && *p != '}'; p++) {
		if (p[0] == '.' && p[1] == 'v')
			p += strspn(p + 2, "0123456789") + 1;
		else
			hg_buf_addc(ret, *p);
	}
}

/* Somebody who says, in the same order, what stands, and never said anything else. */
static void law_fresh(const struct said *said, struct hg_buf *ret)
{
	struct rig *r = rig_new();
	struct client device[] = { rig_sign_on(r, "alice@h", "desk"),
		rig_sign_on(r, "alice@h", "phone") };

	for (uint32_t order = 1; order <= LAW_STEPS; order++)
		for (int k = 0; k < KEYS; k++)
			if (said[k].availability && said[k].order == order)
				law_say(device, k, said[k].availability, 0);
	law_view(device, ret);
	rig_free(r);
}

static void aggregates_follow_from_what_is_published(void **state)
{
	static const uint32_t number[] = { 3500, 5000, 6500, 7000, 9500, 12500, 15500, 18500 };
	struct hg_buf now = { 0 }, fresh = { 0 };

	for (uint32_t seed = 1; seed <= LAW_SEEDS; seed++) {
		struct rig *r = rig_new();
		struct client device[] = { rig_sign_on(r, "alice@h", "desk"),
			rig_sign_on(r, "alice@h", "phone") };
		struct said said[KEYS] = { 0 };
		uint32_t dice = seed;

		for (uint32_t step = 1; step <= LAW_STEPS; step++) {
			bool was;
			int k;

			dice = dice * 1664525u + 1013904223u;
			k = (int)((dice >> 8) % KEYS);
			was = said[k].availability;
			said[k].availability = was && (dice >> 16) % 3 == 0
				? 0
				: number[(dice >> 20) % 8];
			said[k].order = step;
			law_say(device, k, said[k].availability, was ? said[k].version : 0);
			/* What comes after a deletion is counted on: the old number is in nobody's way. */
			said[k].version += said[k].availability != 0;
			law_view(device, &now);
			law_fresh(said, &fresh);
			assert_str(hg_buf_str(&now),
				fresh.n ? (hg_buf_addc(&fresh, '\0'), fresh.p) : "");
		}
		rig_free(r);
	}
	hg_buf_done(&now);
	hg_buf_done(&fresh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_owner_is_told_which_device_is_in_use),
		cmocka_unit_test(the_place_is_shown_to_colleagues_while_one_is_there),
		cmocka_unit_test(external_is_not_told_that_something_else_changed),
		cmocka_unit_test(the_number_of_old_clients_is_the_aggregates),
		cmocka_unit_test(what_a_person_can_do_is_what_the_devices_can),
		cmocka_unit_test(only_the_server_publishes_what_is_its_own),
		cmocka_unit_test(aggregates_follow_from_what_is_published),
	};

	return cmocka_run_group_tests_name("mirror: aggregates", tests, NULL, NULL);
}
