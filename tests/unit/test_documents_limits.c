/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that are too large in one way or another, or too short. */
#include "tests/unit/test_documents.h"

#include "bridge/documents/batch.h"
#include "bridge/documents/contacts.h"
#include "bridge/documents/members.h"
#include "bridge/documents/provision.h"
#include "bridge/documents/publish.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

READER(publish)
READER(members)
READER(batch)
READER(provision)
READER(soap)

#define WHOLE "instance='0' container='2' version='0' expireType='static' "
#define GOOD_ONE "<publication categoryName='note' " WHOLE "><note/></publication>"

static void add_times(struct hg_buf *b, const char *text, size_t n)
{
	while (n--)
		hg_buf_adds(b, text);
}

static void too_big(
	int (*reader)(struct hg_str, struct hg_doc_err *), struct hg_buf *body, const char *text)
{
	refused(reader, hg_buf_str(body), -E2BIG, text);
	hg_buf_done(body);
}

static void limits(void **state)
{
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "<publish>");
	add_times(&b, " ", HG_DOC_MAX);
	hg_buf_adds(&b, "</publish>");
	too_big(read_publish, &b, "document is larger than 262144 bytes");

	add_times(&b, "<publish>", 100);
	too_big(read_publish, &b, "elements are nested deeper than 32");

	hg_buf_adds(&b, "<publish>");
	add_times(&b, "<a/>", HG_DOC_ELEMENTS_MAX);
	hg_buf_adds(&b, "</publish>");
	too_big(read_publish, &b, "more than 16384 elements");

	hg_buf_adds(&b, "<publish");
	for (int i = 0; i < 65; i++)
		hg_buf_addf(&b, " a%d=''", i);
	hg_buf_adds(&b, "/>");
	too_big(read_publish, &b, "publish: more than 64 attributes");

	hg_buf_adds(&b, "<publish");
	for (int i = 0; i < 65; i++)
		hg_buf_addf(&b, "%s xmlns:n%d='urn:n'", i == 32 ? "><x" : "", i);
	hg_buf_adds(&b, "/></publish>");
	too_big(read_publish, &b, "x: more than 64 namespaces");

	/* what the parser would take seconds for */
	hg_buf_adds(&b, "<publish><!-- <a b=''> --><![CDATA[ <a b='' ]]><x");
	for (int i = 0; i < 20000; i++)
		hg_buf_addf(&b, " a%x=''", i);
	hg_buf_adds(&b, "/></publish>");
	too_big(read_publish, &b, "an element has more than 128 attributes");
}

static void limits_of_lists(void **state)
{
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "<publish><publications uri='sip:a@b'>");
	add_times(&b, GOOD_ONE, HG_PUBLISH_MAX + 1);
	hg_buf_adds(&b, "</publications></publish>");
	too_big(read_publish, &b, "publications: more than 256 publications");

	hg_buf_adds(&b,
		"<publish><publications uri='sip:a@b'>" GOOD_ONE
		"<publication categoryName='alerts' " WHOLE "><alerts>");
	add_times(&b, "x", HG_DOC_PAYLOAD_MAX);
	hg_buf_adds(&b, "</alerts></publication></publications></publish>");
	too_big(read_publish, &b, "publication[2]: payload is larger than 32768 bytes");

	hg_buf_adds(&b, "<setContainerMembers><container id='200' version='0'>");
	add_times(&b, "<member action='add' type='everyone'/>", HG_MEMBERS_MAX + 1);
	hg_buf_adds(&b, "</container></setContainerMembers>");
	too_big(read_members, &b, "more than 1024 members");

	hg_buf_adds(&b, "<batchSub><action name='subscribe'><adhocList>");
	add_times(&b, "<resource uri='sip:a@b'/>", HG_BATCH_RESOURCES_MAX + 1);
	hg_buf_adds(&b, "</adhocList></action></batchSub>");
	too_big(read_batch, &b, "more than 3000 resources");

	hg_buf_adds(&b, "<batchSub>");
	add_times(&b, "<action name='unsubscribe'><adhocList/></action>", HG_BATCH_ACTIONS_MAX + 1);
	hg_buf_adds(&b, "</batchSub>");
	too_big(read_batch, &b, "more than 16 actions");

	hg_buf_adds(&b, "<provisioningGroupList>");
	add_times(&b, "<provisioningGroup name='x'/>", HG_PROVISION_MAX + 1);
	hg_buf_adds(&b, "</provisioningGroupList>");
	too_big(read_provision, &b, "more than 64 groups");

	hg_buf_adds(&b, "<Envelope><Body><addGroup><deltaNum>1</deltaNum><name>");
	add_times(&b, "x", HG_CONTACT_NAME_MAX + 1);
	hg_buf_adds(&b, "</name></addGroup></Body></Envelope>");
	too_big(read_soap, &b, "name: longer than 256 bytes");
}

/* Every cut of a good document is refused, and none of them is read beyond its end. */
static void truncated(void **state)
{
	struct hg_buf whole = { 0 };
	struct hg_doc_err err;

	read_golden("in-publish-initial.xml", &whole);
	for (size_t n = 0; n < whole.n; n++) {
		char *cut = malloc(n + !n);
		memcpy(cut, whole.p, n);
		assert_int_equal(read_publish((struct hg_str){ cut, n }, &err), -EINVAL);
		free(cut);
	}
	hg_buf_done(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits),
		cmocka_unit_test(limits_of_lists),
		cmocka_unit_test(truncated),
	};

	return cmocka_run_group_tests_name("documents: limits", tests, NULL, NULL);
}
