/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the clients of others want to be told of (XEP-0163 4: a feature NODE+notify of theirs), and telling them. Which
 * features a client has is asked once for each hash in presence (XEP-0115); a hash that does not fit the answer counts
 * for the one who gave that answer only.
 *
 * What is told came from the core for that watcher at that moment; nothing of it is kept but a digest, so that nobody
 * is told the same twice, and everybody when it is no more.
 */
#include "plugins/xmpp/iq.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

enum {
	RESOURCES_MAX = 32,  /* of one pair */
	PAIRS_MAX = 200000,  /* of one stream */
	HASHES_MAX = 2000,   /* that are remembered; the oldest makes way */
	QUESTIONS_MAX = 500, /* under way */
	WAITING_MAX = 1000,  /* for the answer to one question */
	ANSWER_MS = 30000    /* after which somebody else is asked */
};

#define TOLD_UNKNOWN UINT64_MAX /* no digest: whatever comes next is told, or taken back */

struct hash { /* what is behind it */
	char ver[HG_XMPP_VER_MAX];
	unsigned wants;
	UT_hash_handle hh;
};

struct resource {
	char *name;
	char ver[HG_XMPP_VER_MAX];
	bool known; /* what it wants */
	unsigned wants;
	uint64_t told
		[HG_XMPP_NODES]; /* of what it was told last; 0 nothing, TOLD_UNKNOWN we do not know */
};

struct pair {
	struct {
		hg_addr local, remote;
	} key;
	uint32_t asked; /* hg_xmpp_events_ask */
	struct resource *v;
	size_t n, cap;
	UT_hash_handle hh;
};

/* A resource that has shown the hash that is being asked about. */
struct waiting {
	hg_addr local, remote;
	char *name;
};

struct question {
	char id[32];
	char ver[HG_XMPP_VER_MAX];
	char *local, *remote; /* bare and full, as they were written */
	int64_t at;           /* mono ms */
	struct waiting *v;    /* the first one is who was asked */
	size_t n, cap;
	UT_hash_handle hh;
};

struct hg_xmpp_interest {
	struct hash *hashes;
	struct pair *pairs;
	struct question *questions;
};

/* ---- life ---- */

struct hg_xmpp_interest *hg_xmpp_interest_new(void)
{
	return hg_alloc(sizeof(struct hg_xmpp_interest));
}

static void drop_resource(struct pair *p, size_t i)
{
	free(p->v[i].name);
	p->v[i] = p->v[--p->n];
}

static void drop_pair(struct hg_xmpp_interest *in, struct pair *p)
{
	while (p->n)
		drop_resource(p, 0);
	HASH_DEL(in->pairs, p);
	free(p->v);
	free(p);
}

static void drop_question(struct hg_xmpp_interest *in, struct question *q)
{
	HASH_DEL(in->questions, q);
	for (size_t i = 0; i < q->n; i++)
		free(q->v[i].name);
	free(q->v);
	free(q->local);
	free(q->remote);
	free(q);
}

void hg_xmpp_interest_forget(struct hg_xmpp_interest *in)
{
	while (in->pairs)
		drop_pair(in, in->pairs);
	while (in->questions)
		drop_question(in, in->questions);
}

void hg_xmpp_interest_free(struct hg_xmpp_interest *in)
{
	if (!in)
		return;
	hg_xmpp_interest_forget(in);
	while (in->hashes) {
		struct hash *h = in->hashes;

		HASH_DEL(in->hashes, h);
		free(h);
	}
	free(in);
}

/* ---- who there is ---- */

static struct pair *find_pair(struct hg_xmpp_interest *in, hg_addr local, hg_addr remote)
{
	struct pair probe = { .key = { local, remote } }, *p;

	HASH_FIND(hh, in->pairs, &probe.key, sizeof(probe.key), p);
	return p;
}

static struct pair *get_pair(struct hg_xmpp_interest *in, hg_addr local, hg_addr remote)
{
	struct pair *p = find_pair(in, local, remote);

	if (p || HASH_COUNT(in->pairs) >= PAIRS_MAX)
		return p;
	p = hg_alloc(sizeof(*p));
	p->key.local = local;
	p->key.remote = remote;
	HASH_ADD(hh, in->pairs, key, sizeof(p->key), p);
	return p;
}

static struct resource *find_resource(struct pair *p, struct hg_str name)
{
	for (size_t i = 0; i < p->n; i++)
		if (hg_str_is(name, p->v[i].name))
			return &p->v[i];
	return NULL;
}

/* `before`: it was there before we were, so it may have been told of a call that has ended since. */
static struct resource *get_resource(struct pair *p, struct hg_str name, bool before)
{
	struct resource *r = find_resource(p, name);

	if (r || p->n >= RESOURCES_MAX)
		return r;
	hg_grow(&p->v, &p->cap, p->n, sizeof(*p->v));
	r = &p->v[p->n++];
	*r = (struct resource){ .name = hg_str_dup(name) };
	for (size_t i = HG_XMPP_CARD_NODES; before && i < HG_XMPP_NODES; i++)
		r->told[i] = TOLD_UNKNOWN;
	return r;
}

void hg_xmpp_interest_gone(struct hg_xmpp_stream *s, const struct hg_xmpp_ends *e)
{
	struct pair *p = find_pair(s->interest, e->to_addr, e->from_addr);

	for (size_t i = p ? p->n : 0; i-- > 0;)
		if (!e->from_resource.n || hg_str_is(e->from_resource, p->v[i].name))
			drop_resource(p, i);
	if (p && !p->n)
		drop_pair(s->interest, p);
}

uint32_t hg_xmpp_interest_asked(struct hg_xmpp_stream *s, const struct hg_xmpp_ends *e)
{
	const struct pair *p = find_pair(s->interest, e->to_addr, e->from_addr);

	return p ? p->asked : 0;
}

void hg_xmpp_interest_ask_again(struct hg_xmpp_stream *s, const struct hg_xmpp_ends *e)
{
	struct pair *p = find_pair(s->interest, e->to_addr, e->from_addr);

	if (p)
		p->asked = 0;
}

/* It wants something that it was not told: the core shows that watcher the presentity again, if he is one. */
static void wants_now(struct hg_xmpp_stream *s, hg_addr local, hg_addr remote, unsigned wants)
{
	struct hg_pair pair = { .watcher = remote, .presentity = local };

	if (wants)
		s->xmpp->host->show_again(s->xmpp->core, s->lane, &pair);
}

/* ---- asking ---- */

static void await(struct question *q, const struct hg_xmpp_ends *e)
{
	if (q->n >= WAITING_MAX)
		return; /* his next presence asks again */
	hg_grow(&q->v, &q->cap, q->n, sizeof(*q->v));
	q->v[q->n++] = (struct waiting){ e->to_addr, e->from_addr, hg_str_dup(e->from_resource) };
}

/* The one about that hash that is under way; those that nobody has answered are given up. */
static struct question *find_question(struct hg_xmpp_interest *in, const char *ver, int64_t now)
{
	struct question *q, *tmp, *found = NULL;

	HASH_ITER (hh, in->questions, q, tmp) {
		if (now - q->at > ANSWER_MS)
			drop_question(in, q);
		else if (!strcmp(q->ver, ver))
			found = q;
	}
	return found;
}

static void write_question(struct hg_xmpp_stream *s, const struct question *q, struct hg_str node)
{
	hg_xmpp_ask(&s->out, "get", hg_str(q->local), hg_str(q->remote), hg_str(q->id));
	hg_buf_adds(&s->out, "<query xmlns='" XMPP_NS_DISCO_INFO "' node='");
	hg_buf_add_xml(&s->out, node);
	hg_buf_addc(&s->out, '#');
	hg_buf_add_xml(&s->out, hg_str(q->ver));
	hg_buf_adds(&s->out, "'/></iq>");
}

static void ask(
	struct hg_xmpp_stream *s, struct hg_str node, const char *ver, const struct hg_xmpp_ends *e)
{
	int64_t now = s->xmpp->host->now(s->xmpp->core).mono;
	struct question *q = find_question(s->interest, ver, now);

	if (q) {
		await(q, e);
		return;
	}
	if (HASH_COUNT(s->interest->questions) >= QUESTIONS_MAX)
		return;
	q = hg_alloc(sizeof(*q));
	snprintf(q->id, sizeof(q->id), "hg-caps-%08x", s->xmpp->host->random(s->xmpp->core));
	snprintf(q->ver, sizeof(q->ver), "%s", ver);
	q->local = hg_str_dup(hg_xmpp_bare(e->to));
	q->remote = hg_str_dup(e->from);
	q->at = now;
	await(q, e);
	HASH_ADD_STR(s->interest->questions, id, q);
	write_question(s, q, node);
}

/* The <c/> that can be asked about; NULL none. */
static xmpp_stanza_t *caps_of(xmpp_stanza_t *presence)
{
	xmpp_stanza_t *c = xmpp_stanza_get_child_by_ns(presence, HG_XMPP_NS_CAPS);

	return c && hg_xmpp_attribute(c, "ver").n == HG_XMPP_VER_MAX - 1 &&
			hg_xmpp_attribute(c, "node").n <= HG_XMPP_ID_MAX &&
			hg_str_is(hg_xmpp_attribute(c, "hash"), "sha-1")
		? c
		: NULL;
}

void hg_xmpp_interest_seen(
	struct hg_xmpp_stream *s, xmpp_stanza_t *presence, const struct hg_xmpp_ends *e)
{
	xmpp_stanza_t *c = e->from_resource.n ? caps_of(presence) : NULL;
	struct pair *p = c ? get_pair(s->interest, e->to_addr, e->from_addr) : NULL;
	/* Servers say so when they answer a probe (XEP-0203), and not when somebody comes. */
	bool before = xmpp_stanza_get_child_by_ns(presence, "urn:xmpp:delay") != NULL;
	struct resource *r = p ? get_resource(p, e->from_resource, before) : NULL;
	const char *ver = c ? xmpp_stanza_get_attribute(c, "ver") : "";
	struct hash *h;

	if (r && !p->asked) {
		p->asked = s->xmpp->host->random(s->xmpp->core) | 1;
		hg_xmpp_events_ask(s, e, p->asked);
	}
	if (!r || (r->known && !strcmp(r->ver, ver)))
		return;
	r->known = false;
	memcpy(r->ver, ver, sizeof(r->ver));
	HASH_FIND_STR(s->interest->hashes, r->ver, h);
	if (!h) {
		ask(s, hg_xmpp_attribute(c, "node"), r->ver, e);
		return;
	}
	r->known = true;
	r->wants = h->wants;
	wants_now(s, e->to_addr, e->from_addr, r->wants);
}

/* ---- the answer ---- */

static void remember(struct hg_xmpp_interest *in, const char *ver, unsigned wants)
{
	struct hash *h;

	if (HASH_COUNT(in->hashes) >= HASHES_MAX) {
		h = in->hashes; /* in the order in which they came */
		HASH_DEL(in->hashes, h);
		free(h);
	}
	h = hg_alloc(sizeof(*h));
	snprintf(h->ver, sizeof(h->ver), "%s", ver);
	h->wants = wants;
	HASH_ADD_STR(in->hashes, ver, h);
}

static void apply(
	struct hg_xmpp_stream *s, const struct waiting *w, const char *ver, unsigned wants)
{
	struct pair *p = find_pair(s->interest, w->local, w->remote);
	struct resource *r = p ? find_resource(p, hg_str(w->name)) : NULL;

	if (!r || strcmp(r->ver, ver) != 0)
		return; /* gone, or says something else by now */
	r->known = true;
	r->wants = wants;
	wants_now(s, w->local, w->remote, wants);
}

/* What was not verified, or not answered, counts for the one who was asked. */
static void apply_all(
	struct hg_xmpp_stream *s, const struct question *q, unsigned wants, bool verified)
{
	for (size_t i = 0; i < q->n && (verified || !i); i++)
		apply(s, &q->v[i], q->ver, wants);
	if (verified)
		remember(s->interest, q->ver, wants);
}

bool hg_xmpp_interest_answer(
	struct hg_xmpp_stream *s, xmpp_stanza_t *iq, const struct hg_xmpp_ends *e)
{
	xmpp_stanza_t *query = xmpp_stanza_get_child_by_ns(iq, XMPP_NS_DISCO_INFO);
	struct hg_xmpp_features f = { 0 };
	struct question *q;
	struct hg_str id = hg_xmpp_attribute(iq, "id");

	HASH_FIND(hh, s->interest->questions, id.n ? id.p : "", id.n, q);
	if (!q || !hg_str_is(e->from, q->remote) || !hg_str_is(hg_xmpp_bare(e->to), q->local))
		return false;
	if (hg_str_is(hg_xmpp_attribute(iq, "type"), "result") && query)
		hg_xmpp_features_read(&f, query);
	apply_all(s, q, f.wants, hg_xmpp_features_are(&f, q->ver));
	hg_xmpp_features_done(&f);
	drop_question(s->interest, q);
	return true;
}

/* ---- telling ---- */

static void tell_node(struct hg_xmpp_stream *s, const struct hg_parcel *parcel, struct pair *p,
	size_t node, struct hg_str item)
{
	uint64_t digest = item.n ? hg_str_hash(item) : 0;
	struct hg_buf gone = { 0 };

	if (!item.n)
		hg_xmpp_withdraw_item(&gone, node);
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = &p->v[i];

		if (!(r->wants & 1u << node) || r->told[node] == digest)
			continue;
		r->told[node] = digest;
		hg_xmpp_write_event(
			&s->out, parcel, hg_str(r->name), item.n ? item : hg_buf_str(&gone));
	}
	hg_buf_done(&gone);
}

void hg_xmpp_interest_tell(struct hg_xmpp_stream *s, const struct hg_parcel *parcel, size_t first,
	size_t n, struct hg_str items)
{
	struct pair *p = find_pair(s->interest, parcel->pair.presentity, parcel->pair.watcher);
	struct hg_str item;

	for (size_t node = first; p && node < first + n; node++)
		if (hg_str_token(&items, '\0', &item))
			tell_node(s, parcel, p, node, item);
}
