/* SPDX-License-Identifier: Apache-2.0 */
/* Every state through every shipped table, and each law of mapping_law.h broken by a rule that was planted in a copy of one. */
#include "tests/unit/mapping_law.h"
#include "tests/unit/mapping_shipped.h"

#include <unistd.h>

static struct loss *declared_of(const char *name)
{
	struct loss *loss = hg_alloc(sizeof(*loss));
	char path[512];

	snprintf(path, sizeof(path), HG_SOURCE_DIR "/mappings/loss/%s.json", name);
	loss_read(path, loss);
	return loss;
}

/* The declared drifts that occurred. */
static unsigned all_states(const char *name)
{
	struct hg_grammar grammar = shipped_grammar();
	struct law_case c = { .loss = declared_of(name), .grammar = &grammar };
	struct hg_tables tables;
	char path[512];

	snprintf(path, sizeof(path), HG_SOURCE_DIR "/mappings/%s.yaml", name);
	tables = shipped_load(name, path);
	c.table = tables.v[0];
	law_look_at_all(&c);
	for (int law = 0; law < LAWS; law++)
		if (c.broken[law])
			fail_msg("%zu of %zu states, first %s", c.broken[law], c.states,
				c.first[law]);
	assert_int_equal(loss_stale(c.loss), 0);
	print_message("%s: %zu states\n", name, c.states);
	hg_tables_done(&tables);
	hg_grammar_done(&grammar);
	free(c.loss);
	return c.drifts;
}

static void every_table(void **state)
{
	unsigned drifts = 0;

	for (int i = 0; i < SHIPPED; i++)
		drifts |= all_states(shipped_names[i]);
	assert_int_equal(drifts, (1u << LAW_DRIFTS) - 1);
}

/* ---- planted ---- */

/* `text` with what is found replaced, which must be there once. */
static void replace(struct hg_buf *text, const char *find, const char *by)
{
	char *at = strstr(text->p, find);
	struct hg_buf b = { 0 };

	if (!at || strstr(at + 1, find))
		fail_msg("'%s' is not there once", find);
	hg_buf_add(&b, (struct hg_str){ text->p, (size_t)(at - text->p) });
	hg_buf_adds(&b, by);
	hg_buf_adds(&b, at + strlen(find));
	hg_buf_done(text);
	*text = b;
}

/* The shipped table with these replaced; each is an even one and what stands there instead. */
static struct hg_tables planted(const char *name, const char *const *change)
{
	char path[] = "/tmp/hg-law-XXXXXX", source[64];
	struct hg_buf text = { 0 };
	struct hg_tables tables;
	FILE *f;

	snprintf(source, sizeof(source), "mappings/%s.yaml", name);
	test_read_file(source, &text);
	for (; *change; change += 2)
		replace(&text, change[0], change[1]);
	f = fdopen(mkstemp(path), "w");
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	fclose(f);
	tables = shipped_load(name, path);
	unlink(path);
	hg_buf_done(&text);
	return tables;
}

static void a_wrong_rule_is_caught(void **state)
{
	static const struct {
		const char *table, *change[5];
		enum law law;
	} plants[] = {
		/* dnd read as what would silence calls */
		{ "xmpp",
			{ "state: user, availability: [busy, busy-idle, dnd]",
				"state: user, availability: [dnd, busy, busy-idle]" },
			LAW_ROUND_TRIP },
		/* what nobody chose comes back as chosen */
		{ "graph",
			{ "state: machine, availability: available-idle",
				"state: user, availability: available-idle" },
			LAW_ROUND_TRIP },
		/* a word for two things */
		{ "irc",
			{ "native:    { state: [gone, absent] }",
				"native:    { state: [here, gone, absent] }",
				"native:    { state: here }\n    canonical: { state: machine, availability: available }",
				"direction: out\n    native:    { state: here }\n    canonical: { availability: available }" },
			LAW_ROUND_TRIP },
		/* who is away is willing */
		{ "xmpp",
			{ "state: machine, availability: [away, brb, available-idle]",
				"state: machine, availability: [available-idle, away, brb]" },
			LAW_MONOTONE },
		/* of whom nothing is known is there */
		{ "xmpp",
			{ "availability: [offline, unknown]", "availability: offline",
				"state: machine, availability: available }",
				"state: machine, availability: [available, unknown] }" },
			LAW_MONOTONE },
		/* a text that grows with each hop */
		{ "irc",
			{ "write:     { text: \"{note}\" }",
				"write:     { text: \"Away. {note}\" }" },
			LAW_STABLE },
		/* who is available comes back as idle */
		{ "xmpp",
			{ "native:    { show: [absent, chat], idle: present }",
				"native:    { show: absent, priority: 0 }" },
			LAW_STABLE },
		/* the note of who is on the phone is lost */
		{ "xmpp", { "\"On the phone. {text}\\n{note}\"", "On the phone." }, LAW_EXTENSION },
		{ "pidf",
			{ "note:     { carries: note, write: \"{text}\\n{note}\" }",
				"note:     { write: absent }" },
			LAW_EXTENSION },
	};

	for (size_t i = 0; i < sizeof(plants) / sizeof(plants[0]); i++) {
		struct hg_tables tables = planted(plants[i].table, plants[i].change);
		struct hg_grammar grammar = shipped_grammar();
		struct law_case c = { .table = tables.v[0],
			.loss = declared_of(plants[i].table),
			.grammar = &grammar,
			.until = &plants[i].law };

		law_look_at_all(&c);
		if (!c.broken[plants[i].law])
			fail_msg("plant %zu, '%s', was not caught", i, plants[i].change[1]);
		hg_tables_done(&tables);
		hg_grammar_done(&grammar);
		free(c.loss);
	}
}

/* One letter of an activity lost on the way. */
static void a_changed_extension_is_caught(void **state)
{
	static const enum law law = LAW_EXTENSION;
	struct hg_tables tables = planted("xmpp", (const char *const[]){ NULL });
	struct hg_grammar grammar = shipped_grammar();
	struct law_case c = { .table = tables.v[0],
		.loss = declared_of("xmpp"),
		.grammar = &grammar,
		.until = &law,
		.tamper = true };

	law_look_at_all(&c);
	assert_true(c.broken[LAW_EXTENSION]);
	assert_false(c.broken[LAW_ROUND_TRIP] || c.broken[LAW_MONOTONE] || c.broken[LAW_STABLE]);
	hg_tables_done(&tables);
	hg_grammar_done(&grammar);
	free(c.loss);
}

/* A declared loss too many is stale or wrong, one too few is missed. */
static void a_wrong_declaration_is_caught(void **state)
{
	static const enum law law = LAW_ROUND_TRIP;
	static const struct {
		const char *name;
		enum hg_band band;
		int note;
		bool manual, idle;
	} forged[] = {
		{ "comes back as it was", HG_BAND_BUSY, 0, true, false },
		{ "is lost", HG_BAND_BUSY, 0, false, false },
	};

	for (int i = 0; i < 2; i++) {
		struct hg_tables tables = planted("xmpp", (const char *const[]){ NULL });
		struct hg_grammar grammar = shipped_grammar();
		struct law_case c = { .table = tables.v[0],
			.loss = declared_of("xmpp"),
			.grammar = &grammar,
			.until = &law };
		struct loss_entry *e = &c.loss->entry[forged[i].band][0][forged[i].note]
						     [forged[i].manual][forged[i].idle]
						     [HG_CIRCLE_COLLEAGUES];

		assert_int_equal(e->declared, i == 1);
		e->declared = !e->declared;
		e->back = (struct loss_back){ HG_BAND_AWAY, c.loss->token[0], 0, false, false };
		law_look_at_all(&c);
		if (!c.broken[LAW_ROUND_TRIP])
			fail_msg("'%s' was not caught", forged[i].name);
		hg_tables_done(&tables);
		hg_grammar_done(&grammar);
		free(c.loss);
	}
}

/* What cannot be is declared: External is told of no note. */
static void a_stale_declaration_is_caught(void **state)
{
	struct hg_tables tables = planted("loopback", (const char *const[]){ NULL });
	struct hg_grammar grammar = shipped_grammar();
	struct law_case c = {
		.table = tables.v[0], .loss = declared_of("loopback"), .grammar = &grammar
	};

	c.loss->entry[HG_BAND_AWAY][0][1][false][false][HG_CIRCLE_EXTERNAL].declared = true;
	law_look_at_all(&c);
	assert_int_equal(loss_stale(c.loss), 1);
	hg_tables_done(&tables);
	hg_grammar_done(&grammar);
	free(c.loss);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table),
		cmocka_unit_test(a_wrong_rule_is_caught),
		cmocka_unit_test(a_changed_extension_is_caught),
		cmocka_unit_test(a_wrong_declaration_is_caught),
		cmocka_unit_test(a_stale_declaration_is_caught),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
