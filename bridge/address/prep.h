/* SPDX-License-Identifier: Apache-2.0 */
/* The only place that sees libidn: the stringprep profiles of RFC 6122 and IDNA of RFC 3490. */
#pragma once

#include "bridge/address/address.h"

/* Nodeprep on a localpart as XMPP spells it, escapes included. Errors as in address.h. */
int hg_local_prep(struct hg_str local, char ret[HG_PART_MAX + 1], const char **ret_reason);
/* Text as it is compared without regard to case, and to how a letter is composed. Appends. */
void hg_text_fold(struct hg_str text, struct hg_buf *ret);
/* A domain of an address in U-labels, as XMPP writes it. Appends. */
void hg_domain_write_unicode(const char *domain, struct hg_buf *ret);

/* Returns rc, so that `return hg_refuse(...)` reads well. */
static inline int hg_refuse(const char **ret_reason, int rc, const char *reason)
{
	if (ret_reason)
		*ret_reason = reason;
	return rc;
}
