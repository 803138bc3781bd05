/* SPDX-License-Identifier: Apache-2.0 */
/* reload: the configuration and the mapping tables, again. */

#include "bridge/ctl/reload.h"
#include "bridge/ctl/verbs.h"

static void write_errors(const struct hg_errs *errs, struct hg_buf *out)
{
	hg_errs_write(errs, out);
	hg_buf_adds(out, "heliograph reload: nothing was changed\n");
}

static void write_list(
	const char *title, const char *none, char *const *list, size_t n, struct hg_buf *out)
{
	if (n == 0)
		hg_buf_adds(out, none);
	for (size_t i = 0; i < n; i++)
		hg_buf_addf(out, "%s%s%s", i ? ", " : title, list[i], i + 1 == n ? "\n" : "");
}

static void write_text(const struct hg_reload_report *r, struct hg_buf *out)
{
	write_list("changed: ", r->users ? "" : "nothing has changed that is in force at once\n",
		r->changed, r->nchanged, out);
	if (r->users)
		hg_buf_addf(out, "users added: %zu\n", r->users);
	write_list("waiting for a restart: ", "", r->restart, r->nrestart, out);
}

static json_t *list(char *const *text, size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(a, json_string(text[i]));
	return a;
}

static void write_json(const struct hg_reload_report *r, struct hg_buf *out)
{
	json_t *o = json_pack("{s:o, s:I, s:o}", "changed", list(r->changed, r->nchanged),
		"usersAdded", (json_int_t)r->users, "restart", list(r->restart, r->nrestart));
	char *text = json_dumps(o, JSON_COMPACT);

	hg_buf_addf(out, "%s\n", text);
	free(text);
	json_decref(o);
}

int hg_verb_reload(void *ctx, const json_t *request, struct hg_buf *out)
{
	struct hg_reload_report r;
	struct hg_errs errs = { 0 };
	int rc = hg_reload(ctx, &r, &errs);

	if (rc < 0)
		write_errors(&errs, out);
	else if (json_is_true(json_object_get(request, "json")))
		write_json(&r, out);
	else
		write_text(&r, out);
	hg_reload_report_done(&r);
	hg_errs_done(&errs);
	return rc < 0 ? HG_WRONG : HG_DONE;
}
