/* SPDX-License-Identifier: Apache-2.0 */
/* Free text on its way from one network to another. */
#pragma once

#include <heliograph/base.h>

/* `text` without what XML 1.0 cannot carry (2.2 Char) and without broken UTF-8, blanks off both
 * ends, at most HG_NOTE_MAX octets and no half character. NULL if nothing is left; else one
 * reference. */
struct hg_bytes *hg_text_clean(struct hg_str text);

#define HG_TEXT_MARK ((struct hg_str){ "{text}", 6 })
#define HG_NOTE_MARK ((struct hg_str){ "{note}", 6 })

/* `format` with both marks replaced; cleaned likewise. One that nothing stands for goes with the blank behind it. */
struct hg_bytes *hg_text_fill(struct hg_str format, struct hg_str text, struct hg_str note);
