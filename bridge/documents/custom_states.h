/* SPDX-License-Identifier: Apache-2.0 */
/* The file with the presence states of an organisation, which clients fetch by HTTP (EP 5). */
#pragma once

#include <heliograph/base.h>

enum hg_custom_availability { HG_CUSTOM_ONLINE, HG_CUSTOM_BUSY, HG_CUSTOM_DO_NOT_DISTURB };

struct hg_custom_text {
	uint32_t lcid;
	struct hg_str text;
};

struct hg_custom_state {
	enum hg_custom_availability availability;
	struct hg_custom_text *text;
	size_t n, cap;
};

#define HG_TYPE_CUSTOM_STATES "text/xml; charset=utf-8"

/* Clients take four. */
void hg_custom_states_write(struct hg_buf *, const struct hg_custom_state *, size_t n);
