/* SPDX-License-Identifier: Apache-2.0 */
/* What an available presence says, as a record of the vocabulary: bounded, and only what is
 * legal. */
#include "plugins/xmpp/xmpp.h"

#include "bridge/documents/extension.h"
#include "bridge/documents/notes.h"

#include <stdio.h>
#include <string.h>

struct collector {
	struct hg_value value[HG_XMPP_FIELDS +
		HG_XMPP_LANGS_MAX];                    /* in the order of fields, then of arrival */
	size_t at[HG_XMPP_FIELDS + HG_XMPP_LANGS_MAX]; /* where in `text` it begins */
	size_t n;
	struct hg_buf text;
	struct hg_xmpp_losses *losses;
};

size_t hg_xmpp_cut(struct hg_str text, size_t max)
{
	size_t n = text.n < max ? text.n : max;

	/* RFC 3629 3: 10xxxxxx continues a character. */
	while (n && n < text.n && ((unsigned char)text.p[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static bool has(const struct collector *c, uint16_t field)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->value[i].field == field)
			return true;
	}
	return false;
}

static void add(struct collector *c, uint16_t field, struct hg_str text, const char *lang)
{
	size_t i = c->n++;

	/* Servers reorder children: the same presence must make the same record. */
	for (; i && c->value[i - 1].field > field; i--) {
		c->value[i] = c->value[i - 1];
		c->at[i] = c->at[i - 1];
	}
	c->value[i] = (struct hg_value){ .field = field, .text.n = text.n };
	snprintf(c->value[i].lang, HG_LANG_MAX, "%s", lang);
	c->at[i] = c->text.n;
	hg_buf_add(&c->text, text);
}

void hg_xmpp_lang(struct hg_str s, char ret[HG_LANG_MAX])
{
	ret[0] = '\0';
	if (hg_lang_valid(s))
		snprintf(ret, HG_LANG_MAX, "%.*s", HG_STR_ARG(s));
}

static void add_show(struct collector *c, struct hg_str text)
{
	const char *const *token = hg_xmpp_vocabulary.field[HG_XMPP_SHOW].tokens;

	text = hg_str_trim(text);
	for (; *token && !hg_str_is(text, *token); token++)
		;
	if (*token && !has(c, HG_XMPP_SHOW))
		add(c, HG_XMPP_SHOW, text, "");
	else
		c->losses->show++;
}

static void add_priority(struct collector *c, struct hg_str text)
{
	const struct hg_field_def *f = &hg_xmpp_vocabulary.field[HG_XMPP_PRIORITY];
	int64_t value;
	char number[24];

	if (!hg_str_i64(hg_str_trim(text), &value) || value < f->min || value > f->max ||
		has(c, HG_XMPP_PRIORITY)) {
		c->losses->priority++;
		return;
	}
	snprintf(number, sizeof(number), "%d", (int)value);
	add(c, HG_XMPP_PRIORITY, hg_str(number), "");
}

static bool has_status(const struct collector *c, const char *lang, size_t *ret_n)
{
	bool found = false;

	*ret_n = 0;
	for (size_t i = 0; i < c->n; i++) {
		if (c->value[i].field != HG_XMPP_STATUS)
			continue;
		++*ret_n;
		found = found || hg_str_ieq(hg_str(c->value[i].lang), hg_str(lang));
	}
	return found;
}

/* RFC 6120 8.1.5: without a language of its own it has that of the stanza. */
static void add_status(
	struct collector *c, struct hg_str text, struct hg_str own, struct hg_str inherited)
{
	char lang[HG_LANG_MAX];
	size_t there;

	if (!hg_str_trim(text).n)
		return;
	hg_xmpp_lang(own.n ? own : inherited, lang);
	if (has_status(c, lang, &there) || there == HG_XMPP_LANGS_MAX) {
		c->losses->status_dropped++;
		return;
	}
	if (text.n > HG_XMPP_STATUS_MAX)
		c->losses->status_cut++;
	text.n = hg_xmpp_cut(text, HG_XMPP_STATUS_MAX);
	add(c, HG_XMPP_STATUS, text, lang);
}

static void add_idle(struct collector *c, int64_t since, int64_t now)
{
	char text[HG_UTC_TEXT];

	/* A clock that runs ahead of ours: idle since now. */
	hg_utc_write(since < now ? since : now, text);
	if (!has(c, HG_XMPP_IDLE))
		add(c, HG_XMPP_IDLE, hg_str(text), "");
}

static void add_element(struct collector *c, xmpp_stanza_t *e, struct hg_str lang, bool gone)
{
	const char *name = xmpp_stanza_get_name(e);
	char *owned = xmpp_stanza_get_text(e);
	struct hg_str text = hg_str(owned);

	if (hg_str_is(hg_str(name), "status"))
		add_status(c, text, hg_xmpp_attribute(e, "lang"), lang);
	else if (gone)
		; /* RFC 6121 4.7.2: it has neither */
	else if (hg_str_is(hg_str(name), "show"))
		add_show(c, text);
	else if (hg_str_is(hg_str(name), "priority"))
		add_priority(c, text);
	if (owned)
		xmpp_free(xmpp_stanza_get_context(e), owned);
}

/* XEP-0319 2; XEP-0256 3: seconds, older. */
static void add_extension(struct collector *c, xmpp_stanza_t *e, int64_t now)
{
	int64_t since;
	uint32_t seconds;

	if (hg_xmpp_is(e, "urn:xmpp:idle:1", "idle")) {
		if (hg_utc_read(hg_xmpp_attribute(e, "since"), &since))
			add_idle(c, since, now);
		else
			c->losses->idle++;
	} else if (hg_xmpp_is(e, "jabber:iq:last", "query") && !has(c, HG_XMPP_IDLE)) {
		if (hg_str_u32(hg_xmpp_attribute(e, "seconds"), &seconds))
			add_idle(c, now - INT64_C(1000) * seconds, now);
		else
			c->losses->idle++;
	}
}

/* The whole state, if it is for what the stanza says. NULL: it is not. */
static struct hg_presence *read_exact(
	const struct collector *c, xmpp_stanza_t *e, struct hg_str own, struct hg_presence *ret)
{
	struct hg_extension_core core = { .type = HG_CORE_AVAILABLE };
	char *text[2 * HG_EXTENSION_ATTRS_MAX];
	struct hg_attr attr[HG_EXTENSION_ATTRS_MAX];
	struct hg_extension said;
	int n = xmpp_stanza_get_attributes(e, (const char **)text, 2 * HG_EXTENSION_ATTRS_MAX);
	int64_t priority;

	for (size_t i = c->n; i-- > 0;) {
		const struct hg_value *v = &c->value[i];

		if (v->field == HG_XMPP_SHOW)
			core.show = v->text;
		else if (v->field == HG_XMPP_PRIORITY && hg_str_i64(v->text, &priority))
			core.priority = (int)priority;
		else if (v->field == HG_XMPP_STATUS) {
			core.text = v->text;
			core.lang = v->lang;
		}
	}
	for (int i = 0; i < n / 2; i++)
		attr[i] = (struct hg_attr){ hg_str(text[2 * i]), hg_str(text[2 * i + 1]) };
	if (!hg_extension_read(attr, (size_t)n / 2, &core, &said) ||
		!hg_extension_may_pass(&said, own))
		return NULL;
	hg_extension_presence(&said, &core, ret);
	return ret;
}

static struct hg_record *make(struct collector *c, xmpp_stanza_t *extension, struct hg_str own)
{
	struct hg_presence room, *exact = NULL;
	struct hg_record *r;

	for (size_t i = 0; i < c->n; i++)
		c->value[i].text.p = c->text.p + c->at[i];
	if (extension && own.n)
		exact = read_exact(c, extension, own, &room);
	r = exact ? hg_record_new_exact(c->value, c->n, exact) : hg_record_new(c->value, c->n);
	if (exact)
		hg_presence_done(exact);
	return r;
}

struct hg_record *hg_xmpp_record(
	xmpp_stanza_t *presence, struct hg_str own, int64_t utc_ms, struct hg_xmpp_losses *losses)
{
	struct collector c = { .losses = losses };
	xmpp_stanza_t *extension = NULL;
	struct hg_str lang = hg_xmpp_attribute(presence, "lang");
	const char *ns = xmpp_stanza_get_ns(presence);
	bool gone = hg_str_is(hg_xmpp_attribute(presence, "type"), "unavailable");

	add(&c, HG_XMPP_TYPE, gone ? HG_STR("unavailable") : HG_STR("available"), "");
	for (xmpp_stanza_t *e = xmpp_stanza_get_children(presence); e;
		e = xmpp_stanza_get_next(e)) {
		const char *its = xmpp_stanza_get_ns(e);

		if (!xmpp_stanza_is_tag(e))
			continue;
		if (!its || (ns && !strcmp(its, ns)))
			add_element(&c, e, lang, gone);
		else if (gone)
			continue;
		else if (!extension && hg_xmpp_is(e, HG_NS_EXTENSION, HG_EXTENSION_NAME))
			extension = e;
		else
			add_extension(&c, e, utc_ms);
	}

	struct hg_record *r = gone && !has(&c, HG_XMPP_STATUS) ? NULL : make(&c, extension, own);

	hg_buf_done(&c.text);
	return r;
}
