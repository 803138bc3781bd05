/* SPDX-License-Identifier: Apache-2.0 */
/* The rule of documents that follow each other. */
#include "tests/support/support.h"

#include "bridge/documents/coherence.h"

#define D HG_COHERENT_DISCARD
#define A HG_COHERENT_APPLY
#define AA HG_COHERENT_APPLY_ASK
#define ASK HG_COHERENT_ASK

static void one_after_the_other(void **state)
{
	static const struct {
		bool begun;
		uint32_t known, version;
		enum hg_coherent whole, partial, patch;
	} line[] = {
		{ false, 0, 0, A, AA, ASK },
		{ false, 0, 7, A, AA, ASK },
		{ true, 0, 0, D, D, D },
		{ true, 7, 6, D, D, D },
		{ true, 7, 7, D, D, D },
		{ true, 7, 8, A, A, A },
		{ true, 7, 9, A, AA, ASK },
		{ true, UINT32_MAX, 0, D, D, D },
		{ true, UINT32_MAX, UINT32_MAX, D, D, D },
		{ true, 0, UINT32_MAX, A, AA, ASK },
	};

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		const enum hg_coherent expected[] = { [HG_WHOLE] = line[i].whole,
			[HG_PARTIAL] = line[i].partial,
			[HG_PATCH] = line[i].patch };

		for (enum hg_wholeness w = HG_WHOLE; w <= HG_PATCH; w++) {
			struct hg_coherence c = { line[i].begun, line[i].known };
			enum hg_coherent got = hg_coherence_take(&c, w, line[i].version);
			bool applied = got == HG_COHERENT_APPLY || got == HG_COHERENT_APPLY_ASK;

			assert_int_equal(got, expected[w]);
			assert_int_equal(c.begun, line[i].begun || applied);
			assert_int_equal(c.version, applied ? line[i].version : line[i].known);
		}
	}
}

/* A subscriber who loses documents knows it until a whole one comes. */
static void a_gap_in_patches_stays(void **state)
{
	struct hg_coherence c = { 0 };

	assert_int_equal(hg_coherence_take(&c, HG_WHOLE, 1), A);
	assert_int_equal(hg_coherence_take(&c, HG_PATCH, 3), ASK);
	assert_int_equal(hg_coherence_take(&c, HG_PATCH, 4), ASK);
	assert_int_equal(hg_coherence_take(&c, HG_WHOLE, 5), A);
	assert_int_equal(hg_coherence_take(&c, HG_PATCH, 6), A);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(a_gap_in_patches_stays),
	};

	return cmocka_run_group_tests_name("documents: coherence", tests, NULL, NULL);
}
