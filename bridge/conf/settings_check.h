/* SPDX-License-Identifier: Apache-2.0 */
/* What the keys of heliograph.yaml have to do with each other. Private to this folder. */
#pragma once

#include "bridge/conf/settings.h"

/* Fills in domains and routes. */
void settings_check(
	struct hg_settings *, const struct hg_section *, size_t nsections, struct hg_errs *errs);
void settings_check_states(const struct hg_settings *, struct hg_errs *errs);
