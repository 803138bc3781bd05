/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the adapter and its peer in the daemon say to each other. A message is a line, then a document in the mapped form if
 * there is one, then an empty line; words are escaped as in documents:
 *
 *	subscribe WATCHER PRESENTITY			also subscribed, unsubscribe, unsubscribed, probe
 *
 *	present WATCHER PRESENTITY [RESOURCE]		what the watcher is told of the presentity; without a document: gone
 *	show dnd
 *	status back%20at%20noon
 *
 *	wrong WHY					from us alone: the last message made no sense
 *
 * Addresses are user@domain, as in SIP.
 */

#include "plugins/loopback/text.h"

#include <string.h>

static const char *const edges[] = {
	[HG_SUBSCRIBE] = "subscribe",
	[HG_SUBSCRIBED] = "subscribed",
	[HG_UNSUBSCRIBE] = "unsubscribe",
	[HG_UNSUBSCRIBED] = "unsubscribed",
	[HG_PROBE] = "probe",
};

enum { EDGES = sizeof(edges) / sizeof(edges[0]) };

static void add_head(
	struct hg_buf *b, const char *verb, struct hg_str watcher, struct hg_str presentity)
{
	hg_buf_adds(b, verb);
	loopback_add_word(b, watcher);
	loopback_add_word(b, presentity);
	hg_buf_addc(b, '\n');
}

/* Neither answers nor ends of outlets, nor blocks: the peer makes no requests, opens no outlets, and has no block lists. */
void loopback_message_write(const struct hg_loopback_message *m, struct hg_buf *b)
{
	const struct hg_parcel *p = m->parcel;

	if (m->pair)
		add_head(b, edges[m->edge], m->pair->wire_watcher, m->pair->wire_presentity);
	else if (p)
		add_head(b, "present", p->pair.wire_watcher, p->pair.wire_presentity);
	else
		return;
	for (size_t i = 0; p && i < p->nfrags; i++)
		hg_buf_add(b, hg_bytes_str(p->frag[i]->bytes));
	hg_buf_addc(b, '\n');
}

/* ---- in ---- */

struct head {
	char verb[16];
	char watcher[LOOPBACK_MESSAGE_MAX],
		presentity[LOOPBACK_MESSAGE_MAX]; /* so nothing is cut */
	char resource[256];
};

static bool read_pair(const struct hg_host *host, struct hg_core *core, const struct head *h,
	struct hg_pair *ret, const char **ret_reason)
{
	struct hg_str gruu;

	*ret = (struct hg_pair){ .wire_watcher = hg_str(h->watcher),
		.wire_presentity = hg_str(h->presentity) };
	return host->addr_sip(core, ret->wire_watcher, &ret->watcher, &gruu, ret_reason) == 0 &&
		host->addr_sip(core, ret->wire_presentity, &ret->presentity, &gruu, ret_reason) ==
		0;
}

/* Who may say what of whom over this lane is for the core to judge. */
const char *loopback_message_hear(void *self, const struct hg_host *host, struct hg_core *core,
	hg_lane lane, struct hg_str message)
{
	const char *reason = "it needs a watcher and a presentity";
	struct hg_str line = HG_STR_NONE;
	struct hg_pair pair;
	struct head h;

	hg_str_token(&message, '\n', &line);
	if (!hg_loopback_word(&line, h.verb, sizeof(h.verb)) ||
		!hg_loopback_word(&line, h.watcher, sizeof(h.watcher)) ||
		!hg_loopback_word(&line, h.presentity, sizeof(h.presentity)))
		return reason;
	hg_loopback_word(&line, h.resource, sizeof(h.resource));
	if (!read_pair(host, core, &h, &pair, &reason))
		return reason;
	if (strcmp(h.verb, "present") == 0) {
		hg_loopback_present(self, lane, &pair, hg_str(h.resource), message);
		return NULL;
	}
	for (int e = 0; e < EDGES; e++) {
		if (strcmp(h.verb, edges[e]) == 0) {
			host->edge(core, lane, &pair, (enum hg_edge)e);
			return NULL;
		}
	}
	return "there is no message of this kind";
}
