/* SPDX-License-Identifier: Apache-2.0 */
/* A site's own files: which there are, and for whom. */
#include "bridge/conf/mapping_site.h"

#include "bridge/address/address.h"
#include "bridge/mapping/suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- for whom ---- */

static void add_who(struct site_file *f, const char *who)
{
	hg_grow(&f->who, &f->who_cap, f->nwho, sizeof(*f->who));
	f->who[f->nwho++] = hg_str_dup(hg_str(who));
}

static bool add_person(struct site_file *f, const struct hg_conf *value,
	const struct hg_domains *domains, struct hg_errs *errs)
{
	char key[HG_ADDRESS_KEY_MAX + 1];
	const char *reason = "write it as user@domain";
	struct hg_address a;

	if (hg_address_from_sip(hg_conf_text(value), domains, &a, &reason) < 0 || !a.local[0]) {
		hg_conf_fault(errs, value, reason, "'%.100s' is no address", hg_conf_text(value).p);
		return false;
	}
	hg_address_key(&a, key);
	add_who(f, key);
	return true;
}

static bool add_domain(struct site_file *f, const struct hg_conf *value,
	const struct hg_domains *domains, struct hg_errs *errs)
{
	char name[HG_DOMAIN_MAX + 1];
	const char *reason = "";

	if (hg_domain_prep(hg_conf_text(value), name, &reason) < 0) {
		hg_conf_fault(errs, value, reason, "'%.100s' is no domain", hg_conf_text(value).p);
		return false;
	}
	if (!hg_domains_from_sip(domains, hg_str(name))) {
		hg_conf_fault(errs, value, "write its SIP name",
			"'%.100s' is the XMPP name of a pair", name);
		return false;
	}
	add_who(f, name);
	return true;
}

static bool add_group(struct site_file *f, const struct hg_conf *value,
	const struct hg_conf *groups, const struct hg_domains *domains, struct hg_errs *errs)
{
	const struct hg_conf *list = hg_conf_get(groups, hg_conf_text(value).p);
	const char *names[64];
	char hint[HG_SUGGESTION];
	size_t n = 0;

	if (list) {
		for (size_t i = 0; i < hg_conf_count(list); i++)
			add_person(f, hg_conf_at(list, i), domains, errs);
		return true;
	}
	while (n < 64 && hg_conf_key(groups, n)) {
		names[n] = hg_conf_key(groups, n);
		n++;
	}
	hg_suggest(hg_conf_text(value), names, n, hint);
	hg_conf_fault(errs, value, n ? hint : "add groups: to heliograph.yaml",
		"there is no group '%.60s'", hg_conf_text(value).p);
	return false;
}

/* ---- reading ---- */

static const struct hg_schema people = { (const struct hg_key[]){
	{ .name = "domains", .kind = HG_KEY_LIST },
	{ .name = "people", .kind = HG_KEY_LIST },
	{ .name = "groups", .kind = HG_KEY_LIST },
	{ 0 },
} };
static const struct hg_key of_whom = { .name = "for", .kind = HG_KEY_MAP, .sub = &people };
static const struct hg_key of_what = { .name = "table", .kind = HG_KEY_STRING };

static bool read_people(struct site_file *f, const struct hg_conf *groups,
	const struct hg_domains *domains, struct hg_errs *errs)
{
	const struct hg_conf *whom = hg_conf_peek(f->root, &of_whom), *list;
	bool ok = true;

	f->for_some = hg_conf_said(f->root, "for");
	list = hg_conf_get(whom, "domains");
	for (size_t i = 0; i < hg_conf_count(list); i++)
		ok &= add_domain(f, hg_conf_at(list, i), domains, errs);
	list = hg_conf_get(whom, "people");
	for (size_t i = 0; i < hg_conf_count(list); i++)
		ok &= add_person(f, hg_conf_at(list, i), domains, errs);
	list = hg_conf_get(whom, "groups");
	for (size_t i = 0; i < hg_conf_count(list); i++)
		ok &= add_group(f, hg_conf_at(list, i), groups, domains, errs);
	return ok;
}

int hg_site_files_read(const struct hg_conf *paths, const struct hg_conf *groups,
	const struct hg_domains *domains, struct hg_site_files **ret, struct hg_errs *errs)
{
	struct hg_site_files *s = *ret = hg_alloc(sizeof(*s));
	int rc = 0;

	if (hg_conf_count(paths) > HG_SITE_FILES_MAX)
		return hg_conf_fault(errs, paths, "make one of some of them",
			"%zu files; %d are the most", hg_conf_count(paths), HG_SITE_FILES_MAX);
	for (size_t i = 0; i < hg_conf_count(paths); i++) {
		struct site_file *f = &s->v[s->n];
		size_t first = errs->n;

		if (hg_conf_parse(hg_conf_text(hg_conf_at(paths, i)).p, &f->root, errs) < 0)
			rc = -EINVAL;
		if (!f->root)
			continue;
		s->n++;
		if (!read_people(f, groups, domains, errs))
			rc = -EINVAL;
		hg_conf_sort(errs, first);
	}
	return rc;
}

int site_files_take(struct hg_site_files *s, const struct hg_vocabulary *v,
	const struct mapping_schemas *schemas, uint32_t *ret, struct hg_errs *errs)
{
	int rc = 0;

	*ret = 0;
	if (!s)
		return 0;
	if (s->ntables < HG_SITE_FILES_MAX)
		s->table[s->ntables++] = v->name;
	for (size_t i = 0; i < s->n; i++) {
		const struct hg_conf *name = hg_conf_peek(s->v[i].root, &of_what);
		size_t first = errs->n;

		if (!name || !hg_str_is(hg_conf_text(name), v->name))
			continue;
		s->v[i].taken = true;
		*ret |= 1u << i;
		if (hg_conf_check(s->v[i].root, &schemas->site, errs) < 0)
			rc = -EINVAL;
		mapping_name_rules(hg_conf_get(s->v[i].root, "rules"), errs, first);
		hg_conf_sort(errs, first);
	}
	return rc;
}

int hg_site_files_check(const struct hg_site_files *s, struct hg_errs *errs)
{
	char hint[HG_SUGGESTION];
	int rc = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct hg_conf *name = hg_conf_peek(s->v[i].root, &of_what);

		if (s->v[i].taken)
			continue;
		if (!name) {
			rc = hg_conf_fault(errs, s->v[i].root,
				"add it: table: NAME, of the table that it changes",
				"'table' is missing");
			continue;
		}
		hg_suggest(hg_conf_text(name), s->table, s->ntables, hint);
		rc = hg_conf_fault(
			errs, name, hint, "there is no table '%.60s'", hg_conf_text(name).p);
	}
	return rc;
}

void hg_site_files_done(struct hg_site_files *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 0; k < s->v[i].nwho; k++)
			free(s->v[i].who[k]);
		free(s->v[i].who);
		hg_conf_free(s->v[i].root);
	}
	free(s);
}

/* ---- which apply ---- */

uint32_t site_files_general(const struct hg_site_files *s, uint32_t of)
{
	uint32_t found = 0;

	for (size_t i = 0; of && i < s->n; i++)
		if (of & 1u << i && !s->v[i].for_some)
			found |= 1u << i;
	return found;
}

uint32_t site_files_for(const struct hg_site_files *s, uint32_t of, const char *who)
{
	const char *at = strrchr(who, '@');
	uint32_t found = 0;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; of & 1u << i && k < s->v[i].nwho; k++)
			if (strcmp(s->v[i].who[k], who) == 0 ||
				(at && strcmp(s->v[i].who[k], at + 1) == 0))
				found |= 1u << i;
	return found;
}
