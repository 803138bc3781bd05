/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph container. */

#include "bridge/client/transport.h"
#include "bridge/ctl/command.h"

#include <limits.h>
#include <string.h>

/* container, then members. */
static int change(const struct hg_command *cmd, const struct hg_options *o, const char *verb,
	const char *person, char **word, int words)
{
	json_t *members;
	uint32_t id;

	if (words < 2)
		return hg_misuse(cmd, "which container, and which members?", "");
	if (!hg_str_u32(hg_str(word[0]), &id))
		return hg_misuse(cmd, "no number of a container: ", word[0]);
	members = hg_ctl_texts((const char *const *)word + 1, (size_t)words - 1);
	if (!members)
		return hg_misuse(cmd, "a word is not UTF-8", "");
	return hg_command_ask(cmd, o->config,
		json_pack("{s:s, s:s, s:b, s:I, s:o}", "verb", verb, "person", person, "json",
			o->json, "container", (json_int_t)id, "members", members));
}

static int container(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);
	char **word = argv + o.first;
	int words = argc - o.first;

	if (rc != HG_DONE || o.help)
		return rc;
	if (!words)
		return hg_misuse(cmd, "whose? Name a user, as user@domain", "");
	if (words > 1 && strcmp(word[1], "add") == 0)
		return change(cmd, &o, "container add", word[0], word + 2, words - 2);
	if (words > 1 && strcmp(word[1], "remove") == 0)
		return change(cmd, &o, "container remove", word[0], word + 2, words - 2);
	if (words > 2 || (words == 2 && strcmp(word[1], "list") != 0))
		return hg_misuse(cmd, "one of list, add, remove; not ", word[words > 2 ? 2 : 1]);
	return hg_command_ask(cmd, o.config,
		json_pack("{s:s, s:s, s:b}", "verb", "container list", "person", word[0], "json",
			o.json));
}

const struct hg_command hg_command_container = {
	.name = "container",
	.summary = "list and change who is in somebody's containers",
	.help = "Usage: heliograph container [--config FILE] [--json] PERSON [list]\n"
		"       heliograph container [--config FILE] [--json] PERSON add CONTAINER MEMBER...\n"
		"       heliograph container [--config FILE] [--json] PERSON remove CONTAINER MEMBER...\n\n"
		"Lists the containers of a user with their members, after a change too. To add to a container makes it if it is\n"
		"not there. Of several containers the one counts whose member names a watcher most closely; he is shown what is\n"
		"in it at once. Of a person alone, `relationship` is simpler.\n\n"
		"  PERSON          a user: user@domain\n"
		"  CONTAINER       a number from 4 to 32767; 100 external, 200 colleagues, 300 workgroup, 400 friends, 32000 blocked\n"
		"  MEMBER          user:a@b.example, domain:b.example, sameEnterprise, federated, publicCloud or everyone\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 done, 1 no such user or not done, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph container alice@corp.example\n"
		"  heliograph container alice@corp.example add 500 domain:partner.example user:romeo@xmpp.example\n",
	.words = INT_MAX,
	.run = container,
};
