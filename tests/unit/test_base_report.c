/* SPDX-License-Identifier: Apache-2.0 */
/* bridge/base: time as text, errors for operators, log lines. */
#include "tests/support/support.h"

#include <heliograph/err.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void utc_is_written(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ 1795290174123, "2026-11-21T19:42:54.123Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" },
		{ 4107542400000, "2100-03-01T00:00:00.000Z" },
		{ 253402300799999, "9999-12-31T23:59:59.999Z" },
		{ 253402300800000, "9999-12-31T23:59:59.999Z" },
		{ INT64_MAX, "9999-12-31T23:59:59.999Z" },
		{ -62167219200000, "0000-01-01T00:00:00.000Z" },
		{ INT64_MIN, "0000-01-01T00:00:00.000Z" },
	};
	char text[HG_UTC_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		hg_utc_write(cases[i].ms, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void utc_is_read(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:00", 0 },
		{ " 1970-01-01T00:00:00Z\n", 0 },
		{ "2026-11-21T19:42:54.123Z", 1795290174123 },
		{ "2026-11-21T19:42:54.1239999", 1795290174123 },
		{ "2026-11-21T19:42:54.1Z", 1795290174100 },
		{ "2026-11-21T19:42:54.05Z", 1795290174050 },
		{ "2026-11-22T01:12:54+05:30", 1795290174000 },
		{ "2026-11-21T14:42:54-05:00", 1795290174000 },
		{ "2016-12-31T23:59:60Z", 1483228800000 },
		{ "2016-12-31T24:00:00Z", 1483228800000 },
		{ "2000-02-29T00:00:00Z", 951782400000 },
	};
	static const char *const bad[] = { "", "now", "2026-11-21", "2026-11-21T",
		"2026-11-21T19:42Z", "2026-11-21T19:42:54.Z", "2026-11-21T19:42:54 Z",
		"2026-11-21T19:42:54Zx", "2026-11-21 19:42:54Z", "2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-00T00:00:00Z",
		"2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-01-01T24:00:01Z",
		"2026-01-01T25:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
		"2026-01-01T00:00:00+0530", "2026-01-01T00:00:00+15:00",
		"2026-01-01T00:00:00+14:01", "2026-01-01T00:00:00+01:60", "+026-01-01T00:00:00Z",
		"12026-01-01T00:00:00Z", "-2026-01-01T00:00:00Z", "2026-1-1T00:00:00Z",
		"20261121T19:42:54" };
	int64_t ms = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!hg_utc_read(hg_str(cases[i].text), &ms) || ms != cases[i].ms)
			fail_msg("%s: %lld", cases[i].text, (long long)ms);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (hg_utc_read(hg_str(bad[i]), &ms))
			fail_msg("accepted: %s", bad[i]);
	}
}

/* Against the C library's calendar, every 11 days and some over all the years there are. */
static void utc_agrees_with_the_c_library(void **state)
{
	char text[HG_UTC_TEXT], expected[64];
	size_t compared = 0;

	for (int64_t ms = -62167219200000; ms <= 253402300799999; ms += 987654321) {
		time_t seconds = (time_t)((ms - (ms % 1000 + 1000) % 1000) / 1000);
		struct tm tm;
		int64_t back;

		gmtime_r(&seconds, &tm);
		snprintf(expected, sizeof(expected), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
			tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			tm.tm_sec, (int)((ms % 1000 + 1000) % 1000));
		hg_utc_write(ms, text);
		assert_string_equal(text, expected);
		assert_true(hg_utc_read(hg_str(text), &back));
		assert_true(back == ms);
		compared++;
	}
	assert_true(compared > 300000);
}

static void err_says_where_what_and_hint(void **state)
{
	struct hg_err err = { 0 };
	struct hg_buf b = { 0 };

	assert_int_equal(hg_err_set(&err, -EINVAL, "a.yaml:12", "did you mean 'listen'?",
				 "unknown key '%s'", "lsiten"),
		-EINVAL);
	hg_err_write(&err, &b);
	assert_str(hg_buf_str(&b), "a.yaml:12: unknown key 'lsiten' (did you mean 'listen'?)");

	/* wrapping itself */
	hg_err_set(&err, -EIO, err.where, NULL, "cannot start: %s", err.what);
	hg_buf_reset(&b);
	hg_err_write(&err, &b);
	assert_str(hg_buf_str(&b), "a.yaml:12: cannot start: unknown key 'lsiten'");

	hg_err_set(&err, -EIO, NULL, NULL, "no");
	hg_buf_reset(&b);
	hg_err_write(&err, &b);
	assert_str(hg_buf_str(&b), "no");
	assert_int_equal(hg_err_set(NULL, -EIO, NULL, NULL, "nobody asks"), -EIO);
	hg_buf_done(&b);
}

static void err_is_cut_between_characters(void **state)
{
	struct hg_err err = { 0 };
	char text[1000];

	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	hg_err_set(&err, 0, text, text, "x%s", text);
	assert_int_equal(strlen(err.where), sizeof(err.where) - 2);
	assert_int_equal(strlen(err.hint), sizeof(err.hint) - 2);
	assert_int_equal(strlen(err.what), sizeof(err.what) - 1);
	assert_true(hg_utf8_valid(hg_str(err.where)));
	assert_true(hg_utf8_valid(hg_str(err.what)));
}

static void errs_are_bounded(void **state)
{
	struct hg_errs errs = { 0 };

	for (int i = 0; i < 1000; i++) {
		struct hg_err *err = hg_errs_add(&errs);
		assert_non_null(err);
		assert_string_equal(err->what, "");
		assert_string_equal(err->where, "");
		hg_err_set(err, 0, "x", NULL, "%d", i);
	}
	assert_int_equal(errs.n + errs.dropped, 1000);
	assert_int_equal(errs.n, 200);
	assert_string_equal(errs.e[0].what, "0");
	assert_string_equal(errs.e[errs.n - 1].what, "199");
	hg_errs_done(&errs);
	assert_null(errs.e);
	hg_errs_done(&errs);
}

static void log_has_one_line_an_event(void **state)
{
	test_log_start();
	hg_log(HG_INFO, "component-up", "domain=%s", "corp.example");
	hg_log(HG_WARN, "nothing-more", "");
	hg_log(HG_ERROR, "two-lines", "text=%s", "a\nb\x1b[31m");
	errno = ENOENT;
	hg_log(HG_DEBUG, "errno", "why=%m");
	assert_int_equal(errno, ENOENT);
	assert_str(test_log_lines(),
		"info component-up domain=corp.example\n"
		"warn nothing-more\n"
		"error two-lines text=a?b?[31m\n"
		"debug errno why=No such file or directory\n");
	assert_true(test_log_has("component-up"));
	assert_false(test_log_has("component-down"));
	test_log_stop();
}

static void log_keeps_to_its_level(void **state)
{
	test_log_start();
	hg_log_level(HG_WARN);
	assert_true(hg_log_enabled(HG_ERROR));
	assert_true(hg_log_enabled(HG_WARN));
	assert_false(hg_log_enabled(HG_INFO));
	hg_log(HG_INFO, "quiet", "");
	hg_log(HG_ERROR, "loud", "");
	assert_str(test_log_lines(), "error loud\n");
	test_log_stop();
	assert_true(hg_log_enabled(HG_INFO));
	assert_false(hg_log_enabled(HG_DEBUG));
}

static void log_line_is_bounded(void **state)
{
	char text[9001];

	memset(text, 'x', 9000);
	text[9000] = '\0';
	test_log_start();
	for (size_t pad = 0; pad < 4; pad++) {
		memcpy(text + 1990, "\xf0\x9f\x94\xa6\xf0\x9f\x94\xa6\xf0\x9f\x94\xa6", 12);
		hg_log(HG_INFO, "long", "%.*s%s", (int)pad, "....", text);
	}
	hg_log(HG_INFO, text, "more=%d", 1);
	assert_true(hg_utf8_valid(test_log_lines()));
	struct hg_str rest = test_log_lines(), line;
	size_t lines = 0;
	while (hg_str_token(&rest, '\n', &line)) {
		assert_in_range(line.n, 1000, 2047);
		lines++;
	}
	assert_int_equal(lines, 5);
	test_log_stop();
}

/* The line as an operator sees it, with its time. */
static void log_goes_to_standard_error(void **state)
{
	int pipe_fd[2], saved = dup(STDERR_FILENO);
	char text[512];
	int64_t ms;

	assert_int_equal(pipe(pipe_fd), 0);
	dup2(pipe_fd[1], STDERR_FILENO);
	hg_log(HG_INFO, "component-up", "domain=%s", "corp.example");
	hg_log(HG_DEBUG, "unseen", "");
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(pipe_fd[1]);
	ssize_t n = read(pipe_fd[0], text, sizeof(text) - 1);
	close(pipe_fd[0]);
	assert_in_range(n, 30, 200);
	text[n] = '\0';
	assert_true(hg_utc_read((struct hg_str){ text, 24 }, &ms));
	assert_true(llabs(ms - (int64_t)time(NULL) * 1000) < 60000);
	assert_string_equal(text + 24, " info component-up domain=corp.example\n");
}

static void log_text_is_harmless(void **state)
{
	char large[200];

	assert_string_equal(hg_log_text(HG_STR_NONE), "\"\"");
	assert_string_equal(hg_log_text(HG_STR("romeo@xmpp.example")), "\"romeo@xmpp.example\"");
	assert_string_equal(
		hg_log_text(HG_STR("a\"b\\c\n\0\x1b\x7f")), "\"a\\\"b\\\\c\\x0a\\x00\\x1b\\x7f\"");
	assert_string_equal(
		hg_log_text(HG_STR("\xc3\xa9\xff\xe6\xbc")), "\"\xc3\xa9\\xff\\xe6\\xbc\"");
	/* next line, right-to-left override, line separator */
	assert_string_equal(hg_log_text(HG_STR("\xc2\x85\xe2\x80\xae\xe2\x80\xa8")),
		"\"\\u0085\\u202e\\u2028\"");

	memset(large, '\1', sizeof(large));
	const char *text = hg_log_text((struct hg_str){ large, sizeof(large) });
	assert_int_equal(strlen(text), 1 + 120 * 4 + 4);
	assert_string_equal(text + strlen(text) - 4, "\"...");
	/* in C1 controls an octet becomes three, in invalid ones four: both fit */
	for (size_t i = 0; i < sizeof(large); i += 2)
		memcpy(large + i, "\xc2\x85", 2);
	assert_int_equal(strlen(hg_log_text((struct hg_str){ large, 120 })), 2 + 60 * 6);
}

static void log_texts_live_eight_calls(void **state)
{
	const char *first = hg_log_text(HG_STR("first"));

	for (int i = 0; i < 7; i++)
		hg_log_text(HG_STR("other"));
	assert_string_equal(first, "\"first\"");
	hg_log_text(HG_STR("ninth"));
	assert_string_equal(first, "\"ninth\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utc_is_written),
		cmocka_unit_test(utc_is_read),
		cmocka_unit_test(utc_agrees_with_the_c_library),
		cmocka_unit_test(err_says_where_what_and_hint),
		cmocka_unit_test(err_is_cut_between_characters),
		cmocka_unit_test(errs_are_bounded),
		cmocka_unit_test(log_has_one_line_an_event),
		cmocka_unit_test(log_keeps_to_its_level),
		cmocka_unit_test(log_line_is_bounded),
		cmocka_unit_test(log_goes_to_standard_error),
		cmocka_unit_test(log_text_is_harmless),
		cmocka_unit_test(log_texts_live_eight_calls),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
