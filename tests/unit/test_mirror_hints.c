/* SPDX-License-Identifier: Apache-2.0 */
/* Hints for the next start: what could not be written, and what did not come back. */
#include "tests/unit/mirror_rig.h"

#include <errno.h>

/* Takes hints, or does not. */
static struct {
	struct hg_store store;
	struct rig *rig;
	int rc;
} hints;

static void hint(struct hg_store *store, const struct hg_fact *f, size_t n,
	void (*done)(void *arg, int rc), void *arg)
{
	for (size_t i = 0; i < n; i++)
		rig_write_fact(hints.rig, &f[i]);
	done(arg, hints.rc);
}

/* With alice, who is there. */
static struct rig *hinted(void)
{
	static const struct hg_store_ops ops = { hint };
	struct rig *r = rig_new();

	hints.store.ops = &ops;
	hints.rig = r;
	hints.rc = 0;
	r->env.hints = &hints.store;
	rig_again(r);
	rig_alice(r);
	return r;
}

/* Else the next start would know nothing of her until she changes once more. */
static void who_could_not_be_written_is_written_again(void **state)
{
	struct rig *r = hinted();

	hints.rc = -EIO;
	rig_pass(r, 1500);
	rig_has(r, "fact -user alice@h\nfact endpoint alice@h ");
	hg_buf_reset(&r->log);
	rig_pass(r, 1500);
	rig_has(r, "fact endpoint alice@h ");
	hg_buf_reset(&r->log);
	hints.rc = 0;
	rig_pass(r, 1500);
	rig_has(r, "fact endpoint alice@h ");
	hg_buf_reset(&r->log);
	rig_pass(r, 5000);
	rig_expect(r, "");
	rig_free(r);
}

/* Her device was gone before the start: so it is gone from the hints. */
static void what_does_not_come_back_is_taken_away(void **state)
{
	struct rig *r = hinted();
	struct hg_fact late = { .kind = HG_FACT_ENDPOINT, .owner = HG_STR("alice@h.example") },
		       soft = { .kind = HG_FACT_SOFT,
			       .owner = HG_STR("alice@h.example"),
			       .name = HG_STR("state"),
			       .extra = HG_STR("desk"),
			       .more = HG_STR("endpoint") };

	late.name = HG_STR("desk");
	rig_restart(r);
	late.until = rig_now(r).utc - 1;
	assert_int_equal(hg_core_restore(r->core, &late), -EINVAL);
	assert_int_equal(hg_core_restore(r->core, &soft), -EINVAL);
	rig_pass(r, 1500);
	rig_expect(r, "fact -user alice@h\n");
	late.until = rig_now(r).utc + 60000;
	assert_int_equal(hg_core_restore(r->core, &late), 0);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_could_not_be_written_is_written_again),
		cmocka_unit_test(what_does_not_come_back_is_taken_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
