/* SPDX-License-Identifier: Apache-2.0 */
/* The model of users who come and go: who is made again under the same name is somebody else. */

#include "tests/sim/sim.h"

#include <string.h>

/* Everything but his queue. */
void model_blank(struct model_person *m)
{
	struct item queue[QUEUE];
	int nqueue = m->nqueue;
	uint32_t life = m->life;

	memcpy(queue, m->queue, sizeof(queue));
	memset(m, 0, sizeof(*m));
	memcpy(m->queue, queue, sizeof(queue));
	m->nqueue = nqueue;
	m->life = life;
	for (int i = 0; i < LEVELS; i++)
		m->level_version[i] = 1;
	m->class_of[0] = 1u << HG_FEDERATED;
	m->class_of[1] = 1u << HG_SAME_ENTERPRISE;
	m->class_of[4] = 1u << HG_PUBLIC_CLOUD;
	m->delta = 1;
	strcpy(m->group[1], "~");
}

bool model_looks(const struct sim *s, int w, int p)
{
	for (size_t i = 0; i < s->ndialogs; i++) {
		const struct dialog *d = s->dialog[i];

		if (d->open && (d->kind == NATIVE || d->kind == RECORD) && d->watcher == w &&
			d->about == p)
			return true;
	}
	return false;
}

/* Whoever looks when he goes needs to be told; who looks later finds nobody. */
void model_looks_away(struct sim *s, int w, int p)
{
	if (s->pair[w][p].dismissed && !model_looks(s, w, p))
		s->pair[w][p].dismissed = false;
}

/* Does he count as somebody to those who would watch him? */
bool model_is_known(const struct sim *s, int p)
{
	return s->person[p].exists || s->anybody;
}

bool model_is_leaving(const struct sim *s, int p)
{
	const struct item *i = &s->person[p].queue[0];

	return s->person[p].nqueue && i->removed && i->state != WAITING;
}

bool model_is_going(const struct sim *s, int p)
{
	const struct item *i = &s->person[p].queue[0];

	return s->person[p].nqueue && i->removed && i->state == COMMITTED && !i->rc;
}

void model_user_gone(struct sim *s, int p)
{
	for (int e = 0; e < ENDPOINTS; e++)
		model_unbind_abroad(s, s->person[p].endpoint[e].id);
	model_blank(&s->person[p]);
	s->person[p].life++;
	for (int k = 0; k < s->n; k++) {
		struct model_pair *of = &s->pair[p][k], *on = &s->pair[k][p];
		bool told;

		of->linked = false;
		of->memo[0] = '\0';
		of->prompt = on->prompt = PROMPT_NONE;
		if (k >= s->nhome) {
			model_set_out(s, p, k, AUTH_NONE);
			told = on->parted || on->in == AUTH_GRANTED ||
				(on->in == AUTH_PENDING && !s->hide);
			model_set_in(s, k, p, AUTH_NONE);
			on->parted = told;
			model_directed_drop(of);
		} else {
			on->dismissed = k != p && model_looks(s, k, p);
		}
	}
}
