/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/support.h"

#include "bridge/base/intern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void intern_numbers_texts(void **state)
{
	struct hg_intern *t = hg_intern_new();
	char text[64];

	assert_int_equal(hg_intern_count(t), 0);
	assert_int_equal(hg_intern_find(t, HG_STR("sip:alice@corp.example")), 0);
	assert_null(hg_intern_text(t, 0).p);
	assert_null(hg_intern_text(t, 1).p);
	assert_int_equal(hg_intern(t, HG_STR("")), 1);
	assert_int_equal(hg_intern(t, HG_STR_NONE), 1);
	assert_string_equal(hg_intern_text(t, 1).p, "");

	/* a text of more than a block, then thousands of small ones */
	char *large = hg_alloc(100000);
	memset(large, 'L', 99999);
	assert_int_equal(hg_intern(t, hg_str(large)), 2);
	const char *place = hg_intern_text(t, 2).p;
	for (uint32_t i = 0; i < 20000; i++) {
		snprintf(text, sizeof(text), "sip:user%u@corp.example", i);
		assert_int_equal(hg_intern(t, hg_str(text)), i + 3);
	}
	assert_int_equal(hg_intern_count(t), 20002);
	for (uint32_t i = 0; i < 20000; i++) {
		snprintf(text, sizeof(text), "sip:user%u@corp.example", i);
		assert_int_equal(hg_intern_find(t, hg_str(text)), i + 3);
		assert_int_equal(hg_intern(t, hg_str(text)), i + 3);
		assert_string_equal(hg_intern_text(t, i + 3).p, text);
	}
	assert_int_equal(hg_intern_count(t), 20002);
	assert_ptr_equal(hg_intern_text(t, 2).p, place);
	assert_string_equal(place, large);
	assert_int_equal(hg_intern_find(t, HG_STR("sip:user1@corp.exampl")), 0);
	free(large);
	hg_intern_free(t);
	hg_intern_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intern_numbers_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
