/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands for people (XEP-0050). For whoever's account is linked to a user here: which accounts are, what somebody
 * is shown of him, and his contacts. For administrators, by name in the configuration: some of XEP-0133, and reading that again.
 *
 * Nothing of a command is kept between its stages: the form that comes back has all that is needed.
 */
#include "plugins/xmpp/linked.h"

#include "bridge/documents/card.h"

#include <string.h>

#define NS_DATA "jabber:x:data"
#define ADMIN(name) "http://jabber.org/protocol/admin#" name
#define OWN(name) "urn:x-heliograph:" name

enum { ACCOUNTS_MAX = 16 };

/* One execution. `person`: whose linked account asks; 0 of administrators' commands. */
struct run {
	const struct hg_xmpp_iq *q;
	hg_addr person;
	struct hg_str session;
};

/* ---- what all answers are made of ---- */

static void open_answer(const struct run *r, const char *node, const char *status)
{
	struct hg_buf *b = &r->q->s->out;

	hg_xmpp_reply_open(r->q);
	hg_buf_addf(b, "<command xmlns='" HG_XMPP_NS_COMMANDS "' node='%s' status='%s' sessionid='",
		node, status);
	if (r->session.n && r->session.n <= HG_XMPP_ID_MAX)
		hg_buf_add_xml(b, r->session);
	else
		hg_buf_addf(b, "hg-%08x", r->q->s->xmpp->host->random(r->q->s->xmpp->core));
	hg_buf_adds(b, "'>");
}

static void close_answer(const struct run *r)
{
	hg_buf_adds(&r->q->s->out, "</command>");
	hg_xmpp_reply_close(r->q);
}

static void open_result(const struct run *r, const char *node, const char *title)
{
	open_answer(r, node, "completed");
	hg_buf_addf(&r->q->s->out, "<x xmlns='" NS_DATA "' type='result'><title>%s</title>", title);
}

static void close_result(const struct run *r)
{
	hg_buf_adds(&r->q->s->out, "</x>");
	close_answer(r);
}

static void open_field(struct hg_buf *b, const char *var, const char *type, const char *label)
{
	hg_buf_addf(b, "<field var='%s' type='%s' label='%s'>", var, type, label);
}

static void add_value(struct hg_buf *b, struct hg_str value)
{
	hg_buf_adds(b, "<value>");
	hg_buf_add_xml(b, value);
	hg_buf_adds(b, "</value>");
}

static void add_field(struct hg_buf *b, const char *var, const char *label, struct hg_str value)
{
	if (!value.n)
		return;
	open_field(b, var, "text-single", label);
	add_value(b, value);
	hg_buf_adds(b, "</field>");
}

static void add_number(struct hg_buf *b, const char *var, const char *label, size_t n)
{
	hg_buf_addf(b, "<field var='%s' type='text-single' label='%s'><value>%zu</value></field>",
		var, label, n);
}

/* ---- for linked people ---- */

static void links(const struct run *r, const char *node)
{
	struct hg_xmpp *x = r->q->s->xmpp;
	hg_addr account[ACCOUNTS_MAX];
	size_t n = x->host->accounts(x->core, r->person, account, ACCOUNTS_MAX);
	struct hg_buf jid = { 0 }, *b = &r->q->s->out;

	open_result(r, node, "My accounts");
	x->host->write_jid(x->core, r->person, &jid);
	add_field(b, "person", "They are devices of", hg_buf_str(&jid));
	open_field(b, "accounts", "jid-multi", "Linked accounts");
	for (size_t i = 0; i < n; i++) {
		hg_buf_reset(&jid);
		x->host->write_jid(x->core, account[i], &jid);
		add_value(b, hg_buf_str(&jid));
	}
	hg_buf_adds(b, "</field>");
	close_result(r);
	hg_buf_done(&jid);
}

static void ask_whom(const struct run *r, const char *node)
{
	struct hg_buf *b = &r->q->s->out;

	open_answer(r, node, "executing");
	hg_buf_adds(b,
		"<actions execute='complete'><complete/></actions><x xmlns='" NS_DATA
		"' type='form'><title>What others see of me</title><field var='who' "
		"type='jid-single' label='Who looks at me?'><required/></field></x>");
	close_answer(r);
}

/* The value of a submitted field; for xmpp_free. NULL: there is none. */
static char *submitted(const struct run *r, const char *var)
{
	xmpp_stanza_t *x = xmpp_stanza_get_child_by_ns(r->q->child, NS_DATA);

	for (xmpp_stanza_t *f = x ? xmpp_stanza_get_children(x) : NULL; f;
		f = xmpp_stanza_get_next(f)) {
		xmpp_stanza_t *value;

		if (!xmpp_stanza_is_tag(f) || !hg_str_is(hg_xmpp_attribute(f, "var"), var))
			continue;
		value = xmpp_stanza_get_child_by_name(f, "value");
		return value ? xmpp_stanza_get_text(value) : NULL;
	}
	return NULL;
}

static void add_card(struct hg_buf *b, const struct hg_view *view)
{
	struct hg_card card;

	hg_card_read(view, &card);
	for (int i = 0; i < HG_CARD_FIELDS; i++) {
		const char *name = hg_card_field_name((enum hg_card_field)i);

		add_field(b, name, name, hg_bytes_str(card.field[i]));
	}
	hg_card_done(&card);
}

static void add_presence(struct hg_buf *b, const struct hg_presence *p)
{
	const struct hg_texts *own = p->activity.custom;

	add_field(b, "availability", "Availability",
		hg_str(hg_band_name(hg_band_of(p->availability))));
	add_field(b, "activity", "Activity", hg_str(p->activity.token));
	for (size_t i = 0; own && i < own->n; i++)
		add_field(b, "text", "In my own words", hg_bytes_str(own->v[i].text));
	add_field(b, "note", "Note", hg_bytes_str(p->note.text));
}

static void shown(const struct run *r, const char *node)
{
	struct hg_xmpp *x = r->q->s->xmpp;
	char *who = submitted(r, "who");
	struct hg_str jid = hg_str_trim(hg_str(who));
	hg_addr watcher = jid.n && jid.n <= HG_XMPP_BARE_MAX ? hg_xmpp_address(x, jid) : 0;
	struct hg_view view;

	if (!who) {
		ask_whom(r, node);
	} else if (!watcher || !x->host->shown(x->core, watcher, r->person, HG_PART_WHOLE, &view)) {
		hg_xmpp_deny(r->q, HG_COND_BAD_REQUEST);
	} else {
		open_result(r, node, "What others see of me");
		add_field(&r->q->s->out, "who", "Who looks at me", jid);
		add_presence(&r->q->s->out, &view.person);
		add_card(&r->q->s->out, &view);
		close_result(r);
	}
	if (who)
		xmpp_free(r->q->s->ctx, who);
}

static void contacts(const struct run *r, const char *node)
{
	struct hg_xmpp_suggestions l = { .n = 0 };
	bool filled = hg_xmpp_roster_fill(r->q, r->person);

	if (!filled) {
		hg_xmpp_suggestions(r->q->s->xmpp, r->person, &l);
		hg_xmpp_suggest(r->q->s, r->q->ends->from, &l, false);
	}
	open_answer(r, node, "completed");
	if (filled)
		hg_buf_adds(&r->q->s->out,
			"<note type='info'>Your contacts are being put into your contact list here, as far "
			"as they are not in it.</note>");
	else
		hg_buf_addf(&r->q->s->out,
			"<note type='info'>Suggested to your client: %zu contacts.</note>", l.n);
	close_answer(r);
	hg_xmpp_suggestions_done(&l);
}

/* ---- for administrators ---- */

static void users(const struct run *r, const char *node)
{
	struct hg_xmpp *x = r->q->s->xmpp;

	open_result(r, node, "Registered users");
	add_number(&r->q->s->out, "registeredusersnum", "Number of users",
		x->host->totals(x->core).users);
	close_result(r);
}

static void online(const struct run *r, const char *node)
{
	struct hg_xmpp *x = r->q->s->xmpp;

	open_result(r, node, "Users who are signed in");
	add_number(&r->q->s->out, "onlineusersnum", "Number of users who are signed in",
		x->host->totals(x->core).online);
	close_result(r);
}

static void reload(const struct run *r, const char *node)
{
	struct hg_xmpp *x = r->q->s->xmpp;
	bool done = x->host->reload(x->core) == 0;

	open_answer(r, node, "completed");
	hg_buf_adds(&r->q->s->out,
		done ? "<note type='info'>The configuration was read again.</note>"
		     : "<note type='error'>The configuration is faulty, and everything stays as it "
		       "was: heliograph check says what is wrong.</note>");
	close_answer(r);
}

/* ---- which there are, and who may ---- */

static const struct command {
	const char *node, *name;
	bool admins; /* else linked people */
	void (*run)(const struct run *, const char *node);
} commands[] = {
	{ OWN("links"), "My accounts", false, links },
	{ OWN("shown"), "What others see of me", false, shown },
	{ OWN("contacts"), "Suggest my contacts to this account", false, contacts },
	{ ADMIN("get-registered-users-num"), "Number of users", true, users },
	{ ADMIN("get-online-users-num"), "Number of users who are signed in", true, online },
	{ OWN("reload"), "Read the configuration again", true, reload },
};

static const struct command *find(struct hg_str node)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (hg_str_is(node, commands[i].node))
			return &commands[i];
	return NULL;
}

static bool is_admin(const struct hg_xmpp *x, hg_addr addr)
{
	for (size_t i = 0; i < x->nadmins; i++)
		if (x->admin[i] == addr)
			return true;
	return false;
}

static bool may(const struct hg_xmpp_iq *q, const struct command *c)
{
	struct hg_xmpp *x = q->s->xmpp;

	return c->admins ? is_admin(x, q->ends->from_addr)
			 : x->host->linked_to(x->core, q->ends->from_addr) != 0;
}

const char *hg_xmpp_command_name(const struct hg_xmpp_iq *q, struct hg_str node)
{
	const struct command *c = find(node);

	return c && may(q, c) ? c->name : NULL;
}

void hg_xmpp_commands_list(const struct hg_xmpp_iq *q)
{
	struct hg_buf *b = &q->s->out;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!may(q, &commands[i]))
			continue;
		hg_buf_adds(b, "<item");
		hg_xmpp_attr(b, "jid", hg_str(q->s->domain));
		hg_xmpp_attr(b, "node", hg_str(commands[i].node));
		hg_xmpp_attr(b, "name", hg_str(commands[i].name));
		hg_buf_adds(b, "/>");
	}
}

/* XEP-0050 3.4 */
void hg_xmpp_command(const struct hg_xmpp_iq *q)
{
	struct hg_xmpp *x = q->s->xmpp;
	const struct command *c = find(hg_xmpp_attribute(q->child, "node"));
	struct hg_str action = hg_xmpp_attribute(q->child, "action");
	struct run r = { .q = q, .session = hg_xmpp_attribute(q->child, "sessionid") };

	if (!c) {
		hg_xmpp_deny(q, HG_COND_ITEM_NOT_FOUND);
	} else if (!may(q, c)) {
		hg_xmpp_deny(q, HG_COND_FORBIDDEN);
	} else if (hg_str_is(action, "cancel")) {
		open_answer(&r, c->node, "canceled");
		close_answer(&r);
	} else if (action.n && !hg_str_is(action, "execute") && !hg_str_is(action, "complete")) {
		hg_xmpp_deny(q, HG_COND_BAD_REQUEST);
	} else {
		r.person = c->admins ? 0 : x->host->linked_to(x->core, q->ends->from_addr);
		c->run(&r, c->node);
	}
}
