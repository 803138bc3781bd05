/* SPDX-License-Identifier: Apache-2.0 */
/* Requests as pidgin-sipe 1.25 sends them, to the shapes that the core works with. */
#include "tests/unit/test_documents.h"

#include "bridge/documents/batch.h"
#include "bridge/documents/categories.h"
#include "bridge/documents/contacts.h"
#include "bridge/documents/members.h"
#include "bridge/documents/provision.h"
#include "bridge/documents/publish.h"

#include <string.h>

static struct hg_buf file;
static struct hg_doc_err err;

static struct hg_str golden(const char *name)
{
	hg_buf_reset(&file);
	read_golden(name, &file);
	return hg_buf_str(&file);
}

static int drop_file(void **state)
{
	hg_buf_done(&file);
	return 0;
}

static void assert_key(
	const struct hg_change *c, hg_part category, uint16_t container, uint32_t instance)
{
	assert_int_equal(c->key.category, category);
	assert_int_equal(c->key.container, container);
	assert_int_equal(c->key.instance, instance);
}

static void publish_initial(void **state)
{
	struct hg_publish p;

	assert_int_equal(hg_publish_read(golden("in-publish-initial.xml"), &p, &err), 0);
	assert_string_equal(p.uri, "sip:alice@example.com");
	assert_int_equal(p.n, 5);
	assert_key(&p.change[0], HG_CAT_DEVICE, 2, 3473643738u);
	assert_int_equal(p.change[0].expiry, HG_ENDPOINT);
	assert_int_equal(p.change[0].expires, -1);
	assert_int_equal(p.change[0].version, 0);
	assert_true(hg_str_starts(
		hg_bytes_str(p.change[0].payload), HG_STR("<device xmlns=\"http://")));

	assert_key(&p.change[2], HG_CAT_STATE, 3, 1022409101);
	assert_int_equal(p.change[2].state.kind, HG_STATE_MACHINE);
	assert_false(p.change[2].state.manual);
	assert_int_equal(p.change[2].state.availability, 3500);

	assert_key(&p.change[4], HG_CAT_STATE, 3, 536870912);
	assert_int_equal(p.change[4].expiry, HG_STATIC);
	assert_int_equal(p.change[4].state.kind, HG_STATE_USER);
	assert_true(p.change[4].state.manual);
	assert_str(hg_bytes_str(p.change[4].payload),
		"<state xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\" manual=\"true\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"userState\">"
		"<availability>3500</availability><endpointLocation/></state>");
	hg_publish_done(&p);
}

static void publish_mended(void **state)
{
	struct hg_publish p;

	assert_int_equal(hg_publish_read(golden("in-publish-mended.xml"), &p, &err), 0);
	assert_int_equal(p.n, 7);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(p.change[i].version, 2);
		assert_int_equal(p.change[i].state.availability, 6500);
	}
	assert_key(&p.change[6], HG_CAT_NOTE, 400, 0);
	assert_str(hg_bytes_str(p.change[6].note.text), "x");
	hg_publish_done(&p);
}

static void publish_note(void **state)
{
	struct hg_publish p;

	assert_int_equal(hg_publish_read(golden("in-publish-note.xml"), &p, &err), 0);
	assert_int_equal(p.n, 3);
	assert_key(&p.change[1], HG_CAT_NOTE, 300, 0);
	assert_false(p.change[1].note.oof);
	assert_str(hg_bytes_str(p.change[1].note.text), "working on it");
	hg_publish_done(&p);

	assert_int_equal(hg_publish_read(golden("in-publish-note-clear.xml"), &p, &err), 0);
	assert_int_equal(p.n, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(p.change[i].expires, 0);
		assert_int_equal(p.change[i].version, 1);
		assert_null(p.change[i].payload);
		assert_null(p.change[i].note.text);
	}
	hg_publish_done(&p);
}

/* A deletion may say any expireType, or none (EP 1.2.3); a timed publication says how long. */
static void publish_expiry(void **state)
{
	struct hg_publish p;

	assert_int_equal(
		hg_publish_read(
			HG_STR("<publish><publications uri='sip:a@b'>"
			       "<publication categoryName='note' instance='1' container='100' version='3' "
			       "expires='0'><note/></publication>"
			       "<publication categoryName='alerts' instance='4294967295' "
			       "container='32767' version='0' expireType='time' expires='60'>"
			       "<alerts/></publication></publications></publish>"),
			&p, &err),
		0);
	assert_null(p.change[0].payload);
	assert_key(&p.change[1], HG_CAT_ALERTS, 32767, UINT32_MAX);
	assert_int_equal(p.change[1].expiry, HG_TIME);
	assert_int_equal(p.change[1].expires, 60);
	hg_publish_done(&p);
}

static void members(void **state)
{
	struct hg_members m;

	assert_int_equal(hg_members_read(golden("in-members-first.xml"), &m, &err), 0);
	assert_int_equal(m.n, 2);
	assert_int_equal(m.edit[0].container, 200);
	assert_int_equal(m.edit[0].member.type, HG_MEMBER_SAME_ENTERPRISE);
	assert_null(m.edit[0].member.value);
	assert_false(m.edit[0].remove);
	assert_int_equal(m.edit[1].container, 100);
	assert_int_equal(m.edit[1].member.type, HG_MEMBER_FEDERATED);
	hg_members_done(&m);

	assert_int_equal(hg_members_read(golden("in-members-user.xml"), &m, &err), 0);
	assert_int_equal(m.n, 1);
	assert_int_equal(m.edit[0].container, 400);
	assert_int_equal(m.edit[0].version, 1);
	assert_true(m.edit[0].remove);
	assert_int_equal(m.edit[0].member.type, HG_MEMBER_USER);
	assert_str(hg_bytes_str(m.edit[0].member.value), "bob@example.com");
	hg_members_done(&m);
}

static void batch(void **state)
{
	static const hg_part asked[] = { HG_CAT_CALENDAR_DATA, HG_CAT_CONTACT_CARD, HG_CAT_NOTE,
		HG_CAT_STATE };
	struct hg_batch b;

	assert_int_equal(hg_batch_read(golden("in-batch.xml"), &b, &err), 0);
	assert_string_equal(b.uri, "sip:alice@example.com");
	assert_int_equal(b.nactions, 1);
	assert_false(b.action[0].unsubscribe);
	assert_int_equal(b.action[0].nresources, 2);
	assert_string_equal(b.action[0].resource[1].uri, "sip:carol@example.com");
	assert_false(b.action[0].resource[1].context);
	assert_int_equal(b.action[0].nparts, 4);
	assert_memory_equal(b.action[0].part, asked, sizeof(asked));
	hg_batch_done(&b);

	assert_int_equal(hg_batch_read(golden("in-batch-context.xml"), &b, &err), 0);
	assert_int_equal(b.action[0].nresources, 1);
	assert_true(b.action[0].resource[0].context);
	hg_batch_done(&b);
}

/* Unknown categories and repeated ones are left out; several actions, as Lync may send. */
static void batch_actions(void **state)
{
	struct hg_batch b;

	assert_int_equal(
		hg_batch_read(
			HG_STR("<batchSub xmlns='http://schemas.microsoft.com/2006/01/sip/batch-subscribe'>"
			       "<action name='subscribe' id='1'><adhocList><resource uri='sip:a@b'>"
			       "<context><subscriptionContext xmlns='http://schemas.microsoft.com/2008/09/sip/"
			       "SubscriptionContext'/></context></resource></adhocList>"
			       "<categoryList xmlns='http://schemas.microsoft.com/2006/09/sip/categorylist'>"
			       "<category name='state'/><category name='weather'/><category name='state'/>"
			       "</categoryList></action>"
			       "<action name='unsubscribe' id='2'><adhocList><resource uri='sip:c@d'/>"
			       "<resource uri='sip:e@f'/></adhocList></action></batchSub>"),
			&b, &err),
		0);
	assert_string_equal(b.uri, "");
	assert_int_equal(b.nactions, 2);
	assert_true(b.action[0].resource[0].context);
	assert_int_equal(b.action[0].nparts, 1);
	assert_int_equal(b.action[0].part[0], HG_CAT_STATE);
	assert_true(b.action[1].unsubscribe);
	assert_int_equal(b.action[1].nresources, 2);
	assert_int_equal(b.action[1].nparts, 0);
	hg_batch_done(&b);
}

static void self_documents(void **state)
{
	struct hg_roaming r;
	struct hg_provision p;
	struct hg_subscriber s;

	assert_int_equal(hg_roaming_read(golden("in-roaming.xml"), &r, &err), 0);
	assert_true(r.categories && r.containers && r.subscribers);
	assert_int_equal(hg_roaming_read(HG_STR("<roamingList><roaming type='delegates'/>"
						"<roaming type='containers'/></roamingList>"),
				 &r, &err),
		0);
	assert_true(!r.categories && r.containers && !r.subscribers && r.delegates);

	assert_int_equal(hg_provision_read(golden("in-provisioning.xml"), &p, &err), 0);
	assert_int_equal(p.n, 4);
	assert_string_equal(p.group[0], "ServerConfiguration");
	assert_string_equal(p.group[3], "ucPolicy");
	hg_provision_done(&p);

	assert_int_equal(hg_subscriber_read(golden("in-subscriber.xml"), &s, &err), 0);
	assert_string_equal(s.user, "erin@example.com");
	assert_true(s.acknowledged);
	hg_subscriber_done(&s);
}

static void soap_contacts(void **state)
{
	struct hg_soap s;

	assert_int_equal(hg_soap_read(golden("in-soap-set-contact.xml"), &s, &err), 0);
	assert_int_equal(s.kind, HG_SOAP_CONTACT);
	assert_int_equal(s.edit.op, HG_SET_CONTACT);
	assert_int_equal(s.edit.delta, 3);
	assert_str(s.edit.uri, "sip:dave@example.com");
	assert_str(s.edit.name, "Dave & Co");
	assert_str(s.edit.groups, "3");
	assert_str(s.edit.external, "");
	assert_true(s.edit.subscribed);
	hg_soap_done(&s);

	assert_int_equal(hg_soap_read(golden("in-soap-delete-contact.xml"), &s, &err), 0);
	assert_int_equal(s.edit.op, HG_DELETE_CONTACT);
	assert_int_equal(s.edit.delta, 4);
	assert_str(s.edit.uri, "sip:dave@example.com");
	hg_soap_done(&s);

	assert_int_equal(hg_soap_read(golden("in-soap-add-group.xml"), &s, &err), 0);
	assert_int_equal(s.edit.op, HG_ADD_GROUP);
	assert_int_equal(s.edit.delta, 1);
	assert_str(s.edit.name, "Friends");
	hg_soap_done(&s);
}

#define SOAP(body) \
	HG_STR("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' " \
	       "xmlns:m='http://schemas.microsoft.com/winrtc/2002/11/sip'><s:Body>" body \
	       "</s:Body></s:Envelope>")

static void soap_groups(void **state)
{
	struct hg_soap s;

	assert_int_equal(
		hg_soap_read(
			SOAP("<m:modifyGroup><m:groupID>64</m:groupID><m:name>A &amp; &lt;B&gt;</m:name>"
			     "<m:externalURI /><m:deltaNum>7</m:deltaNum></m:modifyGroup>"),
			&s, &err),
		0);
	assert_int_equal(s.edit.op, HG_MODIFY_GROUP);
	assert_int_equal(s.edit.group, 64);
	assert_str(s.edit.name, "A & <B>");
	hg_soap_done(&s);

	assert_int_equal(
		hg_soap_read(
			SOAP("<m:deleteGroup><m:groupID>2</m:groupID><m:deltaNum>8</m:deltaNum>"
			     "</m:deleteGroup>"),
			&s, &err),
		0);
	assert_int_equal(s.edit.op, HG_DELETE_GROUP);
	assert_int_equal(s.edit.group, 2);
	hg_soap_done(&s);

	assert_int_equal(
		hg_soap_read(
			SOAP("<m:directorySearch><m:maxResults>100</m:maxResults></m:directorySearch>"
			     "<m:Array/>"),
			&s, &err),
		0);
	assert_int_equal(s.kind, HG_SOAP_SEARCH);
	assert_int_equal(s.find.n, 0);
	hg_soap_done(&s);
}

/* As pidgin-sipe writes it, and with the rows beside the method; rows left blank say nothing. */
static void soap_search(void **state)
{
	const struct hg_str body[] = {
		SOAP("<m:directorySearch><m:filter m:href=\"#a\"/><m:maxResults> 9 </m:maxResults>"
		     "<m:Array m:id=\"a\"><m:row m:attrib=\"givenName\" m:value=\"Jo &amp; Co \"/>"
		     "<m:row m:attrib=\"sn\" m:value=\" \"/><m:row m:attrib=\"shoeSize\" m:value=\"9\"/>"
		     "<m:row m:attrib=\"msRTCSIP-PrimaryUserAddress\" m:value=\"SIP:jo\"/>"
		     "</m:Array></m:directorySearch>"),
		SOAP("<m:directorySearch><m:maxResults>9</m:maxResults></m:directorySearch>"
		     "<m:Array><m:row attrib=\"givenName\" value=\"Jo &amp; Co\"/>"
		     "<m:row attrib=\"x\" value=\"9\"/>"
		     "<m:row attrib=\"msRTCSIP-PrimaryUserAddress\" value=\"jo\"/></m:Array>"),
	};
	struct hg_soap s;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(hg_soap_read(body[i], &s, &err), 0);
		assert_int_equal(s.find.max, 9);
		assert_int_equal(s.find.n, 3);
		assert_int_equal(s.find.term[0].field, HG_CARD_DISPLAY_NAME);
		assert_str(s.find.term[0].value, "Jo & Co");
		assert_int_equal(s.find.term[1].field, HG_SEARCH_UNKNOWN);
		assert_int_equal(s.find.term[2].field, HG_SEARCH_ADDRESS);
		assert_str(s.find.term[2].value, "jo");
		hg_soap_done(&s);
	}
}

/* No display name but the URI is none at all. */
static void soap_no_name(void **state)
{
	struct hg_soap s;

	assert_int_equal(
		hg_soap_read(
			SOAP("<m:setContact><m:displayName>sip:erin@example.com</m:displayName>"
			     "<m:groups>1 3 </m:groups><m:subscribed>false</m:subscribed>"
			     "<m:URI>sip:erin@example.com</m:URI><m:deltaNum>9</m:deltaNum>"
			     "</m:setContact>"),
			&s, &err),
		0);
	assert_str(s.edit.name, "");
	assert_str(s.edit.groups, "1 3");
	assert_false(s.edit.subscribed);
	hg_soap_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(publish_initial),
		cmocka_unit_test(publish_mended),
		cmocka_unit_test(publish_note),
		cmocka_unit_test(publish_expiry),
		cmocka_unit_test(members),
		cmocka_unit_test(batch),
		cmocka_unit_test(batch_actions),
		cmocka_unit_test(self_documents),
		cmocka_unit_test(soap_contacts),
		cmocka_unit_test(soap_groups),
		cmocka_unit_test(soap_no_name),
		cmocka_unit_test(soap_search),
	};

	return cmocka_run_group_tests_name("documents: requests", tests, NULL, drop_file);
}
