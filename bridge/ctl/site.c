/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/ctl/site.h"

#include "bridge/ctl/site_adapters.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *path_in(const char *folder, const char *name)
{
	struct hg_buf b = { 0 };

	hg_buf_addf(&b, "%s/%s.yaml", folder, name);
	return b.p;
}

static bool has_grammar(const char *folder)
{
	char *path = path_in(folder, "grammar");
	bool there = access(path, R_OK) == 0;

	free(path);
	return there;
}

void hg_site_own_folder(char ret[4096])
{
	ssize_t n = readlink("/proc/self/exe", ret, 4095);
	char *slash;

	ret[n > 0 ? n : 0] = '\0';
	slash = strrchr(ret, '/');
	if (slash)
		*slash = '\0';
}

char *hg_site_mappings(void)
{
	/* Built there (build/release/heliograph); installed, under whatever prefix. */
	static const char *const beside[] = { "../../mappings", "../share/heliograph/mappings" };
	char folder[4096];

	hg_site_own_folder(folder);
	for (size_t i = 0; folder[0] && i < sizeof(beside) / sizeof(beside[0]); i++) {
		struct hg_buf b = { 0 };
		char *found = NULL;

		hg_buf_addf(&b, "%s/%s", folder, beside[i]);
		if (has_grammar(b.p))
			found = realpath(b.p, NULL);
		hg_buf_done(&b);
		if (found)
			return found;
	}
	return hg_str_dup(hg_str(HG_DATADIR "/mappings"));
}

struct loading {
	struct hg_site *site;
	const char *folder;
	struct hg_site_files *files; /* of its own */
	struct hg_errs *errs;
	int rc;
};

/* Not every folder of tables has been made for every adapter. */
static int load_file(struct loading *l, const char *path, const struct hg_adapter *a,
	const struct hg_vocabulary *v, struct hg_tables *ret)
{
	char hint[160];
	int rc;

	if (access(path, F_OK) == 0)
		return hg_mapping_load(path, v, l->files, ret, l->errs);
	rc = -errno;
	snprintf(hint, sizeof(hint),
		"adapter %s needs this table: copy the one that came with it there", a->name);
	return hg_err_set(
		hg_errs_add(l->errs), rc, path, hint, "it cannot be opened: %s", strerror(-rc));
}

static void load_table(void *arg, const struct hg_adapter *a, const struct hg_vocabulary *v)
{
	struct loading *l = arg;
	char *path = path_in(l->folder, v->name);
	struct hg_tables t;
	int rc = load_file(l, path, a, v, &t);

	free(path);
	if (rc < 0) {
		l->rc = rc;
		return;
	}
	hg_grow(&l->site->tables, &l->site->cap, l->site->ntables, sizeof(*l->site->tables));
	l->site->tables[l->site->ntables++] = t;
}

/* ---- tables that bring their vocabulary along ---- */

static bool is_adapters(const struct loading *l, const char *file)
{
	for (size_t i = 0; i < l->site->ntables; i++) {
		const char *name = hg_table_vocabulary(l->site->tables[i].v[0])->name;
		size_t n = strlen(name);

		if (strncmp(file, name, n) == 0 && strcmp(file + n, ".yaml") == 0)
			return true;
	}
	return strcmp(file, "grammar.yaml") == 0;
}

/* An adapter's that is not loaded here, or one that is misspelt: who has the tables checked is told. */
static void pass(struct hg_site *s, const char *file)
{
	hg_grow(&s->passed, &s->passed_cap, s->npassed, sizeof(*s->passed));
	s->passed[s->npassed++] = hg_str_dup(hg_str(file));
}

static void load_own_table(struct loading *l, const char *file)
{
	struct hg_buf path = { 0 };
	struct hg_tables t;
	size_t n = strlen(file) - strlen(".yaml");
	int rc;

	hg_buf_addf(&path, "%s/%s", l->folder, file);
	rc = hg_mapping_load_own(path.p, l->files, &t, l->errs);
	if (rc == 0 && (strncmp(t.own->name, file, n) != 0 || t.own->name[n])) {
		rc = hg_err_set(hg_errs_add(l->errs), -EINVAL, path.p,
			"call the file as the vocabulary is called, with .yaml behind it",
			"it is for vocabulary '%s'", t.own->name);
		hg_tables_done(&t);
	}
	hg_buf_done(&path);
	if (rc < 0)
		l->rc = rc;
	if (rc > 0)
		pass(l->site, file);
	if (rc)
		return;
	hg_grow(&l->site->tables, &l->site->cap, l->site->ntables, sizeof(*l->site->tables));
	l->site->tables[l->site->ntables++] = t;
}

static int is_table(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && dot != d->d_name && strcmp(dot, ".yaml") == 0;
}

static void load_own_tables(struct loading *l)
{
	struct dirent **file;
	int n = scandir(l->folder, &file, is_table, alphasort);

	for (int i = 0; i < n; i++) {
		if (!is_adapters(l, file[i]->d_name))
			load_own_table(l, file[i]->d_name);
		free(file[i]);
	}
	if (n >= 0)
		free(file);
}

static int check_folder(
	const char *folder, const char *where, const char *hint, struct hg_errs *errs)
{
	DIR *dir = opendir(folder);
	int rc = -errno;

	if (!dir)
		return hg_err_set(hg_errs_add(errs), rc, where, hint,
			"cannot open the folder of the mapping tables, %s: %s", folder,
			strerror(-rc));
	closedir(dir);
	return 0;
}

int hg_site_load_mappings(const char *folder, const char *where, const char *hint,
	struct hg_site *site, struct hg_errs *errs)
{
	const struct hg_settings *s = &site->settings;
	struct loading l = { site, folder, NULL, errs, check_folder(folder, where, hint, errs) };
	char *path;
	int rc;

	if (l.rc < 0)
		return l.rc;
	l.rc = hg_site_files_read(s->site_files, s->groups, s->domains, &l.files, errs);
	path = path_in(folder, "grammar");
	rc = hg_grammar_load(path, &site->grammar, errs);
	free(path);
	hg_each_vocabulary(&site->registry, load_table, &l);
	if (l.rc == 0)
		load_own_tables(&l);
	if (l.rc == 0)
		l.rc = hg_site_files_check(l.files, errs);
	hg_site_files_done(l.files);
	return rc < 0 ? rc : l.rc;
}

void hg_site_diff(const struct hg_site *a, const struct hg_site *b,
	void (*each)(void *arg, const char *path, const struct hg_key *), void *arg)
{
	const struct hg_registry *r = &a->registry;
	struct hg_section section[HG_SECTIONS_MAX];

	for (size_t i = 0; i < r->n; i++)
		section[i] = (struct hg_section){ .name = r->adapter[i]->name,
			.schema = r->adapter[i]->schema };
	hg_settings_diff(&a->settings, &b->settings, section, r->n, each, arg);
}

/* Into a site that has a registry. */
static int load_settings(const char *config, bool load, struct hg_site *ret, struct hg_errs *errs)
{
	struct hg_site_sections s;
	int rc = hg_settings_read(config, &ret->settings, errs);

	if (rc == 0) {
		hg_site_sections(ret, load, &s, errs);
		rc = hg_settings_check(&ret->settings, s.section, s.n, errs);
	}
	if (rc < 0)
		hg_site_done(ret);
	return rc;
}

int hg_site_load_settings(const char *config, struct hg_site *ret, struct hg_errs *errs)
{
	*ret = (struct hg_site){ 0 };
	hg_registry_init(&ret->registry);
	return load_settings(config, false, ret, errs);
}

/* Into a site that has a registry. */
static int load_all(const char *config, bool load, struct hg_site *ret, struct hg_errs *errs)
{
	const char
		*where = config,
		*hint = "say `mappings: FOLDER` there: no tables were installed with this program";
	int rc = load_settings(config, load, ret, errs);

	if (rc < 0)
		return rc; /* which tables it means is not known */
	ret->config = hg_str_dup(hg_str(config));
	if (ret->settings.mappings) {
		ret->mappings = hg_str_dup(hg_str(ret->settings.mappings));
		where = hg_conf_where(hg_conf_get(ret->settings.conf, "mappings"));
		hint = "correct the path, or remove the line to use the tables that came with this program";
	} else {
		ret->mappings = hg_site_mappings();
	}
	rc = hg_site_load_mappings(ret->mappings, where, hint, ret, errs);
	if (rc < 0)
		hg_site_done(ret);
	return rc;
}

int hg_site_load(const char *config, struct hg_site *ret, struct hg_errs *errs)
{
	*ret = (struct hg_site){ 0 };
	hg_registry_init(&ret->registry);
	return load_all(config, true, ret, errs);
}

int hg_site_reload(const struct hg_site *running, struct hg_site *ret, struct hg_errs *errs)
{
	*ret = (struct hg_site){ 0 };
	hg_registry_copy(&ret->registry, &running->registry);
	return load_all(running->config, false, ret, errs);
}

void hg_site_done(struct hg_site *s)
{
	for (size_t i = 0; i < s->ntables; i++)
		hg_tables_done(&s->tables[i]);
	free(s->tables);
	for (size_t i = 0; i < s->npassed; i++)
		free(s->passed[i]);
	free(s->passed);
	hg_grammar_done(&s->grammar);
	hg_settings_done(&s->settings);
	hg_registry_done(&s->registry);
	free(s->mappings);
	free(s->config);
	*s = (struct hg_site){ 0 };
}

int hg_site_complain(const char *what, struct hg_errs *errs)
{
	struct hg_buf b = { 0 };

	hg_errs_write(errs, &b);
	if (errs->n > 1)
		hg_buf_addf(&b, "heliograph: %s: %zu errors\n", what, errs->n + errs->dropped);
	fputs(b.p ? b.p : "", stderr);
	hg_buf_done(&b);
	hg_errs_done(errs);
	return 2;
}
