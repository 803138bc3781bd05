/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/support.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct hg_buf log_lines;

void test_assert_str(struct hg_str actual, const char *expected, const char *file, int line)
{
	if (hg_str_is(actual, expected))
		return;
	print_error("\"%.*s\"\n!= \"%s\"\n", HG_STR_ARG(actual), expected);
	_fail(file, line);
}

void test_read_file(const char *path, struct hg_buf *ret_content)
{
	char whole[4096], part[4096];
	size_t n;

	snprintf(whole, sizeof(whole), "%s/%s", HG_SOURCE_DIR, path);
	FILE *f = fopen(whole, "rb");
	if (!f)
		fail_msg("%s: %s", whole, strerror(errno));
	hg_buf_reset(ret_content);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		hg_buf_add(ret_content, (struct hg_str){ part, n });
	assert_false(ferror(f));
	fclose(f);
}

static void collect(void *arg, enum hg_level level, const char *line)
{
	const char *rest = strchr(line, ' ');

	hg_buf_addf(&log_lines, "%s\n", rest ? rest + 1 : line);
}

void test_log_start(void)
{
	hg_buf_reset(&log_lines);
	hg_log_level(HG_DEBUG);
	hg_log_sink(collect, NULL);
}

struct hg_str test_log_lines(void)
{
	return hg_buf_str(&log_lines);
}

bool test_log_has(const char *part)
{
	return log_lines.n && strstr(log_lines.p, part);
}

void test_log_stop(void)
{
	hg_log_sink(NULL, NULL);
	hg_log_level(HG_INFO);
	hg_buf_done(&log_lines);
}
