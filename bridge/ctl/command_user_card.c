/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph user add, set: users, and what is said of them. */

#include "bridge/ctl/command_card.h"

json_t *hg_card_request(const char *verb, const char *person, json_t *card, bool json)
{
	return json_pack(
		"{s:s, s:s, s:b, s:o}", "verb", verb, "person", person, "json", json, "card", card);
}

/* One option for each field. */
static void make_options(struct hg_option own[HG_CARD_FIELDS + 1])
{
	for (int i = 0; i < HG_CARD_FIELDS; i++)
		own[i] = (struct hg_option){ hg_card_field_name((enum hg_card_field)i),
			"what is to stand there; '' takes it away", NULL };
	own[HG_CARD_FIELDS] = (struct hg_option){ 0 };
}

/* NULL: something is not UTF-8. */
static json_t *card_of(const struct hg_option *own)
{
	json_t *card = json_object();

	for (int i = 0; i < HG_CARD_FIELDS; i++) {
		if (!own[i].value ||
			json_object_set_new(card, own[i].name, json_string(own[i].value)) == 0)
			continue;
		json_decref(card);
		return NULL;
	}
	return card;
}

static int say(int argc, char **argv, const struct hg_command *cmd, bool something)
{
	struct hg_option own[HG_CARD_FIELDS + 1];
	struct hg_options o;
	json_t *card;
	int rc;

	make_options(own);
	rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);
	if (rc != HG_DONE || o.help)
		return rc;
	if (o.first == argc)
		return hg_misuse(cmd, "whom? Name a person, as user@domain", "");
	card = card_of(own);
	if (something && json_object_size(card) == 0 && card) {
		json_decref(card);
		return hg_misuse(
			cmd, "what? Give at least one of the options, such as --title", "");
	}
	return hg_command_ask(
		cmd, o.config, hg_card_request(cmd->name, argv[o.first], card, o.json));
}

static int add(int argc, char **argv, const struct hg_command *cmd)
{
	return say(argc, argv, cmd, false);
}

static int set(int argc, char **argv, const struct hg_command *cmd)
{
	return say(argc, argv, cmd, true);
}

#define FIELDS_HELP \
	"  --display-name NAME     the name that others are shown, such as 'Alice Adams'\n" \
	"  --mail ADDRESS          mail address\n" \
	"  --title, --company, --department, --office TEXT\n" \
	"  --phone-work, --phone-mobile, --phone-home, --phone-other URI\n" \
	"                          telephones, such as tel:+493012345678\n" \
	"  --street, --city, --state, --postal-code TEXT\n" \
	"  --country CODE          two letters, such as DE\n" \
	"  --photo-url URL, --photo-hash HASH\n" \
	"                          a picture, and what tells it from the last one; both or none\n"

const struct hg_command hg_command_user_add = {
	.name = "user add",
	.summary = "make a user of an address",
	.help = "Usage: heliograph user add [--config FILE] [--json] [--FIELD VALUE ...] ADDRESS\n\n"
		"Makes a user of an address of a home domain; with 'users: provision: listed' nobody else can sign in.\n"
		"What is said of him is on his contact card, by circle, and in the directory. All of it or nothing is done.\n\n"
		"  ADDRESS                 user@domain\n" FIELDS_HELP
		"  --config FILE           the configuration of the daemon; default " HG_DEFAULT_CONFIG
		"\n"
		"  --json                  for programs\n\n"
		"Exit status: 0 is a user now or was one already, 1 not done, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph user add alice@corp.example\n"
		"  heliograph user add --display-name 'Alice Adams' --phone-work tel:+493012345678 alice@corp.example\n",
	.words = 1,
	.run = add,
};

const struct hg_command hg_command_user_set = {
	.name = "user set",
	.summary = "change what is said of a user",
	.help = "Usage: heliograph user set [--config FILE] [--json] --FIELD VALUE ... ADDRESS\n\n"
		"Changes what is said of a user. Fields that are not named stay; an empty value takes one away. Those who\n"
		"are shown it see the change at once.\n\n"
		"  ADDRESS                 user@domain\n" FIELDS_HELP
		"  --config FILE           the configuration of the daemon; default " HG_DEFAULT_CONFIG
		"\n"
		"  --json                  for programs\n\n"
		"Exit status: 0 it is so now, 1 no such user or not done, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph user set --title 'Head of Research' --office 'B 12' alice@corp.example\n"
		"  heliograph user set --phone-mobile '' alice@corp.example\n",
	.words = 1,
	.run = set,
};
