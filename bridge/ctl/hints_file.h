/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file with the hints for the next start (hg_core_restore): beside the store, a database of its own that may be lost
 * whole. It is touched while the daemon lives, so that the next start knows how old its word is, and removed when the
 * daemon ends in good order, since then everybody was told that we go.
 */
#pragma once

#include "bridge/mirror/mirror.h"
#include "bridge/plugin/registry.h"

struct hg_hints_file;

/* NULL, and a line in the log: then nothing soft survives a restart. `store` is the path of the store. */
struct hg_hints_file *hg_hints_file_open(
	struct hg_loop *, const char *store, const struct hg_worker *, int64_t grace_ms);
struct hg_store *hg_hints_file_store(struct hg_hints_file *); /* NULL for NULL */
/* What the last run left, if it ended less than the grace time ago. */
void hg_hints_file_load(struct hg_hints_file *, struct hg_core *);
/* `remove`: the end is an orderly one. NULL is fine. */
void hg_hints_file_close(struct hg_hints_file *, bool remove);
