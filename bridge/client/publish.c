/* SPDX-License-Identifier: Apache-2.0 */
/* Publications in a user's name. */
#include "bridge/client/client.h"

static const char *expiry_name(enum heliograph_expiry e)
{
	switch (e) {
	case HELIOGRAPH_ENDPOINT:
		return "endpoint";
	case HELIOGRAPH_USER:
		return "user";
	case HELIOGRAPH_TIME:
		return "time";
	default:
		return "static";
	}
}

/* NULL: a text is missing or not UTF-8. */
static json_t *publication(const struct heliograph_publication *p, bool remove)
{
	json_t *o = json_pack("{s:s, s:[]}", "category", p->category, "containers");
	json_t *containers = json_object_get(o, "containers");

	for (size_t i = 0; i < p->ncontainers && o; i++)
		json_array_append_new(containers, json_integer(p->container[i]));
	if (o && p->instance != HELIOGRAPH_OWN_INSTANCE)
		json_object_set_new(o, "instance", json_integer(p->instance));
	if (o && (remove || !p->xml)) {
		json_object_set_new(o, "remove", json_true());
		return o;
	}
	if (o && p->seconds)
		json_object_set_new(o, "seconds", json_integer(p->seconds));
	if (!o || json_object_set_new(o, "expire", json_string(expiry_name(p->expiry))) ||
		json_object_set_new(o, "payload", json_string(p->xml))) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static int publish(heliograph_client *c, const char *person, const char *endpoint,
	const struct heliograph_publication *p, size_t n, bool remove)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n && list; i++) {
		if (json_array_append_new(list, publication(&p[i], remove)) == 0)
			continue;
		json_decref(list);
		list = NULL;
	}
	return client_ask(c,
		json_pack("{s:s, s:s, s:s*, s:o}", "verb", "publish categories", "person", person,
			"endpoint", endpoint, "publications", list),
		NULL);
}

int heliograph_publish(heliograph_client *c, const char *person, const char *endpoint,
	const struct heliograph_publication *p, size_t n)
{
	return publish(c, person, endpoint, p, n, false);
}

int heliograph_remove(
	heliograph_client *c, const char *person, const struct heliograph_publication *p, size_t n)
{
	return publish(c, person, NULL, p, n, true);
}
