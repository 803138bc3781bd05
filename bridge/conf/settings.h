/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph.yaml: what the daemon itself reads of it. Sections of adapters are passed on as they
 * are. */
#pragma once

#include <heliograph/log.h>

#include "bridge/address/domains.h"
#include "bridge/address/routes.h"
#include "bridge/conf/conf.h"

/* Times in milliseconds. */
struct hg_limit_settings {
	int64_t grace, settle, reprobe;
	uint32_t pace, users, addresses, watches, endpoints, publications, containers, members,
		contacts, groups, delegates, prompts, watchers, faces, queue, cells;
};

struct hg_http_settings {
	const char *address; /* NULL: no HTTP port */
	uint16_t port;
	uint32_t connections;
};

/* All texts belong to `conf`. */
struct hg_settings {
	struct hg_conf *conf; /* the file; an adapter's section is hg_conf_get(conf, name) */
	const char *store_path;
	bool store_full; /* synchronous: full; else normal: survives kill -9, not a power cut */
	const char *control_socket;
	enum hg_level log_level;
	struct hg_http_settings http;
	/* of at most four maps, `availability` a number in the order of enum hg_custom_availability (documents),
	 * `texts` by tags that have an LCID; may be NULL */
	const struct hg_conf *custom_states;
	const struct hg_conf *adapters; /* a list of names and paths; may be NULL */
	const char *mappings;           /* folder; NULL: the caller's default */
	const struct hg_conf
		*site_files;          /* of rules of the site's own: a list of paths; may be NULL */
	const struct hg_conf *groups; /* by name, each a list of addresses, checked; may be NULL */
	struct hg_domains *domains;   /* owned, as is routes */
	/* an adapter's hg_route is its index among the sections, plus 1 */
	struct hg_routes *routes;
	bool provision_open; /* the first REGISTER of an address makes it a user */
	bool approve_explicit[HG_PUBLIC_CLOUD + 1]; /* by enum hg_trust */
	bool hide_users;
	bool c3_transform; /* Do Not Disturb is urgent-interruptions-only in container 3 */
	const struct hg_conf *users; /* a list of addresses, each of a home domain; may be NULL */
	const struct hg_conf *categories; /* a list of names, checked; may be NULL */
	struct hg_limit_settings limit;
};

/* A section that an adapter declares. */
struct hg_section {
	const char *name;
	const struct hg_schema *schema; /* NULL: it takes no keys */
	bool unknown; /* which keys it takes is not known here: it is not looked into */
};

#define HG_SECTIONS_MAX 16

/* In two steps, since the file names adapters that bring sections of their own. The first fills in `conf` and `adapters`
 * alone. 0, or a negative errno and `errs`, which was empty, says why. */
int hg_settings_read(const char *path, struct hg_settings *ret, struct hg_errs *errs);
/* 0; or -EINVAL, `errs` lists all that was found since the beginning, and the settings are done with. */
int hg_settings_check(
	struct hg_settings *, const struct hg_section *, size_t nsections, struct hg_errs *errs);
bool hg_settings_own(const char *key); /* a key of the daemon itself, so no name for a section */
/* Both of a text. */
int hg_settings_load_text(const char *name, struct hg_str text, const struct hg_section *,
	size_t nsections, struct hg_settings *ret, struct hg_errs *errs);
/* What the files of two settings with the same sections say differently: hg_conf_diff. */
void hg_settings_diff(const struct hg_settings *a, const struct hg_settings *b,
	const struct hg_section *, size_t nsections,
	void (*each)(void *arg, const char *path, const struct hg_key *), void *arg);
void hg_settings_done(struct hg_settings *); /* all zeroes is fine */
