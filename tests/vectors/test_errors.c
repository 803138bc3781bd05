/* SPDX-License-Identifier: Apache-2.0 */
/* Errors across the border, RFC 7247 7: every row of both tables, numbered in their order (IW 1.3). */
#include <heliograph/errors.h>

#include <string.h>

#include "tests/support/support.h"

/* E1 to E22, and the cases of those that have some. */
static void every_condition(void **state)
{
	static const struct {
		const char *number, *condition, *type;
		bool full, unresolved;
		enum hg_new_address address;
		unsigned status;
	} rows[] = {
		{ "E1", "bad-request", "modify", false, false, 0, 400 },
		{ "E2", "conflict", "cancel", false, false, 0, 400 },
		{ "E3", "feature-not-implemented", "cancel", true, false, 0, 405 },
		{ "E3", "feature-not-implemented", "modify", false, false, 0, 501 },
		{ "E4", "forbidden", "auth", true, false, 0, 403 },
		{ "E4", "forbidden", "auth", false, false, 0, 603 },
		{ "E5", "gone", "cancel", false, false, HG_HAS_ADDRESS, 301 },
		{ "E5", "gone", "cancel", true, false, HG_HAS_ADDRESS, 301 },
		{ "E5", "gone", "cancel", false, false, HG_NO_ADDRESS, 410 },
		{ "E6", "internal-server-error", "cancel", false, false, 0, 500 },
		{ "E7", "item-not-found", "cancel", true, false, 0, 404 },
		{ "E7", "item-not-found", "cancel", false, false, 0, 604 },
		{ "E8", "jid-malformed", "modify", false, false, 0, 400 },
		{ "E9", "not-acceptable", "modify", true, false, 0, 406 },
		{ "E9", "not-acceptable", "modify", false, false, 0, 606 },
		{ "E10", "not-allowed", "cancel", false, false, 0, 403 },
		{ "E11", "not-authorized", "auth", false, false, 0, 401 },
		{ "E12", "policy-violation", "modify", false, false, 0, 403 },
		{ "E12", "policy-violation", "wait", false, false, 0, 403 },
		{ "E13", "recipient-unavailable", "wait", true, false, 0, 480 },
		{ "E13", "recipient-unavailable", "wait", false, false, 0, 600 },
		{ "E14", "redirect", "modify", false, false, 0, 302 },
		{ "E15", "registration-required", "auth", false, false, 0, 407 },
		{ "E16", "remote-server-not-found", "cancel", false, false, 0, 404 },
		{ "E16", "remote-server-not-found", "cancel", false, true, 0, 408 },
		{ "E17", "remote-server-timeout", "wait", false, false, 0, 408 },
		{ "E18", "resource-constraint", "wait", false, false, 0, 500 },
		{ "E19", "service-unavailable", "cancel", false, false, 0, 403 },
		{ "E19", "service-unavailable", "cancel", true, false, 0, 405 },
		{ "E20", "subscription-required", "auth", false, false, 0, 400 },
		{ "E21", "undefined-condition", "cancel", false, false, 0, 400 },
		{ "E22", "unexpected-request", "wait", false, false, 0, 491 },
		{ "E22", "unexpected-request", "modify", false, false, 0, 400 },
	};
	bool seen[HG_CONDITIONS] = { false };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum hg_condition c = hg_condition_find(hg_str(rows[i].condition));
		enum hg_error_type type = HG_ERROR_AUTH;
		struct hg_xmpp_error e;

		while (strcmp(hg_error_type_name(type), rows[i].type) != 0)
			type++;
		e = (struct hg_xmpp_error){ c, type, rows[i].full, rows[i].unresolved,
			rows[i].address };
		if (hg_error_to_sip(&e) != rows[i].status)
			fail_msg("%s: %u, not %u", rows[i].number, hg_error_to_sip(&e),
				rows[i].status);
		assert_string_equal(hg_condition_name(c), rows[i].condition);
		seen[c] = true;
	}
	for (int c = 0; c < HG_CONDITIONS; c++)
		assert_true(seen[c]);
}

/* E23 to E59. */
static void every_status(void **state)
{
	static const struct {
		const char *number;
		unsigned status;
		const char *condition, *type;
		enum hg_new_address address;
	} rows[] = {
		{ "E23", 300, "redirect", "modify", HG_MAY_HAVE_ADDRESS },
		{ "E23", 302, "redirect", "modify", HG_MAY_HAVE_ADDRESS },
		{ "E23", 305, "redirect", "modify", HG_MAY_HAVE_ADDRESS },
		{ "E23", 399, "redirect", "modify", HG_MAY_HAVE_ADDRESS },
		{ "E24", 301, "gone", "cancel", HG_HAS_ADDRESS },
		{ "E25", 380, "not-acceptable", "modify", 0 },
		{ "E26", 400, "bad-request", "modify", 0 },
		{ "E26", 499, "bad-request", "modify", 0 },
		{ "E27", 401, "not-authorized", "auth", 0 },
		{ "E28", 402, "bad-request", "modify", 0 },
		{ "E29", 403, "forbidden", "auth", 0 },
		{ "E30", 404, "item-not-found", "cancel", 0 },
		{ "E31", 405, "feature-not-implemented", "cancel", 0 },
		{ "E32", 406, "not-acceptable", "modify", 0 },
		{ "E33", 407, "registration-required", "auth", 0 },
		{ "E34", 408, "remote-server-timeout", "wait", 0 },
		{ "E35", 410, "gone", "cancel", HG_NO_ADDRESS },
		{ "E36", 413, "policy-violation", "modify", 0 },
		{ "E36", 414, "policy-violation", "modify", 0 },
		{ "E37", 415, "not-acceptable", "modify", 0 },
		{ "E37", 416, "not-acceptable", "modify", 0 },
		{ "E38", 420, "feature-not-implemented", "cancel", 0 },
		{ "E39", 421, "not-acceptable", "modify", 0 },
		{ "E40", 423, "resource-constraint", "wait", 0 },
		{ "E41", 430, "recipient-unavailable", "wait", 0 },
		{ "E42", 439, "feature-not-implemented", "cancel", 0 },
		{ "E43", 440, "policy-violation", "modify", 0 },
		{ "E44", 480, "recipient-unavailable", "wait", 0 },
		{ "E44", 486, "recipient-unavailable", "wait", 0 },
		{ "E44", 487, "recipient-unavailable", "wait", 0 },
		{ "E45", 481, "item-not-found", "cancel", 0 },
		{ "E45", 484, "item-not-found", "cancel", 0 },
		{ "E45", 485, "item-not-found", "cancel", 0 },
		{ "E46", 482, "not-acceptable", "modify", 0 },
		{ "E46", 483, "not-acceptable", "modify", 0 },
		{ "E46", 488, "not-acceptable", "modify", 0 },
		{ "E47", 489, "policy-violation", "modify", 0 },
		{ "E48", 491, "unexpected-request", "wait", 0 },
		{ "E49", 493, "bad-request", "modify", 0 },
		{ "E50", 500, "internal-server-error", "cancel", 0 },
		{ "E50", 599, "internal-server-error", "cancel", 0 },
		{ "E51", 501, "feature-not-implemented", "cancel", 0 },
		{ "E52", 502, "remote-server-not-found", "cancel", 0 },
		{ "E53", 503, "internal-server-error", "cancel", 0 },
		{ "E54", 504, "remote-server-timeout", "wait", 0 },
		{ "E55", 505, "not-acceptable", "modify", 0 },
		{ "E56", 513, "policy-violation", "modify", 0 },
		{ "E57", 600, "recipient-unavailable", "wait", 0 },
		{ "E57", 603, "recipient-unavailable", "wait", 0 },
		{ "E57", 699, "recipient-unavailable", "wait", 0 },
		{ "E58", 604, "item-not-found", "cancel", 0 },
		{ "E59", 606, "not-acceptable", "modify", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hg_xmpp_error e;

		assert_true(hg_error_to_xmpp(rows[i].status, &e));
		if (strcmp(hg_condition_name(e.condition), rows[i].condition) != 0 ||
			strcmp(hg_error_type_name(e.type), rows[i].type) != 0 ||
			e.address != rows[i].address || e.full || e.unresolved)
			fail_msg("%s: %u is %s (%s)", rows[i].number, rows[i].status,
				hg_condition_name(e.condition), hg_error_type_name(e.type));
	}
}

static void what_is_no_error(void **state)
{
	static const unsigned none[] = { 0, 99, 100, 180, 200, 202, 299, 700, 999, 4000 };
	struct hg_xmpp_error e;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(hg_error_to_xmpp(none[i], &e));
	assert_int_equal(hg_condition_find(HG_STR("payment-required")), HG_COND_UNDEFINED_CONDITION);
	assert_int_equal(hg_condition_find(HG_STR_NONE), HG_COND_UNDEFINED_CONDITION);
}

/* Whatever the case, never the status that condemns a server; and each is an error that leads back to one. */
static void never_503(void **state)
{
	for (int i = 0; i < HG_CONDITIONS * 4 * 2 * 2 * 3; i++) {
		struct hg_xmpp_error back,
			e = { .condition = (enum hg_condition)(i / 48),
				.type = (enum hg_error_type)(i / 12 % 4),
				.full = i / 6 % 2,
				.unresolved = i / 3 % 2,
				.address = (enum hg_new_address)(i % 3) };

		assert_int_not_equal(hg_error_to_sip(&e), 503);
		assert_true(hg_error_to_xmpp(hg_error_to_sip(&e), &back));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_condition),
		cmocka_unit_test(every_status),
		cmocka_unit_test(what_is_no_error),
		cmocka_unit_test(never_503),
	};

	return cmocka_run_group_tests_name("errors", tests, NULL, NULL);
}
