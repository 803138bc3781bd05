/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people behind routes ask for, and what they say beside their presence: each as it reaches us, also from a server that
 * asks in the name of somebody who is not its own.
 */

#include "tests/sim/sim.h"

#include <string.h>

/* ---- what is said beside a presence: of one kind of it the words are shown ---- */

enum { WORDS };

static const struct hg_field_def fields[] = { [WORDS] = {
						      .name = "words", .kind = HG_FIELD_TEXT } };

static const struct hg_vocabulary kinds[ASPECTS] = { { "doing", fields, 1 },
	{ "feeling", fields, 1 }, { "place", fields, 1 }, { "tune", fields, 1 },
	{ "game", fields, 1 } };

static void aspect_arrives(struct sim *s, int route, const struct stanza *x)
{
	struct hg_pair pair = sim_pair(s, x->w, x->p);
	struct hg_value value = { .field = WORDS, .text = hg_bytes_str(x->text[0]) };
	struct hg_aspect said = { .vocabulary = &kinds[x->resource],
		.said = x->text[0] ? hg_record_new(&value, 1) : NULL,
		.words = &value,
		.nwords = x->text[0] && !x->resource };

	sim_note(s, "route %d: %s says to %s: %s %s", route, s->name[x->p], s->name[x->w],
		kinds[x->resource].name, sim_show(x->text[0]));
	s->host.aspect(s->core, s->route[route].lane, &pair, &said);
	if (route == s->route_of[x->p])
		model_aspect(s, x->w, x->p, x->resource, x->text[0] ? x->text[0]->p : NULL);
}

/* ---- questions ---- */

static struct hg_bytes *write_view(struct sim *s, const struct hg_view *v)
{
	struct hg_buf b = { 0 };
	struct hg_bytes *r;

	hg_loopback_adapter.render(s->away, HG_LOOPBACK_NATIVE, v, NULL, &b);
	r = hg_buf_bytes(&b);
	hg_buf_done(&b);
	return r;
}

/* Who is shown nothing is shown nothing at all, whatever the reason. */
static void look_arrives(struct sim *s, int route, const struct stanza *x)
{
	static const struct hg_view nothing;
	struct hg_pair pair = sim_pair(s, x->w, x->p);
	struct hg_bytes *seen = NULL;
	struct hg_view v;

	memset(&v, 0, sizeof(v));
	if (s->host.look(s->core, s->route[route].lane, &pair, x->part, &v))
		seen = write_view(s, &v);
	else if (memcmp(&v, &nothing, sizeof(v)) != 0)
		sim_bad(s, PRIVACY, "%s is not to see %s, and something of him is there",
			s->name[x->w], s->name[x->p]);
	sim_note(s, "route %d: %s asks about %s, and is shown %s", route, s->name[x->w],
		s->name[x->p], sim_show(seen));
	judge_look(s, route, x->w, x->p, x->part, seen);
	hg_bytes_unref(seen);
}

void ask_shown(struct sim *s, int owner, int watcher, hg_part part)
{
	struct hg_view v = { 0 };
	struct hg_bytes *seen = NULL;

	if (s->host.shown(s->core, s->addr[watcher], s->addr[owner], part, &v))
		seen = write_view(s, &v);
	sim_note(s, "of %s is shown to %s: %s", s->name[owner], s->name[watcher], sim_show(seen));
	judge_shown(s, watcher, owner, part, &v, seen);
	hg_bytes_unref(seen);
}

/* ---- once more ---- */

static void again_arrives(struct sim *s, int route, const struct stanza *x)
{
	struct hg_pair pair = sim_pair(s, x->w, x->p);
	struct dialog *d = s->standing[x->w][x->p];

	sim_note(s, "route %d: %s wants to be shown again what he is shown of %s", route,
		s->name[x->w], s->name[x->p]);
	s->host.show_again(s->core, s->route[route].lane, &pair);
	if (!d || route != s->route_of[x->w])
		return;
	d->absent = false;
	wire_void(d);
}

void ask_arrives(struct sim *s, int route, const struct stanza *x)
{
	if (x->kind == ASPECT)
		aspect_arrives(s, route, x);
	else if (x->kind == LOOK)
		look_arrives(s, route, x);
	else if (x->kind == BLOCKS)
		carry_heard(s, x->p, x->list);
	else
		again_arrives(s, route, x);
}
