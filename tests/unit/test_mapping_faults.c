/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a table: every fault with its place and a remedy. */
#include "tests/unit/mapping_toy.h"

/* The faults of the good table with rule `i` replaced. */
static void faults_with(size_t i, struct hg_rule rule, const char *expected)
{
	struct hg_rule all[sizeof(rules) / sizeof(rules[0])];
	struct hg_table_source from = source;

	memcpy(all, rules, sizeof(rules));
	all[i] = rule;
	from.rule = all;
	faults(&from, expected);
}

static void faults_of_native_fields(void **state)
{
	struct hg_rule r = rules[QUIET];

	r.native[0].key = "moed";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': vocabulary 'toy' has no field 'moed' (did you mean 'mode'?)\n");
	r = rules[QUIET];
	r.native[0].value[0] = "quit";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': field 'mode' is never 'quit' (did you mean 'quiet'?)\n");
	r.native[0].value[0] = "elsewhere";
	r.native[0].line = 99;
	faults_with(QUIET, r,
		"toy.yaml:99: rule 'quiet': field 'mode' is never 'elsewhere' (one of: on, off, quiet)\n");
	r.native[0].value[0] = NULL;
	faults_with(QUIET, r,
		"toy.yaml:99: rule 'quiet': field 'mode' has no value (give it one, or leave the field out)\n");
	r = rules[QUIET];
	r.native[1] = r.native[0];
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': field 'mode' stands there twice (put its values into one list)\n");
	r = rules[QUIET];
	r.native[1] = (struct hg_term)HG_TERM("says", "shh");
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': field 'says' cannot be compared with 'shh' (ask for absent, present or "
		"any; what is to be written goes under write:)\n");
	r.native[1] = (struct hg_term)HG_TERM("rank", "-11..3");
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': field 'rank' is never '-11..3' (a number from -10 to 10, LOW..HIGH, absent, "
		"present or any)\n");
	r.native[1] = (struct hg_term)HG_TERM("rank", "-1..3");
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': '-1..3' of field 'rank' cannot be written outward (put one number first, or say "
		"direction: in)\n");
}

static void faults_of_what_is_written(void **state)
{
	struct hg_rule r = rules[CALL];

	r.native[1].value[0] = "{nota}";
	faults_with(CALL, r,
		"toy.yaml:11: rule 'call': field 'says': nothing is known to put in place of '{nota}' (there are {note} "
		"and {text})\n");
	r = rules[CALL];
	r.write[0] = (struct hg_term)HG_TERM("rank", "11");
	r.write[1] = (struct hg_term)HG_TERM("since", "now");
	r.write[2] = (struct hg_term)HG_TERM("where", "deks");
	faults_with(CALL, r,
		"toy.yaml:11: rule 'call': '11' cannot be written into field 'rank' (one number from -10 to 10, {priority} or absent)\n"
		"toy.yaml:11: rule 'call': 'now' cannot be written into field 'since' ('{idle}' or absent)\n"
		"toy.yaml:11: rule 'call': field 'where' is never 'deks' (did you mean 'desk'?)\n");
	r = rules[BACKGROUND];
	r.write[0] = (struct hg_term)HG_TERM("rank", "1");
	faults_with(BACKGROUND, r,
		"toy.yaml:13: rule 'background': nothing is written by a rule with direction: in (leave it out, or let the "
		"rule go both ways)\n");
}

static void faults_of_the_canonical_side(void **state)
{
	struct hg_rule r = rules[QUIET];

	r.canonical[1].value[1] = "bussy";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': availability is never 'bussy' (did you mean 'busy'?)\n");
	r.canonical[1].value[1] = "9..3";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': availability is never '9..3' (one of: unknown, available, available-idle, busy, "
		"busy-idle, dnd, brb, away, offline)\n");
	r = rules[QUIET];
	r.canonical[0].value[0] = "machin";
	r.canonical[2] = (struct hg_term)HG_TERM("idel", "yes");
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': unknown key 'idel' (did you mean 'idle'?)\n"
		"toy.yaml:12: rule 'quiet': state is never 'machin' (did you mean 'machine'?)\n");
	r = rules[QUIET];
	r.canonical[2] = (struct hg_term)HG_TERM("note", "maybe");
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': note is never 'maybe' (one of: personal, oof, yes, no)\n");
	r = rules[QUIET];
	r.canonical[1].value[0] = "unknown";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': availability 'unknown' cannot be said inward (say state: none, or put another "
		"availability first)\n");
	r.canonical[1].value[0] = "6000..7000";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': availability '6000..7000' cannot be said inward (put a name or one number first, "
		"or say direction: out)\n");
	r.canonical[1].key = NULL;
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': it does not say which availability it makes (add availability: ... under "
		"canonical:)\n");
	r.canonical[0].key = NULL;
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': it does not say which state it makes (add state: machine, user, phone, calendar or none under "
		"canonical:)\n");
}

static void faults_of_direction(void **state)
{
	struct hg_rule r = rules[CALL];

	r.canonical[0] = (struct hg_term)STATE("user");
	faults_with(CALL, r,
		"toy.yaml:11: rule 'call': a state is only said inward (leave it out, or let the rule go both ways)\n");
	r = rules[BACKGROUND];
	r.canonical[1].value[1] = "away";
	r.canonical[2] = (struct hg_term)HG_TERM("idle", "yes");
	faults_with(BACKGROUND, r,
		"toy.yaml:13: rule 'background': a rule with direction: in says one availability (leave one)\n"
		"toy.yaml:13: rule 'background': idle is only asked for outward (leave it out, or let the rule go both "
		"ways)\n");
}

static void faults_of_names(void **state)
{
	struct hg_rule r = rules[QUIET];

	r.name = "off";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'off': there is a rule of that name already, in line 10 (give one of them another "
		"name)\n");
	r.name = NULL;
	faults_with(QUIET, r, "toy.yaml:12: a rule has no name (give it one: name: ...)\n");
}

static void faults_of_bindings(void **state)
{
	static const struct hg_binding bad[] = {
		{ .field = "sais", .carries = "note", .line = 1 },
		{ .field = "mode", .carries = "note", .line = 2 },
		{ .field = "says", .carries = "noet", .line = 3 },
		{ .field = "since", .carries = "idle", .line = 4 },
		{ .field = "since", .carries = "idle", .line = 5 },
		{ .field = "rank", .write = "many", .line = 6 },
	};
	struct hg_table_source from = source;

	from.binding = bad;
	from.nbindings = 6;
	faults(&from,
		"toy.yaml:1: vocabulary 'toy' has no field 'sais' (did you mean 'says'?)\n"
		"toy.yaml:2: field 'mode' cannot carry the note: it is no text (choose another field)\n"
		"toy.yaml:3: field 'says' cannot carry 'noet' (did you mean 'note'?)\n"
		"toy.yaml:5: the idle is carried by fields 'since' and 'since' (take it away from one of them)\n"
		"toy.yaml:6: 'many' cannot be written into field 'rank' (one number from -10 to 10, {priority} or absent)\n");
}

static void rules_that_nothing_reaches(void **state)
{
	struct hg_rule swapped[7];
	struct hg_table_source from = source;

	memcpy(swapped, rules, sizeof(rules));
	swapped[IDLE] = rules[REST];
	swapped[REST] = rules[IDLE];
	from.rule = swapped;
	faults(&from,
		"toy.yaml:15: rule 'idle': never reached inward: rules before it take all that it matches (put it before "
		"rule 'rest' (line 16), let it go one way, or remove it)\n"
		"toy.yaml:15: rule 'idle': never reached outward: rules before it take all that it matches (put it before "
		"rule 'rest' (line 16), let it go one way, or remove it)\n");
}

static void gaps(void **state)
{
	struct hg_rule r = rules[QUIET];
	struct hg_table_source from = source;

	r.canonical[1].value[1] = NULL;
	faults_with(QUIET, r,
		"toy.yaml: no rule outward for availability 'busy-idle' at 7500 with activity 'none', idle: no, note: no "
		"(add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'dnd' at 9000 with activity 'none', idle: no, note: no "
		"(add it to a rule, or add a rule with direction: out)\n");
	r = rules[OFF];
	r.direction = HG_OUT_ONLY;
	r.canonical[0] = r.canonical[1];
	r.canonical[1].key = NULL;
	faults_with(OFF, r,
		"toy.yaml: no rule inward for mode: off, where: absent, rank: absent (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: off, where: desk, since: absent (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: off, where: road (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: off, where: absent, rank: -4 (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: off, where: absent, rank: -2..10 (add a rule; with state: none if it says nothing)\n");
	from.nrules = 2;
	faults(&from,
		"toy.yaml: no rule inward for mode: absent (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: on (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: quiet (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule outward for availability 'available' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'available-idle' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'busy' at 6000 with activity 'none' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'busy-idle' at 7500 with activity 'none' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'dnd' at 9000 with activity 'none' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'brb' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'away' (add it to a rule, or add a rule with direction: out)\n");
}

static void too_many_rules(void **state)
{
	static struct hg_rule many[HG_RULES_MAX + 1];
	struct hg_table_source from = source;

	for (size_t i = 0; i <= HG_RULES_MAX; i++)
		many[i] = rules[REST];
	from.rule = many;
	from.nrules = HG_RULES_MAX + 1;
	faults(&from, "toy.yaml:16: 257 rules; 256 are the most (merge some of them)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_of_native_fields),
		cmocka_unit_test(faults_of_what_is_written),
		cmocka_unit_test(faults_of_the_canonical_side),
		cmocka_unit_test(faults_of_direction),
		cmocka_unit_test(faults_of_names),
		cmocka_unit_test(faults_of_bindings),
		cmocka_unit_test(rules_that_nothing_reaches),
		cmocka_unit_test(gaps),
		cmocka_unit_test(too_many_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
