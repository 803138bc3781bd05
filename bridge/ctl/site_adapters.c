/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/ctl/site_adapters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(HG_ADAPTERS_MAX == HG_SECTIONS_MAX, "each adapter has a section");

/* The file's name without folder and ".so" is the adapter's: so it is known before the file is opened, and without. */
static bool name_of(struct hg_str said, char ret[HG_ADAPTER_NAME_MAX + 1])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *slash = said.n ? memrchr(said.p, '/', said.n) : NULL;
	size_t n;

	if (slash)
		said = (struct hg_str){ slash + 1, said.n - (size_t)(slash + 1 - said.p) };
	if (said.n > 3 && memcmp(said.p + said.n - 3, ".so", 3) == 0)
		said.n -= 3;
	if (!said.n || said.n > HG_ADAPTER_NAME_MAX)
		return false;
	memcpy(ret, said.p, said.n);
	ret[said.n] = '\0';
	n = strspn(ret, letters);
	return n == said.n && ret[0] >= 'a' && ret[0] <= 'z';
}

/* Built there (build/release/plugins); installed, under whatever prefix; as the program was configured. free() it. */
static char *path_of(struct hg_str said, const char *name)
{
	static const char *const beside[] = { "plugins", "../" HG_LIBDIR_NAME "/heliograph" };
	struct hg_buf b = { 0 };
	char folder[4096];

	if (memchr(said.p, '/', said.n))
		return hg_str_dup(said);
	hg_site_own_folder(folder);
	for (size_t i = 0; folder[0] && i < sizeof(beside) / sizeof(beside[0]); i++) {
		hg_buf_reset(&b);
		hg_buf_addf(&b, "%s/%s/%s.so", folder, beside[i], name);
		if (access(b.p, F_OK) == 0)
			return b.p;
	}
	hg_buf_reset(&b);
	hg_buf_addf(&b, "%s/%s.so", HG_LIBDIR, name);
	return b.p;
}

static bool taken(const struct hg_site_sections *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->section[i].name, name) == 0)
			return true;
	return false;
}

/* When the file is read again while the daemon runs: one of the first n. */
static bool is_loaded(const struct hg_registry *r, size_t n, const struct hg_conf *item)
{
	char name[HG_ADAPTER_NAME_MAX + 1];

	if (!name_of(hg_conf_text(item), name))
		return false;
	for (size_t i = 0; i < n; i++)
		if (r->file[i] && strcmp(r->adapter[i]->name, name) == 0)
			return true;
	return false;
}

/* Whether there can be a section of that name. */
static bool check_name(const struct hg_conf *item, const struct hg_site_sections *s,
	char ret[HG_ADAPTER_NAME_MAX + 1], struct hg_errs *errs)
{
	struct hg_str said = hg_conf_text(item);

	if (!name_of(said, ret))
		hg_conf_fault(errs, item,
			"a name of up to 31 small letters, digits and hyphens, or the path of NAME.so",
			"adapters: '%.*s' cannot be the name of one", HG_STR_ARG(said));
	else if (hg_settings_own(ret))
		hg_conf_fault(errs, item, "ask its author for another name",
			"adapter %s: '%s:' is a key of the gateway's own", ret, ret);
	else if (taken(s, ret))
		hg_conf_fault(errs, item, "sip and xmpp are built in; list any other once",
			"adapter %s: there is one of this name already", ret);
	else if (s->n == HG_SECTIONS_MAX)
		hg_conf_fault(errs, item, "leave out those that are not used",
			"adapter %s: there are %d adapters already, which is the most", ret,
			HG_SECTIONS_MAX);
	else
		return true;
	return false;
}

static bool load(
	struct hg_site *site, const struct hg_conf *item, const char *name, struct hg_errs *errs)
{
	char *path = path_of(hg_conf_text(item), name);
	struct hg_err err = { 0 };
	int rc = hg_registry_load(&site->registry, path, name, hg_conf_where(item), &err);

	free(path);
	if (rc < 0)
		*hg_errs_add(errs) = err;
	return rc == 0;
}

static void add(struct hg_site_sections *s, const struct hg_adapter *a, const char *name)
{
	s->section[s->n++] = (struct hg_section){ name, a ? a->schema : NULL, !a };
}

void hg_site_sections(
	struct hg_site *site, bool loading, struct hg_site_sections *ret, struct hg_errs *errs)
{
	const struct hg_conf *list = site->settings.adapters;
	struct hg_registry *r = &site->registry;
	size_t before = r->n;

	ret->n = 0;
	for (size_t i = 0; i < r->n; i++)
		add(ret, r->adapter[i], r->adapter[i]->name);
	for (size_t i = 0; i < hg_conf_count(list); i++) {
		const struct hg_conf *item = hg_conf_at(list, i);
		char name[HG_ADAPTER_NAME_MAX + 1];
		bool there;

		if (is_loaded(r, before, item) || !check_name(item, ret, name, errs))
			continue;
		there = loading && load(site, item, name, errs);
		memcpy(ret->name[ret->n], name, sizeof(name));
		add(ret, there ? r->adapter[r->n - 1] : NULL, ret->name[ret->n]);
	}
}
