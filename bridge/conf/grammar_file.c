/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/conf/mapping_file.h"

#include "bridge/conf/conf.h"
#include "bridge/mapping/suggest.h"

#include <errno.h>
#include <stdio.h>

/* In the order of the enumerations they stand for. */
static const char *const categories[] = { "state", "note", NULL };
static const char *const kinds[] = { "machine", "user", "calendar", "phone", NULL };
static const char *const instances[] = { "constant", "endpoint", NULL };
static const char *const expiries[] = { "static", "endpoint", "user", NULL };
static const char *const transforms[] = { "copy", "empty", "urgent", NULL };

static const struct hg_schema rule = { (const struct hg_key[]){
	{ .name = "category",
		.kind = HG_KEY_ENUM,
		.required = true,
		.values = categories,
		.help = "state or note" },
	{ .name = "kind",
		.kind = HG_KEY_ENUM,
		.values = kinds,
		.help = "of a state: machine, user, calendar or phone" },
	{ .name = "from",
		.kind = HG_KEY_LIST,
		.required = true,
		.help = "who says it: linked, remote, simple, application" },
	{ .name = "containers",
		.kind = HG_KEY_LIST,
		.required = true,
		.help = "like [200, 300, 400]" },
	{ .name = "instance",
		.kind = HG_KEY_ENUM,
		.dflt = "constant",
		.values = instances,
		.help = "one for all, or one for each endpoint" },
	{ .name = "number",
		.kind = HG_KEY_INTEGER,
		.dflt = "0",
		.min = 0,
		.max = UINT32_MAX,
		.help = "the instance; of endpoint, its top four bits" },
	/* EP 1.2.1: a rule that names no expireType means endpoint */
	{ .name = "expires",
		.kind = HG_KEY_ENUM,
		.dflt = "endpoint",
		.values = expiries,
		.help = "static, endpoint, user" },
	{ .name = "transform",
		.kind = HG_KEY_ENUM,
		.dflt = "copy",
		.values = transforms,
		.help = "copy, empty, urgent" },
	{ 0 },
} };

static const struct hg_schema top = { (const struct hg_key[]){
	{ .name = "rules",
		.kind = HG_KEY_LIST,
		.required = true,
		.sub = &rule,
		.help = "a list of rules" },
	{ 0 },
} };

static bool read_sources(const struct hg_conf *list, uint32_t *ret, struct hg_errs *errs)
{
	const char *names[HG_SOURCE_COUNT];
	char hint[HG_SUGGESTION];
	bool ok = true;

	for (int s = 0; s < HG_SOURCE_COUNT; s++)
		names[s] = hg_source_name((enum hg_source)s);
	for (size_t i = 0; i < hg_conf_count(list); i++) {
		struct hg_str word = hg_conf_text(hg_conf_at(list, i));
		uint32_t bit = 0;

		for (int s = 0; s < HG_SOURCE_COUNT; s++)
			bit |= hg_str_is(word, names[s]) ? 1u << s : 0;
		*ret |= bit;
		if (bit)
			continue;
		hg_suggest(word, names, HG_SOURCE_COUNT, hint);
		hg_conf_fault(
			errs, hg_conf_at(list, i), hint, "from: '%.60s' is not known", word.p);
		ok = false;
	}
	return ok;
}

static bool read_containers(
	const struct hg_conf *list, struct hg_grammar_rule *ret, struct hg_errs *errs)
{
	bool ok = true;

	if (hg_conf_count(list) > HG_GRAMMAR_CONTAINERS) {
		hg_conf_fault(errs, list, "make two rules of it", "%d containers are the most",
			HG_GRAMMAR_CONTAINERS);
		return false;
	}
	for (size_t i = 0; i < hg_conf_count(list); i++) {
		struct hg_str word = hg_conf_text(hg_conf_at(list, i));
		uint32_t number;

		if (hg_str_u32(word, &number) && number <= HG_C_MAX) {
			ret->container[ret->ncontainers++] = (uint16_t)number;
			continue;
		}
		hg_conf_fault(errs, hg_conf_at(list, i), "a number from 0 to 32767",
			"containers: '%.60s' makes no sense", word.p);
		ok = false;
	}
	return ok;
}

static void read_rule(const struct hg_conf *item, struct hg_grammar *g, struct hg_errs *errs)
{
	bool note = hg_conf_int(item, "category") == 1;
	struct hg_grammar_rule r = { .category = note ? HG_CAT_NOTE : HG_CAT_STATE,
		.instance = (enum hg_grammar_instance)hg_conf_int(item, "instance"),
		.number = (uint32_t)hg_conf_int(item, "number"),
		.expiry = (enum hg_expiry)hg_conf_int(item, "expires"),
		.transform = (enum hg_grammar_transform)hg_conf_int(item, "transform") };
	const char *fault;
	bool ok;

	if (note == hg_conf_has(item, "kind")) {
		hg_conf_fault(errs, item, note ? "leave it out" : "add kind: machine or kind: user",
			note ? "a note has no kind" : "a state without a kind");
		return;
	}
	if (!note)
		r.kind = HG_STATE_MACHINE + (int)hg_conf_int(item, "kind");
	ok = read_sources(hg_conf_get(item, "from"), &r.sources, errs);
	ok &= read_containers(hg_conf_get(item, "containers"), &r, errs);
	fault = ok ? hg_grammar_add(g, &r) : NULL;
	if (fault)
		hg_conf_fault(errs, item, "mappings/README.md has the rules", "%s", fault);
}

static int finish(
	int rc, struct hg_conf *root, struct hg_grammar *ret, struct hg_errs *errs, size_t first)
{
	const struct hg_conf *rules = hg_conf_get(root, "rules");

	*ret = (struct hg_grammar){ 0 };
	for (size_t i = 0; i < hg_conf_count(rules); i++) {
		if (!hg_conf_faulty(hg_conf_at(rules, i)))
			read_rule(hg_conf_at(rules, i), ret, errs);
	}
	hg_conf_sort(errs, first);
	hg_conf_free(root);
	if (rc == 0 && errs->n == first)
		return 0;
	hg_grammar_done(ret);
	return rc ? rc : -EINVAL;
}

int hg_grammar_load(const char *path, struct hg_grammar *ret, struct hg_errs *errs)
{
	struct hg_conf *root;
	size_t first = errs->n;
	int rc = hg_conf_read(path, &top, &root, errs);

	return finish(rc, root, ret, errs, first);
}

int hg_grammar_load_text(
	const char *name, struct hg_str text, struct hg_grammar *ret, struct hg_errs *errs)
{
	struct hg_conf *root;
	size_t first = errs->n;
	int rc = hg_conf_read_text(name, text, &top, &root, errs);

	return finish(rc, root, ret, errs, first);
}
