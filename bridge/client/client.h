/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the library share. */
#pragma once

#include "bridge/client/heliograph-client.h"
#include "bridge/client/transport.h"

struct heliograph_client {
	char *path;
	char *error; /* NULL: none */
};

/* Asks for JSON. *ret, if `ret`, is the answer, to be released. */
int client_ask(heliograph_client *, json_t *take_request, json_t **ret);
/* Forgets the last error. */
void client_begin(heliograph_client *);
/* What came of it, to what a function returns: an exit code and what was said, which is taken; or a negative errno. */
int client_result(heliograph_client *, int rc, char *take_said, const struct hg_err *);
/* A member, "" if there is none. */
const char *client_text(const json_t *object, const char *key);

/* view.c: of what the daemon said. */
struct heliograph_view *client_view(json_t *take_root, const char *said);
