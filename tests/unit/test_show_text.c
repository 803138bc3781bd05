/* SPDX-License-Identifier: Apache-2.0 */
/* The mirror of a person for people to read: every part of the JSON that core writes has its place. */

#include "bridge/ctl/show_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void reads(const char *json, const char *expected)
{
	struct hg_buf out = { 0 };

	hg_show_text(hg_str(json), &out);
	assert_string_equal(out.p, expected);
	hg_buf_done(&out);
}

static void everything(void **state)
{
	reads("{\"person\":\"alice@corp.example\",\"home\":true,"
	      "\"aggregate\":["
	      "{\"for\":\"everybody\",\"availability\":6500,\"band\":\"busy\",\"activity\":\"in-a-meeting\"},"
	      "{\"for\":\"workgroup\",\"availability\":15500,\"band\":\"away\","
	      "\"lastActive\":\"2026-01-02T03:04:05.000Z\"}],"
	      "\"endpoints\":[{\"instance\":\"desk\",\"confirmed\":true,\"endsInSeconds\":7200},"
	      "{\"instance\":\"phone\",\"confirmed\":false,\"endsInSeconds\":30}],"
	      "\"publications\":[{\"category\":\"state\",\"instance\":536870912,\"container\":2,\"version\":3,"
	      "\"expiry\":\"static\",\"availability\":6500,\"band\":\"busy\",\"octets\":99},"
	      "{\"category\":\"note\",\"instance\":0,\"container\":200,\"version\":1,\"expiry\":\"endpoint\"}],"
	      "\"containers\":[{\"id\":100,\"version\":1,\"members\":[{\"type\":\"federated\"}]},"
	      "{\"id\":300,\"version\":2,\"members\":[]},"
	      "{\"id\":32000,\"version\":4,\"members\":[{\"type\":\"user\",\"value\":\"eve@evil.example\"},"
	      "{\"type\":\"publicCloud\"}]}],"
	      "\"contacts\":[{\"uri\":\"romeo@xmpp.example\",\"name\":\"Romeo\",\"groups\":\"1 2\","
	      "\"subscribed\":true},{\"uri\":\"tybalt@xmpp.example\",\"name\":\"\",\"groups\":\"1\","
	      "\"subscribed\":false}],"
	      "\"watches\":[{\"presentity\":\"romeo@xmpp.example\",\"out\":\"granted\",\"standing\":\"known\","
	      "\"held\":false,\"stale\":true,\"availability\":15500,\"band\":\"away\",\"note\":true,"
	      "\"resources\":[{\"name\":\"balcony\",\"priority\":-1,\"heard\":\"2026-01-02T03:04:05.000Z\"}],"
	      "\"outlets\":[{\"adapter\":\"sip\",\"told\":false,\"waiting\":true,\"sent\":1}]}],"
	      "\"watchers\":[{\"watcher\":\"carol@corp.example\",\"in\":\"granted\",\"standing\":\"known\","
	      "\"container\":200,\"held\":true,\"outlets\":[]}]}",
		"alice@corp.example, home is here\n"
		"  everybody  busy (6500) in-a-meeting\n"
		"  workgroup  away (15500), last active 2026-01-02T03:04:05.000Z\n"
		"\n"
		"Endpoints\n"
		"  desk                                     signed in, ends in 7200 s\n"
		"  phone                                    connection lost, ends in 30 s\n"
		"\n"
		"Publications (category, instance, container, version, expiry)\n"
		"  state           536870912      2  v3    static    busy (6500)\n"
		"  note                    0    200  v1    endpoint\n"
		"\n"
		"Containers and their members\n"
		"  100    v1  federated\n"
		"  300    v2\n"
		"  32000  v4  user:eve@evil.example publicCloud\n"
		"\n"
		"Contacts\n"
		"  romeo@xmpp.example                       groups 1 2, Romeo\n"
		"  tybalt@xmpp.example                      groups 1, not subscribed\n"
		"\n"
		"Watches (whom this person sees)\n"
		"  romeo@xmpp.example                       known, out granted, away (15500) with a note, link lost\n"
		"      resource balcony, priority -1, heard 2026-01-02T03:04:05.000Z\n"
		"      shown on sip, 1 sent, no state yet, more is waiting\n"
		"\n"
		"Watchers (who sees this person)\n"
		"  carol@corp.example                       known, in granted, container 200, held\n");
}

/* A list without entries has no heading. */
static void remote(void **state)
{
	reads("{\"person\":\"romeo@xmpp.example\",\"home\":false,\"watches\":[],\"watchers\":[]}",
		"romeo@xmpp.example, home is elsewhere\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything),
		cmocka_unit_test(remote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
