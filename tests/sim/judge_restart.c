/* SPDX-License-Identifier: Apache-2.0 */
/* The judge of restarts: hints as they are written, what a fresh sign-on reads, farewell, and bounds. */

#include "tests/sim/judge.h"

#include <stdio.h>
#include <string.h>

/* ---- hints ---- */

static const char *const instances[ENDPOINTS] = { "ep0", "ep1" };

struct hint {
	const char *what;
	struct hg_str category, content, endpoint, expiry;
	const uint32_t *number;
	int64_t until;
};

static void add_hint(struct hg_buf *b, const struct hint *h)
{
	const struct hg_str word[] = { h->category, h->content, h->endpoint, h->expiry };

	hg_buf_adds(b, h->what);
	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
		hg_buf_addc(b, ' ');
		hg_buf_add(b, word[i]);
	}
	hg_buf_addf(b, " %u %u %u %lld\n", h->number[0], h->number[1], h->number[2],
		(long long)h->until);
}

/* The resources of linked accounts: that they were there until now, or what is left of an earlier hint. */
static void add_linked_hints(struct sim *s, const struct model_person *m, struct hg_buf *b)
{
	const uint32_t none[3] = { 0 };
	char name[TEXT];

	for (int a = s->nhome; a < s->n; a++) {
		for (int k = 0; k < RESOURCES; k++) {
			const struct model_linked *l = &m->linked[a][k];

			model_linked_name(s, a, k, name);
			if (l->on || l->restored)
				add_hint(b,
					&(struct hint){ "endpoint", .category = hg_str(name),
						.number = none,
						.until = l->on
							? s->now.utc + sim_limits.grace
							: s->now.utc - s->now.mono + l->until });
		}
	}
}

static void expected_hints(struct sim *s, int p, struct hg_buf *b)
{
	static const char *const expiries[] = { "static", "endpoint", "user", "time" };
	const uint32_t none[3] = { 0 };
	struct model_person *m = &s->person[p];
	int64_t to_utc = s->now.utc - s->now.mono;

	for (int e = 0; e < ENDPOINTS; e++)
		if (m->endpoint[e].id)
			add_hint(b,
				&(struct hint){ "endpoint", .category = hg_str(instances[e]),
					.number = none, .until = m->endpoint[e].until + to_utc });
	add_linked_hints(s, m, b);
	for (int i = 0; i < m->npubs; i++) {
		const struct model_pub *x = &m->pub[i];
		const uint32_t n[3] = { x->key.container, x->key.instance, x->version };
		struct hg_str endpoint = HG_STR_NONE;

		for (int e = 0; e < ENDPOINTS; e++)
			if (x->origin && m->endpoint[e].id == x->origin)
				endpoint = hg_str(instances[e]);
		if (x->live && x->expiry != HG_STATIC)
			add_hint(b,
				&(struct hint){ "publication",
					hg_str(hg_category_name(x->key.category)),
					hg_str(x->content), endpoint, hg_str(expiries[x->expiry]),
					n, x->expiry == HG_TIME ? x->until + to_utc : 0 });
	}
}

/* Behind the one that says whose they are. */
static bool is_of_person(const struct hg_fact *f)
{
	return f->kind != HG_FACT_USER && f->kind != HG_FACT_KEPT;
}

/* What ends in this very moment may be in there or not. */
static bool ends_now(const struct sim *s, const struct hg_fact *f, size_t n)
{
	for (size_t i = 1; i < n && is_of_person(&f[i]); i++)
		if (f[i].until && f[i].until <= s->now.utc)
			return true;
	return false;
}

/* What came back from a hint stands for the grace time, and a hint must not make it stand for longer. */
static void judge_restored(struct sim *s, int p, const struct hg_fact *f)
{
	int64_t to_utc = s->now.utc - s->now.mono;

	for (int e = 0; e < ENDPOINTS; e++) {
		const struct model_endpoint *is = &s->person[p].endpoint[e];

		if (!is->restored || !hg_str_is(f->name, instances[e]))
			continue;
		sim_comparisons[STALENESS]++;
		if (f->until > is->until + to_utc)
			sim_bad(s, STALENESS,
				"%s/%d, who has not come back, stands for longer than he may",
				s->name[p], e);
	}
}

static size_t judge_hints_of(struct sim *s, const struct hg_fact *f, size_t n)
{
	int p = sim_person(s, f[0].owner);
	struct hg_buf want = { 0 }, seen = { 0 };
	bool skip = s->person[p].unseen_at == s->now.mono || ends_now(s, f, n);
	struct hg_bytes *a, *b;
	size_t i;

	if (!model_is_going(s, p)) /* he is being forgotten */
		expected_hints(s, p, &want);
	for (i = 1; i < n && is_of_person(&f[i]); i++) {
		if (f[i].kind == HG_FACT_ENDPOINT && !skip)
			judge_restored(s, p, &f[i]);
		add_hint(&seen,
			&(struct hint){ f[i].kind == HG_FACT_ENDPOINT ? "endpoint" : "publication",
				f[i].name, f[i].value, f[i].extra, f[i].more, f[i].number,
				f[i].until });
	}
	a = judge_in_order(hg_buf_str(&want));
	b = judge_in_order(hg_buf_str(&seen));
	sim_comparisons[DURABILITY]++;
	if (!skip && !hg_bytes_eq(a, b))
		sim_bad(s, DURABILITY, "the hints of %s\n  expected %s\n  seen     %s", s->name[p],
			sim_show(a), sim_show(b));
	hg_bytes_unref(a);
	hg_bytes_unref(b);
	hg_buf_done(&want);
	hg_buf_done(&seen);
	return i;
}

void judge_hints(struct sim *s, const struct hg_fact *f, size_t n)
{
	for (size_t i = 0; i < n && !s->failed;) {
		if (f[i].kind == HG_FACT_KEPT)
			judge_kept_fact(s, &f[i++]);
		else
			i += judge_hints_of(s, f + i, n - i);
	}
}

/* ---- what a fresh sign-on reads ---- */

static void restart_list(struct sim *s, int p, const struct hg_bytes *text)
{
	const struct model_person *m = &s->person[p];
	struct hg_buf b = { 0 };
	struct hg_bytes *seen = judge_in_order(hg_bytes_str(text)), *want;

	hg_buf_addf(&b, "list 0 %u\n", m->delta);
	for (int id = 1; id < GROUPS; id++)
		if (m->group[id][0])
			hg_buf_addf(&b, "group %d %s\n", id, m->group[id]);
	for (int k = 0; k < s->n; k++)
		if (m->contact[k].in)
			hg_buf_addf(&b, "contact %s %d %s %s\n", s->name[k],
				m->contact[k].subscribed, m->contact[k].name,
				model_groups_text(m->contact[k].groups, "%20"));
	want = judge_in_order(hg_buf_str(&b));
	sim_comparisons[DURABILITY]++;
	if (!hg_bytes_eq(seen, want))
		sim_bad(s, DURABILITY,
			"the contact list of %s after a restart\n  expected %s\n  seen     %s",
			s->name[p], sim_show(want), sim_show(seen));
	hg_bytes_unref(seen);
	hg_bytes_unref(want);
	hg_buf_done(&b);
}

static bool read_outlet(struct sim *s, hg_lane lane, int p, int about, bool list)
{
	static const hg_part own[] = { HG_CAT_STATE, HG_CAT_NOTE, HG_PART_CONTAINERS,
		HG_PART_SUBSCRIBERS, HG_CAT_LEGACY_INTEROP, HG_PART_DELEGATES },
			     contacts[] = { HG_PART_CONTACTS };
	struct hg_principal by = { HG_PROOF_LISTENER, s->addr[p], lane, 0 };
	struct hg_outlet_spec spec = { .principal = &by,
		.presentity = s->addr[about],
		.watched = p != about,
		.wire_presentity = hg_str(s->name[about]),
		.format = HG_LOOPBACK_NATIVE,
		.part = list ? contacts : own,
		.nparts = list       ? 1
			: p == about ? 5
				     : 2 };
	const struct hg_frag *frag[PARTS];
	struct hg_parcel head;
	struct shown v;
	hg_outlet id;
	size_t n;

	if (s->host.outlet_open(s->core, &spec, &id) != HG_OK)
		return false;
	n = s->host.outlet_collect(s->core, id, frag, PARTS, &head);
	for (size_t i = 0; i < n && p == about && !s->failed; i++) {
		if (list)
			restart_list(s, p, frag[i]->bytes);
		else
			judge_own(s, p, frag[i]->part, frag[i]->bytes);
	}
	if (p != about) {
		model_shown(s, p, about, &v);
		sim_comparisons[DURABILITY]++;
		if (head.standing != v.standing)
			sim_bad(s, DURABILITY,
				"%s of %s after a restart: standing expected %d, seen %d",
				s->name[p], s->name[about], (int)v.standing, (int)head.standing);
	}
	s->host.outlet_shut(s->core, id);
	return true;
}

static void restart_links(struct sim *s, int p)
{
	struct hg_buf b = { 0 };
	char address[TEXT];

	if (hg_core_links(s->core, s->addr[p], &b) < 0)
		return;
	for (int a = s->nhome; a < s->n; a++) {
		snprintf(address, sizeof(address), "\"%s\"", s->name[a]);
		sim_comparisons[DURABILITY]++;
		if ((strstr(b.p, address) != NULL) != s->pair[p][a].linked)
			sim_bad(s, DURABILITY,
				"the accounts of %s after a restart: %s expected %d, seen %s",
				s->name[p], s->name[a], s->pair[p][a].linked, b.p);
	}
	hg_buf_done(&b);
}

/* What was acknowledged is there, all of it, and what was not is there whole or not at all. */
void judge_restart(struct sim *s)
{
	hg_lane lane = hg_loopback_connect(s->home);

	for (int p = 0; p < s->nhome && !s->failed; p++) {
		bool is = read_outlet(s, lane, p, p, false) && read_outlet(s, lane, p, p, true);

		sim_comparisons[DURABILITY]++;
		if (is != s->person[p].exists)
			sim_bad(s, DURABILITY, "%s after a restart: expected %d, seen %d",
				s->name[p], s->person[p].exists, is);
		restart_links(s, p);
		for (int about = 0; is && about < s->n && !s->failed; about++)
			if (about != p)
				read_outlet(s, lane, p, about, false);
	}
	hg_loopback_close(s->home, lane);
}

/* ---- farewell ---- */

void judge_farewell(struct sim *s)
{
	for (size_t i = 0; i < s->ndialogs && !s->failed; i++) {
		const struct dialog *d = s->dialog[i];
		const struct route *r = &s->route[s->route_of[d->watcher]];

		if (!d->open || d->kind != STANDING || !r->up || r->stalled || s->hopeful ||
			(!d->told && !judge_unsettled(s, s->route_of[d->watcher])))
			continue;
		sim_comparisons[STALENESS]++;
		if (!d->part[0].handed ||
			!hg_str_starts(hg_bytes_str(d->part[0].handed), HG_STR("show gone")))
			sim_bad(s, STALENESS, "%s still believes in %s after our farewell: %s",
				s->name[d->watcher], s->name[d->about],
				sim_show(d->part[0].handed));
	}
}

/* ---- bounds ---- */

static size_t requests(const struct model_person *m)
{
	size_t n = 0;

	for (int i = 0; i < m->nqueue; i++)
		n += !m->queue[i].consent;
	return n;
}

/* One outlet a place where something is shown, one picture that waits for each; no device, no request beyond the limits. */
void judge_bounds(struct sim *s)
{
	struct hg_core_stats is = hg_core_stats(s->core);
	size_t open = 0, queue = 0;

	for (size_t i = 0; i < s->ndialogs; i++)
		open += s->dialog[i]->open;
	for (int p = 0; p < s->n; p++)
		queue = requests(&s->person[p]) > queue ? requests(&s->person[p]) : queue;
	sim_comparisons[BOUNDED]++;
	if (s->nrefused)
		sim_bad(s, BOUNDED, "%s has %u requests that wait, and one more is not refused",
			s->name[s->refused[0].req.person], s->limits.queue);
	if (is.outlets > open)
		sim_bad(s, BOUNDED, "%llu outlets for %zu dialogs", (unsigned long long)is.outlets,
			open);
	if (hg_core_waiting(s->core) > open)
		sim_bad(s, BOUNDED, "%zu pictures wait for %zu dialogs", hg_core_waiting(s->core),
			open);
	if (is.endpoints > (uint64_t)s->nhome * (ENDPOINTS + (PERSONS + 1) * RESOURCES))
		sim_bad(s, BOUNDED, "%llu endpoints", (unsigned long long)is.endpoints);
	if (is.watches > (uint64_t)s->n * (uint64_t)s->n)
		sim_bad(s, BOUNDED, "%llu watches", (unsigned long long)is.watches);
	if (queue > s->most_queue)
		sim_bad(s, BOUNDED, "%zu requests wait in a queue of %u", queue, s->most_queue);
}
