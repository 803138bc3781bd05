/* SPDX-License-Identifier: Apache-2.0 */
/* Who sits in which container. */
#include "bridge/presence/member.h"
#include "tests/support/support.h"

#include <stdlib.h>

enum { ALICE = 1, BOB, DOMAIN, ELSEWHERE };

static const struct hg_asker alice = { ALICE, DOMAIN, HG_SAME_ENTERPRISE };
static const struct hg_asker romeo = { BOB, ELSEWHERE, HG_FEDERATED };
static const struct hg_asker cloud = { BOB, ELSEWHERE, HG_PUBLIC_CLOUD };
static const struct hg_asker stranger = { BOB, ELSEWHERE, HG_TRUST_NONE };

static void put(
	struct hg_container *c, size_t *n, uint16_t id, enum hg_member_type type, hg_addr addr)
{
	struct hg_container *k = hg_container_find(c, *n, id);

	if (!k) {
		k = &c[(*n)++];
		*k = (struct hg_container){ .id = id };
	}
	hg_grow(&k->member, &k->cap, k->n, sizeof(*k->member));
	k->member[k->n++] = (struct hg_member){ .type = type, .addr = addr };
}

static void empty(struct hg_container *c, size_t *n)
{
	while (*n)
		hg_container_done(&c[--*n]);
}

/* A better kind of member beats a higher container; EP 3.2.2. Every pair of kinds, both ways round. */
static void the_best_kind_wins(void **state)
{
	static const struct {
		enum hg_member_type type;
		hg_addr addr;
		enum hg_trust trust; /* HG_TRUST_NONE: matches everybody's */
	} kind[] = {
		{ HG_MEMBER_USER, ALICE, HG_TRUST_NONE },
		{ HG_MEMBER_DOMAIN, DOMAIN, HG_TRUST_NONE },
		{ HG_MEMBER_SAME_ENTERPRISE, 0, HG_SAME_ENTERPRISE },
		{ HG_MEMBER_PUBLIC_CLOUD, 0, HG_PUBLIC_CLOUD },
		{ HG_MEMBER_FEDERATED, 0, HG_FEDERATED },
		{ HG_MEMBER_EVERYONE, 0, HG_TRUST_NONE },
	};
	size_t pairs = 0;

	for (size_t better = 0; better < 6; better++) {
		for (size_t worse = better + 1; worse < 6; worse++) {
			struct hg_asker a = { ALICE, DOMAIN,
				kind[better].trust ? kind[better].trust : kind[worse].trust };
			struct hg_container c[2];
			size_t n = 0;

			if (kind[better].trust && kind[worse].trust)
				continue; /* nobody is of two trust classes */
			put(c, &n, 100, kind[better].type, kind[better].addr);
			put(c, &n, 400, kind[worse].type, kind[worse].addr);
			assert_int_equal(hg_container_of(c, n, &a), 100);
			empty(c, &n);
			put(c, &n, 100, kind[worse].type, kind[worse].addr);
			put(c, &n, 400, kind[better].type, kind[better].addr);
			assert_int_equal(hg_container_of(c, n, &a), 400);
			empty(c, &n);
			pairs++;
		}
	}
	assert_int_equal(pairs, 12);
}

/* TV-51: within one kind the highest container, in whatever order they stand. */
static void ties_go_to_the_highest(void **state)
{
	struct hg_container c[3];
	size_t n = 0;

	put(c, &n, 200, HG_MEMBER_USER, ALICE);
	put(c, &n, 300, HG_MEMBER_USER, ALICE);
	assert_int_equal(hg_container_of(c, n, &alice), 300);
	empty(c, &n);
	put(c, &n, 300, HG_MEMBER_USER, ALICE);
	put(c, &n, 200, HG_MEMBER_USER, ALICE);
	put(c, &n, 100, HG_MEMBER_USER, ALICE);
	assert_int_equal(hg_container_of(c, n, &alice), 300);
	empty(c, &n);
}

static void who_is_meant(void **state)
{
	struct hg_container c[1];
	size_t n = 0;
	const struct {
		enum hg_member_type type;
		hg_addr addr;
		bool alice, romeo, cloud, stranger;
	} row[] = {
		{ HG_MEMBER_USER, ALICE, true, false, false, false },
		{ HG_MEMBER_USER, BOB, false, true, true, true },
		{ HG_MEMBER_DOMAIN, DOMAIN, true, false, false, false },
		{ HG_MEMBER_DOMAIN, ELSEWHERE, false, true, true, true },
		{ HG_MEMBER_SAME_ENTERPRISE, 0, true, false, false, false },
		{ HG_MEMBER_FEDERATED, 0, false, true, false, false },
		{ HG_MEMBER_PUBLIC_CLOUD, 0, false, false, true, false },
		{ HG_MEMBER_EVERYONE, 0, true, true, true, true },
		{ HG_MEMBER_USER, DOMAIN, false, false, false, false },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		put(c, &n, 300, row[i].type, row[i].addr);
		assert_int_equal(hg_container_of(c, n, &alice), row[i].alice ? 300 : 0);
		assert_int_equal(hg_container_of(c, n, &romeo), row[i].romeo ? 300 : 0);
		assert_int_equal(hg_container_of(c, n, &cloud), row[i].cloud ? 300 : 0);
		assert_int_equal(hg_container_of(c, n, &stranger), row[i].stranger ? 300 : 0);
		empty(c, &n);
	}
}

static void the_owners_containers_match_nobody(void **state)
{
	struct hg_container c[5];
	size_t n = 0;

	for (uint16_t id = 0; id <= 3; id++) {
		put(c, &n, id, HG_MEMBER_USER, ALICE);
		put(c, &n, id, HG_MEMBER_EVERYONE, 0);
	}
	assert_int_equal(hg_container_of(c, n, &alice), HG_C_DEFAULT);
	put(c, &n, 4, HG_MEMBER_EVERYONE, 0);
	assert_int_equal(hg_container_of(c, n, &alice), 4);
	empty(c, &n);
}

/* What a new user has, and what a block and a promotion make of it. */
static void defaults_block_and_promotion(void **state)
{
	struct hg_container c[5];
	size_t n = 0;

	put(c, &n, HG_C_EXTERNAL, HG_MEMBER_FEDERATED, 0);
	put(c, &n, HG_C_COLLEAGUES, HG_MEMBER_SAME_ENTERPRISE, 0);
	put(c, &n, HG_C_BLOCKED, HG_MEMBER_PUBLIC_CLOUD, 0);
	assert_int_equal(hg_container_of(c, n, &alice), HG_C_COLLEAGUES);
	assert_int_equal(hg_container_of(c, n, &romeo), HG_C_EXTERNAL);
	assert_int_equal(hg_container_of(c, n, &cloud), HG_C_BLOCKED);
	assert_int_equal(hg_container_of(c, n, &stranger), HG_C_DEFAULT);
	put(c, &n, HG_C_FRIENDS, HG_MEMBER_USER, BOB);
	assert_int_equal(hg_container_of(c, n, &romeo), HG_C_FRIENDS);
	assert_int_equal(hg_container_of(c, n, &cloud), HG_C_FRIENDS);
	put(c, &n, HG_C_BLOCKED, HG_MEMBER_USER, BOB);
	assert_int_equal(hg_container_of(c, n, &romeo), HG_C_BLOCKED);
	empty(c, &n);
}

/* TV-52: a user in 200 beats his domain in 400. */
static void a_user_beats_his_domain(void **state)
{
	struct hg_container c[2];
	size_t n = 0;

	put(c, &n, 200, HG_MEMBER_USER, ALICE);
	put(c, &n, 400, HG_MEMBER_DOMAIN, DOMAIN);
	assert_int_equal(hg_container_of(c, n, &alice), 200);
	empty(c, &n);
}

static void names_of_kinds(void **state)
{
	for (int t = HG_MEMBER_EVERYONE; t <= HG_MEMBER_USER; t++)
		assert_int_equal(hg_member_type_find(hg_str(hg_member_type_name(t))), t);
	assert_string_equal(hg_member_type_name(HG_MEMBER_SAME_ENTERPRISE), "sameEnterprise");
	assert_int_equal(hg_member_type_find(HG_STR("User")), 0);
	assert_int_equal(hg_member_type_find(HG_STR("")), 0);
}

static void finding(void **state)
{
	struct hg_container c[2];
	size_t n = 0;

	put(c, &n, 100, HG_MEMBER_FEDERATED, 0);
	put(c, &n, 100, HG_MEMBER_USER, ALICE);
	assert_int_equal(hg_member_find(&c[0], HG_MEMBER_USER, ALICE), 1);
	assert_int_equal(hg_member_find(&c[0], HG_MEMBER_USER, BOB), -1);
	assert_int_equal(hg_member_find(&c[0], HG_MEMBER_DOMAIN, ALICE), -1);
	assert_null(hg_container_find(c, n, 200));
	assert_ptr_equal(hg_container_find(c, n, 100), &c[0]);
	empty(c, &n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_kind_wins),
		cmocka_unit_test(ties_go_to_the_highest),
		cmocka_unit_test(who_is_meant),
		cmocka_unit_test(the_owners_containers_match_nobody),
		cmocka_unit_test(defaults_block_and_promotion),
		cmocka_unit_test(a_user_beats_his_domain),
		cmocka_unit_test(names_of_kinds),
		cmocka_unit_test(finding),
	};

	return cmocka_run_group_tests_name("members", tests, NULL, NULL);
}
