/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a presence document is about: its entity is what its writer says, and who is meant is what the request says (IW 5.5).
 * Real servers write a host of their own, an alias, a telephone number or nothing at all there. So only an entity that is
 * surely another person's makes a document one that nobody here has asked for: a peer that sends our own documents back would
 * else show people to themselves, under the names of others.
 */
#include "plugins/sip/simple.h"

#include <stdio.h>
#include <string.h>

/* "sip:user@domain", as the core writes it. */
static struct hg_str written(struct hg_sip *sip, hg_addr addr, struct hg_buf *room)
{
	hg_buf_reset(room);
	sip->host->write_sip(sip->core, addr, room);
	return hg_buf_str(room);
}

static struct hg_str user_of(struct hg_str uri)
{
	return (struct hg_str){ uri.p, uri.n - hg_extension_domain(uri).n };
}

/* An address of the peer itself, in a URI. */
static bool is_its_host(const struct hg_sip_peer *p, struct hg_str uri)
{
	struct hg_str host = hg_extension_domain(uri);
	char text[INET6_ADDRSTRLEN + 2];
	struct hg_sip_ip ip;
	bool v6 = host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']';
	snprintf(text, sizeof(text), "%.*s", (int)(host.n - 2 * v6), host.p + v6);
	return hg_sip_ip_read(text, &ip) && hg_sip_peer_is(p, &ip);
}

/* Of a domain that nobody knows: who has the name of him who is meant may be he, and others are not. */
static bool is_unknown(
	struct hg_sip *sip, const struct hg_sip_peer *from, hg_addr entity, hg_addr whom)
{
	struct hg_buf its = { 0 }, his = { 0 };
	struct hg_str uri = written(sip, entity, &its);
	bool same = hg_str_eq(user_of(uri), user_of(written(sip, whom, &his))) ||
		(from && is_its_host(from, uri));
	hg_buf_done(&its);
	hg_buf_done(&his);
	return !same;
}

const char *hg_sip_about_another(struct hg_sip *sip, const struct hg_pidf *doc,
	const struct hg_sip_pair *pair, const struct hg_sip_peer *from)
{
	const struct hg_host *host = sip->host;
	const char *reason = "";
	struct hg_str gr;
	hg_addr entity;
	if (!doc->entity ||
		host->addr_sip(sip->core, hg_bytes_str(doc->entity), &entity, &gr, &reason) ||
		entity == pair->presentity || host->addr_domain(sip->core, entity) == entity)
		return NULL;
	if (entity == pair->watcher)
		return "its entity is whoever watches";
	if (host->is_home(sip->core, entity))
		return "its entity is somebody else, who is at home here";
	if (from && hg_sip_peer_leads_to(from, entity))
		return NULL;
	if (host->route_of(sip->core, entity))
		return "its entity is somebody else, who lives behind another route";
	return is_unknown(sip, from, entity, pair->presentity) ? "its entity is somebody else"
							       : NULL;
}

bool hg_sip_about_is_ours(const struct hg_pidf *doc, struct hg_str own)
{
	for (size_t i = 0; own.n && i < doc->ntuples; i++)
		if (doc->tuple[i].has_extension &&
			hg_str_ieq(own, hg_str(doc->tuple[i].extension.origin)))
			return true;
	return false;
}
