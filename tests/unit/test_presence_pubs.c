/* SPDX-License-Identifier: Apache-2.0 */
/* Publications: versions, conflicts, deletion, tombstones, order; and the digests that say whether something shows. */
#include "bridge/presence/digest.h"
#include "bridge/presence/pubs.h"
#include "tests/support/support.h"
#include "tests/support/texts.h"

#include <string.h>

enum { NOBODY, DESK, LAPTOP };

static const struct hg_now now = { 5000, INT64_C(1800000000000) };

static struct hg_change change(
	hg_part category, uint16_t container, uint32_t instance, uint32_t version)
{
	return (struct hg_change){
		.key = { category, container, instance }, .version = version, .expires = -1
	};
}

/* Checks and applies one change with a payload of its own; what hg_pubs_check said. */
static enum hg_pubs_verdict put(struct hg_pubs *s, struct hg_change ch, const char *payload)
{
	struct hg_conflict conflict;
	size_t conflicts;
	enum hg_pubs_verdict v;

	ch.payload = hg_bytes_new(hg_str(payload));
	v = hg_pubs_check(s, &ch, 1, &conflict, &conflicts);
	if (v == HG_PUBS_OK)
		hg_pubs_apply(s, &ch, hg_pubs_next_version(s, &ch), DESK, now, now.utc);
	hg_change_done(&ch);
	return v;
}

static uint32_t version_of(
	const struct hg_pubs *s, hg_part category, uint16_t container, uint32_t instance)
{
	const struct hg_pub *p = hg_pubs_find(
		s, (struct hg_pubkey){ category, container, instance });

	return p && hg_pub_live(p) ? p->version : 0;
}

/* TV-41 */
static void versions_grow_from_one(void **state)
{
	struct hg_pubs s = { 0 };

	assert_int_equal(put(&s, change(HG_CAT_STATE, 2, 945175315, 0), "a"), HG_PUBS_OK);
	assert_int_equal(version_of(&s, HG_CAT_STATE, 2, 945175315), 1);
	assert_int_equal(put(&s, change(HG_CAT_STATE, 2, 945175315, 1), "b"), HG_PUBS_OK);
	assert_int_equal(version_of(&s, HG_CAT_STATE, 2, 945175315), 2);
	assert_int_equal(put(&s, change(HG_CAT_STATE, 2, 945175315, 1), "c"), HG_PUBS_CONFLICT);
	assert_int_equal(put(&s, change(HG_CAT_STATE, 2, 945175315, 0), "c"), HG_PUBS_CONFLICT);
	assert_int_equal(put(&s, change(HG_CAT_STATE, 2, 945175315, 3), "c"), HG_PUBS_CONFLICT);
	assert_str(hg_bytes_str(hg_pubs_find(&s, (struct hg_pubkey){ HG_CAT_STATE, 2, 945175315 })
					->payload),
		"b");
	assert_int_equal(hg_pubs_live(&s), 1);
	hg_pubs_done(&s);
}

/* TV-42, and that every conflict is listed. */
static void a_check_lists_every_conflict_and_stores_nothing(void **state)
{
	struct hg_pubs s = { 0 };
	struct hg_change ch[4];
	struct hg_conflict conflict[4];
	size_t n;

	put(&s, change(HG_CAT_STATE, 2, 7, 0), "x");
	put(&s, change(HG_CAT_STATE, 3, 7, 0), "x");
	put(&s, change(HG_CAT_STATE, 3, 7, 1), "x");
	ch[0] = change(HG_CAT_DEVICE, 2, 7, 0);
	ch[1] = change(HG_CAT_STATE, 2, 7, 0);
	ch[2] = change(HG_CAT_NOTE, 200, 0, 5);
	ch[3] = change(HG_CAT_STATE, 3, 7, 0);
	assert_int_equal(hg_pubs_check(&s, ch, 4, conflict, &n), HG_PUBS_CONFLICT);
	assert_int_equal(n, 3);
	assert_int_equal(conflict[0].index, 2);
	assert_int_equal(conflict[0].version, 0);
	assert_int_equal(conflict[0].current, 1);
	assert_int_equal(conflict[1].index, 3);
	assert_int_equal(conflict[1].version, 5);
	assert_int_equal(conflict[1].current, 0);
	assert_int_equal(conflict[2].index, 4);
	assert_int_equal(conflict[2].current, 2);
	assert_null(hg_pubs_find(&s, ch[0].key));
	assert_int_equal(hg_pubs_live(&s), 2);
	hg_pubs_done(&s);
}

static void no_key_comes_twice(void **state)
{
	struct hg_pubs s = { 0 };
	struct hg_change ch[3];
	struct hg_conflict conflict[3];
	size_t at;

	ch[0] = change(HG_CAT_STATE, 2, 7, 0);
	ch[1] = change(HG_CAT_STATE, 3, 7, 9); /* that this one conflicts, too, does not matter */
	ch[2] = change(HG_CAT_STATE, 2, 7, 1);
	assert_int_equal(hg_pubs_check(&s, ch, 3, conflict, &at), HG_PUBS_TWICE);
	assert_int_equal(at, 3);
	assert_int_equal(hg_pubs_check(&s, ch, 0, conflict, &at), HG_PUBS_OK);
	hg_pubs_done(&s);
}

static struct hg_change deletion(uint32_t version)
{
	struct hg_change ch = change(HG_CAT_NOTE, 100, 1, version);

	ch.expires = 0;
	return ch;
}

/* TV-43, TV-44, EP 1.2.2: with the right version or with 0, whether or not there is something. */
static void deletion_with_version_zero_or_the_right_one(void **state)
{
	struct hg_pubs s = { 0 };

	assert_true(hg_change_deletes(&(struct hg_change){ .expires = 0 }));
	assert_false(hg_change_deletes(&(struct hg_change){ .expires = -1 }));
	assert_false(hg_change_deletes(&(struct hg_change){ .expires = 1 }));
	assert_int_equal(put(&s, deletion(0), ""), HG_PUBS_OK);
	assert_int_equal(s.n, 0);
	assert_int_equal(put(&s, deletion(4), ""), HG_PUBS_CONFLICT);
	put(&s, change(HG_CAT_NOTE, 100, 1, 0), "x");
	put(&s, change(HG_CAT_NOTE, 100, 1, 1), "y");
	assert_int_equal(put(&s, deletion(1), ""), HG_PUBS_CONFLICT);
	assert_int_equal(put(&s, deletion(2), ""), HG_PUBS_OK);
	assert_int_equal(hg_pubs_live(&s), 0);
	put(&s, change(HG_CAT_NOTE, 100, 1, 0), "z");
	assert_int_equal(put(&s, deletion(0), ""), HG_PUBS_OK);
	assert_int_equal(hg_pubs_live(&s), 0);
	hg_pubs_done(&s);
}

/* What was under way when an instance was deleted cannot hit the one that came after it. */
static void a_tombstone_keeps_the_version(void **state)
{
	struct hg_pubs s = { 0 };
	struct hg_pub *p;

	put(&s, change(HG_CAT_NOTE, 100, 1, 0), "first");
	put(&s, deletion(1), "");
	p = hg_pubs_find(&s, (struct hg_pubkey){ HG_CAT_NOTE, 100, 1 });
	assert_non_null(p);
	assert_false(hg_pub_live(p));
	assert_int_equal(put(&s, change(HG_CAT_NOTE, 100, 1, 1), "late"), HG_PUBS_CONFLICT);
	assert_int_equal(put(&s, change(HG_CAT_NOTE, 100, 1, 0), "second"), HG_PUBS_OK);
	assert_int_equal(version_of(&s, HG_CAT_NOTE, 100, 1), 2);
	assert_int_equal(put(&s, deletion(1), ""), HG_PUBS_CONFLICT);
	assert_int_equal(hg_pubs_live(&s), 1);
	hg_pubs_done(&s);
}

static void what_is_stored(void **state)
{
	struct hg_pubs s = { 0 };
	struct hg_change ch = change(HG_CAT_NOTE, 200, 3, 0);
	struct hg_pub *p;

	ch.expiry = HG_TIME;
	ch.expires = 60;
	ch.payload = hg_bytes_new(HG_STR("<note/>"));
	ch.note.text = hg_bytes_new(HG_STR("lunch"));
	p = hg_pubs_apply(&s, &ch, 1, LAPTOP, now, 77);
	assert_int_equal(p->until, now.mono + 60000);
	assert_int_equal(p->published, 77);
	assert_int_equal(p->origin, LAPTOP);
	assert_int_equal(p->version, 1);
	assert_ptr_equal(p->payload, ch.payload);
	assert_int_equal(ch.note.text->refs, 2);
	ch.expiry = HG_ENDPOINT;
	p = hg_pubs_apply(&s, &ch, 2, DESK, now, 78);
	assert_int_equal(p->until, 0);
	assert_int_equal(p->origin, DESK);
	assert_int_equal(ch.note.text->refs, 2); /* the old reference went */
	hg_pubs_kill(p, (struct hg_now){ .utc = 79 });
	assert_int_equal(p->ended, 79);
	assert_false(hg_pub_live(p));
	assert_int_equal(ch.note.text->refs, 1);
	hg_change_done(&ch);
	hg_pubs_done(&s);
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Many keys in a random order: each is found, and a category is one range in order of container and instance. */
static void order_and_ranges(void **state)
{
	enum { MANY = 2000 };
	static struct hg_pubkey key[MANY];
	struct hg_pubs s = { 0 };
	uint32_t seed = 1;
	size_t n = 0, sum = 0;

	while (n < MANY) {
		struct hg_pubkey k = { (hg_part)(1 + next(&seed) % (HG_CAT_COUNT - 1)),
			(uint16_t)(next(&seed) % 50),
			next(&seed) % 3 ? next(&seed) % 10 : UINT32_MAX - next(&seed) % 10 };

		if (put(&s, (struct hg_change){ .key = k, .expires = -1 }, "x") == HG_PUBS_OK)
			key[n++] = k;
	}
	assert_int_equal(s.n, MANY);
	for (size_t i = 0; i < MANY; i++)
		assert_memory_equal(&hg_pubs_find(&s, key[i])->key.instance, &key[i].instance,
			sizeof(key[i].instance));
	for (hg_part c = 0; c < HG_CAT_COUNT; c++) {
		size_t first, end, have = 0;

		hg_pubs_range(&s, c, &first, &end);
		for (size_t i = 0; i < MANY; i++)
			have += key[i].category == c;
		assert_int_equal(end - first, have);
		sum += have;
		for (size_t i = first; i < end; i++) {
			const struct hg_pubkey *a = &s.v[i]->key,
					       *b = i > first ? &s.v[i - 1]->key : NULL;

			assert_int_equal(a->category, c);
			if (b)
				assert_true(a->container > b->container ||
					(a->container == b->container &&
						a->instance > b->instance));
		}
	}
	assert_int_equal(sum, MANY);
	hg_pubs_done(&s);
}

/* ---- digests ---- */

static void digest_of_a_publication(void **state)
{
	struct hg_pub a = { .key = { HG_CAT_NOTE, 200, 1 }, .version = 1, .published = 5 }, b;
	uint64_t watcher = hg_pub_digest(&a, false), owner = hg_pub_digest(&a, true);

	/* Versions, containers and expiry are the owner's business. */
	b = a;
	b.version = 2;
	assert_true(hg_pub_digest(&b, false) == watcher);
	assert_true(hg_pub_digest(&b, true) != owner);
	b = a;
	b.key.container = 300;
	assert_true(hg_pub_digest(&b, false) == watcher);
	assert_true(hg_pub_digest(&b, true) != owner);
	b = a;
	b.expiry = HG_USER;
	assert_true(hg_pub_digest(&b, false) == watcher);
	assert_true(hg_pub_digest(&b, true) != owner);
	/* Both see these. */
	b = a;
	b.key.instance = 2;
	assert_true(hg_pub_digest(&b, false) != watcher);
	b = a;
	b.published = 6;
	assert_true(hg_pub_digest(&b, false) != watcher);
	b = a;
	b.note.text = hg_bytes_new(HG_STR("x"));
	assert_true(hg_pub_digest(&b, false) != watcher);
	hg_note_done(&b.note);
	b = a;
	b.state.availability = 3500;
	assert_true(hg_pub_digest(&b, false) != watcher);
	b = a;
	b.payload = hg_bytes_new(HG_STR("x"));
	assert_true(hg_pub_digest(&b, false) != watcher);
	hg_bytes_unref(b.payload);
}

static void digest_of_a_presence(void **state)
{
	struct hg_presence p = { .availability = 6500, .last_active = 5 };
	struct hg_bytes *other;
	uint64_t h = hg_digest_presence(HG_DIGEST_START, &p);

#define MOVES(field, value) \
	do { \
		struct hg_presence q = p; \
		q.field = (value); \
		assert_true(hg_digest_presence(HG_DIGEST_START, &q) != h); \
	} while (0)
	MOVES(availability, 6501);
	MOVES(last_active, 6);
	MOVES(activity.token[0], 'x');
	MOVES(activity.min, 1);
	MOVES(activity.max, 1);
	MOVES(manual, true);
	MOVES(busy, HG_BUSY_FREE);
	MOVES(device, HG_DEVICE_WEB);
	MOVES(circle, HG_CIRCLE_CUSTOM);
	p.activity.custom = test_text("x", 1033);
	p.note.text = hg_bytes_new(HG_STR("y"));
	other = hg_bytes_new(HG_STR("x"));
	h = hg_digest_presence(HG_DIGEST_START, &p);
	MOVES(activity.custom, NULL);
	MOVES(note.text, NULL);
	MOVES(note.oof, true);
	MOVES(note.lang[0], 'd');
	MOVES(note.from, 1);
	MOVES(note.until, 1);
	MOVES(note.text, other);
#undef MOVES
	hg_bytes_unref(other);
	hg_presence_done(&p);
}

/* What would cancel out if it were merely added up. */
static void digests_keep_fields_apart(void **state)
{
	struct hg_note a = { .text = hg_bytes_new(HG_STR("x")) }, b = a;
	struct hg_state s = { .custom = test_text("x", 1) }, t = { .custom = test_text("x", 0) };

	b.from = 2;
	b.until = 1;
	assert_true(hg_digest_note(1, &a) != hg_digest_note(1, &b));
	b.from = a.until = 3;
	b.until = a.from = 7;
	assert_true(hg_digest_note(1, &a) != hg_digest_note(1, &b));
	assert_true(hg_digest_state(1, &s) != hg_digest_state(1, &t));
	hg_state_done(&s);
	hg_state_done(&t);
	hg_note_done(&a);
}

/* Neighbouring numbers and texts in another order do not meet. */
static void digests_do_not_collide_easily(void **state)
{
	enum { N = 400 };
	static uint64_t seen[N];

	for (uint64_t i = 0; i < N; i++) {
		seen[i] = hg_digest_number(hg_digest_number(HG_DIGEST_START, i / 20), i % 20);
		for (uint64_t k = 0; k < i; k++)
			assert_true(seen[k] != seen[i]);
	}
	assert_true(hg_digest_text(hg_digest_text(1, HG_STR("ab")), HG_STR("c")) !=
		hg_digest_text(hg_digest_text(1, HG_STR("a")), HG_STR("bc")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_grow_from_one),
		cmocka_unit_test(a_check_lists_every_conflict_and_stores_nothing),
		cmocka_unit_test(no_key_comes_twice),
		cmocka_unit_test(deletion_with_version_zero_or_the_right_one),
		cmocka_unit_test(a_tombstone_keeps_the_version),
		cmocka_unit_test(what_is_stored),
		cmocka_unit_test(order_and_ranges),
		cmocka_unit_test(digest_of_a_publication),
		cmocka_unit_test(digest_of_a_presence),
		cmocka_unit_test(digests_keep_fields_apart),
		cmocka_unit_test(digests_do_not_collide_easily),
	};

	return cmocka_run_group_tests_name("publications", tests, NULL, NULL);
}
