/* SPDX-License-Identifier: Apache-2.0 */
/* Views as applications read them: members of a JSON object. */
#pragma once

#include <heliograph/adapter.h>

#include <jansson.h>

enum {
	HG_VIEW_PARTS = HG_CAT_COUNT
}; /* as many as there may be: HG_PART_WHOLE and each category */

/*
 * One part, without commas around it. HG_PART_WHOLE: "standing":"known","availability":6500,"band":"busy",... and if `notes` the text of the
 * note. A category: "state":[{"instance":1,"published":"...","payload":"<state ...>"}], the newest last.
 */
void hg_view_json(const struct hg_view *, bool notes, struct hg_buf *);

/* Names with commas, "all", or NULL for none: to `ret`, behind HG_PART_WHOLE. 0: one is no category, *ret_wrong is which. */
size_t hg_view_parts(const char *names, hg_part ret[HG_VIEW_PARTS], struct hg_str *ret_wrong);
