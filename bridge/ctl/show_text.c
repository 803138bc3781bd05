/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/ctl/show_text.h"

#include <string.h>

static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static long long number(const json_t *o, const char *key)
{
	return (long long)json_integer_value(json_object_get(o, key));
}

static bool truth(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

/* The heading of a list, with what to say when it is empty; false then. */
static bool heading(const json_t *list, const char *title, struct hg_buf *out)
{
	if (json_array_size(list) == 0)
		return false;
	hg_buf_addf(out, "\n%s\n", title);
	return true;
}

static void aggregates(const json_t *root, struct hg_buf *out)
{
	const json_t *a;
	size_t i;

	json_array_foreach (json_object_get(root, "aggregate"), i, a) {
		hg_buf_addf(out, "  %-10s %s (%lld)", text(a, "for"), text(a, "band"),
			number(a, "availability"));
		if (text(a, "activity")[0])
			hg_buf_addf(out, " %s", text(a, "activity"));
		if (text(a, "lastActive")[0])
			hg_buf_addf(out, ", last active %s", text(a, "lastActive"));
		hg_buf_addc(out, '\n');
	}
}

static void card(const json_t *root, struct hg_buf *out)
{
	json_t *fields = json_object_get(root, "card"), *value;
	const char *name;

	if (json_object_size(fields) == 0)
		return;
	hg_buf_adds(out, "\nRecord\n");
	json_object_foreach (fields, name, value)
		hg_buf_addf(out, "  %-14s %s\n", name, json_string_value(value));
}

static void endpoints(const json_t *root, struct hg_buf *out)
{
	const json_t *list = json_object_get(root, "endpoints"), *e;
	size_t i;

	if (!heading(list, "Endpoints", out))
		return;
	json_array_foreach (list, i, e)
		if (truth(e, "linked"))
			hg_buf_addf(out, "  %-40s of a linked account\n", text(e, "instance"));
		else
			hg_buf_addf(out, "  %-40s %s, ends in %lld s\n", text(e, "instance"),
				truth(e, "publishes")           ? "publishes"
					: truth(e, "confirmed") ? "signed in"
								: "connection lost",
				number(e, "endsInSeconds"));
}

static void publications(const json_t *root, struct hg_buf *out)
{
	const json_t *list = json_object_get(root, "publications"), *p;
	size_t i;

	if (!heading(list, "Publications (category, instance, container, version, expiry)", out))
		return;
	json_array_foreach (list, i, p) {
		hg_buf_addf(out, "  %-14s %10lld %6lld  v%-4lld ", text(p, "category"),
			number(p, "instance"), number(p, "container"), number(p, "version"));
		if (text(p, "band")[0])
			hg_buf_addf(out, "%-8s  %s (%lld)", text(p, "expiry"), text(p, "band"),
				number(p, "availability"));
		else
			hg_buf_adds(out, text(p, "expiry"));
		if (text(p, "delegate")[0])
			hg_buf_addf(out, ", by the delegate %s", text(p, "delegate"));
		if (text(p, "origin")[0])
			hg_buf_addf(out, ", by an %s", text(p, "origin"));
		hg_buf_addc(out, '\n');
	}
}

static void containers(const json_t *root, struct hg_buf *out)
{
	const json_t *list = json_object_get(root, "containers"), *c, *m;
	size_t i, k;

	if (!heading(list, "Containers and their members", out))
		return;
	json_array_foreach (list, i, c) {
		hg_buf_addf(out, "  %-6lld v%lld", number(c, "id"), number(c, "version"));
		json_array_foreach (json_object_get(c, "members"), k, m)
			hg_buf_addf(out, "%s%s%s%s", k ? " " : "  ", text(m, "type"),
				text(m, "value")[0] ? ":" : "", text(m, "value"));
		hg_buf_addc(out, '\n');
	}
}

static void contacts(const json_t *root, struct hg_buf *out)
{
	const json_t *list = json_object_get(root, "contacts"), *c;
	size_t i;

	if (!heading(list, "Contacts", out))
		return;
	json_array_foreach (list, i, c)
		hg_buf_addf(out, "  %-40s groups %s%s%s%s\n", text(c, "uri"), text(c, "groups"),
			truth(c, "subscribed") ? "" : ", not subscribed",
			text(c, "name")[0] ? ", " : "", text(c, "name"));
}

static void delegates(const json_t *root, struct hg_buf *out)
{
	const json_t *list = json_object_get(root, "delegates");

	if (heading(list, "Delegates (who may act in this person's name)", out))
		hg_delegates_text(list, "  ", out);
}

void hg_delegates_text(const json_t *list, const char *indent, struct hg_buf *out)
{
	const json_t *d;
	size_t i;

	json_array_foreach (list, i, d)
		hg_buf_addf(out, "%s%-40s %s%s\n", indent, text(d, "address"),
			truth(d, "publish") ? "publishes" : "may not publish",
			truth(d, "redelegate") ? ", changes the list" : "");
}

static void links(const json_t *root, struct hg_buf *out)
{
	const json_t *list = json_object_get(root, "links");

	if (heading(list, "Linked accounts (the same person elsewhere)", out))
		hg_links_text(list, "  ", out);
}

void hg_links_text(const json_t *list, const char *indent, struct hg_buf *out)
{
	const json_t *k;
	size_t i;

	json_array_foreach (list, i, k) {
		long long n = number(k, "resources");

		hg_buf_addf(out, "%s%-40s ", indent, text(k, "address"));
		if (strcmp(text(k, "out"), "granted"))
			hg_buf_addf(out, "nothing is heard of it: the subscription is %s\n",
				text(k, "out"));
		else
			hg_buf_addf(out, "%lld resource%s\n", n, n == 1 ? "" : "s");
	}
}

static void watch(const json_t *w, const char *whom, struct hg_buf *out)
{
	const json_t *o, *f;
	size_t i;

	hg_buf_addf(out, "  %-40s %s", text(w, whom), text(w, "standing"));
	if (text(w, "out")[0])
		hg_buf_addf(out, ", out %s", text(w, "out"));
	if (text(w, "in")[0])
		hg_buf_addf(out, ", in %s", text(w, "in"));
	if (json_object_get(w, "container"))
		hg_buf_addf(out, ", container %lld", number(w, "container"));
	if (json_object_get(w, "availability"))
		hg_buf_addf(out, ", %s (%lld)%s", text(w, "band"), number(w, "availability"),
			truth(w, "note") ? " with a note" : "");
	if (truth(w, "stale"))
		hg_buf_adds(out, ", link lost");
	if (truth(w, "held"))
		hg_buf_adds(out, ", held");
	hg_buf_addc(out, '\n');
	json_array_foreach (json_object_get(w, "resources"), i, f)
		hg_buf_addf(out, "      resource %s, priority %lld, heard %s\n", text(f, "name"),
			number(f, "priority"), text(f, "heard"));
	json_array_foreach (json_object_get(w, "outlets"), i, o)
		hg_buf_addf(out, "      shown on %s, %lld sent%s%s\n", text(o, "adapter"),
			number(o, "sent"), truth(o, "told") ? "" : ", no state yet",
			truth(o, "waiting") ? ", more is waiting" : "");
}

static void watches(const json_t *root, const char *key, const char *title, const char *whom,
	struct hg_buf *out)
{
	const json_t *list = json_object_get(root, key), *w;
	size_t i;

	if (!heading(list, title, out))
		return;
	json_array_foreach (list, i, w)
		watch(w, whom, out);
}

void hg_show_text(struct hg_str json, struct hg_buf *out)
{
	json_t *root = json_loadb(json.p, json.n, 0, NULL);

	if (!root)
		return;
	hg_buf_addf(out, "%s, %s\n", text(root, "person"),
		truth(root, "home") ? "home is here" : "home is elsewhere");
	aggregates(root, out);
	card(root, out);
	endpoints(root, out);
	publications(root, out);
	containers(root, out);
	contacts(root, out);
	delegates(root, out);
	links(root, out);
	watches(root, "watches", "Watches (whom this person sees)", "presentity", out);
	watches(root, "watchers", "Watchers (who sees this person)", "watcher", out);
	json_decref(root);
}
