/* SPDX-License-Identifier: Apache-2.0 */
/* The directory: who is found by what, by whom, and what is shown of him (EP 4.6). */
#include "tests/unit/mirror_card.h"

static void search_max(struct client *c, uint32_t max, const struct hg_search_term *term, size_t n)
{
	struct hg_search s = { term, n, max };

	rig_request(c, &(struct hg_request){ .kind = HG_REQ_SEARCH, .search = &s });
	rig_turn(c->rig);
}

/* One term; the journal then says whom it fits. */
static void found(struct client *c, int field, const char *value, const char *whom)
{
	struct hg_search_term t = { field, hg_str(value) };
	char answer[256];

	search_max(c, 10, &t, 1);
	snprintf(answer, sizeof(answer), "answer %llu ok%s\n", (unsigned long long)c->rig->cookie,
		whom);
	rig_expect(c->rig, answer);
}

static struct rig *with_people(void)
{
	struct rig *r = rig_new();

	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice Adams-Berg" },
		{ HG_CARD_MAIL, "a.adams@h" }, { HG_CARD_COMPANY, "Contoso Inc" },
		{ HG_CARD_COUNTRY, "DE" });
	SAY(r, "bob@h", { HG_CARD_DISPLAY_NAME, "B\xc3\xb6rge Dahl, Alicante" });
	return r;
}

static void by_words_and_their_beginnings(void **state)
{
	struct rig *r = with_people();
	struct client carol = rig_sign_on(r, "carol@h", "desk");
	const char *alice = " alice@h/Alice Adams-Berg/a.adams@h/Contoso Inc/DE";
	const char *bob = " bob@h/B\xc3\xb6rge Dahl, Alicante";
	char two[256];

	snprintf(two, sizeof(two), "%s%s", alice, bob);
	found(&carol, HG_CARD_DISPLAY_NAME, "aLiC", two);
	found(&carol, HG_CARD_DISPLAY_NAME, "alice a", alice);
	found(&carol, HG_CARD_DISPLAY_NAME, "berg", alice);
	found(&carol, HG_CARD_DISPLAY_NAME, "B\xc3\x96RGE", bob);
	found(&carol, HG_CARD_DISPLAY_NAME, "lice", "");
	found(&carol, HG_CARD_MAIL, "A.Adams@", alice);
	found(&carol, HG_CARD_MAIL, "adams", "");
	found(&carol, HG_CARD_COMPANY, "inc", alice);
	found(&carol, HG_CARD_COUNTRY, "de", alice);
	found(&carol, HG_SEARCH_ADDRESS, "bob@", bob);
	found(&carol, HG_SEARCH_ADDRESS, "carol@h.example", " carol@h");
	found(&carol, HG_SEARCH_UNKNOWN, "alice", "");
	/* A value that would reach into another field's line. */
	found(&carol, HG_CARD_DISPLAY_NAME, "alice adams-berg\nadams", "");
	rig_free(r);
}

static void all_terms_must_fit(void **state)
{
	struct rig *r = with_people();
	struct client carol = rig_sign_on(r, "carol@h", "desk");
	struct hg_search_term t[] = { { HG_CARD_DISPLAY_NAME, HG_STR("ali") },
		{ HG_CARD_DISPLAY_NAME, HG_STR("dahl") } };

	search_max(&carol, 10, t, 2);
	rig_expect(r, "answer 2 ok bob@h/B\xc3\xb6rge Dahl, Alicante\n");
	/* Who says nothing finds nobody. */
	search_max(&carol, 10, t, 0);
	rig_expect(r, "answer 3 ok\n");
	search_max(&carol, 1, t, 1);
	rig_expect(r, "answer 4 ok alice@h/Alice Adams-Berg/a.adams@h/Contoso Inc/DE more\n");
	search_max(&carol, 0, t, 1);
	rig_expect(r, "answer 5 ok more\n");
	rig_free(r);
}

static void no_more_than_the_limit(void **state)
{
	struct rig *r = rig_new();
	struct client carol = rig_sign_on(r, "carol@h", "desk");
	struct hg_search_term t = { HG_SEARCH_ADDRESS, HG_STR("user") };
	size_t n = 0;

	for (int i = 0; i < HG_SEARCH_FOUND_MAX + 1; i++) {
		char who[32];

		snprintf(who, sizeof(who), "user%03d@h", i);
		hg_core_add_user(r->core, rig_addr(r, who));
		rig_turn(r);
	}
	hg_buf_reset(&r->log);
	search_max(&carol, UINT32_MAX, &t, 1);
	for (const char *at = r->log.p; (at = strstr(at, " user")); at++)
		n++;
	assert_int_equal(n, HG_SEARCH_FOUND_MAX);
	assert_non_null(strstr(r->log.p, " more\n"));
	rig_free(r);
}

/* Nobody is found by what his card does not show the searcher. */
static void what_is_not_shown_is_not_found(void **state)
{
	struct rig *r = with_people();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      carol = rig_sign_on(r, "carol@h", "desk");
	struct hg_member_edit e = rig_member(&alice, HG_C_BLOCKED, 1, false, "carol@h");

	rig_members(&alice, &e, 1);
	rig_turn(r);
	hg_buf_reset(&r->log);
	found(&carol, HG_CARD_COMPANY, "contoso", "");
	found(&carol, HG_CARD_DISPLAY_NAME, "alic",
		" alice@h/Alice Adams-Berg/a.adams@h bob@h/"
		"B\xc3\xb6rge Dahl, Alicante");
	rig_free(r);
}

static void it_follows_what_changes(void **state)
{
	struct rig *r = with_people();
	struct client carol = rig_sign_on(r, "carol@h", "desk");
	enum hg_verdict v;

	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Eve" }, { HG_CARD_COMPANY, "" });
	found(&carol, HG_CARD_DISPLAY_NAME, "adams", "");
	found(&carol, HG_CARD_COMPANY, "c", "");
	found(&carol, HG_CARD_DISPLAY_NAME, "eve", " alice@h/Eve/a.adams@h/DE");
	hg_core_ask_user(r->core, rig_addr(r, "alice@h"), true, rig_keep_verdict, &v);
	rig_turn(r);
	found(&carol, HG_CARD_DISPLAY_NAME, "eve", "");
	found(&carol, HG_SEARCH_ADDRESS, "alice", "");
	rig_restart(r);
	carol = rig_sign_on(r, "carol@h", "desk");
	found(&carol, HG_SEARCH_ADDRESS, "alice", "");
	found(&carol, HG_CARD_DISPLAY_NAME, "dahl", " bob@h/B\xc3\xb6rge Dahl, Alicante");
	rig_free(r);
}

/* Often enough that the gaps in the index are closed. */
static void it_stays_right_over_many_changes(void **state)
{
	struct rig *r = with_people();
	struct client carol = rig_sign_on(r, "carol@h", "desk");
	char title[HG_CARD_FIELDS * 8];

	for (int i = 0; i < 3000; i++) {
		snprintf(title, sizeof(title), "Number %d of a long row of titles", i);
		SAY(r, i % 2 ? "alice@h" : "bob@h", { HG_CARD_TITLE, title });
	}
	hg_buf_reset(&r->log);
	found(&carol, HG_CARD_TITLE, "2999 of",
		" alice@h/Alice Adams-Berg/a.adams@h/Number 2999 of a long row of titles/Contoso "
		"Inc/DE");
	found(&carol, HG_CARD_TITLE, "2997", "");
	found(&carol, HG_SEARCH_ADDRESS, "carol", " carol@h");
	rig_free(r);
}

static void where_users_are_hidden_there_is_none(void **state)
{
	struct rig *r = rig_new();
	struct client carol = rig_sign_on(r, "carol@h", "desk"),
		      stranger = rig_client(r, "eve@h", "x");
	struct hg_search_term t = { HG_SEARCH_ADDRESS, HG_STR("carol") };

	search_max(&stranger, 10, &t, 1);
	rig_expect(r, "answer 2 forbidden\n");
	r->env.policy.hide_users = true;
	hg_core_set_policy(r->core, &r->env.policy);
	search_max(&carol, 10, &t, 1);
	rig_expect(r, "answer 3 not-found\n");
	rig_free(r);
}

/* ---- another directory, which takes its time ---- */

static struct elsewhere {
	struct hg_directory base;
	void (*done)(void *arg, enum hg_verdict, const struct hg_found *, size_t n, bool more);
	void *arg;
	char asked[64];
} elsewhere;

static void ask_elsewhere(struct hg_directory *d, hg_addr by, const struct hg_search *s,
	void (*done)(void *arg, enum hg_verdict, const struct hg_found *, size_t n, bool more),
	void *arg)
{
	snprintf(elsewhere.asked, sizeof(elsewhere.asked), "%zu %u %s", s->n, s->max,
		s->term[0].value.p);
	elsewhere.done = done;
	elsewhere.arg = arg;
}

static void another_one_answers_later(void **state)
{
	struct hg_search_term t = { HG_CARD_DISPLAY_NAME, HG_STR("z") };
	struct hg_found row = { 0 };
	struct rig *r = rig_new();
	struct client carol;

	elsewhere.base.search = ask_elsewhere;
	r->env.directory = &elsewhere.base;
	rig_again(r);
	carol = rig_sign_on(r, "carol@h", "desk");
	search_max(&carol, 1000, &t, 1);
	rig_expect(r, "");
	assert_string_equal(elsewhere.asked, "1 100 z");
	row.address = hg_bytes_new(HG_STR("zoe@h.example"));
	row.card.field[HG_CARD_TITLE] = hg_bytes_new(HG_STR("Actor"));
	elsewhere.done(elsewhere.arg, HG_OK, &row, 1, false);
	rig_turn(r);
	rig_expect(r, "answer 2 ok zoe@h/Actor\n");
	/* Who asked is gone when the answer comes; the process ends while another one waits. */
	search_max(&carol, 1000, &t, 1);
	rig_drop(&carol);
	elsewhere.done(elsewhere.arg, HG_LATER, &row, 1, false);
	rig_turn(r);
	carol = rig_sign_on(r, "carol@h", "desk");
	search_max(&carol, 1000, &t, 1);
	rig_expect(r, "");
	hg_bytes_unref(row.address);
	hg_card_done(&row.card);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_words_and_their_beginnings),
		cmocka_unit_test(all_terms_must_fit),
		cmocka_unit_test(no_more_than_the_limit),
		cmocka_unit_test(what_is_not_shown_is_not_found),
		cmocka_unit_test(it_follows_what_changes),
		cmocka_unit_test(it_stays_right_over_many_changes),
		cmocka_unit_test(where_users_are_hidden_there_is_none),
		cmocka_unit_test(another_one_answers_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
