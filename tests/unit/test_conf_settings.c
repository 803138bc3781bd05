/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph.yaml: what the daemon makes of it, and the listing of a file with many faults. */
#include "bridge/conf/settings.h"

#include <errno.h>
#include <string.h>

#include "bridge/address/address.h"
#include "tests/support/support.h"

/* As adapters declare theirs. */
static const struct hg_schema listen_keys = { (const struct hg_key[]){
	{ .name = "transport",
		.kind = HG_KEY_ENUM,
		.dflt = "tls",
		.values = (const char *const[]){ "tcp", "tls", NULL } },
	{ .name = "address", .kind = HG_KEY_STRING, .dflt = "127.0.0.1" },
	{ .name = "port", .kind = HG_KEY_INTEGER, .required = true, .max = 65535 },
	{ 0 },
} };
static const struct hg_schema sip = { (const struct hg_key[]){
	{ .name = "auth",
		.kind = HG_KEY_ENUM,
		.required = true,
		.values = (const char *const[]){ "none", NULL },
		.help = "none" },
	{ .name = "listen", .kind = HG_KEY_LIST, .required = true, .sub = &listen_keys },
	{ 0 },
} };
static const struct hg_schema component_keys = { (const struct hg_key[]){
	{ .name = "domains", .kind = HG_KEY_LIST, .required = true },
	{ .name = "server", .kind = HG_KEY_STRING },
	{ .name = "port", .kind = HG_KEY_INTEGER },
	{ .name = "secret", .kind = HG_KEY_SECRET },
	{ 0 },
} };
static const struct hg_schema xmpp = { (const struct hg_key[]){
	{ .name = "components", .kind = HG_KEY_LIST, .sub = &component_keys },
	{ 0 },
} };
static const struct hg_section sections[] = { { .name = "sip", .schema = &sip },
	{ .name = "xmpp", .schema = &xmpp }, { .name = "mqtt" } };

static void listing(const struct hg_errs *errs, struct hg_buf *b)
{
	for (size_t i = 0; i < errs->n; i++) {
		hg_err_write(&errs->e[i], b);
		hg_buf_addc(b, '\n');
	}
}

static void good(const char *text, struct hg_settings *ret)
{
	struct hg_errs errs = { 0 };

	if (hg_settings_load_text("h.yaml", hg_str(text), sections, 3, ret, &errs) < 0)
		fail_msg("%s: %s (%s)", errs.e[0].where, errs.e[0].what, errs.e[0].hint);
	hg_errs_done(&errs);
}

static void bad(const char *text, const char *expected)
{
	struct hg_errs errs = { 0 };
	struct hg_settings s;
	struct hg_buf b = { 0 };

	assert_int_equal(
		hg_settings_load_text("h.yaml", hg_str(text), sections, 3, &s, &errs), -EINVAL);
	assert_null(s.conf);
	listing(&errs, &b);
	assert_str(hg_buf_str(&b), expected);
	hg_buf_done(&b);
	hg_errs_done(&errs);
}

#define MINIMAL \
	"domains: [{ sip: corp.example, home: sip }]\n" \
	"users: { provision: open }\n" \
	"sip: { auth: none, listen: [{ port: 0 }] }\n"

static void defaults(void **state)
{
	struct hg_settings s;

	good(MINIMAL, &s);
	assert_string_equal(s.store_path, "./store.db");
	assert_true(s.store_full);
	assert_string_equal(s.control_socket, "./heliograph.sock");
	assert_int_equal(s.log_level, HG_INFO);
	assert_null(s.mappings);
	assert_true(s.provision_open);
	assert_true(s.c3_transform);
	assert_int_equal(hg_conf_count(s.users), 0);
	assert_int_equal(s.limit.grace, 60000);
	assert_int_equal(s.limit.settle, 10000);
	assert_int_equal(s.limit.pace, 200);
	assert_int_equal(s.limit.contacts, 1000);
	assert_int_equal(s.limit.groups, 64);
	assert_int_equal(s.limit.cells, 65536);
	assert_true(hg_conf_has(s.conf, "sip"));
	assert_false(hg_conf_has(s.conf, "xmpp"));
	hg_settings_done(&s);
	hg_settings_done(&s);
}

static void everything_said(void **state)
{
	struct hg_settings s;

	good("store: { path: /x/y.db, synchronous: normal }\n"
	     "control: { socket: /x/s }\n"
	     "log: { level: debug }\n"
	     "mappings: /x/m\n"
	     "domains:\n"
	     "  - { sip: Corp.Example, xmpp: chat.example, home: sip }\n"
	     "  - { sip: partner.example, xmpp: partner.chat.example }\n"
	     "routes:\n"
	     "  - { domain: xmpp.example, via: xmpp, trust: federated }\n"
	     "  - { domain: partner.example, via: xmpp, trust: sameEnterprise }\n"
	     "  - { address: boss@xmpp.example, via: mqtt, trust: publicCloud }\n"
	     "users: { provision: listed, list: [alice@corp.example, 'sip:Bob@corp.example'] }\n"
	     "aggregation: { c3-transform: off }\n"
	     "limits: { grace: 200ms, settle: 100ms, faces: 5 }\n"
	     "sip: { auth: none, listen: [{ port: 5060, transport: tcp }] }\n"
	     "xmpp:\n"
	     "mqtt: {}\n",
		&s);
	assert_string_equal(s.store_path, "/x/y.db");
	assert_false(s.store_full);
	assert_int_equal(s.log_level, HG_DEBUG);
	assert_string_equal(s.mappings, "/x/m");
	assert_false(s.provision_open);
	assert_false(s.c3_transform);
	assert_int_equal(hg_conf_count(s.users), 2);
	assert_int_equal(s.limit.grace, 200);
	assert_int_equal(s.limit.faces, 5);
	assert_string_equal(
		hg_domains_xmpp_name(s.domains, HG_STR("corp.example")), "chat.example");

	struct hg_where w = hg_routes_find(s.routes, HG_STR("alice@corp.example"));
	assert_int_equal(w.kind, HG_WHERE_HOME);
	w = hg_routes_find(s.routes, HG_STR("romeo@xmpp.example"));
	assert_int_equal(w.kind, HG_WHERE_ROUTE);
	assert_int_equal(w.route, 2);
	assert_int_equal(w.trust, HG_FEDERATED);
	w = hg_routes_find(s.routes, HG_STR("x@partner.example"));
	assert_int_equal(w.trust, HG_SAME_ENTERPRISE);
	w = hg_routes_find(s.routes, HG_STR("boss@xmpp.example"));
	assert_int_equal(w.route, 3);
	assert_int_equal(w.trust, HG_PUBLIC_CLOUD);
	assert_int_equal(
		hg_routes_find(s.routes, HG_STR("x@elsewhere.example")).kind, HG_WHERE_REFUSED);
	hg_settings_done(&s);
}

static void nothing_to_do(void **state)
{
	bad("domains: [{ sip: a.example }]\n",
		"h.yaml:1: no protocol is configured (add a section, e.g. sip: or xmpp:)\n");
	bad("mqtt:\n",
		"h.yaml:1: 'domains' is missing (add it: a list of domains, like - { sip: corp.example, home: "
		"sip })\n");
	bad("mqtt:\ndomains: []\n",
		"h.yaml:2: 'domains' is empty (a list of domains, like - { sip: corp.example, home: sip })\n");
	bad("mqtt:\ndomains: [{ sip: a.example, home: mqtt }]\n",
		"h.yaml:1: nobody can sign in (list addresses under users: list:, or say provision: open there)\n");
	bad("mqtt: { topic: x }\ndomains: [{ sip: a.example }]\n",
		"h.yaml:1: unknown key 'topic'\n");
}

/* The adapter of a section may not be loaded: then it is not looked into, but it is there. */
static void a_section_that_nobody_knows(void **state)
{
	static const char text[] =
		"adapters: ./carrier.so\n"
		"domains: [{ sip: a.example }]\n"
		"routes: [{ domain: b.example, via: carrier, trust: federated }]\n"
		"carrier: { pigeons: [1, 2], loft: { north: on } }\n";
	const struct hg_section unknown = { .name = "carrier", .unknown = true },
				known = { .name = "carrier" };
	struct hg_errs errs = { 0 };
	struct hg_settings s;

	assert_int_equal(hg_settings_load_text("h.yaml", hg_str(text), &unknown, 1, &s, &errs), 0);
	assert_int_equal(hg_conf_count(s.adapters), 1);
	assert_str(hg_conf_text(hg_conf_at(s.adapters, 0)), "./carrier.so");
	hg_settings_done(&s);
	assert_int_equal(
		hg_settings_load_text("h.yaml", hg_str(text), &known, 1, &s, &errs), -EINVAL);
	assert_int_equal(errs.n, 2);
	hg_errs_done(&errs);
	bad("mqtt:\ndomains: [{ sip: a.example }]\nadapters: { one: two }\n",
		"h.yaml:3: 'adapters' takes a list of words (like adapters: [one, another])\n");
	assert_true(hg_settings_own("adapters"));
	assert_false(hg_settings_own("carrier"));
}

static void names_of_categories(void **state)
{
	struct hg_settings s;

	good("mqtt:\ndomains: [{ sip: a.example }]\ncategories: [lamp, corp.door_2]\n", &s);
	assert_int_equal(hg_conf_count(s.categories), 2);
	hg_settings_done(&s);
	bad("mqtt:\ndomains: [{ sip: a.example }]\ncategories: [lamp, state, 2nd, lamp]\n",
		"h.yaml:3: 'state' is a standard category (leave it out: it may be published as it is)\n"
		"h.yaml:3: '2nd' cannot be the name of a category (write a letter, then letters, digits, '.', "
		"'_' and '-', 64 in all at most)\n"
		"h.yaml:3: 'lamp' stands here already (let every name stand here once)\n");
	bad("mqtt:\ndomains: [{ sip: a.example }]\n"
	    "categories: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p,\nq, r]\n",
		"h.yaml:4: more than 16 categories (leave out what nobody publishes)\n");
}

static void many_faults_at_once(void **state)
{
	struct hg_buf text = { 0 }, golden = { 0 }, b = { 0 };
	struct hg_errs errs = { 0 };
	struct hg_settings s;

	test_read_file("tests/golden/conf-errors.yaml", &text);
	test_read_file("tests/golden/conf-errors.txt", &golden);
	assert_int_equal(hg_settings_load_text(
				 "conf-errors.yaml", hg_buf_str(&text), sections, 3, &s, &errs),
		-EINVAL);
	listing(&errs, &b);
	assert_str(hg_buf_str(&b), golden.p);
	hg_buf_done(&text);
	hg_buf_done(&golden);
	hg_buf_done(&b);
	hg_errs_done(&errs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(everything_said),
		cmocka_unit_test(nothing_to_do),
		cmocka_unit_test(a_section_that_nobody_knows),
		cmocka_unit_test(names_of_categories),
		cmocka_unit_test(many_faults_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
