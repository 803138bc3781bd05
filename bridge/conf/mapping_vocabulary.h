/* SPDX-License-Identifier: Apache-2.0 */
/* Vocabularies that a table's file declares itself. Private to this folder. */
#pragma once

#include "bridge/conf/tree.h"
#include "bridge/mapping/table.h"

extern const struct hg_key vocabulary_key; /* of a table's file */

/* The file's own; NULL: it names one of an adapter, or faults were listed. */
struct hg_vocabulary *vocabulary_read(struct hg_conf *root, struct hg_errs *);
void vocabulary_free(struct hg_vocabulary *);
