/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph publish --category: the document of a category, from a file. */

#include "bridge/ctl/command_publish.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MOST = 256 * 1024 };

/* NULL, or what is wrong. */
static const char *check(const struct hg_option *own)
{
	bool remove = own[HG_PUB_REMOVE].value;

	for (int i = HG_PUB_STATE; i <= HG_PUB_CLEAR; i++)
		if (own[i].value)
			return "--category goes with none of --state, --note and what belongs to them";
	if (!own[HG_PUB_CONTAINERS].value)
		return "--category: into which containers? --container 200,300";
	if (remove &&
		(own[HG_PUB_FILE].value || own[HG_PUB_EXPIRES].value || own[HG_PUB_SECONDS].value ||
			own[HG_PUB_ENDPOINT].value))
		return "--remove takes no --file, --expires, --seconds or --endpoint";
	if (!remove && !own[HG_PUB_FILE].value)
		return "--category: which document? --file FILE, or --file - for standard input";
	return NULL;
}

static bool add_containers(json_t *publication, const char *said)
{
	json_t *list = json_array();
	struct hg_str rest = hg_str(said), token;
	bool good = true;
	uint32_t id;

	while (good && hg_str_token(&rest, ',', &token)) {
		good = hg_str_u32(token, &id);
		if (good)
			json_array_append_new(list, json_integer(id));
	}
	json_object_set_new(publication, "containers", list);
	return good;
}

static bool add_number(json_t *publication, const char *key, const char *said)
{
	uint32_t n = 0;
	bool good = hg_str_u32(hg_str(said), &n);

	json_object_set_new(publication, key, json_integer(n));
	return good;
}

/* --expires says how, or for how long. */
static bool add_expiry(json_t *publication, const struct hg_option *own)
{
	static const char *const how[] = { "static", "user", "time", "endpoint" };
	const char *said = own[HG_PUB_EXPIRES].value;
	uint32_t seconds;

	if (!said)
		said = own[HG_PUB_ENDPOINT].value   ? "endpoint"
			: own[HG_PUB_SECONDS].value ? "time"
						    : "static";
	for (size_t i = 0; i < sizeof(how) / sizeof(how[0]); i++)
		if (strcmp(said, how[i]) == 0)
			return json_object_set_new(publication, "expire", json_string(said)) == 0;
	json_object_set_new(publication, "expire", json_string("time"));
	if (!hg_publish_time(said, &seconds))
		return false;
	json_object_set_new(publication, "seconds", json_integer(seconds));
	return true;
}

/* HG_DONE, or after a message HG_WRONG. */
static int add_payload(const struct hg_command *cmd, json_t *publication, const char *name)
{
	FILE *in = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
	struct hg_buf b = { 0 };
	char chunk[4096];
	json_t *text;
	size_t n;

	if (!in)
		return hg_misuse(cmd, "cannot read the file: ", strerror(errno));
	while (b.n <= FILE_MOST && (n = fread(chunk, 1, sizeof(chunk), in)) > 0)
		hg_buf_add(&b, (struct hg_str){ chunk, n });
	int failed = ferror(in) ? errno : 0;
	if (in != stdin)
		fclose(in);
	text = json_stringn(b.p ? b.p : "", b.n);
	hg_buf_done(&b);
	if (failed || b.n > FILE_MOST || !text) {
		json_decref(text);
		return hg_misuse(cmd, failed ? "cannot read the file: " : "no such document: ",
			failed ? strerror(failed) : "it is not UTF-8, or too large");
	}
	json_object_set_new(publication, "payload", text);
	return HG_DONE;
}

static int fill(const struct hg_command *cmd, const struct hg_option *own, json_t *p)
{
	if (!add_containers(p, own[HG_PUB_CONTAINERS].value))
		return hg_misuse(
			cmd, "no numbers with commas, as 200,300: ", own[HG_PUB_CONTAINERS].value);
	if (own[HG_PUB_INSTANCE].value && !add_number(p, "instance", own[HG_PUB_INSTANCE].value))
		return hg_misuse(cmd, "no number of an instance: ", own[HG_PUB_INSTANCE].value);
	if (own[HG_PUB_REMOVE].value)
		return json_object_set_new(p, "remove", json_true()) ? HG_WRONG : HG_DONE;
	if (!add_expiry(p, own))
		return hg_misuse(cmd,
			"--expires: static, user, time, endpoint, or a time as 90s, 15m, 8h; not ",
			own[HG_PUB_EXPIRES].value);
	if (own[HG_PUB_SECONDS].value && !add_number(p, "seconds", own[HG_PUB_SECONDS].value))
		return hg_misuse(cmd, "no number of seconds: ", own[HG_PUB_SECONDS].value);
	return add_payload(cmd, p, own[HG_PUB_FILE].value);
}

int hg_publish_category(const struct hg_command *cmd, const struct hg_options *o,
	const char *person, const struct hg_option *own)
{
	const char *wrong = check(own);
	json_t *p;
	int rc;

	if (wrong)
		return hg_misuse(cmd, wrong, "");
	p = json_pack("{s:s}", "category", own[HG_PUB_CATEGORY].value);
	rc = p ? fill(cmd, own, p) : hg_misuse(cmd, "a word is not UTF-8", "");
	if (rc != HG_DONE) {
		json_decref(p);
		return rc;
	}
	return hg_command_ask(cmd, o->config,
		json_pack("{s:s, s:s, s:b, s:s*, s:[o]}", "verb", "publish categories", "person",
			person, "json", o->json, "endpoint", own[HG_PUB_ENDPOINT].value,
			"publications", p));
}
