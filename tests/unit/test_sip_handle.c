/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/sip/sip.h"
#include "tests/support/support.h"

static void finds_what_was_put(void **state)
{
	struct hg_sip_handles h = { 0 };
	int a, b;
	uint64_t ha = hg_sip_handle_new(&h, HG_SIP_HANDLE_OUTLET, &a);
	uint64_t hb = hg_sip_handle_new(&h, HG_SIP_HANDLE_REQUEST, &b);
	assert_true(ha && hb && ha != hb);
	assert_ptr_equal(hg_sip_handle_get(&h, HG_SIP_HANDLE_OUTLET, ha), &a);
	assert_ptr_equal(hg_sip_handle_get(&h, HG_SIP_HANDLE_REQUEST, hb), &b);
	hg_sip_handles_done(&h);
}

static void kinds_are_apart(void **state)
{
	struct hg_sip_handles h = { 0 };
	int a;
	uint64_t ha = hg_sip_handle_new(&h, HG_SIP_HANDLE_OUTLET, &a);
	assert_null(hg_sip_handle_get(&h, HG_SIP_HANDLE_REQUEST, ha));
	assert_null(hg_sip_handle_get(&h, HG_SIP_HANDLE_FREE, ha));
	hg_sip_handles_done(&h);
}

static void nobody_behind_a_used_one(void **state)
{
	struct hg_sip_handles h = { 0 };
	int a, b;
	uint64_t old = hg_sip_handle_new(&h, HG_SIP_HANDLE_OUTLET, &a);
	hg_sip_handle_free(&h, old);
	assert_null(hg_sip_handle_get(&h, HG_SIP_HANDLE_OUTLET, old));
	uint64_t new = hg_sip_handle_new(&h, HG_SIP_HANDLE_OUTLET, &b);
	assert_int_equal((uint32_t) new, (uint32_t)old); /* the slot is used again */
	assert_null(hg_sip_handle_get(&h, HG_SIP_HANDLE_OUTLET, old));
	hg_sip_handle_free(&h, old); /* twice: harms nobody */
	assert_ptr_equal(hg_sip_handle_get(&h, HG_SIP_HANDLE_OUTLET, new), &b);
	hg_sip_handles_done(&h);
}

static void numbers_never_given_out(void **state)
{
	struct hg_sip_handles h = { 0 };
	assert_null(hg_sip_handle_get(&h, HG_SIP_HANDLE_OUTLET, 0));
	assert_null(hg_sip_handle_get(&h, HG_SIP_HANDLE_OUTLET, UINT64_MAX));
	hg_sip_handle_free(&h, 0);
	hg_sip_handle_free(&h, 12345);
	hg_sip_handles_done(&h);
}

static void many(void **state)
{
	enum { N = 1000 };
	static uint64_t handle[N];
	static int object[N];
	struct hg_sip_handles h = { 0 };
	for (int i = 0; i < N; i++)
		handle[i] = hg_sip_handle_new(&h, HG_SIP_HANDLE_DIALOG, &object[i]);
	for (int i = 0; i < N; i += 2)
		hg_sip_handle_free(&h, handle[i]);
	for (int i = 0; i < N; i++)
		assert_ptr_equal(hg_sip_handle_get(&h, HG_SIP_HANDLE_DIALOG, handle[i]),
			i % 2 ? &object[i] : NULL);
	for (int i = 0; i < N; i += 2)
		handle[i] = hg_sip_handle_new(&h, HG_SIP_HANDLE_DIALOG, &object[i]);
	for (int i = 0; i < N; i++)
		assert_ptr_equal(
			hg_sip_handle_get(&h, HG_SIP_HANDLE_DIALOG, handle[i]), &object[i]);
	assert_int_equal(h.n, N);
	hg_sip_handles_done(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_put),
		cmocka_unit_test(kinds_are_apart),
		cmocka_unit_test(nobody_behind_a_used_one),
		cmocka_unit_test(numbers_never_given_out),
		cmocka_unit_test(many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
