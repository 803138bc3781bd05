/* SPDX-License-Identifier: Apache-2.0 */
/* Contact cards and user properties (EP 1.6, 1.11): written from the user record, and read for other protocols. */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/presence.h>

#define HG_NS_CARD "http://schemas.microsoft.com/2006/09/sip/contactcard"

/* Of the record only these fields. */
void hg_card_write(struct hg_buf *, const struct hg_card *, uint32_t fields);
void hg_user_properties_write(struct hg_buf *, const struct hg_card *, uint32_t fields);
/* All that the contact cards of a view say, the newest for each field; of who has blocked the watcher nothing.
 * hg_card_done. */
void hg_card_read(const struct hg_view *, struct hg_card *ret);
