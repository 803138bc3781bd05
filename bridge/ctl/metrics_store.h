/* SPDX-License-Identifier: Apache-2.0 */
/* A store in front of the store: counts commits and knows whether the last one failed. */
#pragma once

#include "bridge/ctl/metrics.h"
#include "bridge/store/store.h"

struct hg_metrics_store;

/* Both are borrowed. */
struct hg_metrics_store *hg_metrics_store_new(struct hg_store *behind, struct hg_metrics *);
struct hg_store *hg_metrics_store_door(struct hg_metrics_store *); /* for the core */
/* 0, or the negative errno of the last commit that was answered. A failing store is tried again
 * with every commit, so it counts as failing until one succeeds. */
int hg_metrics_store_failing(const struct hg_metrics_store *);
/* When the store behind it has answered everything. NULL is fine. */
void hg_metrics_store_free(struct hg_metrics_store *);
