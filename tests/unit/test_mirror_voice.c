/* SPDX-License-Identifier: Apache-2.0 */
/* Devices that name no containers (voice.c), and what adapters keep for their next start (kept.c). */
#include "tests/unit/mirror_rig.h"

#include <errno.h>

/* Of `who`, by somebody who needs no connection for it; `is` NULL: nothing new is said. */
static void say_for(struct rig *r, const char *by, const char *who, const char *device,
	uint32_t seconds, const char *is)
{
	struct hg_value value = { .field = 0, .text = hg_str(is) };
	struct hg_record *said = is ? hg_record_new(&value, 1) : NULL;
	struct hg_principal principal = { .addr = rig_addr(r, by), .lane = r->lane[0] };

	r->host.request(r->core, &principal,
		&(struct hg_request){ .kind = HG_REQ_SAY,
			.target = rig_addr(r, who),
			.instance = hg_str(device),
			.expires = seconds,
			.vocabulary = &rig_vocabulary,
			.said = said },
		7);
	hg_record_unref(said);
	rig_turn(r);
}

static void say(
	struct rig *r, const char *who, const char *device, uint32_t seconds, const char *is)
{
	say_for(r, who, who, device, seconds, is);
}

static void is_shown(struct rig *r, const char *what)
{
	rig_has(r, what);
	hg_buf_reset(&r->log);
}

static struct rig *watched(void)
{
	struct rig *r = rig_new_linked();

	rig_alice(r);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	is_shown(r, "is=on");
	return r;
}

static void what_a_device_says_counts_until_it_ends(void **state)
{
	struct rig *r = watched();

	say(r, "alice@h", "phone", 60, "dnd");
	is_shown(r, "is=dnd");
	say(r, "alice@h", "phone", 60, "on");
	is_shown(r, "is=on");
	say(r, "alice@h", "phone", 60, "dnd");
	say(r, "alice@h", "phone", 0, NULL);
	is_shown(r, "is=on");
	rig_free(r);
}

static void it_lasts_as_long_as_it_was_said_for(void **state)
{
	struct rig *r = watched();

	say(r, "alice@h", "phone", 60, "dnd");
	is_shown(r, "is=dnd");
	rig_pass(r, 50000);
	say(r, "alice@h", "phone", 60, NULL); /* so much longer */
	rig_pass(r, 50000);
	rig_has_not(r, "is=");
	rig_pass(r, 20000);
	is_shown(r, "is=on");
	rig_free(r);
}

static void nobody_says_it_for_somebody_else(void **state)
{
	struct rig *r = watched();

	say_for(r, "eve@h", "alice@h", "phone", 60, "dnd");
	rig_expect(r, "answer 7 not-delegate\n");
	rig_free(r);
}

/* Who says something first becomes a user, if everybody may; to say nothing makes nobody one. */
static void it_makes_a_user(void **state)
{
	struct rig *r = rig_new_linked();

	assert_true(r->env.policy.provision_open);
	say(r, "new@h", "phone", 60, NULL);
	assert_false(hg_core_has_user(r->core, rig_addr(r, "new@h")));
	say(r, "new@h", "phone", 60, "on");
	assert_true(hg_core_has_user(r->core, rig_addr(r, "new@h")));
	rig_free(r);
}

/* ---- kept for the next start ---- */

static struct {
	struct hg_store store;
	struct hg_fact fact[4];
	char text[4][3][16];
	size_t n;
	int rc;     /* that it answers */
	bool waits; /* it does so when it is told to: */
	void (*done)(void *arg, int rc);
	void *arg;
} hints;

static void hint(struct hg_store *store, const struct hg_fact *f, size_t n,
	void (*done)(void *arg, int rc), void *arg)
{
	for (size_t i = 0; i < n; i++) {
		if (f[i].kind != HG_FACT_KEPT)
			continue;
		assert_true(hints.n < 4);
		snprintf(hints.text[hints.n][0], 16, "%.*s", HG_STR_ARG(f[i].owner));
		snprintf(hints.text[hints.n][1], 16, "%.*s", HG_STR_ARG(f[i].name));
		snprintf(hints.text[hints.n][2], 16, "%.*s", HG_STR_ARG(f[i].value));
		hints.fact[hints.n] = f[i];
		hints.fact[hints.n].owner = hg_str(hints.text[hints.n][0]);
		hints.fact[hints.n].name = hg_str(hints.text[hints.n][1]);
		hints.fact[hints.n].value = hg_str(hints.text[hints.n][2]);
		hints.n++;
	}
	(void)store;
	hints.done = done;
	hints.arg = arg;
	if (!hints.waits)
		done(arg, hints.rc);
}

static struct rig *keeping(void)
{
	static const struct hg_store_ops ops = { hint };
	struct rig *r = rig_new();

	memset(&hints, 0, sizeof(hints));
	hints.store.ops = &ops;
	r->env.hints = &hints.store;
	rig_again(r);
	return r;
}

static void add_kept(void *arg, struct hg_str name, struct hg_str value, int64_t until)
{
	hg_buf_addf(arg, "%.*s=%.*s ", HG_STR_ARG(name), HG_STR_ARG(value));
}

static void what_is_kept_comes_back_to_whose_it_is(void **state)
{
	static const struct hg_adapter other = { .name = "other" };
	struct rig *r = keeping();
	int64_t until = rig_now(r).utc + 60000;
	struct hg_buf got = { 0 };

	r->host.keep(r->core, &rig_adapter, HG_STR("a"), HG_STR("old"), until);
	r->host.keep(r->core, &rig_adapter, HG_STR("a"), HG_STR("new"), until);
	r->host.keep(r->core, &other, HG_STR("a"), HG_STR("theirs"), until);
	r->host.keep(r->core, &other, HG_STR("b"), HG_STR("late"), until - 59000);
	assert_int_equal(hints.n, 0); /* written together, a second later */
	rig_pass(r, 1500);
	assert_int_equal(hints.n, 3);
	r->env.hints = NULL;
	rig_again(r);
	for (size_t i = 0; i < hints.n; i++)
		hg_core_restore(r->core, &hints.fact[i]);
	r->host.kept(r->core, &rig_adapter, add_kept, &got);
	assert_string_equal(got.p, "a=new ");
	hg_buf_reset(&got);
	r->host.kept(r->core, &other, add_kept, &got);
	assert_string_equal(got.p, "a=theirs ");
	hg_buf_reset(&got);
	r->host.kept(r->core, &other, add_kept, &got); /* once */
	assert_int_equal(got.n, 0);
	hg_buf_done(&got);
	rig_free(r);
}

/* Else the next process would be given what was taken back. */
static void what_could_not_be_written_is_written_again(void **state)
{
	struct rig *r = keeping();
	int64_t until = rig_now(r).utc + 60000;

	hints.rc = -EIO;
	r->host.keep(r->core, &rig_adapter, HG_STR("a"), HG_STR_NONE, until);
	r->host.keep(r->core, &rig_adapter, HG_STR("b"), HG_STR("old"), until);
	rig_pass(r, 1500);
	assert_int_equal(hints.n, 2);
	r->host.keep(r->core, &rig_adapter, HG_STR("b"), HG_STR("new"), until);
	hints.rc = hints.n = 0;
	rig_pass(r, 1500);
	assert_int_equal(hints.n, 2);
	for (size_t i = 0; i < hints.n; i++) {
		bool a = hg_str_is(hints.fact[i].name, "a");

		assert_int_equal(hints.fact[i].gone, a);
		assert_true(hg_str_is(hints.fact[i].value, a ? "" : "new"));
	}
	rig_pass(r, 5000);
	assert_int_equal(hints.n, 2);
	rig_free(r);
}

/* What could not be written is older than what is said while it was tried. */
static void what_changes_while_it_is_written_counts(void **state)
{
	struct rig *r = keeping();
	int64_t until = rig_now(r).utc + 60000;

	hints.waits = true;
	r->host.keep(r->core, &rig_adapter, HG_STR("b"), HG_STR("old"), until);
	rig_pass(r, 1500);
	assert_int_equal(hints.n, 1);
	r->host.keep(r->core, &rig_adapter, HG_STR("b"), HG_STR("new"), until);
	rig_pass(r, 5000); /* one at a time */
	assert_int_equal(hints.n, 1);
	hints.waits = false;
	hints.n = 0;
	hints.done(hints.arg, -EIO);
	rig_pass(r, 1500);
	assert_int_equal(hints.n, 1);
	assert_true(hg_str_is(hints.fact[0].value, "new"));
	rig_pass(r, 5000);
	assert_int_equal(hints.n, 1);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_device_says_counts_until_it_ends),
		cmocka_unit_test(it_lasts_as_long_as_it_was_said_for),
		cmocka_unit_test(nobody_says_it_for_somebody_else),
		cmocka_unit_test(it_makes_a_user),
		cmocka_unit_test(what_is_kept_comes_back_to_whose_it_is),
		cmocka_unit_test(what_could_not_be_written_is_written_again),
		cmocka_unit_test(what_changes_while_it_is_written_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
