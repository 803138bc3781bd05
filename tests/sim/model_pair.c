/* SPDX-License-Identifier: Apache-2.0 */
/* The model of a pair: the two halves across the border, and what the remote side said to this one watcher. */

#include "tests/sim/sim.h"

#include <string.h>

bool model_waits(const struct sim *s, int w)
{
	return s->explicit[model_trust(s, w)] || s->privacy;
}

/* `approve: explicit`: who is a member of something, or a contact, is let in. */
bool model_consents(const struct sim *s, int w, int p)
{
	const struct model_person *m = &s->person[p];

	for (int l = 0; l < LEVELS; l++)
		if (m->users[l] & 1u << w)
			return true;
	return !model_waits(s, w) || m->contact[w].in;
}

/* Whom the policy, as it is now, does not let wait. */
unsigned model_waits_no_more(const struct sim *s, int p)
{
	unsigned who = 0;

	for (int w = s->nhome; s->person[p].exists && w < s->n; w++)
		if (s->pair[w][p].in == AUTH_PENDING && model_consents(s, w, p))
			who |= 1u << w;
	return who;
}

/* A contact, or blocked by name. */
bool model_settled(const struct model_person *m, int w)
{
	return m->contact[w].in || m->users[LEVELS - 1] & 1u << w;
}

/* The owner is asked once about everybody else. */
int model_prompt_for(const struct sim *s, int w, int p)
{
	int now = s->pair[w][p].prompt;

	return now == PROMPT_NONE && !model_settled(&s->person[p], w) ? PROMPT_OPEN : now;
}

/* The table of docs/border-edges.md, as the driver understands it. */
static void after_edge(const struct sim *s, int w, int p, enum hg_edge edge, int *out, int *in)
{
	bool home_watcher = w < s->nhome, home_presentity = p < s->nhome;

	if ((home_presentity && !model_is_known(s, p)) || (home_watcher && !s->person[w].exists))
		return;
	switch (edge) {
	case HG_SUBSCRIBE:
		if (home_presentity) {
			*in = *in == AUTH_GRANTED || model_consents(s, w, p) ? AUTH_GRANTED
									     : AUTH_PENDING;
		} else {
			*in = *out == AUTH_GRANTED ? AUTH_GRANTED : AUTH_PENDING;
			*out = *out == AUTH_GRANTED ? AUTH_GRANTED : AUTH_PENDING;
		}
		break;
	case HG_UNSUBSCRIBE:
		*in = AUTH_NONE;
		if (!home_presentity)
			*out = AUTH_NONE;
		break;
	case HG_SUBSCRIBED:
		if (*out == AUTH_PENDING)
			*out = *in = AUTH_GRANTED;
		break;
	case HG_UNSUBSCRIBED:
		if (*out != AUTH_PENDING && *out != AUTH_GRANTED)
			break;
		*out = home_watcher ? AUTH_REFUSED : AUTH_NONE;
		*in = home_watcher ? AUTH_GRANTED : AUTH_NONE;
		break;
	case HG_PROBE:
		break;
	}
}

/* Who begins to ask for what he was given unasked begins with nothing. */
static void edge_from(const struct sim *s, int w, int p, enum hg_edge edge, int *out, int *in)
{
	bool anew = s->pair[w][p].for_all && edge == HG_SUBSCRIBE;

	*out = anew ? AUTH_NONE : s->pair[w][p].out;
	*in = anew ? AUTH_NONE : s->pair[w][p].in;
	after_edge(s, w, p, edge, out, in);
}

bool model_edge_changes(struct sim *s, int w, int p, enum hg_edge edge)
{
	int out, in;

	edge_from(s, w, p, edge, &out, &in);
	return out != s->pair[w][p].out || in != s->pair[w][p].in;
}

void model_forget(struct sim *s, int w, int p)
{
	memset(s->pair[w][p].face, 0, sizeof(s->pair[w][p].face));
	memset(s->pair[w][p].aspect, 0, sizeof(s->pair[w][p].aspect));
	model_link_sync(s, w, p);
}

void model_set_out(struct sim *s, int w, int p, int out)
{
	struct model_pair *m = &s->pair[w][p];

	if (out == m->out)
		return;
	if (m->out == AUTH_GRANTED)
		model_directed_deaf(s, w, p);
	if (out == AUTH_NONE || out == AUTH_REFUSED)
		model_forget(s, w, p);
	if (out == AUTH_NONE || out == AUTH_PENDING)
		m->unknown = true;
	m->out = out;
	m->probed = false;
	if (out == AUTH_PENDING)
		model_directed_take(s, w, p);
	else if (out == AUTH_GRANTED)
		model_link_sync(s, w, p);
}

static void end_standing(struct sim *s, int w, int p)
{
	struct dialog *d = s->standing[w][p];

	if (d)
		wire_close_dialog(s, d);
}

void model_set_in(struct sim *s, int w, int p, int in)
{
	if (in != s->pair[w][p].in && w >= s->nhome) {
		end_standing(s, w, p);
		if (in == AUTH_GRANTED)
			s->standing[w][p] = wire_dialog(s, STANDING, w, p, 0);
	}
	if (in != s->pair[w][p].in)
		s->pair[w][p].parted = false;
	s->pair[w][p].in = in;
}

void model_let_in(struct sim *s, int w, int p)
{
	if (s->pair[w][p].in == AUTH_PENDING)
		model_set_in(s, w, p, AUTH_GRANTED);
}

void model_edge_staged(struct sim *s, struct item *i)
{
	edge_from(s, i->w, i->p, i->edge, &i->out, &i->in);
}

void model_edge(struct sim *s, const struct item *i)
{
	int w = i->w, p = i->p, out = i->out, in = i->in;
	struct model_pair *m = &s->pair[w][p];
	enum hg_edge edge = i->edge;

	if (i->state == WAITING)
		edge_from(s, w, p, edge, &out, &in);
	if (out != m->out || in != m->in) {
		model_not_for_all(s, w, p);
		m->unsaid = false;
	}
	if (in != m->in && p < s->nhome)
		m->prompt = in == AUTH_NONE ? PROMPT_NONE : model_prompt_for(s, w, p);
	model_set_out(s, w, p, out);
	model_set_in(s, w, p, in);
	/* He has just said that he wants to know: what he was told does not count. */
	if ((edge == HG_SUBSCRIBE || edge == HG_PROBE) && s->standing[w][p])
		wire_void(s->standing[w][p]);
}

/* An account of his own is listened to whether or not it is in his list. */
int model_after_want(const struct sim *s, int w, int p, bool wanted, bool added)
{
	int out = s->pair[w][p].out;

	if (p < s->nhome)
		return out;
	if (!wanted && !s->pair[w][p].linked)
		return AUTH_NONE;
	return out == AUTH_NONE || (out == AUTH_REFUSED && added) ? AUTH_PENDING : out;
}

bool model_want_changes(struct sim *s, int w, int p, bool wanted, bool added)
{
	return model_after_want(s, w, p, wanted, added) != s->pair[w][p].out;
}

void model_want(struct sim *s, int w, int p, bool wanted, bool added)
{
	model_set_out(s, w, p, model_after_want(s, w, p, wanted, added));
}

/* A request that is durable by now may send its edge before it is answered. */
int model_out_soon(struct sim *s, int w, int p)
{
	const struct item *i = &s->person[w].queue[0];

	if (w < s->nhome && p >= s->nhome && model_is_going(s, w))
		return AUTH_NONE;
	if (!s->person[w].nqueue || i->is_edge || i->state != COMMITTED || i->rc ||
		i->req.other != p)
		return s->pair[w][p].out;
	if (i->req.kind == HG_REQ_WATCH)
		return model_after_want(s, w, p, true, false);
	if (i->req.kind == HG_REQ_CONTACT)
		return model_after_want(s, w, p, i->req.op == HG_SET_CONTACT && i->req.subscribed,
			i->req.op == HG_SET_CONTACT && !s->person[w].contact[p].in);
	if (i->req.kind == HG_REQ_LINK)
		return model_out_linked(s, &i->req);
	return s->pair[w][p].out;
}

int model_in_soon(struct sim *s, int w, int p)
{
	const struct item *i = &s->person[p].queue[0];
	int in = s->pair[w][p].in;
	bool named = i->req.kind == HG_REQ_CONTACT && i->req.op == HG_SET_CONTACT &&
		i->req.other == w;

	if (w >= s->nhome && model_is_going(s, p))
		return AUTH_NONE;
	if (!s->person[p].nqueue || i->is_edge || i->state != COMMITTED || i->rc ||
		in != AUTH_PENDING)
		return in;
	for (int k = 0; k < i->req.nmembers; k++)
		named |= i->req.member[k].user == w && !i->req.member[k].remove;
	return named ? AUTH_GRANTED : in;
}

/* ---- what is received ---- */

static uint32_t faces(const struct model_pair *m)
{
	uint32_t n = 0;

	for (int k = 0; k < RESOURCES; k++)
		n += m->face[k].on;
	return n;
}

/* For one that is there, one from before the link broke, or that is being asked about. */
static void make_way(struct model_pair *m, uint32_t generation)
{
	for (int k = 0; k < RESOURCES; k++)
		if (m->face[k].on && (m->face[k].generation != generation || m->face[k].doubted)) {
			m->face[k].on = false;
			return;
		}
}

/* What is answered as it was is no news, not even of when. */
static bool says_the_same(const struct model_face *a, const struct model_face *b)
{
	return a->on && a->doubted && a->generation == b->generation && a->show == b->show &&
		a->gone == b->gone && a->priority == b->priority && a->exact == b->exact &&
		!strcmp(a->status, b->status);
}

/* Last words count while nobody else is there, and to one who has asked. */
static const struct model_face *heard(
	struct model_pair *m, int resource, const struct model_face *face)
{
	if (!face || says_the_same(&m->face[resource], face))
		return face;
	for (int k = 0; k < RESOURCES; k++) {
		struct model_face *f = &m->face[k];

		if (face->gone && f->on && !f->gone && k != resource)
			return NULL;
		if (!face->gone && f->gone)
			*f = (struct model_face){ 0 };
	}
	return face->gone && m->for_all ? NULL : face;
}

void model_face(struct sim *s, int w, int p, int resource, const struct model_face *face)
{
	struct model_pair *m = &s->pair[w][p];

	if (m->out != AUTH_GRANTED && m->out != AUTH_PENDING) {
		model_directed(s, w, p, resource, face);
		return;
	}
	if (!face && resource < 0 && m->out == AUTH_PENDING && !faces(m))
		return; /* the receipt of a subscription says nothing */
	face = heard(m, resource, face);
	if (face && !m->face[resource].on && faces(m) >= s->limits.faces)
		make_way(m, s->route[s->route_of[p]].generation);
	if (face && !m->face[resource].on && faces(m) >= s->limits.faces) {
		sim_comparisons[BOUNDED]++;
		m->overflowed = true;
		return;
	}
	if (face && says_the_same(&m->face[resource], face)) {
		m->face[resource].doubted = false;
		return;
	}
	m->stale = m->unknown = false;
	for (int k = 0; k < RESOURCES && resource < 0; k++)
		m->face[k].on &= m->face[k].directed;
	if (resource >= 0)
		m->face[resource] = face ? *face : (struct model_face){ 0 };
	if (face)
		m->face[resource].directed = model_is_directed(s, w, p);
	if (face && m->out == AUTH_PENDING && m->deaf)
		m->overflowed =
			true; /* it ends with the next word for all, which its server does not know */
	model_link_sync(s, w, p);
}

/* Over a lane that fades everybody is asked again: who is silent then is not there. */
void model_probed(struct sim *s, int w, int p)
{
	const struct route *r = &s->route[s->route_of[p]];
	struct model_pair *m = &s->pair[w][p];
	bool again = s->silent && !r->datagrams && m->probed &&
		s->now.mono >= r->up_at + sim_limits.reprobe;

	for (int k = 0; k < RESOURCES && again; k++)
		m->face[k].doubted = !m->face[k].directed;
	m->probed = true;
	m->settle_at = s->now.mono + sim_limits.settle;
}

void model_link(struct sim *s, int route, bool up)
{
	struct route *r = &s->route[route];

	r->up = up;
	r->grace_at = up ? 0 : s->now.mono + sim_limits.grace;
	if (up) {
		r->generation++;
		r->up_at = s->now.mono;
	}
	for (int w = 0; w < s->n; w++) {
		for (int p = 0; p < s->n; p++) {
			if (up && s->standing[w][p] && s->route_of[w] == route) {
				s->standing[w][p]->told = false;
				wire_void(s->standing[w][p]);
			}
			if (up && s->route_of[p] == route && s->pair[w][p].for_all)
				s->pair[w][p].settle_at = s->now.mono + sim_limits.settle;
			if (up || s->route_of[p] != route)
				continue;
			s->pair[w][p].stale = true;
			s->pair[w][p].asked = s->pair[w][p].probed = false;
			s->pair[w][p].settle_at = 0;
			model_directed_drop(&s->pair[w][p]);
		}
	}
}

static void grace_over(struct sim *s, int route)
{
	s->route[route].grace_at = 0;
	for (int w = 0; w < s->n; w++) {
		for (int p = s->nhome; p < s->n; p++) {
			struct model_pair *m = &s->pair[w][p];

			if (s->route_of[p] != route || !m->stale)
				continue;
			model_forget(s, w, p);
			m->stale = false;
			m->unknown = true;
			model_for_all_over(s, w, p);
		}
	}
}

static void settle(struct sim *s, int w, int p)
{
	const struct route *r = &s->route[s->route_of[p]];
	struct model_pair *m = &s->pair[w][p];

	m->settle_at = 0;
	if (r->up && m->out == AUTH_GRANTED) {
		for (int k = 0; k < RESOURCES; k++) {
			if (m->face[k].generation == r->generation && !m->face[k].doubted)
				continue;
			/* What was said to one alone nobody repeats, and a watcher's cannot be told from what is said to all. */
			if (m->face[k].on && s->server[p].told[w][k].on)
				m->overflowed = true;
			m->face[k].on = false;
		}
		/* What was said to all before he was heard to agree passes for that, and he says nothing when he blocks. */
		for (int k = 0; k < RESOURCES; k++)
			if (s->silent && m->face[k].on && m->face[k].directed &&
				!s->server[p].told[w][k].on)
				m->overflowed = true;
		model_aspects_settle(m, r->generation);
		m->stale = m->unknown = false;
		model_link_sync(s, w, p);
	}
	model_for_all_over(s, w, p);
}

void model_pairs_due(struct sim *s)
{
	for (int r = 1; r < ROUTES; r++)
		if (s->route[r].grace_at && s->route[r].grace_at <= s->now.mono)
			grace_over(s, r);
	for (int w = 0; w < s->n; w++)
		for (int p = s->nhome; p < s->n; p++)
			if (s->pair[w][p].settle_at && s->pair[w][p].settle_at <= s->now.mono)
				settle(s, w, p);
}
