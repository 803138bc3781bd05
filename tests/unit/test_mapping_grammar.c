/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped grammar, and faults of one. */
#include "bridge/conf/mapping_file.h"

#include <errno.h>

#include "tests/support/support.h"

static void print_errs(const struct hg_errs *errs, struct hg_buf *b)
{
	hg_buf_adds(b, "");
	for (size_t i = 0; i < errs->n; i++) {
		hg_err_write(&errs->e[i], b);
		hg_buf_addc(b, '\n');
	}
}

static struct hg_grammar load_grammar(void)
{
	struct hg_errs errs = { 0 };
	struct hg_grammar g;
	struct hg_buf b = { 0 };

	hg_grammar_load(HG_SOURCE_DIR "/mappings/grammar.yaml", &g, &errs);
	print_errs(&errs, &b);
	assert_string_equal(b.p, "");
	hg_buf_done(&b);
	hg_errs_done(&errs);
	return g;
}

/* One line a change: "state 2 30000007 machine 3500". */
static void expanded(const struct hg_grammar *g, const struct hg_statement *s, const char *expected)
{
	struct hg_change change[HG_GRAMMAR_CHANGES];
	size_t n = hg_grammar_expand(g, HG_SOURCE_LINKED, s, 7, change);
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "");
	for (size_t i = 0; i < n; i++) {
		struct hg_change *c = &change[i];

		assert_int_equal(c->expiry, HG_ENDPOINT);
		assert_int_equal(c->expires, -1);
		hg_buf_addf(&b, "%s %u %x", hg_category_name(c->key.category), c->key.container,
			c->key.instance);
		if (c->key.category == HG_CAT_NOTE) {
			struct hg_str text = hg_bytes_str(c->note.text);

			hg_buf_addf(&b, " '%.*s'\n", HG_STR_ARG(text));
		} else {
			static const char *const kinds[] = { "other", "machine", "user", "calendar",
				"phone" };

			assert_int_equal(c->state.manual, c->state.kind == HG_STATE_USER);
			hg_buf_addf(&b, " %s %u%s%s\n", kinds[c->state.kind], c->state.availability,
				c->state.token[0] ? " " : "", c->state.token);
		}
		hg_change_done(c);
	}
	assert_string_equal(b.p, expected);
	hg_buf_done(&b);
}

static void the_grammar_expands(void **state)
{
	struct hg_grammar g = load_grammar();
	struct hg_statement s = { .machine = 15500, .idle_since = 5 };

	expanded(&g, &s, "state 2 30000007 machine 15500\nstate 3 30000007 machine 15500\n");
	/* a user's state alone brings its device along */
	s = (struct hg_statement){ .user = 6500 };
	expanded(&g, &s,
		"state 2 30000007 machine 3500\nstate 3 30000007 machine 3500\n"
		"state 2 20000007 user 6500\nstate 3 20000007 user 6500\n");
	s = (struct hg_statement){ .user = 9500, .machine = 5000 };
	expanded(&g, &s,
		"state 2 30000007 machine 5000\nstate 3 30000007 machine 5000\n"
		"state 2 20000007 user 9500\nstate 3 20000007 user 6900 urgent-interruptions-only\n");
	s = (struct hg_statement){ .machine = 3500, .note.text = hg_bytes_new(HG_STR("hi")) };
	expanded(&g, &s,
		"state 2 30000007 machine 3500\nstate 3 30000007 machine 3500\n"
		"note 200 70000007 'hi'\nnote 300 70000007 'hi'\nnote 400 70000007 'hi'\n"
		"note 100 70000007 ''\nnote 32000 70000007 ''\n");
	s.machine = 0;
	expanded(&g, &s, "");
	hg_statement_done(&s);
	s = (struct hg_statement){ .phone = 6500, .token = "on-the-phone" };
	expanded(&g, &s,
		"state 2 30000007 machine 3500\nstate 3 30000007 machine 3500\n"
		"state 2 80000007 phone 6500 on-the-phone\nstate 3 80000007 phone 6500 on-the-phone\n");
	s = (struct hg_statement){ .machine = 5000, .calendar = 6500, .token = "in-a-meeting" };
	expanded(&g, &s,
		"state 2 30000007 machine 5000\nstate 3 30000007 machine 5000\n"
		"state 2 40000007 calendar 6500 in-a-meeting\nstate 3 40000007 calendar 6500 in-a-meeting\n");
	hg_statement_done(&s);
	hg_grammar_done(&g);
}

static void grammar_faults(const char *text, const char *expected)
{
	struct hg_errs errs = { 0 };
	struct hg_grammar g;
	struct hg_buf b = { 0 };

	assert_int_equal(hg_grammar_load_text("g.yaml", hg_str(text), &g, &errs), -EINVAL);
	print_errs(&errs, &b);
	assert_string_equal(b.p, expected);
	assert_int_equal(g.nrules, 0);
	hg_buf_done(&b);
	hg_errs_done(&errs);
}

static void faults_of_a_grammar(void **state)
{
	grammar_faults(
		"rules:\n"
		"- { category: stat, kind: user, from: linked, containers: [2] }\n"
		"- { category: state, from: linked, containers: [2] }\n"
		"- { category: note, kind: user, from: linked, containers: [2] }\n"
		"- { category: note, from: [linkd, elsewhere], containers: [32768, x] }\n"
		"- { category: note, from: linked, containers: [1, 2, 3, 4, 5, 6, 7, 8, 9] }\n"
		"- { category: state, kind: machine, from: linked, containers: 2, transform: urgent }\n"
		"- { category: state, kind: machine, from: linked, containers: 2, transform: empty }\n"
		"- { category: note, from: linked, containers: [2, 2] }\n"
		"- { category: note, from: [linked, simple], containers: 200 }\n"
		"- { category: note, from: [simple], containers: [100, 200] }\n"
		"- { category: note, from: [remote], containers: [200], expires: time }\n",
		"g.yaml:2: category: 'stat' is not known (did you mean 'state'?)\n"
		"g.yaml:3: a state without a kind (add kind: machine or kind: user)\n"
		"g.yaml:4: a note has no kind (leave it out)\n"
		"g.yaml:5: from: 'linkd' is not known (did you mean 'linked'?)\n"
		"g.yaml:5: from: 'elsewhere' is not known (one of: linked, remote, simple, application)\n"
		"g.yaml:5: containers: '32768' makes no sense (a number from 0 to 32767)\n"
		"g.yaml:5: containers: 'x' makes no sense (a number from 0 to 32767)\n"
		"g.yaml:6: 8 containers are the most (make two rules of it)\n"
		"g.yaml:7: only a user's state can become urgent-interruptions-only (mappings/README.md has the rules)\n"
		"g.yaml:8: only a note can be empty (mappings/README.md has the rules)\n"
		"g.yaml:9: it names a container twice (mappings/README.md has the rules)\n"
		"g.yaml:11: another rule puts the same into one of its containers (mappings/README.md has the rules)\n"
		"g.yaml:12: expires: 'time' is not known (one of: static, endpoint, user)\n");
	grammar_faults("", "g.yaml:1: 'rules' is missing (add it: a list of rules)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_grammar_expands),
		cmocka_unit_test(faults_of_a_grammar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
