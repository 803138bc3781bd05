/* SPDX-License-Identifier: Apache-2.0 */
/* Windows language numbers ([MS-LCID]) and language tags (RFC 5646): Lync says one, everybody else the other. */
#pragma once

#include <heliograph/base.h>

enum { HG_LCID_ENGLISH = 1033 }; /* of words whose language is not said, or has no number */

/* "en-US" for 1033; NULL for a number that we do not know. */
const char *hg_lcid_lang(uint32_t lcid);
/* The number of a tag: of exactly this one, else of the language's usual country; 0 for one that we do not know. */
uint32_t hg_lcid_of(struct hg_str lang);
