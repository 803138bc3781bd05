/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domains that have different names in the two worlds (`domains:` in the configuration).
 *
 * The canonical name is the SIP one. Each world knows a domain by its own name only: a JID in the
 * SIP name of a pair is refused, and a SIP URI in the XMPP name. Were they taken, a user of an
 * unrelated XMPP domain that happens to have our SIP name would be one of our users.
 */
#pragma once

#include <heliograph/base.h>

struct hg_domains;

/* What in a localpart is escaped there: all ten characters of XEP-0106, or only the three that RFC 7247 6.4 names, for peers
 * that know no more. */
enum hg_escaping { HG_XEP0106, HG_RFC7247 };

struct hg_domains *hg_domains_new(void);
void hg_domains_free(struct hg_domains *);
/* -EINVAL: no domain; -EEXIST: one of the names is already in a pair. Then *ret_reason (may be
 * NULL) is static text. */
int hg_domains_add(
	struct hg_domains *, struct hg_str sip, struct hg_str xmpp, const char **ret_reason);

/* All take names as hg_domain_prep gives them, NUL-terminated, and return the argument's own
 * text for a domain without a pair, else text that lives as long as the pairs do. NULL: that
 * world has another name for it. `domains` may be NULL: no pairs. */
const char *hg_domains_from_xmpp(const struct hg_domains *domains, struct hg_str name);
const char *hg_domains_from_sip(const struct hg_domains *domains, struct hg_str name);
/* Of the JIDs in a domain, by its canonical name; HG_XEP0106 if nothing was said. */
enum hg_escaping hg_domains_escaping(const struct hg_domains *domains, struct hg_str canonical);
void hg_domains_set_literal(
	struct hg_domains *, struct hg_str canonical); /* HG_RFC7247 from now on */
/* Never NULL. */
const char *hg_domains_xmpp_name(const struct hg_domains *domains, struct hg_str canonical);
