/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections: a table of our own, since sofia-sip cannot list its own, with the sweep that closes those which
 * stall, and the principal that `auth: none` makes of a connection.
 */
#include "plugins/sip/simple.h"

#include <arpa/inet.h>
#include <sofia-sip/msg_addr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#define SWEEP_BUSY_MS 100 /* while a queue is to empty */
#define SWEEP_IDLE_MS 2000

static int64_t mono(const struct hg_sip *sip)
{
	return sip->host->now(sip->core).mono;
}

/* ---- coming and going ---- */

/*
 * By sofia-sip, from within any call that reads or sends: only marks. After an error it closes the connection later and
 * does not tell again, and hands out what was read before; our reference keeps `tp` valid until conn_free.
 */
static void on_lost(tp_stack_t *stack, struct hg_sip_conn *conn, tport_t *tp, msg_t *msg, int error)
{
	tport_release(tp, conn->pend, NULL, NULL, conn, 0);
	conn->lost = true;
	hg_sip_conns_sweep_soon(conn->sip);
}

struct hg_sip_conn *hg_sip_conn_of(struct hg_sip *sip, tport_t *tp)
{
	struct hg_sip_conn *conn;
	HASH_FIND_PTR(sip->conn, &tp, conn);
	if (conn || sip->stopping || tport_is_closed(tp))
		return conn;
	conn = hg_alloc(sizeof(*conn));
	conn->sip = sip;
	conn->tp = tport_ref(tp);
	conn->opened = mono(sip);
	conn->pend = tport_pend(tp, NULL, on_lost, conn);
	HASH_ADD_PTR(sip->conn, tp, conn);
	if (HASH_COUNT(sip->conn) > sip->limit.connections)
		hg_sip_conn_doom(conn, "too-many");
	return conn;
}

/* ---- datagrams ---- */

static struct hg_sip_conn *flow_of(struct hg_sip *sip, const struct hg_sip_flow *from)
{
	struct hg_sip_conn *conn;
	HASH_FIND(hh, sip->flow, from, sizeof(*from), conn);
	if (conn || sip->stopping)
		return conn;
	/* Strangers do not keep peers out. */
	if (HASH_COUNT(sip->flow) >= sip->limit.connections && !hg_sip_peer_at(sip, &from->ip)) {
		sip->host->count(sip->core, "sip_closed_total{why=\"too-many\"}", 1);
		return NULL;
	}
	conn = hg_alloc(sizeof(*conn));
	conn->sip = sip;
	conn->tp = tport_ref(from->tp);
	conn->datagram = true;
	conn->from = *from;
	HASH_ADD(hh, sip->flow, from, sizeof(conn->from), conn);
	return conn;
}

struct hg_sip_conn *hg_sip_conn_from(struct hg_sip *sip, tport_t *tp, const msg_t *msg)
{
	const su_sockaddr_t *su = msg_addr((msg_t *)msg);
	struct hg_sip_conn *conn;
	struct hg_sip_flow from;
	memset(&from, 0, sizeof(from));
	from.tp = tp;
	hg_sip_ip_of(su, &from.ip);
	from.port = ntohs(su->su_port);
	conn = tport_is_secondary(tp) ? hg_sip_conn_of(sip, tp) : flow_of(sip, &from);
	if (conn)
		conn->from = from;
	if (conn && conn->datagram)
		conn->opened = mono(sip);
	return conn;
}

bool hg_sip_conn_open(const struct hg_sip_conn *conn)
{
	if (conn->datagram)
		return !conn->doomed;
	/* sofia-sip would open another connection in place of one that it cannot send on. */
	return !conn->lost && !conn->doomed && tport_is_clear_to_send(conn->tp);
}

void hg_sip_conn_doom(struct hg_sip_conn *conn, const char *why)
{
	if (!conn->doomed)
		conn->doomed = why;
	hg_sip_conns_sweep_soon(conn->sip);
}

static void tell_shut(const struct hg_sip_conn *conn)
{
	char counter[64];
	snprintf(counter, sizeof(counter), "sip_closed_total{why=\"%s\"}", conn->doomed);
	conn->sip->host->count(conn->sip->core, counter, 1);
	hg_log(HG_INFO, "sip-closing", "why=%s peer=%s:%s user=%s", conn->doomed,
		tport_name(conn->tp)->tpn_host, tport_name(conn->tp)->tpn_port,
		conn->uri ? hg_log_text(hg_str(conn->uri)) : "-");
}

static void conn_free(struct hg_sip_conn *conn)
{
	struct hg_sip *sip = conn->sip;
	if (conn->datagram)
		HASH_DELETE(hh, sip->flow, conn);
	else
		HASH_DEL(sip->conn, conn);
	if (!conn->lost && !conn->datagram)
		tport_release(conn->tp, conn->pend, NULL, NULL, conn, 0);
	if (!conn->datagram && !tport_is_closed(conn->tp))
		tport_shutdown(conn->tp, 2);
	tport_unref(conn->tp);
	while (conn->request)
		hg_sip_request_drop(conn->request);
	/* The lane first: its outlets end with it, unlike those of a dialog that ends alone. */
	if (conn->lane)
		sip->host->lane_close(sip->core, conn->lane);
	conn->lane = 0;
	while (conn->dialog)
		hg_sip_dialog_end(conn->dialog);
	free(conn->uri);
	free(conn->instance);
	free(conn);
}

void hg_sip_conns_done(struct hg_sip *sip)
{
	struct hg_sip_conn *conn, *next;
	sip->stopping = true;
	HASH_ITER (hh, sip->conn, conn, next)
		conn_free(conn);
	HASH_ITER (hh, sip->flow, conn, next)
		conn_free(conn);
}

/* ---- lanes ---- */

void hg_sip_conn_lane(struct hg_sip_conn *conn)
{
	struct hg_sip *sip = conn->sip;
	if (conn->lane)
		return;
	struct hg_lane_spec spec = {
		.adapter = &hg_sip_adapter,
		.self = sip,
		.format = HG_SIP_FORMAT_SELF,
		.in_order = !conn->datagram,
	};
	conn->lane = sip->host->lane_open(sip->core, &spec);
	sip->host->lane_room(sip->core, conn->lane, hg_sip_conn_room(conn));
}

uint32_t hg_sip_conn_room(const struct hg_sip_conn *conn)
{
	if (!hg_sip_conn_open(conn))
		return 0;
	size_t waiting = conn->datagram ? 0 : tport_queuelen(conn->tp);
	return waiting >= HG_SIP_QUEUE_MAX ? 0 : (uint32_t)(HG_SIP_QUEUE_MAX - waiting);
}

const struct hg_sip_listener *hg_sip_conn_listener(const struct hg_sip_conn *conn)
{
	uint32_t i = 0;
	hg_str_u32(hg_str(tport_name(tport_parent(conn->tp))->tpn_ident), &i);
	return &conn->sip->listener[i];
}

/* ---- whom it speaks for ---- */

void hg_sip_conn_principal(const struct hg_sip_conn *conn, struct hg_principal *ret)
{
	*ret = (struct hg_principal){ .proof = HG_PROOF_LISTENER,
		.addr = conn->addr,
		.lane = conn->lane,
		.endpoint = conn->endpoint };
}

void hg_sip_conn_forget(struct hg_sip_conn *conn)
{
	while (conn->dialog)
		hg_sip_dialog_end(conn->dialog);
	free(conn->uri);
	free(conn->instance);
	conn->uri = conn->instance = NULL;
	conn->addr = 0;
	conn->endpoint = 0;
	conn->registered = false;
	conn->opened = mono(conn->sip);
}

void hg_sip_conn_contact(const struct hg_sip_conn *conn, struct hg_buf *buf)
{
	hg_sip_contact(tport_parent(conn->tp), buf);
}

void hg_sip_contact(const tport_t *listener, struct hg_buf *buf)
{
	const tp_name_t *own = tport_name(listener);
	bool v6 = strchr(own->tpn_host, ':') && own->tpn_host[0] != '[';
	hg_buf_addf(buf, "<sip:%s%s%s:%s;transport=%s>", v6 ? "[" : "", own->tpn_host,
		v6 ? "]" : "", own->tpn_port, own->tpn_proto);
}

const url_string_t *hg_sip_conn_route(const struct hg_sip_conn *conn, su_home_t *home)
{
	char host[INET6_ADDRSTRLEN];
	bool v6 = !hg_sip_ip_write(&conn->from.ip, host);
	return (const url_string_t *)su_sprintf(home, "sip:%s%s%s:%u;transport=udp", v6 ? "[" : "",
		host, v6 ? "]" : "", conn->from.port);
}

/* ---- the sweep ---- */

/* Why it must go, NULL: it may stay. */
static const char *fault(struct hg_sip_conn *conn, int64_t now)
{
	const struct hg_sip_limits *limit = &conn->sip->limit;
	if (conn->doomed)
		return conn->doomed;
	if (conn->full_since && now - conn->full_since >= limit->stall)
		return "stalled";
	if (conn->half_since && now - conn->half_since >= limit->stall)
		return "half-message";
	bool cut = conn->shut_since && now - conn->shut_since >= limit->stall;
	if (conn->too_large && (cut || conn->lost))
		return "too-large";
	if (cut)
		return "bad-message";
	if (!conn->peers && !conn->registered && !conn->registering &&
		now - conn->opened >= limit->sign_in)
		return "unregistered";
	return NULL;
}

static void since(int64_t *when, bool is_so, int64_t now)
{
	if (!is_so)
		*when = 0;
	else if (!*when)
		*when = now;
}

/* Each octet that drips in is no progress: a message has its time from the first to the last. */
static void look(struct hg_sip_conn *conn, size_t waiting, int64_t now)
{
	if (conn->half_after != conn->messages)
		conn->half_since = 0;
	conn->half_after = conn->messages;
	since(&conn->half_since, hg_sip_seen_half(conn), now);
	since(&conn->full_since, waiting != 0, now);
	/* After a message that it cannot read, sofia-sip answers, sends FIN, and leaves the rest to the peer. */
	since(&conn->shut_since, tport_is_shutdown(conn->tp), now);
}

/* true: its queue is to be watched closely */
static bool sweep_one(struct hg_sip_conn *conn, int64_t now)
{
	struct hg_sip *sip = conn->sip;
	size_t waiting = conn->lost ? 0 : tport_queuelen(conn->tp);
	bool was_full = conn->full_since != 0;
	look(conn, waiting, now);
	if (conn->registered && now >= conn->until)
		hg_sip_conn_forget(conn);
	conn->doomed = fault(conn, now);
	if (conn->doomed && (!conn->lost || conn->too_large))
		tell_shut(conn);
	if (conn->doomed || conn->lost) {
		conn_free(conn);
		return false;
	}
	hg_sip_wishes_again(conn);
	if (was_full && conn->lane && waiting < HG_SIP_QUEUE_MAX)
		sip->host->lane_room(sip->core, conn->lane, hg_sip_conn_room(conn));
	return waiting != 0;
}

/* Whoever sends datagrams is there until he is silent; nothing is closed, so nothing is told. */
static void sweep_flow(struct hg_sip_conn *conn, int64_t now)
{
	if (conn->registered && now >= conn->until)
		hg_sip_conn_forget(conn);
	bool idle = !conn->registered && !conn->registering && !conn->request;
	if (conn->doomed || (idle && now - conn->opened >= conn->sip->limit.sign_in))
		conn_free(
			conn); /* whoever is there begins anew: over a doomed one nothing is taken */
	else
		hg_sip_wishes_again(conn);
}

void hg_sip_conns_sweep(struct hg_sip *sip)
{
	struct hg_sip_conn *conn, *next;
	int64_t now = mono(sip);
	bool busy = false;
	HASH_ITER (hh, sip->conn, conn, next)
		busy |= sweep_one(conn, now);
	HASH_ITER (hh, sip->flow, conn, next)
		sweep_flow(conn, now);
	hg_sip_kick(sip);
	if (!sip->stopping)
		sip->host->timer_set(sip->sweep_timer, busy ? SWEEP_BUSY_MS : SWEEP_IDLE_MS);
}

void hg_sip_conns_sweep_soon(struct hg_sip *sip)
{
	if (sip->sweep_timer && !sip->stopping)
		sip->host->timer_set(sip->sweep_timer, 0);
}
