/* SPDX-License-Identifier: Apache-2.0 */
/* What the core is given of the world: time, chance, the store, and what the configuration says. */

#include "bridge/ctl/daemon.h"

#include "bridge/address/ids.h"
#include "bridge/ctl/reload.h"
#include "bridge/ctl/verbs.h"
#include "bridge/documents/facets.h"

#include <string.h>
#include <sys/random.h>

static struct hg_now now(void *ctx)
{
	struct hg_daemon *d = ctx;

	return hg_loop_now(d->runtime.loop);
}

static uint32_t random_number(void *ctx)
{
	uint32_t r = 0;

	(void)ctx;
	while (getrandom(&r, sizeof(r), 0) != sizeof(r))
		;
	return r;
}

static void count(void *ctx, const char *counter, uint64_t by)
{
	struct hg_daemon *d = ctx;

	hg_metrics_count(d->metrics, counter, by);
}

static int reload(void *ctx)
{
	return hg_reload_logged(ctx);
}

static void wake(void *ctx)
{
	struct hg_daemon *d = ctx;

	hg_loop_again(d->runtime.loop);
}

/* Payloads from the store are read as those from a client are. */
static void decode(void *ctx, struct hg_change *change)
{
	struct hg_doc_err err;

	(void)ctx;
	hg_facet_decode(change, &err);
}

static struct hg_limits limits(const struct hg_limit_settings *s)
{
	return (struct hg_limits){
		.grace = s->grace,
		.settle = s->settle,
		.reprobe = s->reprobe,
		.pace = s->pace,
		.users = s->users,
		.addresses = s->addresses,
		.watches = s->watches,
		.endpoints = s->endpoints,
		.publications = s->publications,
		.containers = s->containers,
		.members = s->members,
		.contacts = s->contacts,
		.groups = s->groups,
		.delegates = s->delegates,
		.prompts = s->prompts,
		.watchers = s->watchers,
		.faces = s->faces,
		.queue = s->queue,
		.cells = s->cells,
	};
}

struct hg_policy hg_daemon_policy(const struct hg_site *site)
{
	const struct hg_settings *s = &site->settings;
	struct hg_policy p = {
		.grammar = &site->grammar,
		.limits = limits(&s->limit),
		.provision_open = s->provision_open,
		.c3_transform = s->c3_transform,
		.hide_users = s->hide_users,
	};

	memcpy(p.approve_explicit, s->approve_explicit, sizeof(p.approve_explicit));
	return p;
}

/* Before anything of the store is read, which may hold some of them. They were checked. */
static void define_categories(const struct hg_conf *list)
{
	for (size_t i = 0; i < hg_conf_count(list); i++)
		hg_category_define(hg_conf_text(hg_conf_at(list, i)));
}

void hg_daemon_set_tables(struct hg_daemon *d, const struct hg_tables *t)
{
	struct hg_override *of;

	if (t->own)
		return; /* no adapter speaks it */
	of = hg_alloc((t->nof + 1) * sizeof(*of));

	for (size_t i = 0; i < t->nof; i++)
		of[i] = (struct hg_override){ hg_intern(d->ids, hg_str(t->of[i].who)),
			t->v[t->of[i].table] };
	hg_core_set_tables(d->core, t->v[0], of, t->nof);
	free(of);
}

void hg_daemon_make_core(struct hg_daemon *d)
{
	const struct hg_settings *s = &d->site->settings;
	const struct hg_registry *r = &d->site->registry;
	struct hg_core_env env = {
		.ctx = d,
		.now = now,
		.random = random_number,
		.count = count,
		.wake = wake,
		.stopped = hg_daemon_stopped,
		.reload = reload,
		.event = hg_watch_tell,
		.decode = decode,
		.store = d->store_door ? hg_metrics_store_door(d->store_door) : NULL,
		.hints = hg_hints_file_store(d->hints),
		.routes = s->routes,
		.domains = s->domains,
		.ids = d->ids,
		.policy = hg_daemon_policy(d->site),
	};

	define_categories(s->categories);
	d->core = hg_core_new(&env);
	for (size_t i = 0; i < r->n; i++)
		hg_core_name_route(d->core, (hg_route)(i + 1), r->adapter[i]->name);
	for (size_t i = 0; i < d->site->ntables; i++)
		hg_daemon_set_tables(d, &d->site->tables[i]);
}

size_t hg_daemon_add_users(struct hg_daemon *d)
{
	const struct hg_conf *users = d->live->settings.users;
	size_t added = 0;

	for (size_t i = 0; i < hg_conf_count(users); i++) {
		struct hg_address a;

		/* The settings were checked: each is an address of a home domain. */
		if (hg_address_from_sip(hg_conf_text(hg_conf_at(users, i)),
			    d->site->settings.domains, &a, NULL) < 0)
			continue;
		added += hg_core_add_user(d->core, hg_addr_of(d->ids, &a)) > 0;
	}
	return added;
}
