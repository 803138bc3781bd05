/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/ctl/metrics.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS (HG_METRICS_SERIES * 2) /* a power of two */
#define UNKNOWN 9999                  /* rank of a family that is not in the table */

struct series {
	char text[HG_METRICS_TEXT + 1];
	uint8_t name;  /* length of the part that is the family's name */
	uint16_t rank; /* of the family in the table */
	bool shown;
	uint64_t value;
};

struct hg_metrics {
	pthread_mutex_t lock;
	size_t n;
	struct series series[HG_METRICS_SERIES];
	uint16_t slot[SLOTS]; /* index into series plus 1 */
};

/* ---- what a series is ---- */

static size_t word(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz_0123456789");

	return s[0] >= '0' && s[0] <= '9' ? 0 : n;
}

/* label="value"; the length, or 0. Values need no escapes: there are no quotes and backslashes in
 * them. */
static size_t label(const char *s)
{
	size_t n = word(s), value;

	if (!n || s[n] != '=' || s[n + 1] != '"')
		return 0;
	n += 2;
	value = strcspn(s + n, "\"\\");
	for (size_t i = 0; i < value; i++) {
		if (s[n + i] < ' ' || s[n + i] > '~')
			return 0;
	}
	return s[n + value] == '"' ? n + value + 1 : 0;
}

/* The length of the name in front of the labels; 0: no series. */
static size_t name_of(const char *text)
{
	size_t name = word(text), at = name, n;

	if (!name || strnlen(text, HG_METRICS_TEXT + 1) > HG_METRICS_TEXT)
		return 0;
	if (!text[at])
		return name;
	do {
		if (text[at] != (at == name ? '{' : ','))
			return 0;
		n = label(text + at + 1);
		at += 1 + n;
	} while (n && text[at] == ',');
	return n && strcmp(text + at, "}") == 0 ? name : 0;
}

static uint16_t rank_of(const char *text, size_t name)
{
	for (uint16_t i = 0; hg_metric_families[i].name; i++) {
		if (strlen(hg_metric_families[i].name) == name &&
			memcmp(hg_metric_families[i].name, text, name) == 0)
			return i;
	}
	return UNKNOWN;
}

/* ---- the registry; all of it under the lock ---- */

/* Where the series is, or would be. */
static uint16_t *slot_of(struct hg_metrics *m, const char *text)
{
	size_t i = hg_str_hash(hg_str(text)) & (SLOTS - 1);

	while (m->slot[i] && strcmp(m->series[m->slot[i] - 1].text, text) != 0)
		i = (i + 1) & (SLOTS - 1);
	return &m->slot[i];
}

static struct series *find(struct hg_metrics *m, const char *text)
{
	uint16_t *slot = slot_of(m, text);
	size_t name;
	struct series *s;

	if (*slot)
		return &m->series[*slot - 1];
	name = name_of(text);
	if (!name || m->n == HG_METRICS_SERIES)
		return NULL;
	s = &m->series[m->n++];
	strcpy(s->text, text);
	s->name = (uint8_t)name;
	s->rank = rank_of(text, name);
	*slot = (uint16_t)m->n;
	return s;
}

static void add(struct hg_metrics *m, const char *text, uint64_t by)
{
	struct series *s = find(m, text);

	if (!s) {
		s = find(m, "series_refused_total"); /* there from the beginning */
		by = 1;
	}
	s->value += by;
	s->shown = true;
}

struct hg_metrics *hg_metrics_new(void)
{
	struct hg_metrics *m = hg_alloc(sizeof(*m));

	pthread_mutex_init(&m->lock, NULL);
	for (const struct hg_metric *f = hg_metric_families; f->name; f++) {
		if (f->kind == HG_COUNTER && !f->labels[0])
			add(m, f->name, 0);
	}
	assert(m->n < HG_METRICS_SERIES);
	return m;
}

void hg_metrics_free(struct hg_metrics *m)
{
	if (!m)
		return;
	pthread_mutex_destroy(&m->lock);
	free(m);
}

void hg_metrics_count(struct hg_metrics *m, const char *series, uint64_t by)
{
	if (!by)
		return;
	pthread_mutex_lock(&m->lock);
	add(m, series, by);
	pthread_mutex_unlock(&m->lock);
}

void hg_metrics_set(struct hg_metrics *m, const char *series, uint64_t value)
{
	struct series *s;

	pthread_mutex_lock(&m->lock);
	s = find(m, series);
	if (s) {
		s->value = value;
		s->shown = true;
	} else {
		add(m, "series_refused_total", 1);
	}
	pthread_mutex_unlock(&m->lock);
}

uint64_t hg_metrics_value(struct hg_metrics *m, const char *series)
{
	uint64_t value;
	uint16_t slot;

	pthread_mutex_lock(&m->lock);
	slot = *slot_of(m, series);
	value = slot ? m->series[slot - 1].value : 0;
	pthread_mutex_unlock(&m->lock);
	return value;
}

/* ---- writing ---- */

static bool is_gauge(const struct series *s)
{
	return s->rank != UNKNOWN && hg_metric_families[s->rank].kind == HG_GAUGE;
}

/* What is to be shown, copied: making text of it needs memory, and the lack of that is counted. */
static size_t snapshot(struct hg_metrics *m, struct series *ret)
{
	size_t n = 0;

	pthread_mutex_lock(&m->lock);
	for (size_t i = 0; i < m->n; i++) {
		if (!m->series[i].shown)
			continue;
		ret[n++] = m->series[i];
		m->series[i].shown = !is_gauge(&m->series[i]);
	}
	pthread_mutex_unlock(&m->lock);
	return n;
}

static bool same_family(const struct series *a, const struct series *b)
{
	return a->name == b->name && memcmp(a->text, b->text, a->name) == 0;
}

/* By rank, and then so that a family's series stand together. */
static int order(const void *left, const void *right)
{
	const struct series *a = left, *b = right;
	int names;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	names = memcmp(a->text, b->text, a->name < b->name ? a->name : b->name);
	if (names || a->name != b->name)
		return names ? names : a->name - b->name;
	return strcmp(a->text, b->text);
}

static void write_family(const struct series *s, struct hg_buf *out)
{
	static const char *const kind[] = { [HG_COUNTER] = "counter", [HG_GAUGE] = "gauge" };
	const struct hg_metric *f = &hg_metric_families[s->rank];

	if (s->rank == UNKNOWN)
		hg_buf_addf(out, "# TYPE heliograph_%.*s untyped\n", s->name, s->text);
	else
		hg_buf_addf(out, "# HELP heliograph_%s %s\n# TYPE heliograph_%s %s\n", f->name,
			f->help, f->name, kind[f->kind]);
}

void hg_metrics_write(struct hg_metrics *m, struct hg_buf *out)
{
	struct series *all = hg_alloc(HG_METRICS_SERIES * sizeof(*all));
	size_t n = snapshot(m, all);

	qsort(all, n, sizeof(*all), order);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || !same_family(&all[i - 1], &all[i]))
			write_family(&all[i], out);
		hg_buf_addf(
			out, "heliograph_%s %llu\n", all[i].text, (unsigned long long)all[i].value);
	}
	free(all);
}
