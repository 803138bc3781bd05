/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses as small numbers: the key of an address, interned. Equal addresses have equal ids,
 * whatever protocol named them; the resource is no part of it.
 *
 * An id lives as long as the table, which never shrinks. So intern what the configuration, the
 * store or an authorised request names, and hg_addr_find what anybody may name.
 */
#pragma once

#include <heliograph/presence.h>

#include "bridge/address/address.h"
#include "bridge/base/intern.h"

/* Interns; never 0. */
hg_addr hg_addr_of(struct hg_intern *ids, const struct hg_address *a);
/* 0: never interned. */
hg_addr hg_addr_find(const struct hg_intern *ids, const struct hg_address *a);
/* The bare address behind an id of this table. */
void hg_addr_address(const struct hg_intern *ids, hg_addr id, struct hg_address *ret);
/* The bare domain of an address, interned; the id itself if it is one. */
hg_addr hg_addr_domain(struct hg_intern *ids, hg_addr id);
