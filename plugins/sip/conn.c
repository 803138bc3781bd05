/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections: a table of our own, since sofia-sip cannot list its own, with the sweep that closes those which
 * stall, and the principal that `auth: none` makes of a connection.
 */
#include "plugins/sip/sip.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#define SWEEP_BUSY_MS 100  /* while a queue is to empty */
#define SWEEP_IDLE_MS 2000

static int64_t mono(const struct sip *sip)
{
	return sip->host->now(sip->core).mono;
}

/* ---- coming and going ---- */

/* By sofia-sip, from within any call that reads or sends: only marks. */
static void on_closed(tp_stack_t *stack, struct sip_conn *conn, tport_t *tp, msg_t *msg, int error)
{
	struct sip *sip = conn->sip;
	tport_release(tp, conn->pend, NULL, NULL, conn, 0);
	HASH_DEL(sip->conn, conn);
	conn->tp = NULL;
	conn->next_gone = sip->gone;
	sip->gone = conn;
	sip_conns_sweep_soon(sip);
}

struct sip_conn *sip_conn_of(struct sip *sip, tport_t *tp)
{
	struct sip_conn *conn;
	HASH_FIND_PTR(sip->conn, &tp, conn);
	if (conn || sip->stopping)
		return conn;
	conn = hg_alloc(sizeof(*conn));
	conn->sip = sip;
	conn->tp = tp;
	conn->opened = mono(sip);
	conn->doomed = HASH_COUNT(sip->conn) >= sip->limit.connections;
	conn->pend = tport_pend(tp, NULL, on_closed, conn);
	HASH_ADD_PTR(sip->conn, tp, conn);
	if (conn->doomed)
		sip_conns_sweep_soon(sip);
	return conn;
}

bool sip_conn_open(const struct sip_conn *conn)
{
	return conn->tp && !conn->doomed;
}

void sip_conn_shut(struct sip_conn *conn, const char *why)
{
	char counter[64];
	snprintf(counter, sizeof(counter), "sip_closed_total{why=\"%s\"}", why);
	conn->sip->host->count(conn->sip->core, counter, 1);
	hg_log(HG_INFO, "sip-closing", "why=%s peer=%s:%s user=%s", why, tport_name(conn->tp)->tpn_host,
		tport_name(conn->tp)->tpn_port, conn->uri ? hg_log_text(hg_str(conn->uri)) : "-");
	tport_shutdown(conn->tp, 2);
	sip_kick(conn->sip);
}

static void conn_free(struct sip_conn *conn)
{
	struct sip *sip = conn->sip;
	while (conn->request)
		sip_request_drop(conn->request);
	/* The lane first: its outlets end with it, unlike those of a dialog that ends alone. */
	if (conn->lane)
		sip->host->lane_close(sip->core, conn->lane);
	conn->lane = 0;
	while (conn->dialog)
		sip_dialog_end(conn->dialog);
	free(conn->uri);
	free(conn->instance);
	free(conn);
}

static void reap(struct sip *sip)
{
	while (sip->gone) {
		struct sip_conn *conn = sip->gone;
		sip->gone = conn->next_gone;
		conn_free(conn);
	}
}

void sip_conns_done(struct sip *sip)
{
	struct sip_conn *conn, *next;
	sip->stopping = true;
	HASH_ITER (hh, sip->conn, conn, next)
		tport_shutdown(conn->tp, 2);
	reap(sip);
}

/* ---- lanes ---- */

void sip_conn_lane(struct sip_conn *conn)
{
	struct sip *sip = conn->sip;
	if (conn->lane)
		return;
	struct hg_lane_spec spec = { .adapter = &hg_sip_adapter, .self = sip };
	conn->lane = sip->host->lane_open(sip->core, &spec);
	sip->host->lane_room(sip->core, conn->lane, sip_conn_room(conn));
}

uint32_t sip_conn_room(const struct sip_conn *conn)
{
	if (!sip_conn_open(conn))
		return 0;
	size_t waiting = tport_queuelen(conn->tp);
	return waiting >= SIP_QUEUE_MAX ? 0 : (uint32_t)(SIP_QUEUE_MAX - waiting);
}

/* ---- whom it speaks for ---- */

void sip_conn_principal(const struct sip_conn *conn, struct hg_principal *ret)
{
	*ret = (struct hg_principal){ .proof = HG_PROOF_LISTENER,
		.addr = conn->addr,
		.lane = conn->lane,
		.endpoint = conn->endpoint };
}

void sip_conn_forget(struct sip_conn *conn)
{
	while (conn->dialog)
		sip_dialog_end(conn->dialog);
	free(conn->uri);
	free(conn->instance);
	conn->uri = conn->instance = NULL;
	conn->addr = 0;
	conn->endpoint = 0;
	conn->registered = false;
	conn->opened = mono(conn->sip);
}

void sip_conn_contact(const struct sip_conn *conn, struct hg_buf *buf)
{
	const tp_name_t *own = tport_name(tport_parent(conn->tp));
	bool v6 = strchr(own->tpn_host, ':') && own->tpn_host[0] != '[';
	hg_buf_addf(buf, "<sip:%s%s%s:%s;transport=%s>", v6 ? "[" : "", own->tpn_host, v6 ? "]" : "",
		own->tpn_port, tport_has_tls(conn->tp) ? "tls" : "tcp");
}

/* ---- the sweep ---- */

/* true: its queue is to be watched closely */
static bool sweep_one(struct sip_conn *conn, int64_t now)
{
	struct sip *sip = conn->sip;
	size_t waiting = tport_queuelen(conn->tp);
	bool was_full = conn->full_since != 0;
	if (!waiting)
		conn->full_since = 0;
	else if (!was_full)
		conn->full_since = now;
	if (conn->doomed) {
		sip_conn_shut(conn, "connections");
		return false;
	}
	if (conn->full_since && now - conn->full_since >= SIP_STALLED_MS) {
		sip_conn_shut(conn, "stalled");
		return false;
	}
	if (conn->registered && now >= conn->until)
		sip_conn_forget(conn);
	if (!conn->registered && !conn->registering && now - conn->opened >= SIP_STRANGER_MS) {
		sip_conn_shut(conn, "unregistered");
		return false;
	}
	if (was_full && conn->lane && waiting < SIP_QUEUE_MAX)
		sip->host->lane_room(sip->core, conn->lane, sip_conn_room(conn));
	return waiting != 0;
}

void sip_conns_sweep(struct sip *sip)
{
	struct sip_conn *conn, *next;
	int64_t now = mono(sip);
	bool busy = false;
	reap(sip);
	HASH_ITER (hh, sip->conn, conn, next)
		busy |= sweep_one(conn, now);
	reap(sip);
	if (!sip->stopping)
		sip->host->timer_set(sip->sweep_timer, busy ? SWEEP_BUSY_MS : SWEEP_IDLE_MS);
}

void sip_conns_sweep_soon(struct sip *sip)
{
	if (sip->sweep_timer && !sip->stopping)
		sip->host->timer_set(sip->sweep_timer, 0);
}
