/* SPDX-License-Identifier: Apache-2.0 */
/* Contact cards and user properties, written from the user record (EP 1.6, 1.11). */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/presence.h>

/* Of the record only these fields. */
void hg_card_write(struct hg_buf *, const struct hg_card *, uint32_t fields);
void hg_user_properties_write(struct hg_buf *, const struct hg_card *, uint32_t fields);
