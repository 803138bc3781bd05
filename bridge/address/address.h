/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses: one entity, whatever protocol named it.
 *
 * A SIP URI and a JID that mean the same person read into the same canonical address, and every
 * address that reads can be written in both worlds. Sources: RFC 7247 6, RFC 6122 (the stringprep
 * profiles that Prosody and ejabberd enforce), XEP-0106, RFC 3261 19.1 and 25.1, RFC 3859 and
 * 3860.
 *
 * The original spelling is not kept here: `a\5cnet@d` and `a\net@d` are two JIDs and one SIP URI,
 * so that whoever has to repeat a JID octet for octet stores it beside the address.
 *
 * Results are 0, -EINVAL (not an address) or -E2BIG (longer than the limits below); then
 * `*ret_reason` is a static text for the peer or for a log line. `ret_reason` may be NULL; `*ret`
 * is undefined on error.
 */
#pragma once

#include <heliograph/base.h>

struct hg_domains;

/* octets of a localpart or resourcepart as XMPP spells it, RFC 7622 3 */
#define HG_PART_MAX 1023
/* octets of a domain as DNS spells it, RFC 1035 2.3.4 */
#define HG_DOMAIN_MAX 253
/* octets of a SIP URI, read or written */
#define HG_SIP_URI_MAX 2048
#define HG_ADDRESS_KEY_MAX (HG_PART_MAX + 1 + HG_DOMAIN_MAX)

/* Plain data, NUL-terminated UTF-8; copy it freely, compare by key. */
struct hg_address {
	/* case-folded by Nodeprep, no escapes of any kind; "" for a bare domain */
	char local[HG_PART_MAX + 1];
	/* the SIP name: A-labels in lower case, or an IP address */
	char domain[HG_DOMAIN_MAX + 1];
	/* after Resourceprep: of a JID, or ;gr= of a SIP URI; "" none */
	char resource[HG_PART_MAX + 1];
	/* read from a sips: URI: must not be carried to XMPP, RFC 7247 8; no part of the key */
	bool sips;
};

/* sip:, sips:, im:, pres:, and `user@domain` without a scheme as Lync documents have it. No
 * display name and no angle brackets. Port and all parameters but `gr` are dropped. `domains`
 * may be NULL: no name differs. */
int hg_address_from_sip(struct hg_str uri, const struct hg_domains *domains, struct hg_address *ret,
	const char **ret_reason);
/* Bare or full. */
int hg_address_from_jid(struct hg_str jid, const struct hg_domains *domains, struct hg_address *ret,
	const char **ret_reason);
/* Takes apart what hg_address_key wrote; the text is trusted to be that, only its size is
 * checked. */
int hg_address_from_key(struct hg_str key, struct hg_address *ret);

enum hg_address_form { HG_BARE, HG_FULL };

/* These append. The JID has XEP-0106 escapes and the XMPP name of the domain in U-labels. */
void hg_address_write_jid(const struct hg_address *a, const struct hg_domains *domains,
	enum hg_address_form form, struct hg_buf *ret);
/* `sip:user@domain[;gr=resource]`; sips: if it was read from one. */
void hg_address_write_sip(
	const struct hg_address *a, enum hg_address_form form, struct hg_buf *ret);
/* `user@domain` or `domain`, the text that stands for the address in tables and in the store.
 * Bare. The last `@` is the one that parts them: a user may hold `@`, a domain does not. The
 * result is `ret`. */
struct hg_str hg_address_key(const struct hg_address *a, char ret[HG_ADDRESS_KEY_MAX + 1]);
bool hg_address_eq(const struct hg_address *a, const struct hg_address *b); /* same key */

/* One part alone, for names from a configuration or a document. */
int hg_domain_prep(struct hg_str domain, char ret[HG_DOMAIN_MAX + 1], const char **ret_reason);
int hg_resource_prep(struct hg_str resource, char ret[HG_PART_MAX + 1], const char **ret_reason);
