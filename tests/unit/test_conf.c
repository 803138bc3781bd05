/* SPDX-License-Identifier: Apache-2.0 */
/* The loader: what it gives, and each kind of fault with its exact words. */
#include "bridge/conf/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/support.h"

static const char *const colours[] = { "red", "green", "blue", NULL };

static const struct hg_schema item = { (const struct hg_key[]){
	{ .name = "port",
		.kind = HG_KEY_INTEGER,
		.required = true,
		.min = 1,
		.max = 65535,
		.help = "a port" },
	{ .name = "words", .kind = HG_KEY_LIST },
	{ .name = "colour", .kind = HG_KEY_ENUM, .values = colours, .dflt = "green" },
	{ 0 },
} };

static const struct hg_schema inner = { (const struct hg_key[]){
	{ .name = "wait", .kind = HG_KEY_DURATION, .dflt = "10s", .min = 500, .max = 7200000 },
	{ .name = "size", .kind = HG_KEY_SIZE, .dflt = "16k" },
	{ 0 },
} };

static const struct hg_schema schema = { (const struct hg_key[]){
	{ .name = "name", .kind = HG_KEY_STRING, .required = true, .help = "what it is called" },
	{ .name = "secret", .kind = HG_KEY_SECRET },
	{ .name = "on", .kind = HG_KEY_BOOL, .dflt = "off" },
	{ .name = "number", .kind = HG_KEY_INTEGER },
	{ .name = "inner", .kind = HG_KEY_MAP, .dflt = "{}", .sub = &inner },
	{ .name = "optional", .kind = HG_KEY_MAP, .sub = &inner },
	{ .name = "items", .kind = HG_KEY_LIST, .sub = &item },
	{ .name = "path", .kind = HG_KEY_PATH },
	{ 0 },
} };

static struct hg_conf *good(const char *text)
{
	struct hg_errs errs = { 0 };
	struct hg_conf *conf;

	if (hg_conf_load_text("t.yaml", hg_str(text), &schema, &conf, &errs) < 0)
		fail_msg("%s: %s (%s)", errs.e[0].where, errs.e[0].what, errs.e[0].hint);
	hg_errs_done(&errs);
	return conf;
}

static void listing(const struct hg_errs *errs, struct hg_buf *b)
{
	for (size_t i = 0; i < errs->n; i++) {
		hg_err_write(&errs->e[i], b);
		hg_buf_addc(b, '\n');
	}
}

static void bad_text(struct hg_str text, const char *expected)
{
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };
	struct hg_conf *conf;

	assert_int_equal(hg_conf_load_text("t.yaml", text, &schema, &conf, &errs), -EINVAL);
	assert_null(conf);
	listing(&errs, &b);
	assert_str(hg_buf_str(&b), expected);
	hg_buf_done(&b);
	hg_errs_done(&errs);
}

static void bad(const char *text, const char *expected)
{
	bad_text(hg_str(text), expected);
}

/* ---- good files ---- */

static void values_have_places(void **state)
{
	struct hg_conf *c = good("# a comment\n"
				 "name: x\n"
				 "number: 0x1F\n"
				 "on: Yes\n"
				 "inner: { wait: 500ms, size: 2M }\n"
				 "items:\n"
				 "  - port: 5060\n"
				 "    words: [a, b]\n"
				 "  - { port: 1, words: single, colour: blue }\n");
	const struct hg_conf *items = hg_conf_get(c, "items"), *second = hg_conf_at(items, 1);

	assert_str(hg_conf_str(c, "name"), "x");
	assert_int_equal(hg_conf_int(c, "number"), 31);
	assert_true(hg_conf_bool(c, "on"));
	assert_int_equal(hg_conf_int(hg_conf_get(c, "inner"), "wait"), 500);
	assert_int_equal(hg_conf_int(hg_conf_get(c, "inner"), "size"), 2 << 20);
	assert_int_equal(hg_conf_count(items), 2);
	assert_int_equal(hg_conf_int(second, "colour"), 2);
	assert_str(hg_conf_text(hg_conf_at(hg_conf_get(hg_conf_at(items, 0), "words"), 1)), "b");
	assert_str(hg_conf_text(hg_conf_at(hg_conf_get(second, "words"), 0)), "single");
	assert_string_equal(hg_conf_where(second), "t.yaml:9");
	assert_string_equal(hg_conf_where(hg_conf_get(second, "port")), "t.yaml:9");
	assert_int_equal(hg_conf_line(hg_conf_get(c, "on")), 4);
	assert_string_equal(hg_conf_where(NULL), "");
	assert_null(hg_conf_at(items, 2));
	assert_int_equal(hg_conf_count(NULL), 0);
	assert_int_equal(hg_conf_count(c), 0);
	hg_conf_free(c);
	hg_conf_free(NULL);
}

static void defaults_are_there(void **state)
{
	struct hg_conf *c = good("name: x\nitems: [{ port: 2 }]");
	const struct hg_conf *i = hg_conf_at(hg_conf_get(c, "items"), 0);

	assert_true(hg_conf_has(c, "on"));
	assert_false(hg_conf_said(c, "on"));
	assert_true(hg_conf_said(c, "name"));
	assert_false(hg_conf_bool(c, "on"));
	assert_int_equal(hg_conf_int(hg_conf_get(c, "inner"), "wait"), 10000);
	assert_int_equal(hg_conf_int(hg_conf_get(c, "inner"), "size"), 16384);
	assert_str(hg_conf_str(i, "colour"), "green");
	assert_int_equal(hg_conf_int(i, "colour"), 1);
	assert_false(hg_conf_has(c, "optional"));
	assert_null(hg_conf_get(c, "optional"));
	assert_null(hg_conf_str(c, "path").p);
	hg_conf_free(c);
	/* everything below a key commented out */
	c = good("name: x\noptional:\nitems:\n# - port: 1\n");
	assert_int_equal(hg_conf_int(hg_conf_get(c, "optional"), "wait"), 10000);
	assert_int_equal(hg_conf_count(hg_conf_get(c, "items")), 0);
	hg_conf_free(c);
}

static void units(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} durations[] = { { "60", 60000 }, { "10s", 10000 }, { "500ms", 500 }, { "5m", 300000 },
		{ "2h", 7200000 }, { "10 s", 10000 } };
	static const struct {
		const char *text;
		int64_t octets;
	} sizes[] = { { "16384", 16384 }, { "16k", 16384 }, { "16K", 16384 }, { "1M", 1048576 },
		{ "0", 0 }, { "1G", 1 << 30 } };
	char text[64];

	for (size_t i = 0; i < 6; i++) {
		snprintf(text, sizeof(text), "{ name: x, inner: { wait: %s, size: %s } }",
			durations[i].text, sizes[i].text);
		struct hg_conf *c = good(text);
		assert_int_equal(hg_conf_int(hg_conf_get(c, "inner"), "wait"), durations[i].ms);
		assert_int_equal(hg_conf_int(hg_conf_get(c, "inner"), "size"), sizes[i].octets);
		hg_conf_free(c);
	}
}

/* ---- faults ---- */

static void unknown_keys(void **state)
{
	bad("name: x\nitmes: []\n", "t.yaml:2: unknown key 'itmes' (did you mean 'items'?)\n");
	bad("name: x\ninner: { wiat: 5s, colour: red }\n",
		"t.yaml:2: unknown key 'wiat' (did you mean 'wait'?)\n"
		"t.yaml:2: unknown key 'colour' (one of: wait, size)\n");
	bad("name: x\n<<: { on: yes }\n",
		"t.yaml:2: unknown key '<<' (one of: name, secret, on, number, inner, optional, items, path)\n");
}

static void missing_keys(void **state)
{
	bad("", "t.yaml:1: 'name' is missing (add it: what it is called)\n");
	bad("\n\non: yes\nitems:\n - words: [x]\n",
		"t.yaml:3: 'name' is missing (add it: what it is called)\n"
		"t.yaml:5: 'port' is missing (add it: a port)\n");
}

static void keys_that_stand_twice(void **state)
{
	bad("name: x\non: yes\nname: y\n",
		"t.yaml:3: key 'name' stands in line 1 already (remove one of them)\n");
}

static void shapes(void **state)
{
	bad("name: [x]\n", "t.yaml:1: 'name' takes one value (like name: VALUE)\n");
	bad("name: x\ninner: 5\n",
		"t.yaml:2: 'inner' takes keys of its own (like inner: { wait: ... })\n");
	bad("name: x\nitems: { port: 5 }\n",
		"t.yaml:2: 'items' takes a list of items with keys of their own (begin each item with '- ', like - port: "
		"...)\n");
	bad("name: x\nitems: [ 5 ]\n",
		"t.yaml:2: 'items' takes a list of items with keys of their own (begin each item with '- ', like - port: "
		"...)\n");
	bad("name: x\nitems: [ { port: 5, words: { a: b } } ]\n",
		"t.yaml:2: 'words' takes a list of words (like words: [one, another])\n");
	bad("name: x\nitems: [ { port: 5, words: [ [ a ], '' ] } ]\n",
		"t.yaml:2: 'words' takes a list of words (like words: [one, another])\n"
		"t.yaml:2: 'words' has no value (write one, or remove the key)\n");
	bad("name:\n", "t.yaml:1: 'name' has no value (write one, or remove the key)\n");
	bad("name: ''\n", "t.yaml:1: 'name' must not be empty (what it is called)\n");
	bad("- a\n- b\n", "t.yaml:1: the file is no map of keys (begin with KEY: VALUE)\n");
	bad("just text", "t.yaml:1: the file is no map of keys (begin with KEY: VALUE)\n");
}

static void numbers(void **state)
{
	bad("name: x\nnumber: ten\n", "t.yaml:2: number: 'ten' makes no sense (a whole number)\n");
	bad("name: x\nnumber: 1.5\n", "t.yaml:2: number: '1.5' makes no sense (a whole number)\n");
	bad("name: x\nnumber: 99999999999999999999\n",
		"t.yaml:2: number: '99999999999999999999' makes no sense (a whole number)\n");
	bad("name: x\nnumber: 0x\n", "t.yaml:2: number: '0x' makes no sense (a whole number)\n");
	bad("name: x\nitems: [ { port: 65536 } ]\n",
		"t.yaml:2: port: 65536 is out of bounds (a whole number, from 1 to 65535)\n");
	bad("name: x\ninner: { wait: 3h }\n",
		"t.yaml:2: wait: 3h is out of bounds (a time such as 500ms, 10s, 5m or 2h, from 500ms to 2h)\n");
	bad("name: x\ninner: { wait: 10 days }\n",
		"t.yaml:2: wait: '10 days' makes no sense (a time such as 500ms, 10s, 5m or 2h, from 500ms to 2h)\n");
	bad("name: x\ninner: { wait: 9223372036854775807h }\n",
		"t.yaml:2: wait: '9223372036854775807h' makes no sense (a time such as 500ms, 10s, 5m or 2h, from 500ms to "
		"2h)\n");
	bad("name: x\ninner: { size: -1k }\n",
		"t.yaml:2: size: '-1k' makes no sense (octets, such as 16384, 16k or 1M)\n");
}

static void words(void **state)
{
	bad("name: x\non: maybe\n",
		"t.yaml:2: on: 'maybe' makes no sense (on or off, yes or no)\n");
	bad("name: x\nitems: [ { port: 1, colour: gren } ]\n",
		"t.yaml:2: colour: 'gren' is not known (did you mean 'green'?)\n");
	bad("name: x\nitems: [ { port: 1, colour: \"\\e[31m\" } ]\n",
		"t.yaml:2: colour: '?[31m' is not known (one of: red, green, blue)\n");
}

static void what_yaml_can_and_we_do_not(void **state)
{
	bad("name: &a x\npath: *a\n",
		"t.yaml:1: anchors are not supported: '&a' (write the part out wherever it is needed)\n"
		"t.yaml:2: aliases are not supported: '*a' (write the part out wherever it is needed)\n");
	bad("name: !!str x\n",
		"t.yaml:1: tags are not supported: 'tag:yaml.org,2002:str' (leave it out; the key says what its value is)\n");
	bad("name: x\n---\nname: y\n",
		"t.yaml:2: a second document begins here (make it one: remove the line ---)\n");
	bad("name: x\n[a]: b\n", "t.yaml:2: a key must be a word (write it as KEY: VALUE)\n");
	bad("name: \"a\\0b\"\n", "t.yaml:1: there is a NUL in this text (leave it out)\n");
}

static void what_is_no_yaml(void **state)
{
	bad("name: x\n on: yes\n",
		"t.yaml:2: this is not YAML: mapping values are not allowed in this context (look at indentation, colons and "
		"quotes near column 4, and in the line before)\n");
	bad("name: x\nitems: [\n",
		"t.yaml:3: this is not YAML: did not find expected node content (while parsing a flow node: look at "
		"indentation, colons and quotes near column 1, and in the line before)\n");
	bad("name: x\n\tpath: y\n",
		"t.yaml:2: this is not YAML: found a tab character that violates indentation (while scanning a plain scalar: "
		"look at indentation, colons and quotes near column 1, and in the line before)\n");
	bad("name: x\npath: \xff\n",
		"t.yaml:2: this is no text: invalid leading UTF-8 octet (save it as plain UTF-8 text)\n");
	bad("name: x\npath: \x01\n",
		"t.yaml:2: this is no text: control characters are not allowed (save it as plain UTF-8 text)\n");
}

static void limits(void **state)
{
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "name: ");
	for (int i = 0; i < 100; i++)
		hg_buf_addc(&b, '[');
	bad_text(hg_buf_str(&b), "t.yaml:1: too deep; 16 are the most (make it smaller)\n");
	hg_buf_reset(&b);
	for (int i = 0; i <= HG_CONF_KEYS_MAX; i++)
		hg_buf_addf(&b, "k%d: 1\n", i);
	bad_text(hg_buf_str(&b), "t.yaml:257: too many keys; 256 are the most (make it smaller)\n");
	hg_buf_reset(&b);
	hg_buf_adds(&b, "name: x\nitems: [");
	for (int i = 0; i <= HG_CONF_NODES_MAX; i++)
		hg_buf_adds(&b, "1,");
	bad_text(hg_buf_str(&b),
		"t.yaml:2: too many values; 100000 are the most (make it smaller)\n");
	hg_buf_done(&b);
}

static void a_secret_is_never_printed(void **state)
{
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };
	struct hg_conf *conf;

	hg_conf_load_text("t.yaml", HG_STR("secret: [hush-hush]\nname: x"), &schema, &conf, &errs);
	listing(&errs, &b);
	assert_str(hg_buf_str(&b), "t.yaml:1: 'secret' takes one value (like secret: VALUE)\n");
	hg_buf_done(&b);
	hg_errs_done(&errs);
}

static void files(void **state)
{
	char path[] = "/tmp/test_conf-XXXXXX", chunk[4096];
	struct hg_errs errs = { 0 };
	struct hg_conf *conf;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "name: x\n", 8), 8);
	assert_int_equal(hg_conf_load(path, &schema, &conf, &errs), 0);
	assert_str(hg_conf_str(conf, "name"), "x");
	hg_conf_free(conf);
	memset(chunk, '#', sizeof(chunk));
	for (int i = 0; i < 257; i++)
		assert_int_equal(write(fd, chunk, sizeof(chunk)), sizeof(chunk));
	assert_int_equal(hg_conf_load(path, &schema, &conf, &errs), -EFBIG);
	assert_string_equal(errs.e[0].what, "it is larger than 1048576 octets");
	close(fd);
	unlink(path);
	assert_int_equal(hg_conf_load(path, &schema, &conf, &errs), -ENOENT);
	assert_string_equal(errs.e[1].what, "it cannot be read: No such file or directory");
	assert_int_equal(hg_conf_load("/tmp", &schema, &conf, &errs), -EISDIR);
	assert_null(conf);
	hg_errs_done(&errs);
}

/* A faulty tree is still good for finding more. */
static void faulty_trees_can_be_read(void **state)
{
	struct hg_errs errs = { 0 };
	struct hg_conf *conf;

	assert_int_equal(hg_conf_read_text("t.yaml",
				 HG_STR("items: [ { port: x }, { port: 3 } ]\ninner: 5\nname: [n]"),
				 &schema, &conf, &errs),
		-EINVAL);
	assert_int_equal(errs.n, 3);
	assert_true(hg_conf_faulty(conf));
	assert_true(hg_conf_faulty(hg_conf_at(hg_conf_get(conf, "items"), 0)));
	assert_false(hg_conf_faulty(hg_conf_at(hg_conf_get(conf, "items"), 1)));
	assert_true(hg_conf_faulty(NULL));
	assert_int_equal(hg_conf_int(hg_conf_get(conf, "inner"), "wait"), 0);
	assert_null(hg_conf_str(conf, "name").p);
	hg_conf_free(conf);
	hg_errs_done(&errs);
}

static void chance_never_breaks_it(void **state)
{
	static const char pieces[] =
		"name: x\nitems:\n  - { port: 5, words: [a, 'b'] }\ninner: { wait: 5s }\non: \"y\"\n";
	static const char noise[] = "{}[]:,-\"'&*!|>%@#\n \t\\0\x01\xff";
	unsigned seed = 11;

	for (int i = 0; i < 20000; i++) {
		char text[sizeof(pieces)];
		struct hg_errs errs = { 0 };
		struct hg_conf *conf;

		memcpy(text, pieces, sizeof(text));
		for (int k = rand_r(&seed) % 6; k >= 0; k--)
			text[(size_t)rand_r(&seed) % (sizeof(text) - 1)] =
				noise[(size_t)rand_r(&seed) % (sizeof(noise) - 1)];
		int rc = hg_conf_load_text("t.yaml", hg_str(text), &schema, &conf, &errs);
		assert_int_equal(rc == 0, errs.n == 0);
		assert_int_equal(rc == 0, conf != NULL);
		hg_conf_free(conf);
		hg_errs_done(&errs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_have_places),
		cmocka_unit_test(defaults_are_there),
		cmocka_unit_test(units),
		cmocka_unit_test(unknown_keys),
		cmocka_unit_test(missing_keys),
		cmocka_unit_test(keys_that_stand_twice),
		cmocka_unit_test(shapes),
		cmocka_unit_test(numbers),
		cmocka_unit_test(words),
		cmocka_unit_test(what_yaml_can_and_we_do_not),
		cmocka_unit_test(what_is_no_yaml),
		cmocka_unit_test(limits),
		cmocka_unit_test(a_secret_is_never_printed),
		cmocka_unit_test(files),
		cmocka_unit_test(faulty_trees_can_be_read),
		cmocka_unit_test(chance_never_breaks_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
