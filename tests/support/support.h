/* SPDX-License-Identifier: Apache-2.0 */
/* What every cmocka test wants: the headers in the order that cmocka needs, and a few assertions. */
#pragma once

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <heliograph/log.h>

/* Fails with both texts printed. */
#define assert_str(actual, cstr) test_assert_str((actual), (cstr), __FILE__, __LINE__)
void test_assert_str(struct hg_str actual, const char *expected, const char *file, int line);

/* A file of the source tree, e.g. "tests/golden/x.xml", whole; fails the test if it is not there. */
void test_read_file(const char *path, struct hg_buf *ret_content);

/* From here on log lines are collected instead of written, one a line with the time left out
 * ("warn sip-stalled peer=..."), at every level. A new start empties the collection. */
void test_log_start(void);
struct hg_str test_log_lines(void);
bool test_log_has(const char *part);
void test_log_stop(void); /* lines go to standard error again, level info */
