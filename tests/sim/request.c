/* SPDX-License-Identifier: Apache-2.0 */
/* Requests, as they were made up, in the core's own shape. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

static const char *const shows[] = { "online", "away", "dnd" };

/* What a device says in its own vocabulary; NULL: as before. */
static struct hg_record *said(const struct request *r)
{
	struct hg_value v[] = { { .field = HG_LOOPBACK_SHOW },
		{ .field = HG_LOOPBACK_PRIORITY, .text = HG_STR("0") } };

	if (!r->says)
		return NULL;
	v[0].text = hg_str(shows[r->says - 1]);
	return hg_record_new(v, 2);
}

static void fill_changes(const struct request *r, struct hg_change *to)
{
	for (int i = 0; i < r->nchanges; i++) {
		if (!r->change[i].gone)
			hg_loopback_read(hg_str(r->change[i].content), &to[i]);
		to[i].key = r->change[i].key;
		to[i].version = r->change[i].version;
		to[i].expiry = r->change[i].expiry;
		to[i].expires = r->change[i].gone ? 0
			: r->change[i].expires    ? (int64_t)r->change[i].expires
						  : -1;
	}
}

static void fill_members(const struct sim *s, const struct request *r, struct hg_member_edit *to)
{
	static const enum hg_member_type classes[] = {
		[HG_SAME_ENTERPRISE] = HG_MEMBER_SAME_ENTERPRISE,
		[HG_FEDERATED] = HG_MEMBER_FEDERATED,
		[HG_PUBLIC_CLOUD] = HG_MEMBER_PUBLIC_CLOUD
	};

	for (int i = 0; i < r->nmembers; i++) {
		int user = r->member[i].user;

		to[i] = (struct hg_member_edit){ levels[r->member[i].level], r->member[i].version,
			r->member[i].remove,
			{ .type = user < 0 ? classes[r->member[i].trust] : HG_MEMBER_USER } };
		if (user < 0)
			continue;
		to[i].member.value = hg_bytes_new(hg_str(s->name[user]));
		to[i].member.addr = s->addr[user];
	}
}

static void note_request(struct sim *s, const struct request *r)
{
	static const char *const kinds[] = { "register", "publish", "members", "contact", "wish",
		"acknowledge", "link", "search", "delegate", "let in or block", "say", "remember" };
	static const char *const ops[] = { [HG_SET_CONTACT] = "set",
		[HG_DELETE_CONTACT] = "delete",
		[HG_ADD_GROUP] = "add group",
		[HG_MODIFY_GROUP] = "modify group",
		[HG_DELETE_GROUP] = "delete group" };

	sim_note(s, "%s/%d -> core: %s", s->name[r->person], r->endpoint, kinds[r->kind]);
	for (int i = 0; i < r->nchanges; i++)
		sim_note(s, "    %s in container %u, version %u: %s",
			hg_category_name(r->change[i].key.category), r->change[i].key.container,
			r->change[i].version, r->change[i].gone ? "(gone)" : r->change[i].content);
	for (int i = 0; i < r->nmembers; i++)
		sim_note(s, "    container %u, version %u: %s %s", levels[r->member[i].level],
			r->member[i].version, r->member[i].remove ? "without" : "with",
			r->member[i].user < 0 ? "a class" : s->name[r->member[i].user]);
	if (r->kind == HG_REQ_CONTACT)
		sim_note(s, "    %s %s, group %u, name %s", ops[r->op], s->name[r->other], r->group,
			r->name);
	if (r->route)
		sim_note(s, "    in his name, over route %d", r->route);
	if (r->behalf)
		sim_note(s, "    asked by %s", s->name[model_asker(r)]);
	if (r->kind == HG_REQ_DELEGATE)
		sim_note(s, "    version %u: %s%s%s%s", r->version, r->remove ? "not " : "",
			s->name[r->other], r->publishes ? ", publishes" : "",
			r->redelegates ? ", redelegates" : "");
	if (r->kind == HG_REQ_WATCH)
		sim_note(s, "    %s", s->name[r->other]);
	if (r->kind == HG_REQ_MEMO)
		sim_note(s, "    of %s: '%s'%s", s->name[r->other], r->memo,
			r->too_much ? ", and too much" : "");
	if (r->kind == HG_REQ_ACE)
		sim_note(s, "    %s is %s", s->name[r->other], r->remove ? "blocked" : "let in");
	if (r->kind == HG_REQ_SAY)
		sim_note(s, "    device %d: %s for %u s", r->endpoint,
			r->says ? shows[r->says - 1] : "as before", r->expires);
	if (r->kind == HG_REQ_REGISTER)
		sim_note(s, "    for %u s", r->expires);
}

/* Who asks: a client, or the servers behind a route, who are trusted to speak for people of ours. */
static struct hg_principal principal(const struct sim *s, const struct request *r)
{
	if (r->route)
		return (struct hg_principal){ HG_PROOF_ROUTE, s->addr[r->person],
			s->route[r->route].lane, 0 };
	return home_principal(s, model_asker(r), r->endpoint);
}

static struct hg_str too_much(void)
{
	static char text[HG_MEMO_MAX + 1];

	memset(text, 'x', sizeof(text));
	return (struct hg_str){ text, sizeof(text) };
}

void home_request(struct sim *s, const struct request *from)
{
	struct item item = { .cookie = ++s->last_cookie, .req = *from };
	struct hg_principal by = principal(s, from);
	struct hg_change change[4] = { 0 };
	struct hg_member_edit member[PERSONS] = { 0 };
	const char *groups = model_groups_text(from->groups, " ");
	struct hg_contact_edit contact = { .op = from->op,
		.delta = from->delta,
		.uri = hg_str(s->name[from->other]),
		.addr = s->addr[from->other],
		.name = hg_str(from->name),
		.groups = hg_str(groups),
		.group = from->group,
		.subscribed = from->subscribed };
	char instance[16];
	struct hg_request r = { .kind = from->kind,
		.target = s->addr[from->person],
		.delegate = { from->version, from->remove, from->publishes, from->redelegates },
		.expires = from->expires,
		.change = change,
		.nchanges = (size_t)from->nchanges,
		.any_version = from->any_version,
		.remove = from->remove,
		.member = member,
		.nmembers = (size_t)from->nmembers,
		.watched = s->addr[from->other],
		.wire = hg_str(s->name[from->other]) };

	snprintf(instance, sizeof(instance), "%s%d", from->kind == HG_REQ_SAY ? "say" : "ep",
		from->endpoint);
	r.memo = from->too_much ? too_much() : hg_str(from->memo);
	r.vocabulary = &hg_loopback_vocabulary;
	r.said = said(from);
	r.instance = hg_str(instance);
	if (from->kind == HG_REQ_CONTACT)
		r.contact = &contact;
	item.req.by = by.endpoint;
	item.req.lane = by.lane;
	if (!from->route)
		s->client[model_asker(from)][from->endpoint].busy = true;
	fill_changes(from, change);
	fill_members(s, from, member);
	note_request(s, from);
	model_push(s, from->person, &item);
	s->host.request(s->core, &by, &r, item.cookie);
	for (int i = 0; i < from->nchanges; i++)
		hg_change_done(&change[i]);
	hg_record_unref((struct hg_record *)r.said);
	for (int i = 0; i < from->nmembers; i++)
		hg_bytes_unref(member[i].member.value);
}
