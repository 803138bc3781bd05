/* SPDX-License-Identifier: Apache-2.0 */
/* The list `adapters:` of heliograph.yaml: who is meant, and which sections there are because of it. */
#pragma once

#include "bridge/ctl/site.h"

#define HG_ADAPTER_NAME_MAX 31

struct hg_site_sections {
	struct hg_section section[HG_SECTIONS_MAX];
	char name[HG_SECTIONS_MAX][HG_ADAPTER_NAME_MAX + 1]; /* of those from outside */
	size_t n;
};

/* The built-in adapters' sections, then those of the list. With `load` they are loaded into the registry and their keys are
 * known; without it, or if they cannot be, whatever stands in their sections passes. Faults go to `errs`. */
void hg_site_sections(
	struct hg_site *, bool load, struct hg_site_sections *ret, struct hg_errs *errs);
