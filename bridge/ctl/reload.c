/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/ctl/reload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note(char ***list, size_t *n, size_t *cap, const char *text)
{
	hg_grow(list, cap, *n, sizeof(**list));
	(*list)[(*n)++] = hg_str_dup(hg_str(text));
}

static void note_changed(struct hg_reload_report *r, const char *text)
{
	note(&r->changed, &r->nchanged, &r->changed_cap, text);
}

static void each_live(void *arg, const char *path, const struct hg_key *key)
{
	if (key->live)
		note_changed(arg, path);
}

static void each_other(void *arg, const char *path, const struct hg_key *key)
{
	struct hg_reload_report *r = arg;

	if (!key->live)
		note(&r->restart, &r->nrestart, &r->restart_cap, path);
}

/* A table that says what it said stays: nothing has to be looked at again for it. Whether all do. */
static bool keep_same(struct hg_tables *old, struct hg_tables *new)
{
	size_t kept = 0;

	for (size_t i = 0; i < new->n; i++)
		for (size_t k = 0; k < old->n; k++) {
			struct hg_table *same = old->v[k];

			if (!hg_table_eq(same, new->v[i]))
				continue;
			old->v[k] = new->v[i];
			new->v[i] = same;
			kept++;
			break;
		}
	return kept == new->n;
}

/* Of two whose tables are the same: nobody has another one than before. */
static bool same_people(
	const struct hg_tables *old, const struct hg_table *general, const struct hg_tables *new)
{
	if (general != new->v[0] || old->nof != new->nof)
		return false;
	for (size_t i = 0; i < new->nof; i++)
		if (strcmp(old->of[i].who, new->of[i].who) != 0 ||
			old->of[i].table != new->of[i].table)
			return false;
	return true;
}

static void take_tables(struct hg_daemon *d, struct hg_site *fresh, struct hg_reload_report *r)
{
	/* Those of adapters come first, and there are as many as ever. */
	for (size_t i = 0; i < fresh->ntables && !fresh->tables[i].own; i++) {
		struct hg_tables *new = &fresh->tables[i], *old = &d->live->tables[i];
		const struct hg_table *general = old->v[0];
		char name[64];

		if (keep_same(old, new) && old->n == new->n && same_people(old, general, new))
			continue;
		hg_daemon_set_tables(d, new);
		snprintf(name, sizeof(name), "%s.yaml", hg_table_vocabulary(new->v[0])->name);
		note_changed(r, name);
	}
}

static void take(struct hg_daemon *d, struct hg_site *fresh, struct hg_reload_report *r)
{
	struct hg_policy policy = hg_daemon_policy(fresh);

	hg_site_diff(d->live, fresh, each_live, r);
	hg_site_diff(d->site, fresh, each_other, r);
	take_tables(d, fresh, r);
	if (!hg_grammar_eq(&d->live->grammar, &fresh->grammar))
		note_changed(r, "grammar.yaml");
	hg_core_set_policy(d->core, &policy);
	hg_log_level(fresh->settings.log_level);
	hg_reload_done(d);
	d->live = fresh;
	r->users = hg_daemon_add_users(d);
}

int hg_reload(struct hg_daemon *d, struct hg_reload_report *ret, struct hg_errs *errs)
{
	struct hg_site *fresh = hg_alloc(sizeof(*fresh));
	int rc = hg_site_reload(d->site, fresh, errs);

	*ret = (struct hg_reload_report){ 0 };
	if (rc < 0) {
		free(fresh);
		hg_metrics_count(d->metrics, "reloads_total{result=\"failed\"}", 1);
		hg_log(HG_ERROR, "reload-failed",
			"errors=%zu remedy=\"heliograph check lists them; nothing was changed\"",
			errs->n + errs->dropped);
		return rc;
	}
	take(d, fresh, ret);
	hg_metrics_count(d->metrics, "reloads_total{result=\"ok\"}", 1);
	d->restart_needed = ret->nrestart > 0;
	hg_log(HG_INFO, "reloaded", "changed=%zu users=%zu", ret->nchanged, ret->users);
	for (size_t i = 0; i < ret->nrestart; i++)
		hg_log(HG_WARN, "restart-needed", "key=%s", ret->restart[i]);
	return 0;
}

static void list_done(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

void hg_reload_report_done(struct hg_reload_report *r)
{
	list_done(r->changed, r->nchanged);
	list_done(r->restart, r->nrestart);
}

int hg_reload_logged(struct hg_daemon *d)
{
	struct hg_reload_report r;
	struct hg_errs errs = { 0 };
	int rc = hg_reload(d, &r, &errs);

	for (size_t i = 0; i < errs.n; i++)
		hg_log(HG_ERROR, "reload-error", "where=%s what=%s",
			hg_log_text(hg_str(errs.e[i].where)), hg_log_text(hg_str(errs.e[i].what)));
	hg_reload_report_done(&r);
	hg_errs_done(&errs);
	return rc;
}

void hg_reload_done(struct hg_daemon *d)
{
	if (d->live == d->site)
		return;
	hg_site_done(d->live);
	free(d->live);
	d->live = d->site;
}
