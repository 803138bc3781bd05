/* SPDX-License-Identifier: Apache-2.0 */
/* The registry of metrics, the table of what they mean, and the store that is watched. */
#include "bridge/ctl/metrics.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge/ctl/metrics_store.h"
#include "tests/support/support.h"

static bool written(struct hg_metrics *m, const char *part)
{
	struct hg_buf out = { 0 };
	bool there;

	hg_metrics_write(m, &out);
	there = strstr(out.p, part) != NULL;
	hg_buf_done(&out);
	return there;
}

static void test_counts(void **state)
{
	struct hg_metrics *m = hg_metrics_new();

	assert_true(written(m, "\nheliograph_sip_requests_total 0\n"));
	hg_metrics_count(m, "sip_requests_total", 2);
	hg_metrics_count(m, "sip_requests_total", 3);
	hg_metrics_count(m, "sip_refused_total{code=\"404\"}", 1);
	hg_metrics_count(m, "sip_refused_total{code=\"403\"}", 0);
	assert_int_equal(hg_metrics_value(m, "sip_requests_total"), 5);
	assert_true(written(m,
		"# TYPE heliograph_sip_requests_total counter\nheliograph_sip_requests_total 5\n"));
	assert_true(written(m, "counter\nheliograph_sip_refused_total{code=\"404\"} 1\n"));
	assert_false(written(m, "code=\"403\""));
	assert_int_equal(hg_metrics_value(m, "series_refused_total"), 0);
	hg_metrics_free(m);
}

/* One HELP and one TYPE a family, its series right behind them: Prometheus refuses the whole page otherwise. */
static void test_families_stand_together(void **state)
{
	struct hg_metrics *m = hg_metrics_new();

	hg_metrics_count(m, "sip_refused_total{code=\"404\"}", 1);
	hg_metrics_count(m, "xmpp_dropped_total{reason=\"bad-to\"}", 1);
	hg_metrics_count(m, "sip_refused_total{code=\"403\"}", 1);
	assert_true(written(m,
		"counter\nheliograph_sip_refused_total{code=\"403\"} 1\n"
		"heliograph_sip_refused_total{code=\"404\"} 1\n# HELP"));
	hg_metrics_free(m);
}

static void test_unknown_family(void **state)
{
	struct hg_metrics *m = hg_metrics_new();

	hg_metrics_count(m, "mqtt_sent_total", 7);
	hg_metrics_count(m, "mqtt_sent_total{qos=\"1\",kept=\"no\"}", 1);
	hg_metrics_count(m, "mqtt_sent", 1);
	assert_true(written(m,
		"# TYPE heliograph_mqtt_sent untyped\nheliograph_mqtt_sent 1\n"
		"# TYPE heliograph_mqtt_sent_total untyped\nheliograph_mqtt_sent_total 7\n"
		"heliograph_mqtt_sent_total{qos=\"1\",kept=\"no\"} 1\n"));
	hg_metrics_free(m);
}

static void test_gauges_are_set_each_time(void **state)
{
	struct hg_metrics *m = hg_metrics_new();

	assert_false(written(m, "heliograph_persons"));
	hg_metrics_set(m, "persons", 3);
	assert_true(written(m, "gauge\nheliograph_persons 3\n"));
	assert_false(written(m, "heliograph_persons"));
	hg_metrics_set(m, "persons", 0);
	assert_true(written(m, "heliograph_persons 0\n"));
	hg_metrics_set(m, "renders_total", 9);
	assert_true(written(m, "heliograph_renders_total 9\n"));
	assert_true(written(m, "heliograph_renders_total 9\n"));
	hg_metrics_free(m);
}

static void test_malformed(void **state)
{
	static const char *const bad[] = { "", "1x", "Upper", "a b", "a{", "a{}", "a{b}",
		"a{b=\"c}", "a{b=\"c\"", "a{b=\"c\"}x", "a{b=\"c\",}", "a{b=\"c\"d=\"e\"}",
		"a{b=\"\n\"}", "a{b=\"\\\"\"}", "a{b=\"\x80\"}", "a\n" };
	enum { NBAD = sizeof(bad) / sizeof(bad[0]) };
	struct hg_metrics *m = hg_metrics_new();
	char longest[HG_METRICS_TEXT + 2] = "";

	for (size_t i = 0; i < NBAD; i++)
		hg_metrics_count(m, bad[i], 1);
	hg_metrics_set(m, "{", 1);
	assert_int_equal(hg_metrics_value(m, "series_refused_total"), NBAD + 1);

	memset(longest, 'a', HG_METRICS_TEXT);
	hg_metrics_count(m, longest, 1);
	assert_int_equal(hg_metrics_value(m, longest), 1);
	longest[HG_METRICS_TEXT] = 'a';
	hg_metrics_count(m, longest, 1);
	assert_int_equal(hg_metrics_value(m, "series_refused_total"), NBAD + 2);
	hg_metrics_free(m);
}

static void test_bounded(void **state)
{
	struct hg_metrics *m = hg_metrics_new();
	char series[40];

	for (int i = 0; i < HG_METRICS_SERIES * 2; i++) {
		snprintf(series, sizeof(series), "sip_refused_total{code=\"%d\"}", i);
		hg_metrics_count(m, series, 1);
	}
	assert_true(hg_metrics_value(m, "series_refused_total") > HG_METRICS_SERIES);
	hg_metrics_count(m, "sip_requests_total", 1); /* those that are there go on */
	assert_int_equal(hg_metrics_value(m, "sip_requests_total"), 1);
	assert_true(written(m, "heliograph_sip_refused_total{code=\"0\"} 1\n"));
	hg_metrics_free(m);
}

enum { THREADS = 4, ROUNDS = 5000 };

static void *count_much(void *arg)
{
	for (int i = 0; i < ROUNDS; i++)
		hg_metrics_count(arg,
			i % 2 ? "sip_requests_total"
			      : "log_events_total{event=\"a\",level=\"info\"}",
			1);
	return NULL;
}

static void test_threads(void **state)
{
	struct hg_metrics *m = hg_metrics_new();
	pthread_t thread[THREADS];

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, count_much, m), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(hg_metrics_value(m, "sip_requests_total"), THREADS * ROUNDS / 2);
	assert_int_equal(hg_metrics_value(m, "log_events_total{event=\"a\",level=\"info\"}"),
		THREADS * ROUNDS / 2);
	hg_metrics_free(m);
}

/* What promtool would find fault with. */
static void test_table(void **state)
{
	for (const struct hg_metric *f = hg_metric_families; f->name; f++) {
		size_t n = strlen(f->name);
		bool total = n > 6 && strcmp(f->name + n - 6, "_total") == 0;

		assert_int_equal(strspn(f->name, "abcdefghijklmnopqrstuvwxyz_"), n);
		assert_int_equal(total, f->kind == HG_COUNTER);
		assert_true(f->help[0] && f->help[strlen(f->help) - 1] == '.');
		assert_null(strpbrk(f->help, "\"\\\n"));
		for (const struct hg_metric *g = hg_metric_families; g < f; g++)
			assert_string_not_equal(f->name, g->name);
	}
}

/* ---- log events ---- */

static void count_event(void *arg, enum hg_level level, const char *event)
{
	hg_buf_addf(arg, "%d %s\n", level, event);
}

static void test_log_counter(void **state)
{
	struct hg_buf seen = { 0 };

	test_log_start();
	hg_log_level(HG_WARN);
	hg_log_counter(count_event, &seen);
	hg_log(HG_WARN, "one", "a=b");
	hg_log(HG_DEBUG, "two", "a=b");
	hg_log_counter(NULL, NULL);
	hg_log(HG_WARN, "three", "a=b");
	assert_str(hg_buf_str(&seen), "1 one\n3 two\n"); /* also what is not written */
	assert_str(test_log_lines(), "warn one a=b\nwarn three a=b\n");
	test_log_stop();
	hg_buf_done(&seen);
}

/* ---- the store that is watched ---- */

struct fake_store {
	struct hg_store door;
	int rc;
	void (*done)(void *arg, int rc);
	void *arg;
	size_t facts;
};

static void fake_commit(struct hg_store *s, const struct hg_fact *fact, size_t n,
	void (*done)(void *arg, int rc), void *arg)
{
	struct fake_store *f = (struct fake_store *)s;

	f->done = done;
	f->arg = arg;
	f->facts = n;
}

static void keep_rc(void *arg, int rc)
{
	*(int *)arg = rc;
}

static int commit_with(struct hg_metrics_store *s, struct fake_store *behind, int rc)
{
	struct hg_store *door = hg_metrics_store_door(s);
	struct hg_fact fact[2] = { { .kind = HG_FACT_USER }, { .kind = HG_FACT_USER } };
	int got = 1;

	door->ops->commit(door, fact, 2, keep_rc, &got);
	assert_int_equal(got, 1);
	assert_int_equal(behind->facts, 2);
	behind->done(behind->arg, rc);
	return got;
}

static void test_store(void **state)
{
	static const struct hg_store_ops ops = { fake_commit };
	struct fake_store behind = { .door = { &ops } };
	struct hg_metrics *m = hg_metrics_new();
	struct hg_metrics_store *s = hg_metrics_store_new(&behind.door, m);

	assert_int_equal(hg_metrics_store_failing(s), 0);
	assert_int_equal(commit_with(s, &behind, 0), 0);
	assert_int_equal(commit_with(s, &behind, -ENOSPC), -ENOSPC);
	assert_int_equal(hg_metrics_store_failing(s), -ENOSPC);
	assert_int_equal(commit_with(s, &behind, 0), 0);
	assert_int_equal(hg_metrics_store_failing(s), 0);
	assert_int_equal(hg_metrics_value(m, "store_commits_total{result=\"ok\"}"), 2);
	assert_int_equal(hg_metrics_value(m, "store_commits_total{result=\"failed\"}"), 1);
	hg_metrics_store_free(s);
	hg_metrics_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_families_stand_together),
		cmocka_unit_test(test_unknown_family),
		cmocka_unit_test(test_gauges_are_set_each_time),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_log_counter),
		cmocka_unit_test(test_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
