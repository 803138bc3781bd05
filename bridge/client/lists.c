/* SPDX-License-Identifier: Apache-2.0 */
/* Contact lists, containers, and relationships. */
#include "bridge/client/client.h"

#include <stdlib.h>
#include <string.h>

/* ---- contacts ---- */

struct contacts {
	struct heliograph_contacts list; /* first */
	json_t *root;
	struct heliograph_contact *contact;
	const char **group; /* of all of them */
};

static const char *group_name(const json_t *root, struct hg_str id)
{
	const json_t *g;
	uint32_t wanted;
	size_t i;

	json_array_foreach (json_object_get(root, "groups"), i, g)
		if (hg_str_u32(id, &wanted) &&
			json_integer_value(json_object_get(g, "id")) == wanted)
			return client_text(g, "name");
	return "";
}

static size_t count_groups(const json_t *contacts)
{
	const json_t *k;
	size_t i, n = 0;

	json_array_foreach (contacts, i, k)
		n += strlen(client_text(k, "groups")); /* more than enough */
	return n;
}

static struct heliograph_contacts *read_contacts(json_t *root)
{
	const json_t *contacts = json_object_get(root, "contacts"), *k;
	struct contacts *r = hg_alloc(sizeof(*r));
	size_t i, groups = 0;

	r->root = root;
	r->contact = hg_alloc((json_array_size(contacts) + 1) * sizeof(*r->contact));
	r->group = hg_alloc((count_groups(contacts) + 1) * sizeof(*r->group));
	json_array_foreach (contacts, i, k) {
		struct heliograph_contact *to = &r->contact[i];
		struct hg_str rest = hg_str(client_text(k, "groups")), id;

		to->address = client_text(k, "uri");
		to->name = client_text(k, "name");
		to->subscribed = json_is_true(json_object_get(k, "subscribed"));
		to->group = r->group + groups;
		while (hg_str_token(&rest, ' ', &id)) {
			r->group[groups++] = group_name(root, id);
			to->ngroups++;
		}
	}
	r->list = (struct heliograph_contacts){ r->contact, i };
	return &r->list;
}

int heliograph_contacts_list(
	heliograph_client *c, const char *owner, struct heliograph_contacts **ret)
{
	json_t *root = NULL;
	int rc = client_ask(
		c, json_pack("{s:s, s:s}", "verb", "contact list", "owner", owner), &root);

	*ret = rc == HELIOGRAPH_OK ? read_contacts(root) : NULL;
	return rc;
}

void heliograph_contacts_free(struct heliograph_contacts *list)
{
	struct contacts *r = (struct contacts *)list;

	if (!r)
		return;
	json_decref(r->root);
	free(r->contact);
	free(r->group);
	free(r);
}

int heliograph_contact_set(heliograph_client *c, const char *owner, const char *address,
	const char *name, const char *group)
{
	return client_ask(c,
		json_pack("{s:s, s:s, s:s, s:s*, s:s*}", "verb", "contact add", "owner", owner,
			"person", address, "name", name, "group", group),
		NULL);
}

int heliograph_contact_delete(heliograph_client *c, const char *owner, const char *address)
{
	return client_ask(c,
		json_pack("{s:s, s:s, s:s}", "verb", "contact del", "owner", owner, "person",
			address),
		NULL);
}

/* ---- containers ---- */

struct containers {
	struct heliograph_containers list; /* first */
	struct heliograph_container *container;
	char **member; /* of all of them */
	size_t nmembers;
};

static char *member_text(const json_t *m)
{
	const char *value = json_string_value(json_object_get(m, "value"));
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, client_text(m, "type"));
	if (value)
		hg_buf_addf(&b, ":%s", value);
	return b.p;
}

static struct heliograph_containers *read_containers(json_t *root)
{
	const json_t *all = json_object_get(root, "containers"), *k, *m;
	struct containers *r = hg_alloc(sizeof(*r));
	size_t i, n, members = 0;

	json_array_foreach (all, i, k)
		members += json_array_size(json_object_get(k, "members"));
	r->container = hg_alloc((json_array_size(all) + 1) * sizeof(*r->container));
	r->member = hg_alloc((members + 1) * sizeof(*r->member));
	json_array_foreach (all, i, k) {
		struct heliograph_container *to = &r->container[i];

		to->id = (uint16_t)json_integer_value(json_object_get(k, "id"));
		to->version = (uint32_t)json_integer_value(json_object_get(k, "version"));
		to->member = (const char *const *)(r->member + r->nmembers);
		json_array_foreach (json_object_get(k, "members"), n, m)
			r->member[r->nmembers++] = member_text(m);
		to->nmembers = n;
	}
	r->list = (struct heliograph_containers){ r->container, i };
	return &r->list;
}

int heliograph_containers_list(
	heliograph_client *c, const char *person, struct heliograph_containers **ret)
{
	json_t *root = NULL;
	int rc = client_ask(
		c, json_pack("{s:s, s:s}", "verb", "container list", "person", person), &root);

	*ret = rc == HELIOGRAPH_OK ? read_containers(root) : NULL;
	json_decref(root);
	return rc;
}

void heliograph_containers_free(struct heliograph_containers *list)
{
	struct containers *r = (struct containers *)list;

	if (!r)
		return;
	for (size_t i = 0; i < r->nmembers; i++)
		free(r->member[i]);
	free(r->member);
	free(r->container);
	free(r);
}

static int edit(heliograph_client *c, const char *verb, const char *person, uint16_t container,
	const char *const *member, size_t n)
{
	return client_ask(c,
		json_pack("{s:s, s:s, s:i, s:o}", "verb", verb, "person", person, "container",
			(int)container, "members", hg_ctl_texts(member, n)),
		NULL);
}

int heliograph_container_add(heliograph_client *c, const char *person, uint16_t container,
	const char *const *member, size_t n)
{
	return edit(c, "container add", person, container, member, n);
}

int heliograph_container_remove(heliograph_client *c, const char *person, uint16_t container,
	const char *const *member, size_t n)
{
	return edit(c, "container remove", person, container, member, n);
}

/* ---- relationships ---- */

int heliograph_relationship_get(
	heliograph_client *c, const char *watcher, const char *person, int *ret)
{
	json_t *root = NULL;
	int rc = client_ask(c,
		json_pack("{s:s, s:s, s:s}", "verb", "relationship", "watcher", watcher, "person",
			person),
		&root);
	const json_t *container = json_object_get(root, "container");

	*ret = container ? (int)json_integer_value(container) : -1;
	json_decref(root);
	return rc;
}

static const char *level_name(enum heliograph_level level)
{
	switch (level) {
	case HELIOGRAPH_DEFAULT:
		return "default";
	case HELIOGRAPH_EXTERNAL:
		return "external";
	case HELIOGRAPH_COLLEAGUES:
		return "colleagues";
	case HELIOGRAPH_WORKGROUP:
		return "workgroup";
	case HELIOGRAPH_FRIENDS:
		return "friends";
	case HELIOGRAPH_BLOCKED:
		return "blocked";
	}
	return "none of these"; /* the daemon says which there are */
}

int heliograph_relationship_set(
	heliograph_client *c, const char *watcher, const char *person, enum heliograph_level level)
{
	return client_ask(c,
		json_pack("{s:s, s:s, s:s, s:s}", "verb", "relationship set", "watcher", watcher,
			"person", person, "level", level_name(level)),
		NULL);
}
