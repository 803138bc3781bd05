/* SPDX-License-Identifier: Apache-2.0 */
/* Who may act in somebody's name: [MS-PRES] delegates and setDelegate, EP 4.2.3. */
#include "tests/unit/test_documents.h"

#include "bridge/documents/categories.h"
#include "bridge/documents/delegates.h"

#include <errno.h>

READER(set_delegate)

static struct hg_doc_err err;

static void a_request_is_read(void **state)
{
	struct hg_set_delegate set;
	struct hg_buf file = { 0 };

	read_golden("in-set-delegate.xml", &file);
	assert_int_equal(hg_set_delegate_read(hg_buf_str(&file), &set, &err), 0);
	hg_buf_done(&file);
	assert_string_equal(set.uri, "john@contoso.com");
	assert_int_equal(set.edit.version, 2);
	assert_true(!set.edit.remove && !set.edit.publish && set.edit.redelegate);
	hg_set_delegate_done(&set);
}

/* The right to change the list, and the namespace, which is not known for sure. */
static void what_is_left_out_is_usual(void **state)
{
	static const char *const body[] = {
		"<setDelegate version='0'><delegate uri='sip:b@c' action='add'>"
		"<publishOperation authorization='allow'/></delegate></setDelegate>",
		"<setDelegate xmlns='urn:x' version='0'><delegate uri='sip:b@c' action='add'>"
		"<publishOperation authorization='allow'/></delegate></setDelegate>",
	};

	for (size_t i = 0; i < 2; i++) {
		struct hg_set_delegate set;

		assert_int_equal(hg_set_delegate_read(hg_str(body[i]), &set, &err), 0);
		assert_string_equal(set.uri, "sip:b@c");
		assert_true(!set.edit.remove && set.edit.publish && !set.edit.redelegate);
		hg_set_delegate_done(&set);
	}
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *body, *says;
	} bad[] = {
		{ "<setDelegates version='0'/>", "the root is not 'setDelegate'" },
		{ "<setDelegate><delegate uri='b@c' action='add'/></setDelegate>",
			"setDelegate: attribute 'version' is missing" },
		{ "<setDelegate version='0'/>", "setDelegate: element 'delegate' is missing" },
		{ "<setDelegate version='0'><delegate action='add'/></setDelegate>",
			"delegate: attribute 'uri' is missing" },
		{ "<setDelegate version='0'><delegate uri='b@c'/></setDelegate>",
			"delegate: attribute 'action' is missing" },
		{ "<setDelegate version='0'><delegate uri='b@c' action='change'/></setDelegate>",
			"delegate: action 'change' is not add or remove" },
		{ "<setDelegate version='0'><delegate uri='b@c' action='add'/>"
		  "<delegate uri='d@c' action='add'/></setDelegate>",
			"setDelegate: more than one delegate" },
		{ "<setDelegate version='0'><delegate uri='b@c' action='add'>"
		  "<publishOperation authorization='perhaps'/></delegate></setDelegate>",
			"publishOperation: authorization 'perhaps' is not allow or deny" },
		{ "<setDelegate version='0'><delegate uri='b@c' action='add' publish='false'/>"
		  "</setDelegate>",
			"delegate: element 'publishOperation' is missing" },
		{ "<setDelegate version='0'><delegate uri='b@c' action='add'>"
		  "<x:publishOperation xmlns:x='urn:x' authorization='allow'/></delegate></setDelegate>",
			"delegate: element 'publishOperation' is missing" },
		{ "<setDelegate version='0'><delegate uri='b@c' action='add'>"
		  "<publishOperation authorization='allow'/><redelegateOperation/></delegate>"
		  "</setDelegate>",
			"redelegateOperation: attribute 'authorization' is missing" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused(read_set_delegate, hg_str(bad[i].body), -EINVAL, bad[i].says);
}

static void the_list_is_written(void **state)
{
	const struct hg_delegate delegate[] = {
		{ .uri = hg_bytes_new(HG_STR("john@contoso.com")) },
		{ .uri = hg_bytes_new(HG_STR("o'b&b@contoso.com")),
			.publish = true,
			.redelegate = true },
	};
	const struct hg_self self = {
		.delegate = delegate, .ndelegates = 2, .delegates_version = 2
	};
	const struct hg_view view = { .part = HG_PART_DELEGATES, .self = &self };
	struct hg_buf part = { 0 };

	hg_delegates_write(&part, &view);
	struct hg_frag frag = { .part = HG_PART_DELEGATES, .bytes = hg_buf_bytes(&part) };
	const struct hg_frag *list = &frag;
	hg_roaming_write(&out, HG_STR("alice@example.com"), NULL, &list, 1);
	assert_golden(&out, "out-roaming-delegates.xml");
	hg_bytes_unref(frag.bytes);
	for (size_t i = 0; i < 2; i++)
		hg_bytes_unref(delegate[i].uri);
	hg_buf_done(&part);
}

/* Lync clients ask for them by an element of its own. */
static void they_are_asked_for(void **state)
{
	struct hg_roaming r;

	assert_int_equal(
		hg_roaming_read(
			HG_STR("<roamingList><roamingEx "
			       "xmlns='http://schemas.microsoft.com/2007/09/sip/roaming-self-ex' "
			       "type='delegates'/></roamingList>"),
			&r, &err),
		0);
	assert_true(r.delegates && !r.categories && !r.containers && !r.subscribers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_read),
		cmocka_unit_test(what_is_left_out_is_usual),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test_setup(the_list_is_written, clear_out),
		cmocka_unit_test(they_are_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, drop_out);
}
