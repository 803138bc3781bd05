/* SPDX-License-Identifier: Apache-2.0 */
/* A peer as a lane: whether it is there, what goes to it, and what is its own. */
#include "plugins/sip/simple.h"

#include <errno.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>
#include <stdlib.h>
#include <string.h>

#define MISSES_MAX 2       /* requests in a row that nobody answers */
#define RETRY_MS 5000      /* while it is away: soon, so that it is not thought away for long */
#define EXPIRES_MAX 604800 /* seconds; no peer may ask us to ask for more than a week */

/* ---- who it is ---- */

struct hg_sip_peer *hg_sip_peer_of_lane(const struct hg_sip *sip, hg_lane lane)
{
	for (size_t i = 0; i < sip->npeers; i++)
		if (lane && sip->peer[i]->lane == lane)
			return sip->peer[i];
	return NULL;
}

static bool among(const hg_addr *v, size_t n, hg_addr domain)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] == domain)
			return true;
	return false;
}

bool hg_sip_peer_leads_to(const struct hg_sip_peer *p, hg_addr addr)
{
	return among(p->domain, p->ndomains, p->sip->host->addr_domain(p->sip->core, addr));
}

struct hg_str hg_sip_believes(struct hg_sip *sip, hg_addr addr, struct hg_buf *room)
{
	hg_buf_reset(room);
	if (sip->extension)
		sip->host->write_sip(sip->core, addr, room);
	return hg_extension_domain(hg_buf_str(room));
}

bool hg_sip_peer_speaks_for(const struct hg_sip_peer *p, hg_addr addr)
{
	return among(p->speaks, p->nspeaks, p->sip->host->addr_domain(p->sip->core, addr));
}

struct hg_sip_peer *hg_sip_peer_named(const struct hg_sip *sip, const char *name)
{
	for (size_t i = 0; i < sip->npeers; i++)
		if (!strcmp(sip->peer[i]->name, name))
			return sip->peer[i];
	return NULL;
}

bool hg_sip_peer_is(const struct hg_sip_peer *p, const struct hg_sip_ip *ip)
{
	for (size_t i = 0; i < p->nfrom; i++)
		if (memcmp(&p->from[i], ip, sizeof(*ip)) == 0)
			return true;
	return false;
}

bool hg_sip_peer_at(const struct hg_sip *sip, const struct hg_sip_ip *ip)
{
	for (size_t i = 0; i < sip->npeers; i++)
		if (hg_sip_peer_is(sip->peer[i], ip))
			return true;
	return false;
}

struct hg_sip_peer *hg_sip_peer_for(
	const struct hg_sip *sip, const struct hg_sip_ip *ip, hg_addr from)
{
	hg_addr domain = sip->host->addr_domain(sip->core, from);
	for (size_t i = 0; i < sip->npeers; i++) {
		struct hg_sip_peer *p = sip->peer[i];
		if (hg_sip_peer_is(p, ip) &&
			(among(p->domain, p->ndomains, domain) ||
				among(p->speaks, p->nspeaks, domain)))
			return p;
	}
	return NULL;
}

/* ---- whether it is there ---- */

static void set_up(struct hg_sip_peer *p, bool up)
{
	struct hg_sip *sip = p->sip;
	if (p->up == up)
		return;
	p->up = up;
	if (up)
		hg_log(HG_INFO, "sip-peer-up", "peer=%s at=%s", p->name,
			p->way[p->transport].route);
	else
		hg_log(HG_WARN, "sip-peer-down", "peer=%s at=%s remedy=\"%s\"", p->name,
			p->way[p->transport].route,
			"is it running, and does it answer OPTIONS from here?");
	if (!up)
		hg_sip_subscriber_down(p);
	sip->host->lane_up(sip->core, p->lane, up);
	if (!up)
		return;
	sip->host->lane_room(sip->core, p->lane, HG_SIP_OUTSTANDING_MAX);
	hg_sip_notifier_up(p);
	hg_sip_publisher_up(p);
}

void hg_sip_peer_heard(struct hg_sip_peer *p)
{
	p->missed = 0;
	set_up(p, true);
}

static void missed(struct hg_sip_peer *p)
{
	if (!p->probe || ++p->missed < MISSES_MAX)
		return;
	set_up(p, false);
	p->sip->host->timer_set(p->timer, RETRY_MS);
}

static void on_options(struct hg_sip_peer *p, uint64_t handle, const sip_t *in, int status)
{
}

static void on_probe(void *arg)
{
	struct hg_sip_peer *p = arg;
	struct hg_sip *sip = p->sip;
	struct hg_sip_leg leg = { 0 };
	struct hg_buf own = { 0 };
	sip->host->write_sip(sip->core, p->publisher, &own);
	hg_sip_leg_begin(&leg, sip, own.p, p->way[p->transport].route);
	msg_t *msg = hg_sip_leg_request(&leg, sip, "OPTIONS");
	hg_sip_leg_done(&leg);
	hg_buf_done(&own);
	hg_sip_peer_send(p, msg, 0, on_options);
	sip->host->timer_set(p->timer, p->up ? p->probe : RETRY_MS);
}

/* ---- what goes to it ---- */

/* Lives in the request's own memory. */
struct sent {
	struct hg_sip_peer *peer;
	hg_sip_done *done;
	uint64_t handle;
};

static int on_response(nta_outgoing_magic_t *magic, nta_outgoing_t *orq, sip_t const *in)
{
	const struct sent *s = (const struct sent *)magic;
	struct hg_sip_peer *p = s->peer;
	int status = nta_outgoing_status(orq);
	/* nta makes up answers itself, of time-outs and unreachable ports. */
	bool answered = in && !nta_sip_is_internal(in);
	if (status < 200)
		return 0;
	p->outstanding--;
	if (answered)
		hg_sip_peer_heard(p);
	else
		missed(p);
	s->done(p, s->handle, answered ? in : NULL, status);
	if (p->up && p->outstanding < HG_SIP_OUTSTANDING_MAX)
		p->sip->host->lane_room(
			p->sip->core, p->lane, HG_SIP_OUTSTANDING_MAX - p->outstanding);
	nta_outgoing_destroy(orq);
	return 0;
}

const struct hg_sip_way *hg_sip_peer_way(const struct hg_sip_peer *p, const url_t *target)
{
	char name[8] = "";
	if (target->url_params)
		url_param(target->url_params, "transport", name, sizeof(name));
	for (size_t t = 0; t < HG_SIP_TRANSPORTS; t++)
		if (p->way[t].route && !strcasecmp(hg_sip_transport_name[t], name))
			return &p->way[t];
	return &p->way[p->transport];
}

bool hg_sip_wants_longer(const sip_t *in, int status, uint32_t *seconds)
{
	const sip_min_expires_t *least = in ? in->sip_min_expires : NULL;
	if (status != 423 || !least || least->me_delta <= *seconds || least->me_delta > EXPIRES_MAX)
		return false;
	*seconds = (uint32_t)least->me_delta;
	return true;
}

bool hg_sip_peer_send(struct hg_sip_peer *p, msg_t *take, uint64_t handle, hg_sip_done *done)
{
	struct hg_sip *sip = p->sip;
	struct sent *s = su_alloc(msg_home(take), sizeof(*s));
	if (!sip->agent || p->outstanding >= 2 * HG_SIP_OUTSTANDING_MAX) {
		msg_destroy(take);
		return false;
	}
	const char *route = hg_sip_peer_way(p, sip_object(take)->sip_request->rq_url)->route;
	*s = (struct sent){ p, done, handle };
	hg_sip_count_sent(sip, take);
	nta_outgoing_t *orq = nta_outgoing_mcreate(sip->agent, on_response,
		(nta_outgoing_magic_t *)s, (const url_string_t *)route, take,
		NTATAG_BRANCH_KEY(hg_sip_branch(sip, take)), TAG_END());
	hg_sip_kick(sip);
	if (!orq) {
		msg_destroy(take);
		return false;
	}
	p->outstanding++;
	return true;
}

void hg_sip_peer_edge(
	struct hg_sip *sip, hg_lane lane, const struct hg_pair *pair, enum hg_edge edge)
{
	struct hg_sip_peer *p = hg_sip_peer_of_lane(sip, lane);
	if (!p)
		return;
	if (edge == HG_UNSUBSCRIBED && pair->watcher == p->publisher)
		hg_sip_publisher_end(p, pair->presentity);
	else if (edge == HG_SUBSCRIBED || edge == HG_UNSUBSCRIBED)
		hg_sip_notifier_edge(p, pair, edge);
	else
		hg_sip_subscriber_edge(p, pair, edge);
}

size_t hg_sip_peer_deliver(struct hg_sip_peer *p, const struct hg_parcel *parcel, size_t n)
{
	size_t taken = 0;
	for (; taken < n && p->outstanding < HG_SIP_OUTSTANDING_MAX; taken++) {
		if (parcel[taken].pair.watcher == p->publisher)
			hg_sip_publisher_parcel(p, &parcel[taken]);
		else
			hg_sip_notifier_parcel(p, &parcel[taken]);
	}
	return taken;
}

/* ---- start and stop ---- */

static int check_routes(const struct hg_sip_peer *p, struct hg_err *err)
{
	struct hg_sip *sip = p->sip;
	hg_route own = sip->host->route_named(sip->core, hg_sip_adapter.name);
	for (size_t i = 0; i < p->ndomains; i++)
		if (sip->host->route_of(sip->core, p->domain[i]) != own)
			return hg_err_set(err, -EINVAL, hg_conf_where(p->conf),
				"add `- { domain: ..., via: sip }` to `routes:`",
				"no route leads to the %s domain of peer '%s'",
				i ? "second or a later" : "first", p->name);
	for (size_t i = 0; i < p->nspeaks; i++)
		if (!sip->host->is_home(sip->core, p->speaks[i]))
			return hg_err_set(err, -EINVAL, hg_conf_where(p->conf),
				"give the domain a `home` in `domains:`",
				"peer '%s' speaks for a domain that does not live here", p->name);
	return 0;
}

static void add_way(struct hg_sip_peer *p, const tport_t *listener)
{
	struct hg_buf route = { 0 }, contact = { 0 };
	char host[INET6_ADDRSTRLEN];
	bool v6 = !hg_sip_ip_write(&p->ip, host);
	enum hg_sip_transport t = 0;
	while (t < HG_SIP_TRANSPORTS &&
		strcasecmp(tport_name(listener)->tpn_proto, hg_sip_transport_name[t]))
		t++;
	if (t == HG_SIP_TRANSPORTS || p->way[t].route)
		return;
	hg_buf_addf(&route, "sip:%s%s%s:%u;transport=%s", v6 ? "[" : "", host, v6 ? "]" : "",
		p->port, hg_sip_transport_name[t]);
	hg_sip_contact(listener, &contact);
	p->way[t].route = hg_str_dup(hg_buf_str(&route));
	p->way[t].contact = hg_str_dup(hg_buf_str(&contact));
	hg_buf_done(&route);
	hg_buf_done(&contact);
}

static int start(struct hg_sip_peer *p, struct hg_err *err)
{
	struct hg_sip *sip = p->sip;
	for (tport_t *tp = tport_primaries(nta_agent_tports(sip->agent)); tp; tp = tport_next(tp))
		add_way(p, tp);
	if (!p->way[p->transport].route)
		return hg_err_set(err, -EINVAL, hg_conf_where(p->conf),
			"add a listener of that transport to `sip: listen:`",
			"nothing listens for what peer '%s' answers by %s", p->name,
			hg_sip_transport_name[p->transport]);
	int rc = check_routes(p, err);
	if (rc)
		return rc;
	if (p->directed)
		hg_log(HG_WARN, "sip-publish-directed",
			"peer=%s effect=\"what is said to one person behind it is said to all of it\"",
			p->name);
	struct hg_lane_spec spec = { .adapter = &hg_sip_adapter,
		.self = sip,
		.route = sip->host->route_named(sip->core, hg_sip_adapter.name),
		.beyond = p->domain,
		.nbeyond = p->ndomains,
		.directed = p->directed ? p->publisher : 0,
		.format = HG_SIP_FORMAT_PIDF,
		.also = { { HG_PART_ASPECT, HG_SIP_FORMAT_DIALOG } } };
	p->lane = sip->host->lane_open(sip->core, &spec);
	p->timer = sip->host->timer_new(sip->core, on_probe, p);
	if (p->probe)
		on_probe(p);
	else
		set_up(p, true);
	return 0;
}

int hg_sip_peers_start(struct hg_sip *sip, struct hg_err *err)
{
	int rc = 0;
	for (size_t i = 0; i < sip->npeers && !rc; i++)
		rc = start(sip->peer[i], err);
	return rc;
}

void hg_sip_peers_stop(struct hg_sip *sip)
{
	for (size_t i = 0; i < sip->npeers; i++) {
		struct hg_sip_peer *p = sip->peer[i];
		hg_sip_notifier_done(p);
		hg_sip_subscriber_done(p);
		hg_sip_publisher_done(p);
		if (p->lane)
			sip->host->lane_close(sip->core, p->lane);
		p->lane = 0;
		sip->host->timer_free(p->timer);
		p->timer = NULL;
	}
}
