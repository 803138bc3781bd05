/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/presence/faces.h"

#include "bridge/presence/aggregate.h"

#include <stdlib.h>
#include <string.h>

/* How much a face decides: what a person chose is more than what a device noticed, and dnd more
 * than all (`dnd-wins`). */
static int weight(const struct hg_said *said)
{
	return said->statement->user == 0                          ? 0
		: hg_band_of(said->statement->user) == HG_BAND_DND ? 2
								   : 1;
}

/* Is `a` a better face to take the choice, the note and the idle time from than `b`? */
static bool better(const struct hg_said *a, const struct hg_said *b)
{
	enum hg_machine ma, mb;

	if (weight(a) != weight(b))
		return weight(a) > weight(b);
	if (a->statement->user != b->statement->user)
		return a->statement->user < b->statement->user;
	ma = a->statement->user ? HG_MACHINE_ACTIVE : hg_machine_of(a->statement->machine);
	mb = b->statement->user ? HG_MACHINE_ACTIVE : hg_machine_of(b->statement->machine);
	if (ma != mb)
		return ma < mb;
	if (!a->statement->user && a->statement->machine != b->statement->machine)
		return a->statement->machine < b->statement->machine;
	if (a->statement->priority != b->statement->priority)
		return a->statement->priority > b->statement->priority;
	return a->at > b->at;
}

/* A grammar that makes more states of one face than this is read no further. */
enum { STATES_OF_A_FACE = 4 };

/* The states that the grammar makes of one face, added to those of the others. A choice counts only
 * if the face was `chosen`. */
static size_t add_states(const struct hg_grammar *g, const struct hg_said *said, bool chosen,
	struct hg_change *state, struct hg_aggregate_in *in, size_t n)
{
	struct hg_change made[HG_GRAMMAR_CHANGES];
	size_t k = hg_grammar_expand(g, HG_SOURCE_REMOTE, said->statement, 0, made);
	size_t end = n + STATES_OF_A_FACE;

	for (size_t i = 0; i < k; i++) {
		if (n == end || made[i].key.category != HG_CAT_STATE ||
			made[i].key.container != HG_C_AGGREGATION ||
			(made[i].state.kind == HG_STATE_USER && !chosen)) {
			hg_change_done(&made[i]);
			continue;
		}
		state[n] = made[i];
		in[n] = (struct hg_aggregate_in){ &state[n].state, said->at };
		n++;
	}
	return n;
}

static bool takes_part(const struct hg_said *said)
{
	return said->statement->priority >= 0 && hg_statement_says(said->statement);
}

static bool is_face(const struct hg_said *said)
{
	return takes_part(said) && !said->statement->beside;
}

/* A choice: that of the face that decides, or one beside it that it does not speak of. */
static bool counts(const struct hg_said *said, const struct hg_said *chosen)
{
	return said == chosen || (said->statement->beside && !chosen->statement->user);
}

/* One who alone speaks, and says all of it, needs no putting together. What is said beside it he has heard himself. */
static void say_exactly(
	const struct hg_said *said, size_t n, const struct hg_said *chosen, struct hg_presence *ret)
{
	if (!chosen || !chosen->statement->exact)
		return;
	for (size_t i = 0; i < n; i++)
		if (is_face(&said[i]) && &said[i] != chosen)
			return;
	hg_presence_done(ret);
	hg_presence_copy(ret, chosen->statement->exact);
	hg_note_done(&ret->note);
	hg_note_copy(&ret->note, &chosen->statement->note);
}

/* Of those by whom nobody is there: what was said last. */
static const struct hg_said *last_words(const struct hg_said *said, size_t n)
{
	const struct hg_said *last = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct hg_statement *s = said[i].statement;

		if (hg_statement_says(s))
			return NULL;
		if (!s->beside && s->note.text && (!last || said[i].at >= last->at))
			last = &said[i];
	}
	return last;
}

void hg_faces_presence(const struct hg_grammar *g, const struct hg_said *said, size_t n,
	int64_t utc_now, struct hg_presence *ret)
{
	struct hg_change *state = hg_alloc((n * STATES_OF_A_FACE + 1) * sizeof(*state));
	struct hg_aggregate_in *in = hg_alloc((n * STATES_OF_A_FACE + 1) * sizeof(*in));
	const struct hg_said *chosen = NULL, *last;
	struct hg_aggregate a;
	size_t nstates = 0;

	*ret = (struct hg_presence){ 0 };
	for (size_t i = 0; i < n; i++)
		if (is_face(&said[i]) && (!chosen || better(&said[i], chosen)))
			chosen = &said[i];
	for (size_t i = 0; chosen && i < n; i++)
		if (takes_part(&said[i]))
			nstates = add_states(
				g, &said[i], counts(&said[i], chosen), state, in, nstates);
	a = hg_aggregate(in, nstates, utc_now);
	ret->availability = a.availability;
	ret->manual = a.manual;
	if (a.activity >= 0) {
		const struct hg_state *s = in[a.activity].state;

		memcpy(ret->activity.token, s->token, sizeof(ret->activity.token));
		ret->activity.min = s->min;
		ret->activity.max = s->max;
		ret->activity.custom = hg_texts_ref(s->custom);
	}
	if (chosen) {
		hg_note_copy(&ret->note, &chosen->statement->note);
		ret->last_active = chosen->statement->idle_since;
	} else if ((last = last_words(said, n))) {
		hg_note_copy(&ret->note, &last->statement->note);
	}
	for (size_t i = 0; i < nstates; i++)
		hg_change_done(&state[i]);
	free(state);
	free(in);
	say_exactly(said, n, chosen, ret);
	if (chosen) {
		ret->show = chosen->statement->show;
		ret->priority = (int8_t)chosen->statement->priority;
	}
}
