/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph view, relationship, watch. */

#include "bridge/client/transport.h"
#include "bridge/ctl/command.h"
#include "bridge/ctl/site.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#define WHO_HELP \
	"  WATCHER         who looks: user@domain\n" \
	"  PERSON          at whom: user@domain\n"

static int view(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = { { "notes", NULL, NULL },
		{ "categories", "names of categories with commas, or all", NULL },
		{ NULL, NULL, NULL } };
	struct hg_options o;
	int rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);

	if (rc != HG_DONE || o.help)
		return rc;
	if (argc - o.first < 2)
		return hg_misuse(cmd, "who looks at whom? Name WATCHER and PERSON", "");
	return hg_command_ask(cmd, o.config,
		json_pack("{s:s, s:s, s:s, s:b, s:b, s:s*}", "verb", "view", "watcher",
			argv[o.first], "person", argv[o.first + 1], "json", o.json, "notes",
			own[0].value != NULL, "categories", own[1].value));
}

const struct hg_command hg_command_view = {
	.name = "view",
	.summary = "what somebody is shown of somebody",
	.help = "Usage: heliograph view [--config FILE] [--json] [--notes] [--categories LIST] WATCHER PERSON\n\n"
		"What this watcher is shown of the person now, or would be if he asked: by which container, and why.\n\n" WHO_HELP
		"  --notes         with the text of the note\n"
		"  --categories LIST  with the documents of these categories: names with commas, or all\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 shown, 1 no such user or no daemon answers, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph view romeo@xmpp.example alice@corp.example\n"
		"  heliograph view --json --categories note romeo@xmpp.example alice@corp.example | jq -r '.categories.note[].payload'\n",
	.words = 2,
	.run = view,
};

static int relationship(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = {
		{ "set", "one of external, colleagues, workgroup, friends, blocked, default",
			NULL },
		{ NULL, NULL, NULL }
	};
	struct hg_options o;
	int rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);

	if (rc != HG_DONE || o.help)
		return rc;
	if (argc - o.first < 2)
		return hg_misuse(cmd, "whose relationship to whom? Name WATCHER and PERSON", "");
	return hg_command_ask(cmd, o.config,
		json_pack("{s:s, s:s, s:s, s:b, s:s*}", "verb",
			own[0].value ? "relationship set" : "relationship", "watcher",
			argv[o.first], "person", argv[o.first + 1], "json", o.json, "level",
			own[0].value));
}

const struct hg_command hg_command_relationship = {
	.name = "relationship",
	.summary = "in which container somebody is, and change it",
	.help = "Usage: heliograph relationship [--config FILE] [--json] [--set LEVEL] WATCHER PERSON\n\n"
		"Says in which of the person's containers the watcher is, and as which kind of member. --set puts him\n"
		"into another one, as the person's client would; he is shown what goes with it at once.\n\n" WHO_HELP
		"  --set LEVEL     external, colleagues, workgroup, friends or blocked; default: what goes for his domain\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 done, 1 no such user or not done, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph relationship romeo@xmpp.example alice@corp.example\n"
		"  heliograph relationship --set colleagues romeo@xmpp.example alice@corp.example\n",
	.words = 2,
	.run = relationship,
};

/* Copies line by line; there is an end only when something is wrong. */
static int copy_lines(struct hg_ctl_feed *feed)
{
	char *line;
	int rc = 1;

	while (rc > 0) {
		rc = hg_ctl_feed_next(feed, -1, &line);
		if (rc > 0 && (puts(line) < 0 || fflush(stdout)))
			rc = -errno;
	}
	return rc;
}

static int follow(const struct hg_command *cmd, const char *config, json_t *request)
{
	struct hg_ctl_feed *feed = NULL;
	struct hg_err err = { 0 };
	struct hg_buf b = { 0 };
	struct hg_ask a;
	int rc = hg_ask_open(cmd, config, &a);

	if (rc != HG_DONE) {
		json_decref(request);
		return rc;
	}
	rc = request ? hg_ctl_follow(a.site->settings.control_socket, request, stderr, &feed, &err)
		     : hg_misuse(cmd, "a word is not UTF-8", "");
	json_decref(request);
	if (rc == 0)
		rc = hg_err_set(&err, copy_lines(feed), a.site->settings.control_socket,
			"its log says why", "the daemon has hung up");
	hg_ctl_feed_free(feed);
	hg_ask_close(&a);
	if (rc >= 0)
		return rc;
	hg_err_write(&err, &b);
	fprintf(stderr, "heliograph watch: %s\n", b.p ? b.p : "no answer");
	hg_buf_done(&b);
	return HG_NOT_DONE;
}

/* What one user is shown of others. */
static json_t *watch_as(const char *watcher, char **person, int persons, const char *categories)
{
	return json_pack("{s:s, s:s, s:s, s:o}", "verb", "watch as", "watcher", watcher,
		"categories", categories, "persons",
		hg_ctl_texts((const char *const *)person, (size_t)persons));
}

static int watch(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = { { "as", "a user, as user@domain", NULL },
		{ "categories", "names of categories with commas, or all", NULL },
		{ NULL, NULL, NULL } };
	struct hg_options o;
	int rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);

	if (rc != HG_DONE || o.help)
		return rc;
	if (own[0].value) {
		if (o.first == argc)
			return hg_misuse(cmd, "--as: of whom? Name a PERSON", "");
		return follow(cmd, o.config,
			watch_as(own[0].value, argv + o.first, argc - o.first,
				own[1].value ? own[1].value : "all"));
	}
	if (own[1].value)
		return hg_misuse(cmd, "--categories goes with --as", "");
	if (argc - o.first > 1)
		return hg_misuse(cmd, "too many words, from here on: ", argv[o.first + 1]);
	return follow(cmd, o.config,
		json_pack("{s:s, s:b, s:s*}", "verb", "watch", "json", o.json, "person",
			o.first < argc ? argv[o.first] : NULL));
}

const struct hg_command hg_command_watch = {
	.name = "watch",
	.summary = "follow what happens, as it happens",
	.help = "Usage: heliograph watch [--config FILE] [--json] [PERSON]\n"
		"       heliograph watch [--config FILE] --as WATCHER [--categories LIST] PERSON...\n\n"
		"Prints a line for each event until it is interrupted: who signs in and out, whose state changes and as\n"
		"whom it is shown over a border, subscriptions in and out, links that come and go. Never texts of notes.\n"
		"With --as, what this user is shown of these persons: an object a line, one for each now and one whenever it\n"
		"changes, with the documents of the categories. Each line is the whole; who reads slowly gets the newest.\n\n"
		"  PERSON          only what concerns him: user@domain\n"
		"  --as WATCHER    a user: user@domain. To watch does not ask those elsewhere for leave; `contact add` does\n"
		"  --categories LIST  names with commas, default all\n" HG_CONFIG_HELP
		"  --json          an object a line, for programs\n\n"
		"Exit status: 1 no daemon answers, or it ended or cut off who did not read, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph watch alice@corp.example\n"
		"  heliograph watch --json | jq -r 'select(.event == \"state\") | .person, .band'\n"
		"  heliograph watch --as alice@corp.example bob@corp.example romeo@xmpp.example\n",
	.words = INT_MAX,
	.run = watch,
};
