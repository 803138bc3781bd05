/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests: 64 bits over everything that a rendering could show. A view's revision is minted anew
 * only when its digest changes, so that moving somebody between equal views, or publishing the same
 * again, renders nothing and sends nothing.
 */
#pragma once

#include <heliograph/presence.h>

#define HG_DIGEST_START UINT64_C(0x9e3779b97f4a7c15)

uint64_t hg_digest_number(uint64_t h, uint64_t n);
uint64_t hg_digest_text(uint64_t h, struct hg_str);
uint64_t hg_digest_services(uint64_t h, const struct hg_services *);
uint64_t hg_digest_details(uint64_t h, const struct hg_details *);
uint64_t hg_digest_state(uint64_t h, const struct hg_state *);
uint64_t hg_digest_note(uint64_t h, const struct hg_note *);
uint64_t hg_digest_calendar(uint64_t h, const struct hg_calendar *, int64_t since);
uint64_t hg_digest_card(uint64_t h, const struct hg_card *, uint32_t fields); /* card.c */
uint64_t hg_digest_presence(uint64_t h, const struct hg_presence *);
