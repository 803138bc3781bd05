/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph show: asks the running daemon for the mirror of one person. */

#include "bridge/ctl/command.h"
#include "bridge/ctl/ctl_socket.h"
#include "bridge/ctl/site.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static int ask(const struct hg_site *site, const char *person, bool json)
{
	json_t *request = json_pack(
		"{s:s, s:s, s:b}", "verb", "show", "person", person, "json", json);
	struct hg_err err = { 0 };
	struct hg_buf b = { 0 };
	char *text = NULL;
	size_t n = 0;
	FILE *answer;
	int rc;

	if (!request) {
		fprintf(stderr, "heliograph show: the address is not UTF-8\n");
		return HG_WRONG;
	}
	answer = open_memstream(&text, &n);
	rc = hg_ctl_ask(site->settings.control_socket, request, answer, &err);
	json_decref(request);
	fclose(answer);
	if (rc >= 0)
		fwrite(text, 1, n, rc == HG_DONE ? stdout : stderr);
	free(text);
	if (rc >= 0)
		return rc;
	hg_err_write(&err, &b);
	fprintf(stderr, "heliograph show: %s\n", b.p ? b.p : "no answer");
	hg_buf_done(&b);
	return HG_NOT_DONE;
}

static int show(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	struct hg_errs errs = { 0 };
	struct hg_site site;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	if (o.first == argc) {
		fprintf(stderr,
			"heliograph show: whom? Name a person, as user@domain\nTry 'heliograph show --help'.\n");
		return HG_WRONG;
	}
	if (hg_site_load_settings(o.config, &site, &errs) < 0)
		return hg_site_complain(o.config, &errs);
	rc = ask(&site, argv[o.first], o.json);
	hg_site_done(&site);
	hg_errs_done(&errs);
	return rc;
}

const struct hg_command hg_command_show = {
	.name = "show",
	.summary = "show the whole mirror of one person",
	.help = "Usage: heliograph show [--config FILE] [--json] PERSON\n\n"
		"Asks the running daemon what it holds of a person: aggregated state, endpoints, publications, containers\n"
		"and members, contacts, whom he sees and who sees him, and where that is shown. Texts of notes are not shown.\n\n"
		"  PERSON          an address: user@domain\n"
		"  --config FILE   the configuration of the daemon; default " HG_DEFAULT_CONFIG "\n"
		"  --json          for programs\n\n"
		"Exit status: 0 shown, 1 nothing is known of him or no daemon answers, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph show alice@corp.example\n"
		"  heliograph show --json alice@corp.example | jq '.watchers[] | {watcher, container}'\n",
	.words = 1,
	.run = show,
};
