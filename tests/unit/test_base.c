/* SPDX-License-Identifier: Apache-2.0 */
/* bridge/base: borrowed text, memory, bytes, buffers, time. The rest: test_base_*.c. */
#include "tests/support/support.h"

#include "bridge/base/utf8.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void str_compares(void **state)
{
	struct hg_str none = HG_STR_NONE, empty = HG_STR("");

	assert_true(hg_str_eq(none, empty));
	assert_true(hg_str_is(none, NULL));
	assert_true(hg_str_is(none, ""));
	assert_true(hg_str_eq(HG_STR("a\0b"), HG_STR("a\0b")));
	assert_false(hg_str_eq(HG_STR("a\0b"), HG_STR("a\0c")));
	assert_false(hg_str_eq(HG_STR("ab"), HG_STR("a")));
	assert_true(hg_str_ieq(HG_STR("BENOTIFY"), HG_STR("beNotify")));
	/* '@' and '`', '[' and '{' differ by the case bit alone, but are no letters */
	assert_false(hg_str_ieq(HG_STR("@["), HG_STR("`{")));
	assert_false(hg_str_ieq(HG_STR("\xc3\x84"), HG_STR("\xc3\xa4")));
	assert_false(hg_str_ieq(HG_STR("ab"), HG_STR("abc")));
	assert_true(hg_str_starts(HG_STR("sip:a"), HG_STR("sip:")));
	assert_true(hg_str_starts(none, none));
	assert_false(hg_str_starts(HG_STR("si"), HG_STR("sip:")));
	assert_false(hg_str_starts(HG_STR("SIP:a"), HG_STR("sip:")));
	assert_true(hg_str_istarts(HG_STR("SIP:a"), HG_STR("sip:")));
	assert_false(hg_str_istarts(HG_STR("SI"), HG_STR("sip:")));
}

static void str_trims_and_splits(void **state)
{
	struct hg_str rest = HG_STR(" a;b ;; c d\t;"), token;

	assert_str(hg_str_trim(HG_STR("\r\n \t x y \t\n")), "x y");
	assert_str(hg_str_trim(HG_STR(" \t")), "");
	assert_str(hg_str_trim(HG_STR_NONE), "");

	assert_true(hg_str_token(&rest, ';', &token));
	assert_str(token, "a");
	assert_true(hg_str_token(&rest, ';', &token));
	assert_str(token, "b");
	assert_true(hg_str_token(&rest, ';', &token));
	assert_str(token, "");
	assert_true(hg_str_token(&rest, ';', &token));
	assert_str(token, "c d");
	assert_false(hg_str_token(&rest, ';', &token));
	rest = HG_STR_NONE;
	assert_false(hg_str_token(&rest, ';', &token));
}

static void str_reads_u32(void **state)
{
	static const char *const bad[] = { "", " 1", "1 ", "+1", "-1", "4294967296", "0x10", "1e3",
		"99999999999999999999999", "1a" };
	uint32_t v;

	assert_true(hg_str_u32(HG_STR("0"), &v));
	assert_int_equal(v, 0);
	assert_true(hg_str_u32(HG_STR("4294967295"), &v));
	assert_int_equal(v, UINT32_MAX);
	assert_true(hg_str_u32(HG_STR("0000000000000007"), &v));
	assert_int_equal(v, 7);
	v = 42;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(hg_str_u32(hg_str(bad[i]), &v));
	assert_int_equal(v, 42);
}

static void str_reads_i64(void **state)
{
	static const char *const bad[] = { "", "-", "+", "--1", "9223372036854775808",
		"-9223372036854775809", "18446744073709551616", "1.0", " 1" };
	int64_t v = 0;

	assert_true(hg_str_i64(HG_STR("9223372036854775807"), &v));
	assert_true(v == INT64_MAX);
	assert_true(hg_str_i64(HG_STR("-9223372036854775808"), &v));
	assert_true(v == INT64_MIN);
	assert_true(hg_str_i64(HG_STR("+5"), &v));
	assert_int_equal(v, 5);
	assert_true(hg_str_i64(HG_STR("-0"), &v));
	assert_int_equal(v, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(hg_str_i64(hg_str(bad[i]), &v));
}

static void str_hashes(void **state)
{
	char text[] = "abcdefghijklmnopqrstuvwxyz";
	uint64_t seen[sizeof(text)];

	/* every length around the word size, every one different, none dependent on what follows */
	for (size_t n = 0; n < sizeof(text); n++) {
		seen[n] = hg_str_hash((struct hg_str){ text, n });
		for (size_t i = 0; i < n; i++)
			assert_true(seen[i] != seen[n]);
	}
	text[20] = '!';
	assert_true(hg_str_hash((struct hg_str){ text, 20 }) == seen[20]);
	assert_true(hg_str_hash((struct hg_str){ text, 21 }) != seen[21]);
	assert_true(hg_str_hash(HG_STR_NONE) == seen[0]);
	/* NUL octets count */
	assert_true(hg_str_hash(HG_STR("\0")) != hg_str_hash(HG_STR("\0\0")));
}

static void str_dup_copies(void **state)
{
	char *copy = hg_str_dup((struct hg_str){ "abc", 2 });

	assert_string_equal(copy, "ab");
	free(copy);
	copy = hg_str_dup(HG_STR_NONE);
	assert_string_equal(copy, "");
	free(copy);
}

static void utf8_is_judged(void **state)
{
	static const struct {
		struct hg_str text;
		bool valid;
	} cases[] = {
		{ HG_STR_NONE, true },
		{ HG_STR("a\0b"), true },
		{ HG_STR("\x7f\xc2\x80\xdf\xbf"), true },
		{ HG_STR("\xe0\xa0\x80\xef\xbf\xbf"), true },
		{ HG_STR("\xed\x9f\xbf\xee\x80\x80"), true },
		{ HG_STR("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), true },
		{ HG_STR("\x80"), false },             /* no lead */
		{ HG_STR("\xc0\x80"), false },         /* overlong NUL */
		{ HG_STR("\xc1\xbf"), false },         /* overlong */
		{ HG_STR("\xe0\x9f\xbf"), false },     /* overlong */
		{ HG_STR("\xf0\x8f\xbf\xbf"), false }, /* overlong */
		{ HG_STR("\xed\xa0\x80"), false },     /* surrogate */
		{ HG_STR("\xed\xbf\xbf"), false },     /* surrogate */
		{ HG_STR("\xf4\x90\x80\x80"), false }, /* beyond U+10FFFF */
		{ HG_STR("\xf5\x80\x80\x80"), false },
		{ HG_STR("\xff"), false },
		{ HG_STR("\xc2"), false }, /* ends early */
		{ HG_STR("\xe6\xbc"), false },
		{ HG_STR("\xf0\x90\x80"), false },
		{ HG_STR("\xe6\xbc"
			 "a"),
			false },
		{ HG_STR("\xc3\xa9\xc3"), false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (hg_utf8_valid(cases[i].text) != cases[i].valid)
			fail_msg("case %zu", i);
	}
}

static void utf8_is_cut_between_characters(void **state)
{
	struct hg_str text = HG_STR("a\xe6\xbc\xa2\xc3\xa9");

	assert_int_equal(hg_utf8_cut(text, 100).n, 6);
	assert_int_equal(hg_utf8_cut(text, 6).n, 6);
	assert_int_equal(hg_utf8_cut(text, 5).n, 4);
	assert_int_equal(hg_utf8_cut(text, 4).n, 4);
	assert_int_equal(hg_utf8_cut(text, 3).n, 1);
	assert_int_equal(hg_utf8_cut(text, 2).n, 1);
	assert_int_equal(hg_utf8_cut(text, 0).n, 0);
	/* what is no UTF-8 is not eaten up to the front */
	assert_int_equal(hg_utf8_cut(HG_STR("\x80\x80\x80\x80\x80\x80\x80\x80"), 7).n, 4);
}

static void grow_keeps_and_zeroes(void **state)
{
	struct {
		char pad[24];
	} *wide = NULL;
	uint32_t *a = NULL;
	size_t cap = 0, wide_cap = 0;

	for (uint32_t i = 0; i < 1000; i++) {
		hg_grow(&a, &cap, i, sizeof(*a));
		assert_true(cap > i);
		assert_int_equal(a[i], 0);
		a[i] = i;
	}
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(a[i], i);
	hg_grow(&wide, &wide_cap, 100, sizeof(*wide));
	assert_true(wide_cap > 100);
	assert_int_equal(wide[100].pad[23], 0);
	free(a);
	free(wide);
}

/* Runs `what` in a child, whose standard error comes back; fails unless it aborted. */
static void assert_aborts(void (*what)(void), char *ret_text, size_t size)
{
	int pipe_fd[2], status;
	size_t n = 0;
	ssize_t got;

	assert_int_equal(pipe(pipe_fd), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		signal(SIGABRT, SIG_DFL);
		dup2(pipe_fd[1], STDERR_FILENO);
		what();
		_exit(0);
	}
	close(pipe_fd[1]);
	while (n < size - 1 && (got = read(pipe_fd[0], ret_text + n, size - 1 - n)) > 0)
		n += (size_t)got;
	ret_text[n] = '\0';
	close(pipe_fd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void grow_beyond_everything(void)
{
	size_t cap = 0;
	char *a = NULL;

	hg_grow(&a, &cap, SIZE_MAX / 2, 16);
}

static void out_of_memory_ends_the_process(void **state)
{
	char text[4096];

	assert_aborts(grow_beyond_everything, text, sizeof(text));
	assert_non_null(strstr(text, "Z error out-of-memory wanted="));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

static void bytes_are_counted(void **state)
{
	struct hg_bytes *a = hg_bytes_new(HG_STR("one\0two"));
	struct hg_bytes *b = hg_bytes_new(HG_STR("one\0two"));
	struct hg_bytes *c = hg_bytes_new(HG_STR("one\0twO"));
	struct hg_bytes *empty = hg_bytes_new(HG_STR_NONE);

	assert_int_equal(a->refs, 1);
	assert_int_equal(a->n, 7);
	assert_int_equal(a->p[7], 0);
	assert_true(a->hash == b->hash);
	assert_true(hg_bytes_eq(a, b));
	assert_false(hg_bytes_eq(a, c));
	c->hash = a->hash; /* a collision is not taken for equality */
	assert_false(hg_bytes_eq(a, c));
	assert_true(hg_bytes_eq(NULL, NULL));
	assert_false(hg_bytes_eq(empty, NULL));
	assert_ptr_equal(hg_bytes_ref(a), a);
	assert_int_equal(a->refs, 2);
	hg_bytes_unref(a);
	assert_true(hg_str_eq(hg_bytes_str(a), HG_STR("one\0two")));
	assert_null(hg_bytes_ref(NULL));
	assert_null(hg_bytes_str(NULL).p);
	assert_string_equal(empty->p, "");
	hg_bytes_unref(NULL);
	hg_bytes_unref(a);
	hg_bytes_unref(b);
	hg_bytes_unref(c);
	hg_bytes_unref(empty);
}

static void buf_grows(void **state)
{
	struct hg_buf b = { 0 };

	assert_null(hg_buf_str(&b).p);
	hg_buf_reset(&b);
	hg_buf_add(&b, HG_STR_NONE);
	assert_string_equal(b.p, "");
	hg_buf_adds(&b, "abc");
	hg_buf_adds(&b, NULL);
	hg_buf_addc(&b, '-');
	hg_buf_addf(&b, "%d%s", 42, "");
	assert_string_equal(b.p, "abc-42");
	assert_str(hg_buf_str(&b), "abc-42");
	hg_buf_addf(&b, "%1000d", 7);
	assert_int_equal(b.n, 1006);
	assert_string_equal(b.p + 1004, " 7");
	/* whether or not it fits into the room that is there */
	for (int width = 1; width < 70; width++) {
		struct hg_buf f = { 0 };
		hg_buf_adds(&f, "12345");
		hg_buf_addf(&f, "%0*d%c", width, 0, 'e');
		assert_int_equal(f.n, 6 + width);
		assert_int_equal(strlen(f.p), f.n);
		assert_int_equal(f.p[f.n - 1], 'e');
		hg_buf_done(&f);
	}
	for (size_t i = 0; i < 5000; i++)
		hg_buf_addc(&b, 'x');
	assert_int_equal(b.n, 6006);
	assert_int_equal(strlen(b.p), 6006);

	struct hg_bytes *bytes = hg_buf_bytes(&b);
	assert_int_equal(bytes->n, 6006);
	assert_int_equal(b.n, 0);
	assert_string_equal(b.p, "");
	hg_buf_adds(&b, "again");
	assert_int_equal(bytes->p[0], 'a');
	hg_bytes_unref(bytes);
	hg_buf_done(&b);
	assert_null(b.p);
	bytes = hg_buf_bytes(&b);
	assert_int_equal(bytes->n, 0);
	hg_bytes_unref(bytes);
	hg_buf_done(&b);
}

static void buf_escapes_xml(void **state)
{
	struct hg_buf b = { 0 };

	hg_buf_add_xml(&b, HG_STR("<a b=\"1\" c='2'>&]]>"));
	assert_str(hg_buf_str(&b), "&lt;a b=&quot;1&quot; c=&apos;2&apos;&gt;&amp;]]&gt;");
	hg_buf_reset(&b);
	hg_buf_add_xml(&b, HG_STR("a\tb\nc\rd"));
	assert_str(hg_buf_str(&b), "a&#9;b&#10;c&#13;d");
	hg_buf_reset(&b);
	hg_buf_add_xml(&b, HG_STR("\0x\x01y\x1f\xef\xbf\xbez\xef\xbf\xbf\x7f"));
	assert_str(hg_buf_str(&b), "xyz\x7f");
	hg_buf_reset(&b);
	hg_buf_add_xml(&b, HG_STR("\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x94\xa6"));
	assert_str(hg_buf_str(&b), "\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x94\xa6");
	hg_buf_reset(&b);
	hg_buf_add_xml(&b, HG_STR("a\xff<\xe6\xbc"));
	assert_str(hg_buf_str(&b), "a\xef\xbf\xbd&lt;\xef\xbf\xbd\xef\xbf\xbd");
	hg_buf_reset(&b);
	hg_buf_add_xml(&b, HG_STR_NONE);
	assert_str(hg_buf_str(&b), "");
	hg_buf_done(&b);
}

static void buf_escapes_json(void **state)
{
	struct hg_buf b = { 0 };

	hg_buf_add_json(&b, HG_STR("a\"b\\c\n\r\t\0\x1f\x7f/\xc3\xa9\xff"));
	assert_str(hg_buf_str(&b),
		"\"a\\\"b\\\\c\\n\\r\\t\\u0000\\u001f\\u007f/\xc3\xa9\xef\xbf\xbd\"");
	hg_buf_reset(&b);
	hg_buf_add_json(&b, HG_STR_NONE);
	assert_str(hg_buf_str(&b), "\"\"");
	hg_buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(str_compares),
		cmocka_unit_test(str_trims_and_splits),
		cmocka_unit_test(str_reads_u32),
		cmocka_unit_test(str_reads_i64),
		cmocka_unit_test(str_hashes),
		cmocka_unit_test(str_dup_copies),
		cmocka_unit_test(utf8_is_judged),
		cmocka_unit_test(utf8_is_cut_between_characters),
		cmocka_unit_test(grow_keeps_and_zeroes),
		cmocka_unit_test(out_of_memory_ends_the_process),
		cmocka_unit_test(bytes_are_counted),
		cmocka_unit_test(buf_grows),
		cmocka_unit_test(buf_escapes_xml),
		cmocka_unit_test(buf_escapes_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
