/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Personal eventing inward (XEP-0163): what others say of themselves beside their presence, what they are doing
 * (XEP-0108), how they feel (XEP-0107) and where they are (XEP-0080). Their servers send it to those whom they let in,
 * because our capabilities say that we want it.
 */
#include "plugins/xmpp/iq.h"

#include <string.h>

#define NS_EVENT "http://jabber.org/protocol/pubsub#event"

enum { NAME_MAX = 32, VALUES_MAX = HG_FIELDS_MAX + HG_XMPP_LANGS_MAX };

#define TEXT(name_) \
	{ \
		.name = name_, .kind = HG_FIELD_TEXT \
	}

static const struct hg_field_def mood_fields[HG_XMPP_MOOD_FIELDS] = {
	[HG_XMPP_MOOD] = TEXT("mood"),
	[HG_XMPP_MOOD_TEXT] = TEXT("text"),
};
/* As many as a vocabulary may have. */
static const struct hg_field_def geoloc_fields[HG_FIELDS_MAX] = { TEXT("lat"), TEXT("lon"),
	TEXT("accuracy"), TEXT("alt"), [HG_XMPP_PLACE_BUILDING] = TEXT("building"), TEXT("floor"),
	TEXT("room"), [HG_XMPP_PLACE_STREET] = TEXT("street"),
	[HG_XMPP_PLACE_LOCALITY] = TEXT("locality"), [HG_XMPP_PLACE_REGION] = TEXT("region"),
	TEXT("postalcode"), [HG_XMPP_PLACE_COUNTRY] = TEXT("country"), TEXT("countrycode"),
	[HG_XMPP_PLACE_DESCRIPTION] = TEXT("description"), [HG_XMPP_PLACE_TEXT] = TEXT("text"),
	TEXT("timestamp") };

static const struct hg_vocabulary mood = { "xmpp-mood", mood_fields, HG_XMPP_MOOD_FIELDS };
static const struct hg_vocabulary geoloc = { "xmpp-geoloc", geoloc_fields, HG_FIELDS_MAX };

/* ---- a record of what is in an item ---- */

struct collector {
	struct hg_value value[VALUES_MAX];
	size_t at[VALUES_MAX]; /* where in `text` it begins */
	size_t n;
	struct hg_buf text;
};

static void add(struct collector *c, uint16_t field, struct hg_str text, struct hg_str lang)
{
	text = hg_str_trim(text);
	text.n = hg_xmpp_cut(text, HG_XMPP_STATUS_MAX);
	if (!text.n || c->n == VALUES_MAX)
		return;
	c->value[c->n] = (struct hg_value){ .field = field, .text.n = text.n };
	hg_xmpp_lang(lang, c->value[c->n].lang);
	c->at[c->n++] = c->text.n;
	hg_buf_add(&c->text, text);
}

static void add_content(struct collector *c, uint16_t field, xmpp_stanza_t *e)
{
	char *owned = xmpp_stanza_get_text(e);

	add(c, field, hg_str(owned), hg_xmpp_attribute(e, "lang"));
	if (owned)
		xmpp_free(xmpp_stanza_get_context(e), owned);
}

/* A value that is an element's name: "on_the_phone". */
static void add_name(struct collector *c, uint16_t field, xmpp_stanza_t *e)
{
	struct hg_str name = hg_str(e ? xmpp_stanza_get_name(e) : NULL);

	for (size_t i = 0; i < name.n; i++)
		if (!(name.p[i] >= 'a' && name.p[i] <= 'z') && name.p[i] != '_')
			return;
	if (name.n <= NAME_MAX)
		add(c, field, name, HG_STR_NONE);
}

static bool has(const struct collector *c, uint16_t field)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->value[i].field == field)
			return true;
	return false;
}

/* NULL: it says nothing. */
static struct hg_record *record_of(struct collector *c)
{
	struct hg_record *r;

	for (size_t i = 0; i < c->n; i++)
		c->value[i].text.p = c->text.p + c->at[i];
	r = c->n ? hg_record_new(c->value, c->n) : NULL;
	hg_buf_done(&c->text);
	return r;
}

static xmpp_stanza_t *first_element(xmpp_stanza_t *e)
{
	xmpp_stanza_t *c = e ? xmpp_stanza_get_children(e) : NULL;

	while (c && !xmpp_stanza_is_tag(c))
		c = xmpp_stanza_get_next(c);
	return c;
}

static xmpp_stanza_t *next_element(xmpp_stanza_t *e)
{
	do
		e = xmpp_stanza_get_next(e);
	while (e && !xmpp_stanza_is_tag(e));
	return e;
}

/* ---- each kind ---- */

static void read_activity(struct collector *c, xmpp_stanza_t *payload)
{
	xmpp_stanza_t *general = NULL;

	for (xmpp_stanza_t *e = first_element(payload); e; e = next_element(e))
		if (strcmp(xmpp_stanza_get_name(e), "text") != 0)
			general = general ? general : e;
	if (!general)
		return; /* XEP-0108 3.2: not any more */
	add_name(c, HG_XMPP_GENERAL, general);
	add_name(c, HG_XMPP_SPECIFIC, first_element(general));
	for (xmpp_stanza_t *e = first_element(payload); e; e = next_element(e))
		if (!strcmp(xmpp_stanza_get_name(e), "text"))
			add_content(c, HG_XMPP_ACTIVITY_TEXT, e);
}

static void read_mood(struct collector *c, xmpp_stanza_t *payload)
{
	for (xmpp_stanza_t *e = first_element(payload); e; e = next_element(e)) {
		if (!strcmp(xmpp_stanza_get_name(e), "text"))
			add_content(c, HG_XMPP_MOOD_TEXT, e);
		else if (!has(c, HG_XMPP_MOOD))
			add_name(c, HG_XMPP_MOOD, e);
	}
}

static void read_geoloc(struct collector *c, xmpp_stanza_t *payload)
{
	for (xmpp_stanza_t *e = first_element(payload); e; e = next_element(e))
		for (uint16_t i = 0; i < HG_FIELDS_MAX; i++)
			if (!strcmp(xmpp_stanza_get_name(e), geoloc_fields[i].name) && !has(c, i))
				add_content(c, i, e);
}

static const struct kind {
	const char *node, *name; /* and the payload's namespace and name */
	const struct hg_vocabulary *vocabulary;
	void (*read)(struct collector *, xmpp_stanza_t *payload);
	void (*words)(const struct hg_record *, struct hg_xmpp_words *);
} kinds[] = {
	{ HG_XMPP_NS_ACTIVITY, "activity", &hg_xmpp_activity_vocabulary, read_activity,
		hg_xmpp_activity_words },
	{ HG_XMPP_NS_MOOD, "mood", &mood, read_mood, hg_xmpp_mood_words },
	{ "http://jabber.org/protocol/geoloc", "geoloc", &geoloc, read_geoloc,
		hg_xmpp_place_words },
};

static void say(struct hg_xmpp_stream *s, const struct kind *k, xmpp_stanza_t *payload,
	const struct hg_xmpp_ends *e)
{
	struct hg_pair pair = hg_xmpp_pair(e, false);
	struct collector c = { .n = 0 };
	struct hg_aspect said = { .vocabulary = k->vocabulary };
	struct hg_xmpp_words words = { .n = 0 };

	if (payload)
		k->read(&c, payload);
	said.said = record_of(&c);
	if (said.said)
		k->words(said.said, &words);
	for (size_t i = 0; i < words.n; i++)
		words.value[i].text = hg_buf_str(&words.text[i]);
	said.words = words.value;
	said.nwords = words.n;
	s->xmpp->host->aspect(s->xmpp->core, s->lane, &pair, &said);
	hg_xmpp_words_done(&words);
}

/* The <items/> of an event, or of an answer. */
static void read_items(struct hg_xmpp_stream *s, xmpp_stanza_t *items, const struct hg_xmpp_ends *e)
{
	xmpp_stanza_t *item = items ? first_element(items) : NULL;
	xmpp_stanza_t *payload = first_element(item);

	/* An account speaks by its bare address. */
	if (!item || e->from_resource.n)
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct kind *k = &kinds[i];

		if (!hg_str_is(hg_xmpp_attribute(items, "node"), k->node))
			continue;
		hg_xmpp_count(s->xmpp, "xmpp_events_received_total", 1);
		/* <retract/> has none. */
		if (!payload || hg_xmpp_is(payload, k->node, k->name))
			say(s, k, payload, e);
	}
}

void hg_xmpp_event(struct hg_xmpp_stream *s, xmpp_stanza_t *message, const struct hg_xmpp_ends *e)
{
	xmpp_stanza_t *event = xmpp_stanza_get_child_by_ns(message, NS_EVENT);

	if (event)
		read_items(s, xmpp_stanza_get_child_by_name(event, "items"), e);
}

/* ---- asking ---- */

static void write_id(struct hg_buf *b, const char *what, uint32_t number)
{
	hg_buf_addf(b, "hg-%s-%08x", what, number);
}

/* An account of a user's own is not shown him, so its server never learns what we want to be told of, and is asked for it
 * (XEP-0060 6.1). It forgets nothing of that; what comes for nobody any more, the core drops. */
static void subscribe(struct hg_xmpp_stream *s, const struct hg_xmpp_ends *e, uint32_t number)
{
	struct hg_xmpp *x = s->xmpp;
	struct hg_str own = hg_xmpp_bare(e->to);
	struct hg_buf id = { 0 };

	if (x->host->linked_to(x->core, e->from_addr) != e->to_addr)
		return;
	write_id(&id, "sub", number);
	hg_xmpp_ask(&s->out, "set", own, hg_xmpp_bare(e->from), hg_buf_str(&id));
	hg_buf_done(&id);
	hg_buf_adds(&s->out,
		"<pubsub xmlns='" HG_XMPP_NS_PUBSUB "'><subscribe node='" HG_XMPP_NS_ACTIVITY "'");
	hg_xmpp_attr(&s->out, "jid", own);
	hg_buf_adds(&s->out, "/></pubsub></iq>");
}

static void ask_kind(struct hg_xmpp_stream *s, const struct hg_xmpp_ends *e, uint32_t number,
	const struct kind *k)
{
	struct hg_buf id = { 0 };

	write_id(&id, "pep", number);
	hg_xmpp_ask(&s->out, "get", hg_xmpp_bare(e->to), hg_xmpp_bare(e->from), hg_buf_str(&id));
	hg_buf_addf(&s->out,
		"<pubsub xmlns='" HG_XMPP_NS_PUBSUB
		"'><items node='%s' max_items='1'/></pubsub></iq>",
		k->node);
	hg_buf_done(&id);
}

void hg_xmpp_events_ask(struct hg_xmpp_stream *s, const struct hg_xmpp_ends *e, uint32_t number)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		ask_kind(s, e, number, &kinds[i]);
	subscribe(s, e, number); /* last: whether it fails is known when all else is answered */
}

static bool is_answer(xmpp_stanza_t *iq, const char *what, uint32_t number)
{
	struct hg_buf id = { 0 };
	bool is;

	write_id(&id, what, number);
	is = number && hg_str_eq(hg_xmpp_attribute(iq, "id"), hg_buf_str(&id));
	hg_buf_done(&id);
	return is;
}

bool hg_xmpp_events_answer(
	struct hg_xmpp_stream *s, xmpp_stanza_t *iq, const struct hg_xmpp_ends *e)
{
	xmpp_stanza_t *pubsub = xmpp_stanza_get_child_by_ns(iq, HG_XMPP_NS_PUBSUB);
	uint32_t number = hg_xmpp_interest_asked(s, e);
	bool result = hg_str_is(hg_xmpp_attribute(iq, "type"), "result");

	if (is_answer(iq, "sub", number)) {
		if (result) /* what was said between the first answer and this one nobody was told */
			ask_kind(s, e, number, &kinds[0]);
		else /* whoever has never said what he does has no node */
			hg_xmpp_interest_ask_again(s, e);
		return true;
	}
	if (!is_answer(iq, "pep", number))
		return false;
	if (pubsub && result)
		read_items(s, xmpp_stanza_get_child_by_name(pubsub, "items"), e);
	return true;
}
