/* SPDX-License-Identifier: Apache-2.0 */
/* Domains with two names, ids, and where an address lives. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bridge/address/domains.h"
#include "bridge/address/ids.h"
#include "bridge/address/routes.h"

/* corp.example is ours on SIP and somebody else's on XMPP, a migration's usual case;
 * same.example is one in both */
static struct hg_domains *some_domains(void)
{
	struct hg_domains *d = hg_domains_new();

	assert_int_equal(
		hg_domains_add(d, HG_STR("corp.example"), HG_STR("lync.corp.example"), NULL), 0);
	assert_int_equal(
		hg_domains_add(d, HG_STR("im.corp.example"), HG_STR("corp.example"), NULL), 0);
	assert_int_equal(
		hg_domains_add(d, HG_STR("Same.Example"), HG_STR("same.example."), NULL), 0);
	assert_int_equal(hg_domains_add(d, HG_STR("sued.example"), HG_STR("süd.example"), NULL), 0);
	return d;
}

static void test_names_in_both_worlds(void **state)
{
	static const struct {
		const char *sip, *jid;
	} rows[] = {
		{ "sip:alice@corp.example", "alice@lync.corp.example" },
		{ "sip:romeo@im.corp.example", "romeo@corp.example" },
		{ "sip:alice@same.example", "alice@same.example" },
		{ "sip:alice@sued.example", "alice@süd.example" },
		{ "sip:alice@elsewhere.example", "alice@elsewhere.example" },
		{ "sip:sub.corp.example", "sub.corp.example" },
	};
	struct hg_domains *d = some_domains();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hg_address a, b;
		struct hg_buf text = { 0 };

		assert_int_equal(hg_address_from_sip(hg_str(rows[i].sip), d, &a, NULL), 0);
		assert_int_equal(hg_address_from_jid(hg_str(rows[i].jid), d, &b, NULL), 0);
		assert_true(hg_address_eq(&a, &b));
		hg_address_write_jid(&a, d, HG_BARE, &text);
		assert_string_equal(text.p, rows[i].jid);
		hg_buf_reset(&text);
		hg_address_write_sip(&b, HG_BARE, &text);
		assert_string_equal(text.p, rows[i].sip);
		hg_buf_done(&text);
	}
	hg_domains_free(d);
}

static void test_name_of_the_other_world(void **state)
{
	struct hg_domains *d = some_domains();
	struct hg_address a;
	const char *why = NULL;

	assert_int_equal(
		hg_address_from_sip(HG_STR("sip:a@lync.corp.example"), d, &a, &why), -EINVAL);
	assert_string_equal(why, "domain has another name on SIP");
	assert_int_equal(hg_address_from_jid(HG_STR("a@im.corp.example"), d, &a, &why), -EINVAL);
	assert_string_equal(why, "domain has another name on XMPP");
	hg_domains_free(d);
}

static void test_bad_pairs(void **state)
{
	struct hg_domains *d = some_domains();
	const char *why = NULL;

	assert_int_equal(
		hg_domains_add(d, HG_STR("CORP.example"), HG_STR("x.example"), &why), -EEXIST);
	assert_string_equal(why, "the SIP name is already in another pair");
	assert_int_equal(hg_domains_add(d, HG_STR("x.example"), HG_STR("xn--sd-xka.example"), &why),
		-EEXIST);
	assert_string_equal(why, "the XMPP name is already in another pair");
	assert_int_equal(
		hg_domains_add(d, HG_STR("x example"), HG_STR("y.example"), &why), -EINVAL);
	assert_int_equal(hg_domains_add(d, HG_STR("x.example"), HG_STR(""), &why), -EINVAL);
	/* nothing of a refused pair stays */
	assert_int_equal(hg_domains_add(d, HG_STR("x.example"), HG_STR("y.example"), &why), 0);
	hg_domains_free(d);
	hg_domains_free(NULL);
}

static hg_addr id_of_sip(struct hg_intern *ids, const char *uri)
{
	struct hg_address a;

	assert_int_equal(hg_address_from_sip(hg_str(uri), NULL, &a, NULL), 0);
	return hg_addr_of(ids, &a);
}

static void test_ids(void **state)
{
	struct hg_intern *ids = hg_intern_new();
	struct hg_address a;
	hg_addr alice = id_of_sip(ids, "sip:Alice@corp.example;gr=x"),
		at = id_of_sip(ids, "sip:a%40b@corp.example");

	assert_int_not_equal(alice, 0);
	assert_int_equal(id_of_sip(ids, "sips:alice@CORP.example:5061"), alice);
	assert_int_equal(hg_address_from_jid(HG_STR("a\\40b@corp.example/x"), NULL, &a, NULL), 0);
	assert_int_equal(hg_addr_find(ids, &a), at);
	assert_int_equal(hg_address_from_jid(HG_STR("carol@corp.example"), NULL, &a, NULL), 0);
	assert_int_equal(hg_addr_find(ids, &a), 0);

	hg_addr_address(ids, at, &a);
	assert_string_equal(a.local, "a@b");
	assert_string_equal(a.domain, "corp.example");
	assert_string_equal(a.resource, "");

	assert_int_equal(hg_addr_domain(ids, alice), id_of_sip(ids, "sip:corp.example"));
	assert_int_equal(hg_addr_domain(ids, at), hg_addr_domain(ids, alice));
	assert_int_equal(hg_addr_domain(ids, hg_addr_domain(ids, at)), hg_addr_domain(ids, at));
	hg_intern_free(ids);
}

static void test_routes(void **state)
{
	const struct hg_where home = { .kind = HG_WHERE_HOME, .trust = HG_SAME_ENTERPRISE };
	const struct hg_where xmpp = { .kind = HG_WHERE_ROUTE, .route = 7, .trust = HG_FEDERATED };
	const struct hg_where peer = {
		.kind = HG_WHERE_PEER, .route = 2, .trust = HG_SAME_ENTERPRISE
	};
	struct hg_routes *r = hg_routes_new();
	struct hg_address bob, domain;

	assert_int_equal(hg_address_from_key(HG_STR("bob@corp.example"), &bob), 0);
	assert_int_equal(hg_address_from_key(HG_STR("solo.example"), &domain), 0);
	assert_int_equal(hg_routes_find(r, HG_STR("alice@corp.example")).kind, HG_WHERE_REFUSED);

	assert_int_equal(hg_routes_add_domain(r, HG_STR("corp.example"), home), 0);
	assert_int_equal(hg_routes_add_domain(r, HG_STR("corp.example"), xmpp), -EEXIST);
	assert_int_equal(hg_routes_add_domain(r, HG_STR("xmpp.example"), xmpp), 0);
	assert_int_equal(hg_routes_add_address(r, &bob, peer), 0);
	assert_int_equal(hg_routes_add_address(r, &bob, home), -EEXIST);
	assert_int_equal(hg_routes_add_address(r, &domain, xmpp), 0);

	assert_int_equal(hg_routes_find(r, HG_STR("alice@corp.example")).kind, HG_WHERE_HOME);
	assert_int_equal(hg_routes_find(r, HG_STR("alice@corp.example")).trust, HG_SAME_ENTERPRISE);
	assert_int_equal(hg_routes_find(r, HG_STR("bob@corp.example")).kind, HG_WHERE_PEER);
	assert_int_equal(hg_routes_find(r, HG_STR("bob@corp.example")).route, 2);
	assert_int_equal(hg_routes_find(r, HG_STR("corp.example")).kind, HG_WHERE_HOME);
	assert_int_equal(hg_routes_find(r, HG_STR("a@b@xmpp.example")).route, 7);
	/* no subdomains, and a rule for a bare domain as an address is none for its users */
	assert_int_equal(
		hg_routes_find(r, HG_STR("alice@sub.corp.example")).kind, HG_WHERE_REFUSED);
	assert_int_equal(hg_routes_find(r, HG_STR("solo.example")).kind, HG_WHERE_ROUTE);
	assert_int_equal(hg_routes_find(r, HG_STR("alice@solo.example")).kind, HG_WHERE_REFUSED);
	assert_int_equal(hg_routes_find(r, HG_STR_NONE).kind, HG_WHERE_REFUSED);
	hg_routes_free(r);
	hg_routes_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_in_both_worlds),
		cmocka_unit_test(test_name_of_the_other_world),
		cmocka_unit_test(test_bad_pairs),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
