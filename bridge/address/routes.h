/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an address lives: by the rule for exactly this address, else by the rule for its domain,
 * else it is refused. There are no wildcards and a rule for a domain says nothing of its
 * subdomains.
 */
#pragma once

#include <heliograph/presence.h>

#include "bridge/address/address.h"

enum hg_where_kind {
	HG_WHERE_REFUSED, /* nowhere that we know */
	HG_WHERE_HOME,    /* here: its truth is in our store */
	HG_WHERE_PEER,    /* at another daemon of ours */
	HG_WHERE_ROUTE    /* behind an adapter */
};

struct hg_where {
	enum hg_where_kind kind;
	/* HG_WHERE_PEER: the shard, HG_WHERE_ROUTE: the adapter's way out; else 0 */
	hg_route route;
	/* network class of those who watch from there */
	enum hg_trust trust;
	/* HG_WHERE_HOME: people there are shown to nobody but their contacts, unless they name him */
	bool privacy;
	/* HG_WHERE_HOME: an address that is nobody's yet is answered like one whose owner is offline */
	bool anybody;
};

struct hg_routes;

struct hg_routes *hg_routes_new(void);
void hg_routes_free(struct hg_routes *);
/* -EEXIST: there is a rule for it already, which stays. `domain` as hg_domain_prep gives it. */
int hg_routes_add_domain(struct hg_routes *, struct hg_str domain, struct hg_where);
int hg_routes_add_address(struct hg_routes *, const struct hg_address *, struct hg_where);
/* By the key of an address (hg_address_key, or the text of its id). */
struct hg_where hg_routes_find(const struct hg_routes *, struct hg_str key);
