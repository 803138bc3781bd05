/* SPDX-License-Identifier: Apache-2.0 */
/* Views: once, and as they change. */
#include "bridge/client/client.h"

#include <errno.h>
#include <stdlib.h>

/* ---- one view: its texts are those of the JSON ---- */

struct box {
	struct heliograph_view view; /* first */
	json_t *root;
	char *said;
	struct heliograph_document *document;
	const char **changed;
};

static const char *text_or_null(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void add_documents(struct box *b)
{
	json_t *categories = json_object_get(b->root, "categories"), *list, *one;
	const char *name;
	size_t i, n = 0;

	json_object_foreach (categories, name, list)
		n += json_array_size(list);
	b->document = hg_alloc((n + 1) * sizeof(*b->document));
	json_object_foreach (categories, name, list)
		json_array_foreach (list, i, one)
			b->document[b->view.ndocuments++] = (struct heliograph_document){
				.category = name,
				.instance = (uint32_t)json_integer_value(
					json_object_get(one, "instance")),
				.published = text_or_null(one, "published"),
				.xml = client_text(one, "payload")
			};
	b->view.document = b->document;
}

static void add_changed(struct box *b)
{
	const json_t *list = json_object_get(b->root, "changed"), *one;
	size_t i;

	b->changed = hg_alloc((json_array_size(list) + 1) * sizeof(*b->changed));
	json_array_foreach (list, i, one)
		b->changed[b->view.nchanged++] = json_string_value(one);
	b->view.changed = b->changed;
}

struct heliograph_view *client_view(json_t *root, const char *said)
{
	struct box *b = hg_alloc(sizeof(*b));
	const char *band = text_or_null(root, "band");

	b->root = root;
	b->said = said ? hg_str_dup(hg_str(said)) : json_dumps(root, JSON_COMPACT);
	b->view = (struct heliograph_view){
		.watcher = client_text(root, "watcher"),
		.person = client_text(root, "person"),
		.standing = client_text(root, "standing"),
		.availability = (uint32_t)json_integer_value(json_object_get(root, "availability")),
		.band = band ? band : "unknown",
		.activity = text_or_null(root, "activity"),
		.last_active = text_or_null(root, "lastActive"),
		.note = text_or_null(root, "noteText"),
		.json = b->said,
	};
	add_documents(b);
	add_changed(b);
	return &b->view;
}

void heliograph_view_free(struct heliograph_view *view)
{
	struct box *b = (struct box *)view;

	if (!b)
		return;
	json_decref(b->root);
	free(b->said);
	free(b->document);
	free(b->changed);
	free(b);
}

int heliograph_view_get(heliograph_client *c, const char *watcher, const char *person,
	const char *categories, struct heliograph_view **ret)
{
	json_t *root = NULL;
	int rc = client_ask(c,
		json_pack("{s:s, s:s, s:s, s:b, s:s*}", "verb", "view", "watcher", watcher,
			"person", person, "notes", 1, "categories", categories),
		&root);

	*ret = rc == HELIOGRAPH_OK ? client_view(root, NULL) : NULL;
	return rc;
}

/* ---- as they change ---- */

struct heliograph_subscription {
	heliograph_client *client;
	struct hg_ctl_feed *feed;
};

static int open_feed(heliograph_client *c, json_t *request, struct hg_ctl_feed **ret)
{
	struct hg_err err = { 0 };
	char *said = NULL;
	size_t n = 0;
	FILE *refused = open_memstream(&said, &n);
	int rc = hg_ctl_follow(c->path, request, refused, ret, &err);

	fclose(refused);
	json_decref(request);
	return client_result(c, rc, said, &err);
}

int heliograph_subscribe(heliograph_client *c, const char *watcher, const char *const *person,
	size_t npersons, const char *categories, heliograph_subscription **ret)
{
	json_t *request = json_pack("{s:s, s:s, s:s*, s:o}", "verb", "watch as", "watcher", watcher,
		"categories", categories, "persons", hg_ctl_texts(person, npersons));
	struct hg_ctl_feed *feed = NULL;
	int rc = request ? open_feed(c, request, &feed) : client_ask(c, NULL, NULL);

	*ret = NULL;
	if (rc == HELIOGRAPH_OK) {
		*ret = hg_alloc(sizeof(**ret));
		**ret = (heliograph_subscription){ c, feed };
	}
	return rc;
}

int heliograph_subscription_fd(const heliograph_subscription *s)
{
	return hg_ctl_feed_fd(s->feed);
}

int heliograph_subscription_next(
	heliograph_subscription *s, int timeout, struct heliograph_view **ret)
{
	struct hg_err err = { 0 };
	json_t *root = NULL;
	char *line;
	int rc = hg_ctl_feed_next(s->feed, timeout, &line);

	*ret = NULL;
	client_begin(s->client);
	if (rc > 0)
		root = json_loads(line, 0, NULL);
	if (rc > 0 && !root)
		rc = -EBADMSG;
	if (rc < 0) {
		hg_err_set(&err, rc, s->client->path, "subscribe anew",
			rc == -EPIPE ? "the subscription has ended" : "the subscription is broken");
		return client_result(s->client, rc, NULL, &err);
	}
	if (root)
		*ret = client_view(root, line);
	return rc;
}

void heliograph_subscription_free(heliograph_subscription *s)
{
	if (!s)
		return;
	hg_ctl_feed_free(s->feed);
	free(s);
}
