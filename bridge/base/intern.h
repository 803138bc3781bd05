/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interned text: a small number instead of a string, so that the core compares and indexes by
 * number. Texts are never removed before the table is; whoever interns what peers send limits it by
 * hg_intern_count.
 */
#pragma once

#include <heliograph/base.h>

struct hg_intern;

struct hg_intern *hg_intern_new(void);
void hg_intern_free(struct hg_intern *); /* NULL is fine */

/* The number of a text, from 1 up without gaps in the order of arrival; the same text always has
 * the same. */
uint32_t hg_intern(struct hg_intern *, struct hg_str);
uint32_t hg_intern_find(const struct hg_intern *, struct hg_str); /* 0 if it was never interned */

/* NUL-terminated, valid and at the same place until hg_intern_free. HG_STR_NONE for 0 and numbers
 * not given out. */
struct hg_str hg_intern_text(const struct hg_intern *, uint32_t id);
size_t hg_intern_count(const struct hg_intern *);
