/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remedy for libsofia-sip-ua 1.12.11 (Debian 12): it tells its user nothing of a connection before a whole message came over
 * it, so that silent ones could be held open for ever, without limit. tport_register_secondary is called through the PLT
 * once for each connection; the executable's definition comes first there and sees them all.
 */
#include "plugins/sip/sip.h"

#include <dlfcn.h>

int tport_register_secondary(tport_t *, su_wakeup_f, int events);

static struct hg_sip *running;

void hg_sip_seen_start(struct hg_sip *sip)
{
	sip->next_running = running;
	running = sip;
}

void hg_sip_seen_stop(struct hg_sip *sip)
{
	for (struct hg_sip **p = &running; *p; p = &(*p)->next_running) {
		if (*p == sip) {
			*p = sip->next_running;
			return;
		}
	}
}

/* Does the library's own call come here? Not in an executable that hides its symbols. */
bool hg_sip_seen_works(void)
{
	return dlsym(RTLD_DEFAULT, "tport_register_secondary") == (void *)tport_register_secondary;
}

static struct hg_sip *owner_of(const tport_t *tp)
{
	const tport_t *parent = tport_parent(tp);
	for (struct hg_sip *sip = running; sip; sip = sip->next_running) {
		if (!sip->agent)
			continue;
		for (tport_t *p = tport_primaries(nta_agent_tports(sip->agent)); p;
			p = tport_next(p)) {
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
	/* Those that are called, not accepted, begin by waiting for that. */
	struct hg_sip *sip = rc || events & SU_WAIT_CONNECT ? NULL : owner_of(tp);
	if (sip)
		hg_sip_conn_of(sip, tp);
	return rc;
}
