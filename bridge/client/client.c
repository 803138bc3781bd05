/* SPDX-License-Identifier: Apache-2.0 */
/* The handle, and how one question is asked. */
#include "bridge/client/client.h"

#include <stdlib.h>

heliograph_client *heliograph_client_new(const char *path)
{
	heliograph_client *c = hg_alloc(sizeof(*c));

	c->path = hg_str_dup(hg_str(path ? path : HELIOGRAPH_SOCKET));
	return c;
}

void heliograph_client_free(heliograph_client *c)
{
	if (!c)
		return;
	free(c->path);
	free(c->error);
	free(c);
}

const char *heliograph_client_error(const heliograph_client *c)
{
	return c->error ? c->error : "";
}

void client_begin(heliograph_client *c)
{
	free(c->error);
	c->error = NULL;
}

int client_result(heliograph_client *c, int rc, char *said, const struct hg_err *err)
{
	struct hg_buf b = { 0 };

	client_begin(c);
	if (rc < 0) {
		hg_err_write(err, &b);
		c->error = hg_str_dup(hg_buf_str(&b));
		hg_buf_done(&b);
	} else if (rc > 0) {
		c->error = hg_str_dup(hg_str_trim(hg_str(said)));
	}
	free(said);
	if (rc == 0)
		return HELIOGRAPH_OK;
	return rc < 0 ? HELIOGRAPH_UNREACHABLE : rc == 1 ? HELIOGRAPH_NOT_DONE : HELIOGRAPH_WRONG;
}

static int not_utf8(heliograph_client *c)
{
	client_begin(c);
	c->error = hg_str_dup(HG_STR("a text is missing, or not UTF-8"));
	return HELIOGRAPH_WRONG;
}

static int read_answer(heliograph_client *c, const char *said, json_t **ret)
{
	struct hg_err err = {
		.what = "the daemon's answer is not JSON: is it of the same version?"
	};

	*ret = json_loads(said, 0, NULL);
	return *ret ? HELIOGRAPH_OK : client_result(c, -1, NULL, &err);
}

int client_ask(heliograph_client *c, json_t *request, json_t **ret)
{
	struct hg_err err = { 0 };
	char *said = NULL;
	size_t n = 0;

	if (!request)
		return not_utf8(c);
	json_object_set_new(request, "json", json_true());
	FILE *out = open_memstream(&said, &n);
	int rc = hg_ctl_ask(c->path, request, out, &err);
	fclose(out);
	json_decref(request);
	if (rc == 0 && ret && read_answer(c, said, ret) != HELIOGRAPH_OK) {
		free(said);
		return HELIOGRAPH_UNREACHABLE;
	}
	return client_result(c, rc, said, &err);
}

const char *client_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}
