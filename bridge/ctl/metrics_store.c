/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/ctl/metrics_store.h"

#include <stdlib.h>

struct hg_metrics_store {
	struct hg_store door; /* first: the core's pointer is to this */
	struct hg_store *behind;
	struct hg_metrics *metrics;
	int last;
};

struct pending {
	struct hg_metrics_store *s;
	void (*done)(void *arg, int rc);
	void *arg;
};

static void answered(void *arg, int rc)
{
	struct pending p = *(struct pending *)arg;

	free(arg);
	p.s->last = rc;
	hg_metrics_count(p.s->metrics,
		rc < 0 ? "store_commits_total{result=\"failed\"}"
		       : "store_commits_total{result=\"ok\"}",
		1);
	p.done(p.arg, rc);
}

static void commit(struct hg_store *door, const struct hg_fact *fact, size_t n,
	void (*done)(void *arg, int rc), void *arg)
{
	struct hg_metrics_store *s = (struct hg_metrics_store *)door;
	struct pending *p = hg_alloc(sizeof(*p));

	*p = (struct pending){ s, done, arg };
	s->behind->ops->commit(s->behind, fact, n, answered, p);
}

struct hg_metrics_store *hg_metrics_store_new(struct hg_store *behind, struct hg_metrics *metrics)
{
	static const struct hg_store_ops ops = { commit };
	struct hg_metrics_store *s = hg_alloc(sizeof(*s));

	s->door.ops = &ops;
	s->behind = behind;
	s->metrics = metrics;
	return s;
}

struct hg_store *hg_metrics_store_door(struct hg_metrics_store *s)
{
	return &s->door;
}

int hg_metrics_store_failing(const struct hg_metrics_store *s)
{
	return s->last;
}

void hg_metrics_store_free(struct hg_metrics_store *s)
{
	free(s);
}
