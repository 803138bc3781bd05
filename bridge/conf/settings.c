/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/conf/settings.h"

#include "bridge/conf/settings_check.h"
#include "bridge/conf/settings_schema.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define KEYS_MAX (HG_SECTIONS_MAX + 32)

static const struct hg_key no_keys[] = { { .name = NULL } };
static const struct hg_schema no_schema = { no_keys };

/* The daemon's own keys, and a map for each adapter. */
static void make_keys(const struct hg_section *section, size_t n, struct hg_key ret[KEYS_MAX])
{
	size_t own = 0;

	while (hg_settings_keys[own].name)
		own++;
	assert(n <= HG_SECTIONS_MAX && own + n < KEYS_MAX);
	memcpy(ret, hg_settings_keys, own * sizeof(*ret));
	for (size_t i = 0; i < n; i++) {
		ret[own + i] = (struct hg_key){ .name = section[i].name,
			.kind = HG_KEY_MAP,
			.sub = section[i].schema ? section[i].schema : &no_schema };
	}
	ret[own + n] = (struct hg_key){ .name = NULL };
}

static const char *text_of(const struct hg_conf *map, const char *key)
{
	return hg_conf_str(map, key).p;
}

static void fill_limits(const struct hg_conf *map, struct hg_limit_settings *ret)
{
	*ret = (struct hg_limit_settings){
		.grace = hg_conf_int(map, "grace"),
		.settle = hg_conf_int(map, "settle"),
		.reprobe = hg_conf_int(map, "reprobe"),
		.pace = (uint32_t)hg_conf_int(map, "pace"),
		.users = (uint32_t)hg_conf_int(map, "users"),
		.addresses = (uint32_t)hg_conf_int(map, "addresses"),
		.watches = (uint32_t)hg_conf_int(map, "watches"),
		.endpoints = (uint32_t)hg_conf_int(map, "endpoints"),
		.publications = (uint32_t)hg_conf_int(map, "publications"),
		.containers = (uint32_t)hg_conf_int(map, "containers"),
		.members = (uint32_t)hg_conf_int(map, "members"),
		.contacts = (uint32_t)hg_conf_int(map, "contacts"),
		.groups = (uint32_t)hg_conf_int(map, "groups"),
		.delegates = (uint32_t)hg_conf_int(map, "delegates"),
		.prompts = (uint32_t)hg_conf_int(map, "prompts"),
		.watchers = (uint32_t)hg_conf_int(map, "watchers"),
		.faces = (uint32_t)hg_conf_int(map, "faces"),
		.queue = (uint32_t)hg_conf_int(map, "queue"),
		.cells = (uint32_t)hg_conf_int(map, "cells"),
	};
}

static void fill_http(const struct hg_conf *map, struct hg_http_settings *ret)
{
	if (!map)
		return;
	*ret = (struct hg_http_settings){
		.address = text_of(map, "address"),
		.port = (uint16_t)hg_conf_int(map, "port"),
		.connections = (uint32_t)hg_conf_int(map, "connections"),
	};
}

static void fill_approve(const struct hg_conf *map, bool ret[HG_PUBLIC_CLOUD + 1])
{
	static const char *const key[] = {
		[HG_SAME_ENTERPRISE] = "sameEnterprise",
		[HG_FEDERATED] = "federated",
		[HG_PUBLIC_CLOUD] = "publicCloud",
	};

	for (int t = HG_SAME_ENTERPRISE; t <= HG_PUBLIC_CLOUD; t++)
		ret[t] = hg_str_is(hg_conf_str(map, key[t]), "explicit");
}

static void fill(struct hg_settings *s)
{
	const struct hg_conf *store = hg_conf_get(s->conf, "store");
	const struct hg_conf *users = hg_conf_get(s->conf, "users");

	s->store_path = text_of(store, "path");
	s->store_full = hg_str_is(hg_conf_str(store, "synchronous"), "full");
	s->control_socket = text_of(hg_conf_get(s->conf, "control"), "socket");
	s->log_level = (enum hg_level)hg_conf_int(hg_conf_get(s->conf, "log"), "level");
	s->mappings = text_of(hg_conf_get(s->conf, "mappings"), "folder");
	s->site_files = hg_conf_get(hg_conf_get(s->conf, "mappings"), "site");
	s->groups = hg_conf_get(s->conf, "groups");
	s->provision_open = hg_str_is(hg_conf_str(users, "provision"), "open");
	s->users = hg_conf_get(users, "list");
	s->categories = hg_conf_get(s->conf, "categories");
	s->c3_transform = hg_conf_bool(hg_conf_get(s->conf, "aggregation"), "c3-transform");
	fill_approve(hg_conf_get(s->conf, "approve"), s->approve_explicit);
	s->hide_users = hg_conf_bool(s->conf, "hide-users");
	fill_http(hg_conf_get(s->conf, "http"), &s->http);
	s->custom_states = hg_conf_get(s->conf, "custom-states");
	fill_limits(hg_conf_get(s->conf, "limits"), &s->limit);
}

static const struct hg_key *own_key(const char *name)
{
	const struct hg_key *key = hg_settings_keys;

	while (key->name && strcmp(key->name, name) != 0)
		key++;
	return key->name ? key : NULL;
}

bool hg_settings_own(const char *key)
{
	return own_key(key) != NULL;
}

/* A file with faults is looked through for more faults. */
static int begin(int rc, struct hg_settings *s)
{
	if (!s->conf)
		return rc;
	s->adapters = hg_conf_peek(s->conf, own_key("adapters"));
	return 0;
}

int hg_settings_read(const char *path, struct hg_settings *ret, struct hg_errs *errs)
{
	*ret = (struct hg_settings){ 0 };
	return begin(hg_conf_parse(path, &ret->conf, errs), ret);
}

int hg_settings_check(
	struct hg_settings *s, const struct hg_section *section, size_t n, struct hg_errs *errs)
{
	struct hg_key keys[KEYS_MAX];
	struct hg_schema schema = { keys };

	make_keys(section, n, keys);
	for (size_t i = 0; i < n; i++)
		if (section[i].unknown)
			hg_conf_pass(s->conf, section[i].name);
	hg_conf_check(s->conf, &schema, errs);
	fill(s);
	s->domains = hg_domains_new();
	s->routes = hg_routes_new();
	settings_check(s, section, n, errs);
	hg_conf_sort(errs, 0);
	if (errs->n + errs->dropped == 0)
		return 0;
	hg_settings_done(s);
	return -EINVAL;
}

int hg_settings_load_text(const char *name, struct hg_str text, const struct hg_section *section,
	size_t nsections, struct hg_settings *ret, struct hg_errs *errs)
{
	int rc;

	*ret = (struct hg_settings){ 0 };
	rc = begin(hg_conf_parse_text(name, text, &ret->conf, errs), ret);
	return rc < 0 ? rc : hg_settings_check(ret, section, nsections, errs);
}

void hg_settings_diff(const struct hg_settings *a, const struct hg_settings *b,
	const struct hg_section *section, size_t nsections,
	void (*each)(void *arg, const char *path, const struct hg_key *), void *arg)
{
	struct hg_key keys[KEYS_MAX];
	struct hg_schema schema = { keys };

	make_keys(section, nsections, keys);
	hg_conf_diff(a->conf, b->conf, &schema, each, arg);
}

void hg_settings_done(struct hg_settings *s)
{
	hg_domains_free(s->domains);
	hg_routes_free(s->routes);
	hg_conf_free(s->conf);
	*s = (struct hg_settings){ 0 };
}
