/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that are refused, each with the words that the peer is told: they name the element. */
#include "tests/unit/test_documents.h"
#include "tests/support/facets.h"

#include "bridge/documents/batch.h"
#include "bridge/documents/categories.h"
#include "bridge/documents/contacts.h"
#include "bridge/documents/members.h"
#include "bridge/documents/provision.h"
#include "bridge/documents/publish.h"

#include <errno.h>

READER(publish)
READER(members)
READER(subscriber)
READER(batch)
READER(provision)
READER(soap)

static int read_roaming(struct hg_str body, struct hg_doc_err *err)
{
	struct hg_roaming result;

	return hg_roaming_read(body, &result, err);
}

static int read_state(struct hg_str body, struct hg_doc_err *err)
{
	struct hg_state result;
	int rc = test_state_decode(body, &result, err);

	hg_state_done(&result);
	return rc;
}

static int read_note(struct hg_str body, struct hg_doc_err *err)
{
	struct hg_note result;
	int rc = test_note_decode(body, &result, err);

	hg_note_done(&result);
	return rc;
}

struct bad {
	int (*reader)(struct hg_str, struct hg_doc_err *);
	struct hg_str body;
	const char *text;
};

static void refused_all(const struct bad *bad, size_t n)
{
	for (size_t i = 0; i < n; i++)
		refused(bad[i].reader, bad[i].body, -EINVAL, bad[i].text);
}

#define REFUSED_ALL(table) refused_all(table, sizeof(table) / sizeof(table[0]))
#define PUBLISH(publications) \
	HG_STR("<publish><publications uri='sip:a@b'>" publications "</publications></publish>")
#define GOOD_ONE \
	"<publication categoryName='note' instance='0' container='200' version='0' expireType='static'>" \
	"<note/></publication>"
#define ONE(attributes, payload) \
	PUBLISH(GOOD_ONE "<publication " attributes ">" payload "</publication>")
#define WHOLE "instance='0' container='2' version='0' expireType='static' "

static void documents(void **state)
{
	static const struct bad bad[] = {
		{ read_publish, { "", 0 }, "document is empty" },
		{ read_publish, { " \r\n", 3 }, "document is empty" },
		{ read_publish, { "<publish>\xff</publish>", 20 }, "document is not UTF-8" },
		{ read_publish, { "<publish>\xed\xa0\x80</publish>", 22 },
			"document is not UTF-8" },
		{ read_publish, { "<publish>\0</publish>", 20 }, "document is not UTF-8" },
		{ read_publish, { "\xff\xfe<\0a\0/\0>\0", 10 }, "document is not UTF-8" },
		{ read_publish, HG_STR("<?xml version='1.0' encoding='US-ASCII'?><publish/>"),
			"document is declared as 'US-ASCII', not UTF-8" },
		{ read_publish, HG_STR("<?xml version='1.0' encoding='ISO-8859-1'?><publish/>"),
			"document is declared as 'ISO-8859-1', not UTF-8" },
		{ read_publish, HG_STR("<batchSub xmlns='urn:x'/>"),
			"document is 'batchSub' of 'urn:x', not 'publish'" },
		{ read_publish, HG_STR("<publish xmlns='urn:x'/>"),
			"document is 'publish' of 'urn:x', not 'publish'" },
		{ read_publish, HG_STR("hello"),
			"not well-formed XML: line 1: Start tag expected, '<' not found" },
		{ read_publish, HG_STR("<publish><publications uri='sip:a@b'>"),
			"not well-formed XML: line 1: Premature end of data in tag publications line 1" },
		{ read_publish, HG_STR("<publish>\n</publications>"),
			"not well-formed XML: line 2: Opening and ending tag mismatch: publish line 1 and publications" },
		{ read_publish, HG_STR("<publish/><publish/>"),
			"not well-formed XML: line 1: Extra content at the end of the document" },
		{ read_publish, HG_STR("<publish a='1' a='2'/>"),
			"not well-formed XML: line 1: Attribute a redefined" },
		{ read_publish, HG_STR("<publish><p:x/></publish>"),
			"not well-formed XML: line 1: Namespace prefix p on x is not defined" },
		{ read_publish, HG_STR("<publish>&lol;</publish>"),
			"not well-formed XML: line 1: Entity 'lol' not defined" },
	};

	REFUSED_ALL(bad);
}

static void document_types(void **state)
{
	static const char text[] = "document type declarations (DOCTYPE, ENTITY) are not taken";
	static const struct bad bad[] = {
		{ read_publish, HG_STR("<!DOCTYPE publish><publish/>"), text },
		{ read_publish, HG_STR("<!DOCTYPE publish SYSTEM 'file:///etc/passwd'><publish/>"),
			text },
		{ read_publish,
			HG_STR("<!DOCTYPE publish PUBLIC '-//X' 'http://127.0.0.1/x'><publish/>"),
			text },
		{ read_publish,
			HG_STR("<!DOCTYPE publish [<!ENTITY a 'b'>]><publish>&a;</publish>"),
			text },
		{ read_publish,
			HG_STR("<?xml version='1.0'?><!-- x --><!DOCTYPE p [<!ENTITY % a SYSTEM "
			       "'file:///etc/passwd'> %a;]><publish/>"),
			text },
		{ read_state, HG_STR("<!DOCTYPE state [<!ENTITY a '&#38;b;'>]><state>&a;</state>"),
			text },
	};

	REFUSED_ALL(bad);
}

static void publications(void **state)
{
	static const struct bad bad[] = {
		{ read_publish, HG_STR("<publish/>"),
			"publish: element 'publications' is missing" },
		{ read_publish, HG_STR("<publish><publications/></publish>"),
			"publications: attribute 'uri' is missing" },
		{ read_publish, HG_STR("<publish><publications uri=''/></publish>"),
			"publications: attribute 'uri' is empty" },
		{ read_publish, PUBLISH(""), "publications: element 'publication' is missing" },
		{ read_publish, PUBLISH("<publication/>"),
			"publication: attribute 'categoryName' is missing" },
		{ read_publish, ONE(WHOLE "categoryName='weather'", "<w/>"),
			"publication[2]: category 'weather' is not known" },
		{ read_publish,
			ONE("categoryName='note' container='2' version='0' expireType='user'",
				"<note/>"),
			"publication[2]: attribute 'instance' is missing" },
		{ read_publish,
			ONE("categoryName='note' instance='0' version='0' expireType='user'",
				"<note/>"),
			"publication[2]: attribute 'container' is missing" },
		{ read_publish,
			ONE("categoryName='note' instance='0' container='2' expireType='user'",
				"<note/>"),
			"publication[2]: attribute 'version' is missing" },
		{ read_publish,
			ONE("categoryName='note' instance='0' container='2' version='0'",
				"<note/>"),
			"publication[2]: attribute 'expireType' is missing" },
		{ read_publish, ONE("categoryName='note' instance='-1'", ""),
			"publication[2]: attribute 'instance' is '-1', not a number up to 4294967295" },
		{ read_publish, ONE("categoryName='note' instance='4294967296'", ""),
			"publication[2]: attribute 'instance' is '4294967296', not a number up to 4294967295" },
		{ read_publish, ONE("categoryName='note' instance='0' container='32768'", ""),
			"publication[2]: attribute 'container' is '32768', not a number up to 32767" },
		{ read_publish,
			ONE("categoryName='note' instance='0' container='2' version='0' expireType='custom'",
				""),
			"publication[2]: expireType 'custom' is not known" },
		{ read_publish,
			ONE("categoryName='note' instance='0' container='2' version='0' expireType='time'",
				"<note/>"),
			"publication[2]: attribute 'expires' is missing" },
		{ read_publish, ONE(WHOLE "categoryName='note' expires='-5'", "<note/>"),
			"publication[2]: attribute 'expires' is '-5', not a number up to 2147483647" },
		{ read_publish, ONE(WHOLE "categoryName='note'", " "),
			"publication[2]: no payload" },
		{ read_publish, ONE(WHOLE "categoryName='note'", "<note/><note/>"),
			"publication[2]: more than one element as payload" },
		{ read_publish, ONE(WHOLE "categoryName='note'", "<state/>"),
			"publication[2]: payload is not element 'note'" },
		{ read_publish, ONE(WHOLE "categoryName='state'", "<state xmlns='urn:x'/>"),
			"publication[2]: payload is not element 'state'" },
		{ read_publish, ONE(WHOLE "categoryName='state'", "<state><availability/></state>"),
			"publication[2]/state/availability: '' is not a number" },
	};

	REFUSED_ALL(bad);
}

static void facets(void **state)
{
	static const struct bad bad[] = {
		{ read_state, HG_STR("<note/>"), "note: payload is not element 'state'" },
		{ read_state, HG_STR("<state manual='yes'/>"),
			"state: attribute 'manual' is 'yes', not true or false" },
		{ read_state, HG_STR("<state startTime='tomorrow'/>"),
			"state: attribute 'startTime' is 'tomorrow', not a dateTime" },
		{ read_state, HG_STR("<state><availability>busy</availability></state>"),
			"availability: 'busy' is not a number" },
		{ read_state, HG_STR("<state><availability>-1</availability></state>"),
			"availability: '-1' is not a number" },
		{ read_state,
			HG_STR("<state><availability>3500</availability><availability/></state>"),
			"availability[2]: '' is not a number" },
		{ read_state,
			HG_STR("<state><x:availability xmlns:x='urn:x'/><availability>0</availability></state>"),
			"availability[1]: '' is not a number" },
		{ read_state, HG_STR("<state><activity minAvailability='x'/></state>"),
			"activity: attribute 'minAvailability' is 'x', not a number up to 4294967295" },
		{ read_state, HG_STR("<state><activity><custom LCID='en'/></activity></state>"),
			"custom: attribute 'LCID' is 'en', not a number up to 4294967295" },
		{ read_note, HG_STR("<note><body startTime='x'/></note>"),
			"body: attribute 'startTime' is 'x', not a dateTime" },
	};

	REFUSED_ALL(bad);
	refused(read_state,
		HG_STR("<state><activity token='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'/></state>"),
		-E2BIG, "activity: attribute 'token' is longer than 47 bytes");
}

#define MEMBERS(containers) HG_STR("<setContainerMembers>" containers "</setContainerMembers>")
#define MEMBER(member) MEMBERS("<container id='200' version='0'>" member "</container>")

static void member_edits(void **state)
{
	static const struct bad bad[] = {
		{ read_members, MEMBERS(""),
			"setContainerMembers: element 'container' with a 'member' is missing" },
		{ read_members, MEMBERS("<container version='0'/>"),
			"container: attribute 'id' is missing" },
		{ read_members, MEMBERS("<container id='100'/>"),
			"container: attribute 'version' is missing" },
		{ read_members, MEMBERS("<container id='0' version='0'/>"),
			"container: members of container 0 cannot be changed" },
		{ read_members, MEMBERS("<container id='-1' version='0'/>"),
			"container: attribute 'id' is '-1', not a number up to 32767" },
		{ read_members, MEMBERS("<container id='32768' version='0'/>"),
			"container: attribute 'id' is '32768', not a number up to 32767" },
		{ read_members, MEMBER("<member type='everyone'/>"),
			"member: attribute 'action' is missing" },
		{ read_members, MEMBER("<member action='keep' type='everyone'/>"),
			"member: action 'keep' is not add or remove" },
		{ read_members, MEMBER("<member action='add' type='friend'/>"),
			"member: type 'friend' is not known" },
		{ read_members, MEMBER("<member action='add' type='user'/>"),
			"member: attribute 'value' is missing" },
		{ read_members,
			MEMBERS("<container id='1' version='0'/><container id='2' version='0'>"
				"<member action='add' type='everyone'/><member action='add' type='domain' value=''/>"
				"</container>"),
			"container[2]/member[2]: attribute 'value' is empty" },
		{ read_subscriber, HG_STR("<setSubscribers/>"),
			"setSubscribers: element 'subscriber' is missing" },
		{ read_subscriber,
			HG_STR("<setSubscribers><subscriber user='a@b'/></setSubscribers>"),
			"subscriber: attribute 'acknowledged' is missing" },
		{ read_subscriber,
			HG_STR("<setSubscribers><subscriber user='a@b' acknowledged='true'/><subscriber user='c@d' "
			       "acknowledged='true'/></setSubscribers>"),
			"setSubscribers: more than one subscriber" },
	};

	REFUSED_ALL(bad);
}

#define ACTION(content) HG_STR("<batchSub><action name='subscribe'>" content "</action></batchSub>")

static void subscriptions(void **state)
{
	static const struct bad bad[] = {
		{ read_batch, HG_STR("<batchSub/>"), "batchSub: element 'action' is missing" },
		{ read_batch, HG_STR("<batchSub><action/></batchSub>"),
			"action: attribute 'name' is missing" },
		{ read_batch, HG_STR("<batchSub><action name='poll'/></batchSub>"),
			"action: action 'poll' is not subscribe or unsubscribe" },
		{ read_batch, ACTION(""), "action: element 'adhocList' is missing" },
		{ read_batch, ACTION("<adhocList/>"), "action: element 'categoryList' is missing" },
		{ read_batch, ACTION("<adhocList><resource uri='sip:a@b'/><resource/></adhocList>"),
			"resource[2]: attribute 'uri' is missing" },
		{ read_batch, ACTION("<adhocList/><categoryList><category/></categoryList>"),
			"category: attribute 'name' is missing" },
		{ read_roaming, HG_STR("<roamingList><roaming/></roamingList>"),
			"roaming: attribute 'type' is missing" },
		{ read_provision,
			HG_STR("<provisioningGroupList><provisioningGroup/></provisioningGroupList>"),
			"provisioningGroup: attribute 'name' is missing" },
	};

	REFUSED_ALL(bad);
}

#define SOAP(body) HG_STR("<Envelope><Body>" body "</Body></Envelope>")
#define SET(content) SOAP("<setContact><deltaNum>1</deltaNum>" content "</setContact>")

static void contact_edits(void **state)
{
	static const struct bad bad[] = {
		{ read_soap, HG_STR("<Envelope/>"), "Envelope: element 'Body' is missing" },
		{ read_soap, SOAP(""), "Body: no method" },
		{ read_soap, SOAP("<setRoute/>"), "Body: method 'setRoute' is not known" },
		{ read_soap, SOAP("<setContact/>"), "setContact: element 'deltaNum' is missing" },
		{ read_soap, SOAP("<setContact><deltaNum>one</deltaNum></setContact>"),
			"deltaNum: 'one' is not a number from 0 to 4294967295" },
		{ read_soap, SET(""), "setContact: element 'URI' is missing or empty" },
		{ read_soap, SET("<URI> </URI>"), "setContact: element 'URI' is missing or empty" },
		{ read_soap, SET("<URI>sip:a@b</URI><groups>1 65</groups>"),
			"setContact: group '65' is not a number from 1 to 64" },
		{ read_soap, SET("<URI>sip:a@b</URI><subscribed>maybe</subscribed>"),
			"subscribed: 'maybe' is not true or false" },
		{ read_soap, SOAP("<addGroup><deltaNum>1</deltaNum></addGroup>"),
			"addGroup: element 'name' is missing or empty" },
		{ read_soap,
			SOAP("<modifyGroup><deltaNum>1</deltaNum><name>x</name></modifyGroup>"),
			"modifyGroup: element 'groupID' is missing" },
		{ read_soap,
			SOAP("<deleteGroup><deltaNum>1</deltaNum><groupID>0</groupID></deleteGroup>"),
			"groupID: '0' is not a number from 1 to 64" },
	};

	REFUSED_ALL(bad);
}

/* What a document says comes back in a header: nothing in it may end that, or its quotes. */
static void errors_are_plain(void **state)
{
	refused(read_publish,
		HG_STR("<publish><publications uri='sip:a@b'><publication categoryName="
		       "'x&#13;&#10;Via: \"\xc3\xa9'/></publications></publish>"),
		-EINVAL, "publication: category 'x\?\?Via: '\?\?' is not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents),
		cmocka_unit_test(document_types),
		cmocka_unit_test(publications),
		cmocka_unit_test(facets),
		cmocka_unit_test(member_edits),
		cmocka_unit_test(subscriptions),
		cmocka_unit_test(contact_edits),
		cmocka_unit_test(errors_are_plain),
	};

	return cmocka_run_group_tests_name("documents: refusals", tests, NULL, NULL);
}
