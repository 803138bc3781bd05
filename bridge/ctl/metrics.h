/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Metrics in the sense of Prometheus: a family has a name, a kind and a meaning
 * (metrics_families.c, which is also what the manual page lists), a series is a family with a value
 * for each of its labels. Names are given without their common prefix, `heliograph_`, which is put
 * in front when they are written.
 *
 * No label ever names a person, an address or a call.
 *
 * Counting allocates nothing and may be done on any thread: lines of the log are counted too, those
 * of the store's thread and the one that tells of lack of memory among them.
 */
#pragma once

#include <heliograph/base.h>

enum hg_metric_kind { HG_COUNTER, HG_GAUGE };

struct hg_metric {
	const char *name;
	enum hg_metric_kind kind;
	const char *labels; /* "code", "event, level"; "" none */
	const char *help;   /* one sentence; no quotes, no backslash */
};

extern const struct hg_metric hg_metric_families[]; /* ends with name NULL */

#define HG_METRICS_SERIES 512
#define HG_METRICS_TEXT 120 /* octets of one series' name with its labels */

struct hg_metrics;

/* Counters without labels begin to be there with 0. */
struct hg_metrics *hg_metrics_new(void);
void hg_metrics_free(struct hg_metrics *); /* NULL is fine */

/*
 * `series` is "name_total" or "name_total{label=\"value\"}", from code and not from peers. One that
 * is no such thing, and new ones when there are HG_METRICS_SERIES, are counted as
 * series_refused_total.
 */
void hg_metrics_count(struct hg_metrics *, const char *series, uint64_t by);
/* For what is counted elsewhere, and for gauges: the value it has now. A gauge is written once,
 * then it must be set again: what does not exist any more is not shown as it was. */
void hg_metrics_set(struct hg_metrics *, const char *series, uint64_t value);
/* In the text format, version 0.0.4: families in the order of the table, then those that only an
 * adapter knows. */
void hg_metrics_write(struct hg_metrics *, struct hg_buf *out);
/* The number behind one series; 0 if there is none. */
uint64_t hg_metrics_value(struct hg_metrics *, const char *series);
