/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/conf/settings_check.h"

#include "bridge/address/address.h"
#include "bridge/mapping/suggest.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct check {
	struct hg_settings *settings;
	const struct hg_section *section;
	size_t nsections;
	struct hg_errs *errs;
};

/* The number of a protocol that is configured; 0 and a fault if it is not. */
static hg_route protocol_of(const struct check *c, const struct hg_conf *map, const char *key)
{
	struct hg_str name = hg_conf_str(map, key);
	const char *there[HG_SECTIONS_MAX];
	char hint[HG_SUGGESTION];
	size_t n = 0;

	for (size_t i = 0; i < c->nsections; i++) {
		if (hg_str_is(name, c->section[i].name)) {
			if (hg_conf_has(c->settings->conf, c->section[i].name))
				return (hg_route)(i + 1);
			snprintf(hint, sizeof(hint), "add a section %s: at the top level",
				c->section[i].name);
			hg_conf_fault(c->errs, hg_conf_get(map, key), hint,
				"%s: %.*s is not configured", key, HG_STR_ARG(name));
			return 0;
		}
		if (hg_conf_has(c->settings->conf, c->section[i].name))
			there[n++] = c->section[i].name;
	}
	hg_suggest(name, there, n, hint);
	hg_conf_fault(c->errs, hg_conf_get(map, key), hint, "%s: '%.*s' is no protocol", key,
		HG_STR_ARG(name));
	return 0;
}

static bool domain_of(
	const struct check *c, const struct hg_conf *value, char ret[HG_DOMAIN_MAX + 1])
{
	struct hg_str name = hg_conf_text(value);
	const char *reason = "";

	if (hg_domain_prep(name, ret, &reason) == 0)
		return true;
	hg_conf_fault(c->errs, value, reason, "'%.*s' is no domain", HG_STR_ARG(name));
	return false;
}

/* A rule of the routes; a second one for the same thing is a fault. */
static void add_rule(const struct check *c, const struct hg_conf *value, const char *domain,
	const struct hg_address *address, struct hg_where where)
{
	int rc = address ? hg_routes_add_address(c->settings->routes, address, where)
			 : hg_routes_add_domain(c->settings->routes, hg_str(domain), where);

	if (rc == -EEXIST)
		hg_conf_fault(c->errs, value,
			"keep one of them; a domain with `home` needs no route",
			"there is a rule for '%.*s' already", HG_STR_ARG(hg_conf_text(value)));
}

/* ---- domains ---- */

static void check_domain(const struct check *c, const struct hg_conf *item)
{
	const struct hg_conf *sip = hg_conf_get(item, "sip"), *xmpp = hg_conf_get(item, "xmpp");
	char sip_name[HG_DOMAIN_MAX + 1], xmpp_name[HG_DOMAIN_MAX + 1];
	const char *reason = "";

	if (!sip) {
		hg_conf_fault(c->errs, item,
			"add sip: NAME; xmpp: is for a domain that has another name there",
			"a domain without its SIP name");
		return;
	}
	if (!domain_of(c, sip, sip_name) || !domain_of(c, xmpp ? xmpp : sip, xmpp_name))
		return;
	if (hg_domains_add(c->settings->domains, hg_str(sip_name), hg_str(xmpp_name), &reason) <
		0) {
		hg_conf_fault(c->errs, item, "let every domain stand here once", "'%.*s': %s",
			HG_STR_ARG(hg_conf_text(sip)), reason);
		return;
	}
	if (hg_conf_int(item, "escape") == HG_RFC7247)
		hg_domains_set_literal(c->settings->domains, hg_str(sip_name));
	if (hg_conf_has(item, "home") && protocol_of(c, item, "home"))
		add_rule(c, sip, sip_name, NULL,
			(struct hg_where){ .kind = HG_WHERE_HOME,
				.trust = HG_SAME_ENTERPRISE,
				.privacy = hg_conf_bool(item, "privacy"),
				.anybody = hg_str_is(hg_conf_str(item, "unknown"), "offline") });
	else if (!hg_conf_has(item, "home") && hg_conf_bool(item, "privacy"))
		hg_conf_fault(c->errs, hg_conf_get(item, "privacy"), "leave it out, or add `home`",
			"privacy is for people who live here");
}

/* ---- routes ---- */

static bool address_of(const struct check *c, const struct hg_conf *value, struct hg_address *ret)
{
	const char *reason = "";

	if (hg_address_from_sip(hg_conf_text(value), c->settings->domains, ret, &reason) == 0) {
		if (ret->local[0])
			return true;
		reason = "write it as user@domain";
	}
	hg_conf_fault(
		c->errs, value, reason, "'%.*s' is no address", HG_STR_ARG(hg_conf_text(value)));
	return false;
}

/* Before any address of that domain is read. */
static void check_escape(const struct check *c, const struct hg_conf *item)
{
	char name[HG_DOMAIN_MAX + 1];

	if (hg_conf_int(item, "escape") == HG_RFC7247 && hg_conf_has(item, "domain") &&
		hg_domain_prep(hg_conf_str(item, "domain"), name, NULL) == 0)
		hg_domains_set_literal(c->settings->domains, hg_str(name));
}

static void check_route(const struct check *c, const struct hg_conf *item)
{
	const struct hg_conf *domain = hg_conf_get(item, "domain"),
			     *address = hg_conf_get(item, "address");
	hg_route via = protocol_of(c, item, "via");
	struct hg_where where = { .kind = HG_WHERE_ROUTE,
		.route = via,
		.trust = (enum hg_trust)(hg_conf_int(item, "trust") + 1) };
	char name[HG_DOMAIN_MAX + 1];
	struct hg_address a;

	if (!domain == !address) {
		hg_conf_fault(c->errs, item, "domain: for everybody there, address: for one person",
			domain ? "a route has either a domain or an address"
			       : "a route without domain or address");
		return;
	}
	if (address && hg_conf_int(item, "escape") == HG_RFC7247) {
		hg_conf_fault(c->errs, hg_conf_get(item, "escape"),
			"say it of the route of its domain",
			"escape: JIDs of a domain are escaped alike");
		return;
	}
	if (address) {
		if (address_of(c, address, &a) && via)
			add_rule(c, address, NULL, &a, where);
		return;
	}
	if (!domain_of(c, domain, name))
		return;
	if (!hg_domains_from_sip(c->settings->domains, hg_str(name))) {
		hg_conf_fault(c->errs, domain, "write its SIP name",
			"'%s' is the XMPP name of a pair", name);
		return;
	}
	if (via)
		add_rule(c, domain, name, NULL, where);
}

/* ---- users ---- */

static void check_user(const struct check *c, const struct hg_conf *value)
{
	char key[HG_ADDRESS_KEY_MAX + 1];
	struct hg_address a;

	if (!address_of(c, value, &a))
		return;
	if (hg_routes_find(c->settings->routes, hg_address_key(&a, key)).kind != HG_WHERE_HOME)
		hg_conf_fault(c->errs, value,
			"give its domain a `home` under domains:", "'%.*s' does not live here",
			HG_STR_ARG(hg_conf_text(value)));
}

/* ---- groups ---- */

static void check_addressee(const struct check *c, const struct hg_conf *value)
{
	struct hg_address a;

	address_of(c, value, &a);
}

/* ---- categories ---- */

static void check_category(const struct check *c, const struct hg_conf *value)
{
	struct hg_str name = hg_conf_text(value);
	const struct hg_conf *list = c->settings->categories;
	hg_part known = hg_category_find(name);
	size_t at = 0;

	if (!hg_category_is_name(name))
		hg_conf_fault(c->errs, value,
			"write a letter, then letters, digits, '.', '_' and '-', 64 in all at most",
			"'%.*s' cannot be the name of a category", HG_STR_ARG(name));
	else if (known && known < HG_CAT_CUSTOM)
		hg_conf_fault(c->errs, value, "leave it out: it may be published as it is",
			"'%.*s' is a standard category", HG_STR_ARG(name));
	while (hg_conf_at(list, at) != value &&
		!hg_str_eq(hg_conf_text(hg_conf_at(list, at)), name))
		at++;
	if (hg_conf_at(list, at) != value)
		hg_conf_fault(c->errs, value, "let every name stand here once",
			"'%.*s' stands here already", HG_STR_ARG(name));
	else if (at == HG_CATEGORIES_CUSTOM)
		hg_conf_fault(c->errs, value, "leave out what nobody publishes",
			"more than %d categories", HG_CATEGORIES_CUSTOM);
}

/* ---- http ---- */

static void check_http(const struct check *c, const struct hg_conf *http)
{
	const struct hg_conf *value = hg_conf_get(http, "address");
	struct hg_str text = hg_conf_text(value);
	char address[INET6_ADDRSTRLEN] = "";
	struct in_addr v4;
	struct in6_addr v6;
	bool loopback;

	if (!http || hg_conf_faulty(http))
		return;
	if (text.n < sizeof(address))
		memcpy(address, text.p, text.n);
	if (inet_pton(AF_INET, address, &v4) == 1) {
		loopback = ntohl(v4.s_addr) >> 24 == 127;
	} else if (inet_pton(AF_INET6, address, &v6) == 1) {
		loopback = IN6_IS_ADDR_LOOPBACK(&v6);
	} else {
		hg_conf_fault(c->errs, value, "write it like 127.0.0.1 or ::1",
			"'%.*s' is not an IP address", HG_STR_ARG(text));
		return;
	}
	if (!loopback && !hg_conf_bool(http, "allow-insecure"))
		hg_conf_fault(c->errs, value,
			"listen on 127.0.0.1, or say `allow-insecure: on` if everybody who reaches this port may see numbers and health",
			"http: on %s anybody may ask", address);
}

static void each(const struct check *c, const struct hg_conf *list,
	void (*check)(const struct check *, const struct hg_conf *))
{
	for (size_t i = 0; i < hg_conf_count(list); i++) {
		if (!hg_conf_faulty(hg_conf_at(list, i)))
			check(c, hg_conf_at(list, i));
	}
}

/* Somebody has to be able to sign in, where there is something to sign in to. */
static void check_provision(const struct check *c, const struct hg_conf *domains)
{
	const struct hg_conf *users = hg_conf_get(c->settings->conf, "users");
	bool home = false;

	for (size_t i = 0; i < hg_conf_count(domains); i++)
		home |= hg_conf_has(hg_conf_at(domains, i), "home");
	if (home && !hg_conf_faulty(users) && !c->settings->provision_open &&
		!hg_conf_count(c->settings->users))
		hg_conf_fault(c->errs, users,
			"list addresses under users: list:, or say provision: open there",
			"nobody can sign in");
}

void settings_check(struct hg_settings *s, const struct hg_section *section, size_t nsections,
	struct hg_errs *errs)
{
	struct check c = { s, section, nsections, errs };
	const struct hg_conf *domains = hg_conf_get(s->conf, "domains");
	bool any = false;

	for (size_t i = 0; i < nsections; i++)
		any |= hg_conf_has(s->conf, section[i].name);
	if (!any && nsections)
		hg_conf_fault(errs, s->conf,
			"add a section, e.g. sip: or xmpp:", "no protocol is configured");
	each(&c, domains, check_domain);
	each(&c, hg_conf_get(s->conf, "routes"), check_escape);
	each(&c, hg_conf_get(s->conf, "routes"), check_route);
	each(&c, s->users, check_user);
	check_provision(&c, domains);
	each(&c, s->categories, check_category);
	for (size_t i = 0; hg_conf_key(s->groups, i); i++)
		each(&c, hg_conf_get(s->groups, hg_conf_key(s->groups, i)), check_addressee);
	check_http(&c, hg_conf_get(s->conf, "http"));
	settings_check_states(s, errs);
}
