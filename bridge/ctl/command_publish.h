/* SPDX-License-Identifier: Apache-2.0 */
/* The two halves of `heliograph publish`: what is spelt out, and documents of categories. */
#pragma once

#include "bridge/ctl/command.h"

enum {
	HG_PUB_STATE,
	HG_PUB_AVAILABILITY,
	HG_PUB_TOKEN,
	HG_PUB_NOTE,
	HG_PUB_CLEAR,
	HG_PUB_EXPIRES,
	HG_PUB_ENDPOINT,
	HG_PUB_CONTAINERS,
	HG_PUB_CATEGORY,
	HG_PUB_INSTANCE,
	HG_PUB_SECONDS,
	HG_PUB_FILE,
	HG_PUB_REMOVE,
	HG_PUB_OPTIONS
};

/* command_publish_category.c: with --category. The exit status. */
int hg_publish_category(const struct hg_command *, const struct hg_options *, const char *person,
	const struct hg_option *own);
/* command_publish.c: "90", "90s", "15m", "8h", "7d" to seconds. */
bool hg_publish_time(const char *text, uint32_t *ret);
