/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remedy for libsofia-sip-ua 1.12.11 (Debian 12): it tells its user nothing of a connection before a whole message
 * came over it, so that silent ones could be held open for ever; and it answers a peer that is gone by
 * calling back whatever address the Via of the request says.
 *
 * tport_register_secondary is called through the PLT once for each connection, accepted or called. The
 * executable's definition comes first there and sees them all. We call nobody: what is not accepted is closed.
 */
#include "plugins/sip/sip.h"

#include <dlfcn.h>

int tport_register_secondary(tport_t *, su_wakeup_f, int events);

static struct sip *running;

void sip_seen_start(struct sip *sip)
{
	sip->next_running = running;
	running = sip;
}

void sip_seen_stop(struct sip *sip)
{
	for (struct sip **p = &running; *p; p = &(*p)->next_running) {
		if (*p == sip) {
			*p = sip->next_running;
			return;
		}
	}
}

static struct sip *owner_of(const tport_t *tp)
{
	const tport_t *parent = tport_parent(tp);
	for (struct sip *sip = running; sip; sip = sip->next_running) {
		if (!sip->agent)
			continue;
		for (tport_t *p = tport_primaries(nta_agent_tports(sip->agent)); p; p = tport_next(p)) {
			if (p == parent)
				return sip;
		}
	}
	return NULL;
}

int tport_register_secondary(tport_t *tp, su_wakeup_f wakeup, int events)
{
	static int (*real)(tport_t *, su_wakeup_f, int);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "tport_register_secondary");
	int rc = real(tp, wakeup, events);
	struct sip *sip = rc ? NULL : owner_of(tp);
	struct sip_conn *conn = sip ? sip_conn_of(sip, tp) : NULL;
	if (conn && events & SU_WAIT_CONNECT) {
		conn->doomed = true;
		sip_conns_sweep_soon(sip);
	}
	return rc;
}
