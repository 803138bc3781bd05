/* SPDX-License-Identifier: Apache-2.0 */
/* Why a stream is down: what is told about it, and how long to wait before the next attempt. */
#include "plugins/xmpp/xmpp.h"

#include <stdio.h>

struct kind {
	enum hg_level level;
	const char *reason;
	const char *remedy;
	/* It stays wrong until somebody changes a configuration, or, with a conflict, until the
	 * other connection ends: so every wait is ten times as long. */
	bool slow;
};

static const struct kind kinds[] = {
	[HG_XMPP_NONE] = { HG_INFO, "none", "", false },
	[HG_XMPP_NAME] = { HG_WARN, "name-not-found", "check `server`; an address needs no look-up",
		false },
	[HG_XMPP_UNREACHED] = { HG_WARN, "not-reached",
		"is the XMPP server up, and does it listen for components there?", false },
	[HG_XMPP_UNOPENED] = { HG_WARN, "no-answer",
		"something listens there, but not for components of XMPP", false },
	[HG_XMPP_CLOSED] = { HG_WARN, "closed-by-server", "none needed if the server was restarted",
		false },
	[HG_XMPP_SILENT] = { HG_WARN, "ping-unanswered",
		"the server hangs, or the network between it and us is broken", false },
	[HG_XMPP_TOO_LONG] = { HG_WARN, "stanza-too-long",
		"set the server's stanza size limits below `stanza-limit`", false },
	[HG_XMPP_ERROR] = { HG_WARN, "stream-error", "see the server's log", false },
	[HG_XMPP_SECRET] = { HG_ERROR, "not-authorized",
		"`secret` must equal component_secret of this component at the server", true },
	[HG_XMPP_CONFLICT] = { HG_ERROR, "conflict",
		"another connection speaks for this domain; if that is only a leftover, set "
		"component_conflict_resolve = \"kick_old\" in Prosody's configuration",
		true },
	[HG_XMPP_HOST] = { HG_ERROR, "host-unknown",
		"the server has no component of this name (Prosody: Component \"NAME\")", true },
};

static enum hg_xmpp_outage classify(xmpp_error_type_t type)
{
	switch (type) {
	case XMPP_SE_NOT_AUTHORIZED:
		return HG_XMPP_SECRET;
	case XMPP_SE_CONFLICT:
		return HG_XMPP_CONFLICT;
	case XMPP_SE_HOST_UNKNOWN:
	case XMPP_SE_HOST_GONE:
		return HG_XMPP_HOST;
	case XMPP_SE_SYSTEM_SHUTDOWN:
		return HG_XMPP_CLOSED;
	default:
		return HG_XMPP_ERROR;
	}
}

enum hg_xmpp_outage hg_xmpp_outage_of(const xmpp_stream_error_t *e, char ret_condition[32])
{
	ret_condition[0] = '\0';
	if (!e)
		return HG_XMPP_CLOSED;
	/* By name: libstrophe's list of conditions is not complete. */
	for (xmpp_stanza_t *c = e->stanza ? xmpp_stanza_get_children(e->stanza) : NULL; c;
		c = xmpp_stanza_get_next(c)) {
		const char *name = xmpp_stanza_get_name(c), *ns = xmpp_stanza_get_ns(c);

		if (!name || !ns || !hg_str_is(hg_str(ns), XMPP_NS_STREAMS_IETF) ||
			hg_str_is(hg_str(name), "text"))
			continue;
		snprintf(ret_condition, 32, "%s", name);
		break;
	}
	return classify(e->type);
}

int64_t hg_xmpp_backoff(struct hg_xmpp_stream *s, enum hg_xmpp_outage outage, uint32_t random)
{
	const struct hg_xmpp_times *t = &s->xmpp->times;
	int64_t wait = t->retry, most = t->retry_max;

	if (kinds[outage].slow) {
		wait *= 10;
		most *= 10;
	}
	for (unsigned i = 0; i < s->attempts && wait < most; i++)
		wait *= 2;
	s->attempts++;
	wait = wait < most ? wait : most;
	/* Half of it by chance, so that many gateways do not come back in step. */
	return wait - wait / 2 + (int64_t)(random % (uint64_t)(wait / 2 + 1));
}

void hg_xmpp_outage_log(struct hg_xmpp_stream *s, enum hg_xmpp_outage outage, int64_t retry_ms)
{
	const struct kind *k = &kinds[outage];

	if (outage == s->told)
		return;
	s->told = outage;
	hg_log(k->level, "component-down",
		"domain=%s server=%s port=%u reason=%s%s%s retry=%lldms remedy=\"%s\"", s->domain,
		s->server, s->port, k->reason, outage == HG_XMPP_ERROR ? " condition=" : "",
		outage == HG_XMPP_ERROR ? hg_log_text(hg_str(s->condition)) : "",
		(long long)retry_ms, k->remedy);
}
