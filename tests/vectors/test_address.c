/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses: every vector in both directions, every reason to refuse, and the laws that random
 * names have to keep. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bridge/address/address.h"
#include "bridge/address/tuple_id.h"
#include "tests/vectors/address_vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef int reader(struct hg_str, const struct hg_domains *, struct hg_address *, const char **);

static void must_read(reader *read, const char *text, struct hg_address *ret)
{
	const char *reason = "";
	int rc = read(hg_str(text), NULL, ret, &reason);

	if (rc < 0)
		fail_msg("%s: refused (%d): %s", text, rc, reason);
}

static void assert_writes(const struct hg_address *a, const char *sip, const char *jid)
{
	struct hg_buf b = { 0 };

	if (sip) {
		hg_address_write_sip(a, HG_FULL, &b);
		assert_string_equal(b.p, sip);
		hg_buf_reset(&b);
	}
	if (jid) {
		hg_address_write_jid(a, NULL, HG_FULL, &b);
		assert_string_equal(b.p, jid);
	}
	hg_buf_done(&b);
}

/* The key, both writers and both readers agree on `a`. */
static void assert_keeps_laws(const struct hg_address *a)
{
	char key[HG_ADDRESS_KEY_MAX + 1], key2[HG_ADDRESS_KEY_MAX + 1];
	struct hg_buf sip = { 0 }, jid = { 0 };
	struct hg_address b;

	hg_address_write_sip(a, HG_FULL, &sip);
	hg_address_write_jid(a, NULL, HG_FULL, &jid);
	assert_true(sip.n <= HG_SIP_URI_MAX);

	must_read(hg_address_from_sip, sip.p, &b);
	assert_true(hg_address_eq(a, &b));
	assert_string_equal(a->resource, b.resource);
	assert_writes(&b, sip.p, jid.p);

	must_read(hg_address_from_jid, jid.p, &b);
	assert_true(hg_address_eq(a, &b));
	assert_string_equal(a->resource, b.resource);
	assert_writes(&b, a->sips ? NULL : sip.p, jid.p);

	assert_int_equal(hg_address_from_key(hg_address_key(a, key), &b), 0);
	assert_true(hg_address_eq(a, &b));
	assert_true(hg_str_eq(hg_address_key(&b, key2), hg_str(key)));
	hg_buf_done(&sip);
	hg_buf_done(&jid);
}

static void test_vectors_both_ways(void **state)
{
	for (size_t i = 0; i < COUNT(both_ways); i++) {
		const struct vector *v = &both_ways[i];
		struct hg_address from_sip, from_jid;

		must_read(hg_address_from_sip, v->sip, &from_sip);
		must_read(hg_address_from_jid, v->jid, &from_jid);
		assert_writes(&from_sip, v->sip, v->jid);
		assert_writes(&from_jid, v->sip, v->jid);
		assert_true(hg_address_eq(&from_sip, &from_jid));
		assert_keeps_laws(&from_sip);
	}
}

static void test_spellings(void **state)
{
	struct hg_address a;

	for (size_t i = 0; i < COUNT(sip_spellings); i++) {
		const struct vector *v = &sip_spellings[i];

		if (!v->jid) {
			assert_int_equal(
				hg_address_from_sip(hg_str(v->sip), NULL, &a, NULL), -EINVAL);
			continue;
		}
		must_read(hg_address_from_sip, v->sip, &a);
		assert_writes(&a, NULL, v->jid);
		assert_keeps_laws(&a);
	}
	for (size_t i = 0; i < COUNT(jid_spellings); i++) {
		must_read(hg_address_from_jid, jid_spellings[i].jid, &a);
		assert_writes(&a, jid_spellings[i].sip, NULL);
		assert_keeps_laws(&a);
	}
}

static void test_native_pairs(void **state)
{
	for (size_t i = 0; i < COUNT(native_pairs); i++) {
		struct hg_buf jid = { 0 }, uri = { 0 };
		struct hg_address a;

		hg_buf_addf(&jid, "%s@h", native_pairs[i].jid);
		must_read(hg_address_from_jid, jid.p, &a);
		assert_string_equal(a.local, native_pairs[i].sip);

		hg_buf_adds(&uri, "sip:");
		for (const char *p = native_pairs[i].sip; *p; p++)
			hg_buf_addf(&uri, "%%%02x", (unsigned char)*p);
		hg_buf_adds(&uri, "@h");
		must_read(hg_address_from_sip, uri.p, &a);
		assert_writes(&a, NULL, jid.p);
		assert_keeps_laws(&a);
		hg_buf_done(&jid);
		hg_buf_done(&uri);
	}
}

static void test_tuple_ids(void **state)
{
	struct hg_buf b = { 0 };

	for (size_t i = 0; i < COUNT(tuple_ids); i++) {
		hg_buf_reset(&b);
		hg_tuple_id_write(hg_str(tuple_ids[i].jid), &b);
		assert_string_equal(b.p, tuple_ids[i].sip);
		hg_buf_reset(&b);
		assert_true(hg_tuple_id_read(hg_str(tuple_ids[i].sip), &b));
		assert_string_equal(b.p, tuple_ids[i].jid);
	}
	for (size_t i = 0; i < COUNT(foreign_tuple_ids); i++) {
		hg_buf_reset(&b);
		assert_false(hg_tuple_id_read(hg_str(foreign_tuple_ids[i]), &b));
		assert_true(hg_str_is(hg_buf_str(&b), foreign_tuple_ids[i]));
	}
	hg_buf_done(&b);
}

static void assert_refused(reader *read, const struct refusal *r)
{
	const char *reason = "none";
	struct hg_address a;
	int rc = read(hg_str(r->text), NULL, &a, &reason);

	if (rc != -EINVAL || strcmp(reason, r->reason) != 0)
		fail_msg("%s: %d, '%s', not '%s'", r->text, rc, reason, r->reason);
}

static void test_refusals(void **state)
{
	struct hg_address a;

	for (size_t i = 0; i < COUNT(sip_refusals); i++)
		assert_refused(hg_address_from_sip, &sip_refusals[i]);
	for (size_t i = 0; i < COUNT(jid_refusals); i++)
		assert_refused(hg_address_from_jid, &jid_refusals[i]);
	/* NUL that is not encoded */
	assert_int_equal(hg_address_from_sip(HG_STR("sip:a\0b@h"), NULL, &a, NULL), -EINVAL);
	assert_int_equal(hg_address_from_jid(HG_STR("a\0b@h"), NULL, &a, NULL), -EINVAL);
	assert_int_equal(hg_address_from_jid(HG_STR("a@h\0b"), NULL, &a, NULL), -EINVAL);
	assert_int_equal(hg_address_from_jid(HG_STR("a@h/x\0b"), NULL, &a, NULL), -EINVAL);
	assert_int_equal(hg_address_from_key(HG_STR_NONE, &a), -EINVAL);
	assert_int_equal(hg_address_from_key(HG_STR("@h"), &a), -EINVAL);
	assert_int_equal(hg_address_from_key(HG_STR("a@"), &a), -EINVAL);
}

/* `before`, n times `unit`, `after` */
static int read_long(bool sip, const char *before, const char *unit, size_t n, const char *after)
{
	struct hg_buf b = { 0 };
	struct hg_address a;
	int rc;

	hg_buf_adds(&b, before);
	while (n--)
		hg_buf_adds(&b, unit);
	hg_buf_adds(&b, after);
	rc = sip ? hg_address_from_sip(hg_buf_str(&b), NULL, &a, NULL)
		 : hg_address_from_jid(hg_buf_str(&b), NULL, &a, NULL);
	if (rc == 0)
		assert_keeps_laws(&a);
	hg_buf_done(&b);
	return rc;
}

static void test_limits(void **state)
{
	assert_int_equal(read_long(false, "", "a", 1023, "@h"), 0);
	assert_int_equal(read_long(false, "", "a", 1024, "@h"), -E2BIG);
	assert_int_equal(read_long(true, "sip:", "a", 1023, "@h"), 0);
	assert_int_equal(read_long(true, "sip:", "a", 1024, "@h"), -E2BIG);
	/* counted as XMPP spells it */
	assert_int_equal(read_long(true, "sip:", "'", 341, "@h"), 0);
	assert_int_equal(read_long(true, "sip:", "'", 342, "@h"), -E2BIG);
	assert_int_equal(read_long(false, "a@h/", "r", 1023, ""), 0);
	assert_int_equal(read_long(false, "a@h/", "r", 1024, ""), -E2BIG);
	/* what no SIP URI of 2 KB could say is refused from XMPP too */
	assert_int_equal(read_long(false, "", "漢", 220, "@h"), 0);
	assert_int_equal(read_long(false, "", "漢", 230, "@h"), -E2BIG);
	assert_int_equal(read_long(false, "a@h/", "漢", 230, ""), -E2BIG);
	assert_int_equal(read_long(true, "sip:a@h;x=", "y", 2038, ""), 0);
	assert_int_equal(read_long(true, "sip:a@h;x=", "y", 2039, ""), -E2BIG);
	/* DNS limits, normalisation that grows */
	assert_int_equal(read_long(false, "a@", "b.", 126, "c"), 0);
	assert_int_equal(read_long(false, "a@", "b.", 126, "cd"), -E2BIG);
	assert_int_equal(read_long(false, "a@", "b", 63, ""), 0);
	assert_int_equal(read_long(false, "a@", "b", 64, ""), -EINVAL);
	assert_int_equal(read_long(false, "a@", "b.", 1000, "c"), -E2BIG);
	assert_int_equal(
		read_long(false, "", "\xef\xb7\xba", 300, "@h"), -EINVAL); /* holds blanks */
	assert_int_equal(read_long(false, "a@h/", "\xef\xb7\xba", 300, ""), -E2BIG);
}

static void test_sips_is_told(void **state)
{
	struct hg_address a, b;

	must_read(hg_address_from_sip, "sips:alice@h;gr=x", &a);
	must_read(hg_address_from_sip, "sip:alice@h", &b);
	assert_true(a.sips);
	assert_false(b.sips);
	assert_true(hg_address_eq(&a, &b));
	assert_writes(&a, "sips:alice@h;gr=x", "alice@h/x");
}

/* ASCII takes a way of its own past libidn; a letter behind it makes the same text take the
 * other one. */
static void test_ascii_is_nodeprep(void **state)
{
	for (int c = 1; c < 0x80; c++) {
		char plain[] = { 'x', (char)c, 'y', '@', 'h', 0 };
		char wide[] = { 'x', (char)c, 'y', '\xc3', '\xa9', '@', 'h', 0 };
		struct hg_address a, b;
		int rc = hg_address_from_jid(hg_str(plain), NULL, &a, NULL);

		if (c == '/' || c == '@')
			continue; /* not of the localpart */
		assert_int_equal(rc, hg_address_from_jid(hg_str(wide), NULL, &b, NULL));
		if (rc == 0) {
			assert_memory_equal(a.local, b.local, 3);
			assert_string_equal(b.local + 3, "\xc3\xa9");
		}
	}
}

static uint64_t dice_state;

static uint32_t dice(uint32_t sides)
{
	dice_state = dice_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(dice_state >> 33) % sides;
}

static const char *const pieces[] = { "a", "B", "f", "c", "0", "2", "5", "\\", "\\", "\\5c", "\\5C",
	"\\2f", "\\2F", "\\20", "\\27", " ", "\"", "&", "'", "/", ":", "<", ">", "@", "%", "%41",
	";", "=", "?", "#", "[", "]", "é", "É", "ß", "漢", "İ", "ﬁ", "２", "＼", "\xcc\x81",
	"\xcc\x87", "\xcc\xb8", "\xc2\xa0", "\xc2\xad", "א", "\xf0\x9f\x93\xb1", "\xe2\x84\xaa",
	"\xcd\xba", "\xe1\xb8\x9f", "." };

static void random_text(struct hg_buf *b)
{
	for (uint32_t n = 1 + dice(7); n > 0; n--)
		hg_buf_adds(b, pieces[dice(COUNT(pieces))]);
}

static void test_random_sip(void **state)
{
	size_t taken = 0;

	dice_state = 1;
	for (int round = 0; round < 30000; round++) {
		struct hg_buf name = { 0 }, uri = { 0 };
		struct hg_address a;

		random_text(&name);
		hg_buf_adds(&uri, "sip:");
		for (size_t i = 0; i < name.n; i++)
			hg_buf_addf(&uri, "%%%02X", (unsigned char)name.p[i]);
		hg_buf_adds(&uri, "@corp.example");
		if (hg_address_from_sip(hg_buf_str(&uri), NULL, &a, NULL) == 0) {
			taken++;
			assert_keeps_laws(&a);
		}
		hg_buf_done(&name);
		hg_buf_done(&uri);
	}
	assert_in_range(taken, 10000, 29000);
}

static void test_random_jid(void **state)
{
	size_t taken = 0;

	dice_state = 2;
	for (int round = 0; round < 30000; round++) {
		struct hg_buf jid = { 0 };
		struct hg_address a;

		random_text(&jid);
		hg_buf_adds(&jid, "@corp.example");
		if (dice(2)) {
			hg_buf_addc(&jid, '/');
			random_text(&jid);
		}
		if (hg_address_from_jid(hg_buf_str(&jid), NULL, &a, NULL) == 0) {
			taken++;
			assert_keeps_laws(&a);
		}
		hg_buf_done(&jid);
	}
	assert_in_range(taken, 3000, 29000);
}

/* Any octets: an answer, and nothing read or written outside. */
static void test_random_octets(void **state)
{
	static const char common[] = "sip:@;=%[]./?\\x\xc3\xa9";

	dice_state = 3;
	for (int round = 0; round < 30000; round++) {
		size_t n = dice(40);
		char *text = malloc(
			n + 1); /* its own block, so that a sanitizer sees the end of it */
		struct hg_address a;
		struct hg_buf b = { 0 };

		for (size_t i = 0; i < n; i++)
			text[i] = dice(8) ? common[dice(sizeof(common))] : (char)dice(256);
		if (hg_address_from_sip((struct hg_str){ text, n }, NULL, &a, NULL) == 0)
			assert_keeps_laws(&a);
		if (hg_address_from_jid((struct hg_str){ text, n }, NULL, &a, NULL) == 0)
			assert_keeps_laws(&a);
		hg_tuple_id_read((struct hg_str){ text, n }, &b);
		hg_buf_done(&b);
		free(text);
	}
}

static void test_random_tuple_ids(void **state)
{
	static const char id_chars[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	dice_state = 4;
	for (int round = 0; round < 10000; round++) {
		struct hg_buf resource = { 0 }, id = { 0 }, back = { 0 };

		random_text(&resource);
		hg_tuple_id_write(hg_buf_str(&resource), &id);
		assert_int_equal(strspn(id.p, id_chars), id.n);
		assert_true(hg_tuple_id_read(hg_buf_str(&id), &back));
		assert_string_equal(back.p, resource.p);
		hg_buf_done(&resource);
		hg_buf_done(&id);
		hg_buf_done(&back);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors_both_ways),
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_native_pairs),
		cmocka_unit_test(test_tuple_ids),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_sips_is_told),
		cmocka_unit_test(test_ascii_is_nodeprep),
		cmocka_unit_test(test_random_sip),
		cmocka_unit_test(test_random_jid),
		cmocka_unit_test(test_random_octets),
		cmocka_unit_test(test_random_tuple_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
