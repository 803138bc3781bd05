/* SPDX-License-Identifier: Apache-2.0 */
/* What the writers share; private to this folder. */
#pragma once

#include <heliograph/base.h>

/* ` name="text"`, the text escaped. */
void hg_write_attr(struct hg_buf *, const char *name, struct hg_str text);
/* ` name="sip:user@domain"`, whether or not `uri` has its scheme. */
void hg_write_sip_attr(struct hg_buf *, const char *name, struct hg_str uri);
/* ` name="2026-11-21T19:42:54.123Z"`; nothing when `utc_ms` is 0. */
void hg_write_time_attr(struct hg_buf *, const char *name, int64_t utc_ms);
/* ` name="4294967295"` */
void hg_write_number_attr(struct hg_buf *, const char *name, uint32_t number);
