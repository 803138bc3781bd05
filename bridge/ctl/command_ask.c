/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that ask the running daemon. */

#include "bridge/client/transport.h"
#include "bridge/ctl/command.h"
#include "bridge/ctl/site.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int hg_ask_open(const struct hg_command *cmd, const char *config, struct hg_ask *ret)
{
	struct hg_errs errs = { 0 };

	*ret = (struct hg_ask){ cmd, hg_alloc(sizeof(struct hg_site)) };
	if (hg_site_load_settings(config, ret->site, &errs) < 0) {
		free(ret->site);
		return hg_site_complain(config, &errs);
	}
	hg_errs_done(&errs);
	return HG_DONE;
}

void hg_ask_close(struct hg_ask *a)
{
	hg_site_done(a->site);
	free(a->site);
}

int hg_ask(const struct hg_ask *a, json_t *request, char **ret_text)
{
	struct hg_err err = { 0 };
	struct hg_buf b = { 0 };
	size_t n = 0;
	FILE *answer = open_memstream(ret_text, &n);
	int rc = HG_WRONG;

	if (request)
		rc = hg_ctl_ask(a->site->settings.control_socket, request, answer, &err);
	else
		fprintf(answer, "heliograph %s: a word is not UTF-8\n", a->command->name);
	json_decref(request);
	if (rc < 0) {
		hg_err_write(&err, &b);
		rewind(answer);
		fprintf(answer, "heliograph %s: %s\n", a->command->name, b.p ? b.p : "no answer");
		hg_buf_done(&b);
	}
	fclose(answer);
	return rc;
}

int hg_command_ask(const struct hg_command *cmd, const char *config, json_t *request)
{
	struct hg_ask a;
	char *text;
	int rc = hg_ask_open(cmd, config, &a);

	if (rc != HG_DONE) {
		json_decref(request);
		return rc;
	}
	rc = hg_ask(&a, request, &text);
	fputs(text, rc == HG_DONE ? stdout : stderr);
	free(text);
	hg_ask_close(&a);
	return rc < 0 ? HG_NOT_DONE : rc;
}
