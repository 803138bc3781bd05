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
static const struct hg_schema any_keys = { (const struct hg_key[]){
	{ .name = HG_KEY_ANY, .kind = HG_KEY_STRING },
	{ 0 },
} };
static const struct hg_schema carrier = { (const struct hg_key[]){
	{ .name = "any", .kind = HG_KEY_MAP, .sub = &any_keys },
	{ 0 },
} };
static const struct hg_section sections[] = { { .name = "sip", .schema = &sip },
	{ .name = "xmpp", .schema = &xmpp }, { .name = "mqtt" },
	{ .name = "carrier", .schema = &carrier } };

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

	if (hg_settings_load_text("h.yaml", hg_str(text), sections, 4, ret, &errs) < 0)
		fail_msg("%s: %s (%s)", errs.e[0].where, errs.e[0].what, errs.e[0].hint);
	hg_errs_done(&errs);
}

static void bad(const char *text, const char *expected)
{
	struct hg_errs errs = { 0 };
	struct hg_settings s;
	struct hg_buf b = { 0 };

	assert_int_equal(
		hg_settings_load_text("h.yaml", hg_str(text), sections, 4, &s, &errs), -EINVAL);
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
	assert_int_equal(s.limit.reprobe, 3600000);
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

static void privacy(void **state)
{
	struct hg_settings s;

	good("mqtt:\nusers: { provision: open }\ndomains: [{ sip: a.example, home: mqtt, privacy: on },\n"
	     "  { sip: b.example, home: mqtt }]\n",
		&s);
	assert_true(hg_routes_find(s.routes, HG_STR("x@a.example")).privacy);
	assert_false(hg_routes_find(s.routes, HG_STR("x@b.example")).privacy);
	hg_settings_done(&s);
	bad("mqtt:\ndomains: [{ sip: a.example, privacy: on }]\n",
		"h.yaml:2: privacy is for people who live here (leave it out, or add `home`)\n");
}

/* Said of a domain's route, it holds for every address there, wherever that stands in the file. */
static void escapes_of_a_domain(void **state)
{
	struct hg_settings s;

	good("mqtt:\nusers: { provision: open }\n"
	     "domains: [{ sip: a.example, home: mqtt }, { sip: b.example, xmpp: xb.example, escape: rfc7247-literal }]\n"
	     "routes:\n"
	     "  - { address: \"x%5C20y@l.example\", via: mqtt, trust: federated }\n"
	     "  - { domain: l.example, via: mqtt, trust: federated, escape: rfc7247-literal }\n",
		&s);
	assert_int_equal(hg_domains_escaping(s.domains, HG_STR("a.example")), HG_XEP0106);
	assert_int_equal(hg_domains_escaping(s.domains, HG_STR("b.example")), HG_RFC7247);
	assert_int_equal(hg_domains_escaping(s.domains, HG_STR("l.example")), HG_RFC7247);
	assert_int_equal(hg_routes_find(s.routes, HG_STR("x\\20y@l.example")).kind, HG_WHERE_ROUTE);
	hg_settings_done(&s);
	bad("mqtt:\ndomains: [{ sip: a.example }]\nroutes:\n"
	    "  - { address: x@l.example, via: mqtt, trust: federated, escape: rfc7247-literal }\n",
		"h.yaml:4: escape: JIDs of a domain are escaped alike (say it of the route of its domain)\n");
	bad("mqtt:\ndomains: [{ sip: a.example }]\nroutes:\n"
	    "  - { address: \"x%20y@l.example\", via: mqtt, trust: federated }\n"
	    "  - { domain: l.example, via: mqtt, trust: federated, escape: rfc7247-literal }\n",
		"h.yaml:4: 'x%20y@l.example' is no address (character not allowed in the user part)\n");
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
				 "conf-errors.yaml", hg_buf_str(&text), sections, 4, &s, &errs),
		-EINVAL);
	listing(&errs, &b);
	assert_str(hg_buf_str(&b), golden.p);
	hg_buf_done(&text);
	hg_buf_done(&golden);
	hg_buf_done(&b);
	hg_errs_done(&errs);
}

/* ---- custom-states ---- */

#define LETTERS_64 "abcdefghijklmnopqrstuvwxyzäöüßabcdefghijklmnopqrstuvwxyzäöüßabcd"
#define STATES(list) "http: {}\n" MINIMAL "custom-states:\n" list

/* TV-75, what the server has of it: four, of 64 characters; a fifth and the 65th are refused. */
static void custom_states(void **state)
{
	struct hg_settings s;

	good(STATES("  - { availability: online, texts: { en: Working from home, de: " LETTERS_64
		    " } }\n"
		    "  - { availability: do-not-disturb, texts: { pt-br: x } }\n"
		    "  - { availability: busy, texts: { zh-TW: x, zh-CN: y } }\n"
		    "  - { availability: busy, texts: { no: x } }\n"),
		&s);
	assert_int_equal(hg_conf_count(s.custom_states), 4);
	assert_int_equal(hg_conf_int(hg_conf_at(s.custom_states, 1), "availability"), 2);
	const struct hg_conf *texts = hg_conf_get(hg_conf_at(s.custom_states, 0), "texts");
	assert_string_equal(hg_conf_key(texts, 0), "en");
	assert_string_equal(hg_conf_key(texts, 1), "de");
	assert_null(hg_conf_key(texts, 2));
	assert_null(hg_conf_key(NULL, 0));
	assert_null(hg_conf_key(s.custom_states, 0));
	hg_settings_done(&s);
	good(MINIMAL, &s);
	assert_int_equal(hg_conf_count(s.custom_states), 0);
	hg_settings_done(&s);
}

static void custom_states_that_are_none(void **state)
{
	bad(STATES("  - { availability: away, texts: { en: x } }\n"),
		"h.yaml:6: availability: 'away' is not known (one of: online, busy, do-not-disturb)\n");
	bad(STATES("  - { texts: { en: x } }\n"),
		"h.yaml:6: 'availability' is missing (add it: what it counts as: online, busy, do-not-disturb)\n");
	bad(STATES("  - { availability: busy }\n"),
		"h.yaml:6: 'texts' is missing (add it: by language, like texts: { en: Working from home })\n");
	bad(STATES("  - { availability: busy, texts: {} }\n"),
		"h.yaml:6: a state without text (add one, like texts: { en: Working from home })\n");
	bad(STATES("  - { availability: busy, texts: { en: '' } }\n"),
		"h.yaml:6: 'en' must not be empty (the text, of at most 64 characters; its name is a language, like en or pt-BR)\n");
	bad(STATES("  - { availability: busy, texts: { tlh: x, en-XX: y, english: z } }\n"),
		"h.yaml:6: texts: 'tlh' is no language that Lync has a number for (write it like en, de or pt-BR)\n"
		"h.yaml:6: texts: 'en-XX' is no language that Lync has a number for (write it like en, de or pt-BR)\n"
		"h.yaml:6: texts: 'english' is no language that Lync has a number for (write it like en, de or pt-BR)\n");
	bad(STATES("  - { availability: busy, texts: { en-US: x, en: y } }\n"),
		"h.yaml:6: texts: 'en-US' and 'en' are the same language to Lync (remove one of them)\n");
	bad(STATES("  - { availability: busy, texts: { en: " LETTERS_64 "é } }\n"),
		"h.yaml:6: en: a text of 65 characters; 64 are the most (shorten it)\n");
	bad(STATES("  - { availability: busy, texts: { en: \"a\\nb\" } }\n"),
		"h.yaml:6: en: a control character in the text (write it in one line)\n");
	bad(STATES("  - { availability: busy, texts: { en: a } }\n"
		   "  - { availability: busy, texts: { en: b } }\n"
		   "  - { availability: busy, texts: { en: c } }\n"
		   "  - { availability: busy, texts: { en: d } }\n"
		   "  - { availability: busy, texts: { en: e } }\n"),
		"h.yaml:10: custom-states: clients take 4 and no more (remove it, or another)\n");
	bad(MINIMAL "custom-states: [{ availability: busy, texts: { en: a } }]\n",
		"h.yaml:4: custom-states: nobody can fetch them without an HTTP port (add a section http: at the top level)\n");
}

static void note_change(void *arg, const char *path, const struct hg_key *key)
{
	hg_buf_addf(arg, "%s %d\n", path, key->live);
}

static void changed(const char *was, const char *now, const char *expected)
{
	struct hg_settings a, b;
	struct hg_buf said = { 0 };

	good(was, &a);
	good(now, &b);
	hg_buf_adds(&said, "");
	hg_settings_diff(&a, &b, sections, 4, note_change, &said);
	assert_str(hg_buf_str(&said), expected);
	hg_buf_done(&said);
	hg_settings_done(&a);
	hg_settings_done(&b);
}

/* Names that the administrator chose make no keys of their own. */
static void what_changed(void **state)
{
#define MORE(section) \
	"domains: [{ sip: corp.example, home: carrier }]\n" \
	"users: { provision: open }\n" \
	"carrier: " section "\n"

	changed(STATES("  - { availability: busy, texts: { en: a, de: b } }\n"),
		STATES("  - { availability: busy, texts: { de: b, en: a } }\n"), "");
	changed(STATES("  - { availability: busy, texts: { en: a } }\n"),
		STATES("  - { availability: busy, texts: { de: a } }\n"), "custom-states 1\n");
	changed(MORE("{ any: { a: b, c: d } }"), MORE("{ any: { c: d, a: b } }"), "");
	changed(MORE("{ any: { a: b } }"), MORE("{ any: { a: c } }"), "carrier.any 0\n");
	changed(MORE("{ any: { a: b } }"), MORE("{ any: { d: b } }"), "carrier.any 0\n");
	changed(MORE("{ any: { a: b } }"), MORE("{}"), "carrier.any 0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(everything_said),
		cmocka_unit_test(nothing_to_do),
		cmocka_unit_test(a_section_that_nobody_knows),
		cmocka_unit_test(privacy),
		cmocka_unit_test(escapes_of_a_domain),
		cmocka_unit_test(names_of_categories),
		cmocka_unit_test(many_faults_at_once),
		cmocka_unit_test(custom_states),
		cmocka_unit_test(custom_states_that_are_none),
		cmocka_unit_test(what_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
