/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `escape: rfc7247-literal`: a domain whose JIDs have the three escapes of RFC 7247 6.4 alone. The rows of IW 1.2, A1 to A18, where
 * they are other ones there; and that those of other domains stay what they were.
 */
#include <errno.h>

#include "bridge/address/address.h"
#include "bridge/address/domains.h"

#include <string.h>

#include "tests/support/support.h"

static struct hg_domains *domains;

static int setup(void **state)
{
	domains = hg_domains_new();
	assert_int_equal(hg_domains_add(domains, HG_STR("pair"), HG_STR("xmpp.pair"), NULL), 0);
	hg_domains_set_literal(domains, HG_STR("l"));
	hg_domains_set_literal(domains, HG_STR("pair"));
	return 0;
}

static int teardown(void **state)
{
	hg_domains_free(domains);
	return 0;
}

static void written(const struct hg_address *a, const char *sip, const char *jid)
{
	struct hg_buf b = { 0 };

	hg_address_write_sip(a, HG_FULL, &b);
	assert_str(hg_buf_str(&b), sip);
	hg_buf_reset(&b);
	hg_address_write_jid(a, domains, HG_FULL, &b);
	assert_str(hg_buf_str(&b), jid);
	hg_buf_done(&b);
}

static void both_ways(void **state)
{
	static const char *const rows[][2] = {
		{ "sip:f%C3%BC@l", "fü@l" },           /* A1 */
		{ "sip:o'malley@l", "o\\27malley@l" }, /* A2 */
		{ "sip:foo@l;gr=bar", "foo@l/bar" },   /* A3 */
		{ "sip:m&m@l", "m\\26m@l" },           /* A4 */
		{ "sip:tsch%C3%BCss@l", "tschüss@l" }, /* A5 */
		{ "sip:baz@l;gr=qux", "baz@l/qux" },   /* A6 */
		{ "sip:a%5Cnet@l", "a\\net@l" },       /* A9 */
		{ "sip:here's_a_wild_&_/cr%25zy/_address@l",
			"here\\27s_a_wild_\\26_\\2fcr%zy\\2f_address@l" }, /* A11 */
		{ "sip:alice;par=x@l", "alice;par=x@l" },                  /* A12 */
		{ "sip:x%23y%25z@l", "x#y%z@l" },                          /* A14 */
		{ "sip:a%7Bb%7D%7Cc%5Ed%60e@l", "a{b}|c^d`e@l" },          /* A15 */
		{ "sip:/.fanboy@l", "\\2f.fanboy@l" },                     /* A16 */
		/* what XEP-0106 would escape is a name there, backslash and all */
		{ "sip:user%5C40host@l", "user\\40host@l" },          /* A7 */
		{ "sip:a%5C5c27b@l", "a\\5c27b@l" },                  /* A8 */
		{ "sip:c%5C3a%5C5c5commas@l", "c\\3a\\5c5commas@l" }, /* A10 */
		{ "sip:space%5C20cadet@l", "space\\20cadet@l" },      /* A17 */
		{ "sip:foo%5Cbar@l", "foo\\bar@l" },                  /* A18 */
		{ "sip:2plus%5C2is@l", "2plus\\2is@l" },              /* A18 */
		/* the SIP name decides, which is the one that addresses are kept by */
		{ "sip:a%5C20'@pair", "a\\20\\27@xmpp.pair" },
		/* elsewhere nothing changes */
		{ "sip:space%20cadet@h", "space\\20cadet@h" },
		{ "sip:a%5C27b@h", "a\\5c27b@h" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hg_address a, b;

		assert_int_equal(hg_address_from_sip(hg_str(rows[i][0]), domains, &a, NULL), 0);
		assert_int_equal(hg_address_from_jid(hg_str(rows[i][1]), domains, &b, NULL), 0);
		assert_true(hg_address_eq(&a, &b));
		written(&a, rows[i][0], rows[i][1]);
		written(&b, rows[i][0], rows[i][1]);
	}
}

/* What no JID there can say is refused, also what would be read as somebody else. */
static void refused(void **state)
{
	static const char *const rows[][2] = {
		{ "sip:user%40host@l", "character not allowed in the user part" }, /* A7 */
		{ "sip:a%5C27b@l", "user part has no JID in that domain" },        /* A8 */
		{ "sip:a%5C2Fb@l", "user part has no JID in that domain" },
		{ "sip:c%3A%5C5commas@l", "character not allowed in the user part" }, /* A10 */
		{ "sip:%20x@l", "character not allowed in the user part" },           /* A13 */
		{ "sip:space%20cadet@l", "character not allowed in the user part" },  /* A17 */
		{ "sip:%22x@pair", "character not allowed in the user part" },
		{ "sip:%5C%EF%BC%92f@l", "user part does not pass Nodeprep" },
	};
	const char *reason;
	struct hg_address a;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
			hg_address_from_sip(hg_str(rows[i][0]), domains, &a, &reason), -EINVAL);
		assert_string_equal(reason, rows[i][1]);
	}
}

/* Any name that is read from either side is written to both, and leads back. */
static void names_of_chance(void **state)
{
	static const char *const piece[] = { "a", "B", "\\", "\\5c", "\\2f", "\\2F", "\\27", "\\20",
		"2f", "'", "&", "/", " ", ":", "%", "é", "\xcc\x87", "２", "＼" };
	uint64_t dice = 5;
	size_t taken = 0;

	for (int round = 0; round < 20000; round++) {
		struct hg_buf sip = { 0 }, jid = { 0 }, name = { 0 };
		struct hg_address a, b;

		for (int k = 0; k < 4; k++) {
			dice = dice * 6364136223846793005u + 1442695040888963407u;
			hg_buf_adds(
				&name, piece[(dice >> 33) % (sizeof(piece) / sizeof(piece[0]))]);
		}
		if (round % 2) {
			hg_buf_addf(&jid, "%s@l", name.p);
		} else {
			hg_buf_adds(&sip, "sip:");
			for (size_t i = 0; i < name.n; i++)
				hg_buf_addf(&sip, "%%%02X", (unsigned char)name.p[i]);
			hg_buf_adds(&sip, "@l");
		}
		if ((round % 2 ? hg_address_from_jid(hg_buf_str(&jid), domains, &a, NULL)
			       : hg_address_from_sip(hg_buf_str(&sip), domains, &a, NULL)) == 0) {
			hg_buf_reset(&sip);
			hg_buf_reset(&jid);
			hg_address_write_sip(&a, HG_BARE, &sip);
			hg_address_write_jid(&a, domains, HG_BARE, &jid);
			assert_int_equal(
				hg_address_from_sip(hg_buf_str(&sip), domains, &b, NULL), 0);
			assert_true(hg_address_eq(&a, &b));
			assert_int_equal(
				hg_address_from_jid(hg_buf_str(&jid), domains, &b, NULL), 0);
			assert_true(hg_address_eq(&a, &b));
			taken++;
		}
		hg_buf_done(&sip);
		hg_buf_done(&jid);
		hg_buf_done(&name);
	}
	assert_in_range(taken, 2000, 19000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways),
		cmocka_unit_test(refused),
		cmocka_unit_test(names_of_chance),
	};

	return cmocka_run_group_tests_name("literal escapes", tests, setup, teardown);
}
