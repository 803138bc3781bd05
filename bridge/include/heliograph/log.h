/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log: one line an event, an event name that stays the same for ever, fields as key=value.
 * Never in a log: note texts, locations, subjects, document bodies, secrets.
 */
#pragma once

#include <heliograph/base.h>

enum hg_level { HG_ERROR, HG_WARN, HG_INFO, HG_DEBUG };

/* `event` is lower-case words with hyphens ("component-up"); `fmt` gives "key=value key=value".
 * Free text from a peer goes through hg_log_text first. */
void hg_log(enum hg_level, const char *event, const char *fmt, ...) HG_PRINTF(3, 4);
/* Peer text made safe for a log line: quoted, control characters escaped, cut at 120 octets.
 * Returns one of eight rotating static buffers. */
const char *hg_log_text(struct hg_str);
void hg_log_level(enum hg_level most); /* what is more detailed than this is not written */
bool hg_log_enabled(enum hg_level);
/* Where lines go; NULL restores standard error. For tests. */
void hg_log_sink(void (*sink)(void *arg, enum hg_level, const char *line), void *arg);
/* Is told of every event, also of those that are not written, on the thread that has it; must not
 * log. NULL ends it. */
void hg_log_counter(void (*count)(void *arg, enum hg_level, const char *event), void *arg);
