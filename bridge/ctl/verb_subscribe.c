/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch as: what one user is shown of others, now and at each change. An application's subscription is what a client's is: a
 * lane with an outlet for each person, of an adapter that sees no more of the core than any other (adapter.h). So it is shown
 * what the watcher may see at that moment and nothing else, and who reads slowly gets the newest state and no others.
 */

#include "bridge/ctl/verbs.h"
#include "bridge/ctl/view_json.h"

#include <stdlib.h>
#include <utlist.h>

enum { SUBSCRIPTIONS_MOST = 32, PERSONS_MOST = 1000 };

/* One person, as he was last shown. */
struct seat {
	hg_addr person;
	hg_outlet outlet; /* 0: ended */
	struct hg_bytes *shown[HG_VIEW_PARTS];
};

struct hg_subscription {
	struct hg_daemon *daemon;
	struct hg_ctl_asker *asker;
	uint32_t number; /* in cookies, above the seat's */
	hg_addr watcher;
	hg_lane lane;
	hg_part part[HG_VIEW_PARTS];
	size_t nparts;
	struct seat *seat;
	size_t nseats, open;
	struct hg_subscription *next;
};

/* ---- lines ---- */

static void add_name(struct hg_buf *b, const char *key, struct hg_str value)
{
	hg_buf_addf(b, ",\"%s\":", key);
	hg_buf_add_json(b, value);
}

static void begin_line(const struct hg_subscription *s, const struct seat *seat, struct hg_buf *b)
{
	char at[HG_UTC_TEXT];

	hg_utc_write(hg_loop_now(s->daemon->runtime.loop).utc, at);
	hg_buf_addf(b, "{\"at\":\"%s\"", at);
	add_name(b, "watcher", hg_str(hg_verb_name(s->daemon, s->watcher)));
	add_name(b, "person", hg_str(hg_verb_name(s->daemon, seat->person)));
}

static void add_categories(
	const struct hg_subscription *s, const struct seat *seat, struct hg_buf *b)
{
	size_t n = 0;

	hg_buf_adds(b, ",\"categories\":{");
	for (size_t i = 0; i < s->nparts; i++) {
		if (s->part[i] == HG_PART_WHOLE || !seat->shown[i])
			continue;
		hg_buf_adds(b, n++ ? "," : "");
		hg_buf_add(b, hg_bytes_str(seat->shown[i]));
	}
	hg_buf_addc(b, '}');
}

static size_t index_of(const struct hg_subscription *s, hg_part part)
{
	size_t i = 0;

	while (i + 1 < s->nparts && s->part[i] != part)
		i++;
	return i;
}

/* All that he is shown now, and what of it is new; before anything is shown, only why. */
static void add_line(struct hg_subscription *s, struct seat *seat, const struct hg_parcel *p)
{
	struct hg_buf *b = &s->asker->out;

	begin_line(s, seat, b);
	for (size_t i = 0; i < p->nfrags; i++) {
		struct hg_bytes **at = &seat->shown[index_of(s, p->frag[i]->part)];

		hg_bytes_unref(*at);
		*at = hg_bytes_ref(p->frag[i]->bytes);
	}
	if (seat->shown[0]) {
		hg_buf_addc(b, ',');
		hg_buf_add(b, hg_bytes_str(seat->shown[0]));
		add_categories(s, seat, b);
	} else {
		add_name(b, "standing", hg_str(hg_standing_name(p->standing)));
	}
	hg_buf_adds(b, ",\"changed\":[");
	for (size_t i = 0; i < p->nfrags; i++) {
		hg_part part = p->frag[i]->part;

		hg_buf_adds(b, i ? "," : "");
		hg_buf_add_json(b,
			part == HG_PART_WHOLE ? HG_STR("presence")
					      : hg_str(hg_category_name(part)));
	}
	hg_buf_adds(b, "]}\n");
}

/* ---- the adapter; its self is the daemon ---- */

static struct hg_subscription *find(const struct hg_daemon *d, hg_lane lane, uint32_t number)
{
	struct hg_subscription *s;

	LL_FOREACH (d->subscriptions, s)
		if (lane ? s->lane == lane : s->number == number)
			return s;
	return NULL;
}

static void render(void *self, uint16_t format, const struct hg_view *v, const struct hg_record *r,
	struct hg_buf *b)
{
	hg_view_json(v, true, b);
}

static size_t deliver(void *self, hg_lane lane, const struct hg_parcel *p, size_t n)
{
	struct hg_subscription *s = find(self, lane, 0);

	if (!s)
		return 0; /* he has left, and the lane is about to close */
	for (size_t i = 0; i < n; i++)
		add_line(s, &s->seat[(uint32_t)p[i].cookie], &p[i]);
	hg_ctl_flush(s->asker); /* which may be the end of it */
	return n;
}

/* The watcher or the person is gone, or a contact elsewhere was deleted. */
static void outlet_ended(void *self, uint64_t cookie)
{
	struct hg_subscription *s = find(self, 0, (uint32_t)(cookie >> 32));
	struct seat *seat = s ? &s->seat[(uint32_t)cookie] : NULL;

	if (!s)
		return;
	seat->outlet = 0;
	begin_line(s, seat, &s->asker->out);
	hg_buf_adds(&s->asker->out, ",\"standing\":\"ended\",\"changed\":[]}\n");
	if (--s->open == 0)
		hg_ctl_end(s->asker);
	else
		hg_ctl_flush(s->asker);
}

static const struct hg_format formats[] = { { "json", NULL, false } };

static const struct hg_adapter applications = {
	.abi = HG_ABI,
	.size = sizeof(struct hg_adapter),
	.name = "applications",
	.format = formats,
	.nformats = 1,
	.render = render,
	.deliver = deliver,
	.outlet_ended = outlet_ended,
};

/* ---- one subscription ---- */

static void subscription_free(struct hg_subscription *s)
{
	for (size_t i = 0; i < s->nseats; i++)
		for (size_t k = 0; k < HG_VIEW_PARTS; k++)
			hg_bytes_unref(s->seat[i].shown[k]);
	free(s->seat);
	free(s);
}

static void gone(void *arg)
{
	struct hg_subscription *s = arg;

	LL_DELETE(s->daemon->subscriptions, s);
	hg_host()->lane_close(s->daemon->core, s->lane);
	subscription_free(s);
}

/* He has read what there was: from now on so many may come. */
static void taken(void *arg)
{
	struct hg_subscription *s = arg;

	hg_host()->lane_room(s->daemon->core, s->lane, (uint32_t)s->nseats);
}

/* NULL, or what is wrong. */
static const char *read_request(
	struct hg_subscription *s, const json_t *request, struct hg_str *ret_wrong)
{
	const json_t *persons = json_object_get(request, "persons"), *person;
	size_t i;

	s->nparts = hg_view_parts(hg_verb_text(request, "categories"), s->part, ret_wrong);
	if (!s->nparts)
		return "there is no category ";
	if (!json_array_size(persons) || json_array_size(persons) > PERSONS_MOST)
		return "whom? Name from one to a thousand persons";
	s->watcher = hg_verb_address(s->daemon, request, "watcher", &s->asker->out);
	if (!s->watcher)
		return "";
	s->seat = hg_alloc(json_array_size(persons) * sizeof(*s->seat));
	json_array_foreach (persons, i, person) {
		s->seat[i].person = hg_verb_address_of(
			s->daemon, request, json_string_value(person), &s->asker->out);
		if (!s->seat[i].person)
			return "";
	}
	s->nseats = i;
	return NULL;
}

static enum hg_verdict open_seat(struct hg_subscription *s, size_t i)
{
	const struct hg_principal watcher = {
		.proof = HG_PROOF_LISTENER, .addr = s->watcher, .lane = s->lane
	};

	return hg_host()->outlet_open(s->daemon->core,
		&(struct hg_outlet_spec){ .principal = &watcher,
			.presentity = s->seat[i].person,
			.watched = true,
			.wire_presentity = hg_str(hg_verb_name(s->daemon, s->seat[i].person)),
			.part = s->part,
			.nparts = s->nparts,
			.cookie = (uint64_t)s->number << 32 | i },
		&s->seat[i].outlet);
}

static enum hg_verdict open_seats(struct hg_subscription *s)
{
	enum hg_verdict v = HG_OK;

	s->lane = hg_host()->lane_open(s->daemon->core,
		&(struct hg_lane_spec){
			.adapter = &applications, .self = s->daemon, .in_order = true });
	for (size_t i = 0; i < s->nseats && v == HG_OK; i++)
		v = open_seat(s, i);
	s->open = s->nseats;
	if (v != HG_OK)
		hg_host()->lane_close(s->daemon->core, s->lane);
	return v;
}

/* What holds now; of whom something is being committed, as soon as that is done. */
static void tell_all(struct hg_subscription *s)
{
	for (size_t i = 0; i < s->nseats; i++) {
		const struct hg_frag *frag[HG_VIEW_PARTS];
		struct hg_parcel p;
		size_t n = hg_host()->outlet_collect(
			s->daemon->core, s->seat[i].outlet, frag, HG_VIEW_PARTS, &p);

		p.frag = frag;
		p.nfrags = n;
		if (n || p.standing != HG_KNOWN)
			add_line(s, &s->seat[i], &p);
	}
}

static const char *refusal(enum hg_verdict v)
{
	return v == HG_FORBIDDEN ? "is no user here; what others are shown tells 'heliograph view'"
				 : "may watch nobody more: see 'limits' in heliograph.yaml(5)";
}

static int begin(struct hg_subscription *s, const json_t *request)
{
	struct hg_buf *out = &s->asker->out;
	struct hg_str word = HG_STR_NONE;
	const char *wrong = read_request(s, request, &word);
	struct hg_subscription *each;
	enum hg_verdict v;
	int n;

	if (wrong)
		return wrong[0]
			? hg_verb_fail(request, out, HG_WRONG, "%s%.*s", wrong, HG_STR_ARG(word))
			: HG_WRONG;
	if (s->daemon->phase != HG_UP)
		return hg_verb_fail(request, out, HG_NOT_DONE, "the daemon is about to end");
	LL_COUNT(s->daemon->subscriptions, each, n);
	if (n >= SUBSCRIPTIONS_MOST)
		return hg_verb_fail(request, out, HG_NOT_DONE, "there are %d already", n);
	v = open_seats(s);
	return v == HG_OK ? HG_DONE
			  : hg_verb_fail(request, out, HG_NOT_DONE, "%s %s",
				    hg_verb_name(s->daemon, s->watcher), refusal(v));
}

void hg_verb_subscribe(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	static uint32_t number;
	struct hg_subscription *s = hg_alloc(sizeof(*s));
	int rc;

	s->daemon = ctx;
	s->asker = asker;
	s->number = ++number;
	rc = begin(s, request);
	if (rc != HG_DONE) {
		subscription_free(s);
		hg_ctl_answer(asker, rc);
		return;
	}
	LL_PREPEND(s->daemon->subscriptions, s);
	tell_all(s);
	hg_ctl_stream(asker, gone, taken, s);
}

void hg_subscriptions_end(struct hg_daemon *d)
{
	while (d->subscriptions)
		hg_ctl_end(d->subscriptions->asker);
}
