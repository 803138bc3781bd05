/* SPDX-License-Identifier: Apache-2.0 */
/* `sip: peers:`: the servers and trunks of the route. */
#include "plugins/sip/simple.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const transport_values[] = { "udp", "tcp", "tls", NULL };

const struct hg_schema hg_sip_peer_schema = { (const struct hg_key[]){
	{ .name = "domains",
		.kind = HG_KEY_LIST,
		.required = true,
		.help = "the domains behind it; each has a route `via: sip`" },
	{ .name = "address",
		.kind = HG_KEY_STRING,
		.required = true,
		.help = "IP address: where requests go to, and whose requests are its own" },
	{ .name = "port",
		.kind = HG_KEY_INTEGER,
		.dflt = "5060",
		.min = 1,
		.max = 65535,
		.help = "where it listens" },
	{ .name = "transport",
		.kind = HG_KEY_ENUM,
		.dflt = "udp",
		.values = transport_values,
		.help = "udp, tcp or tls; there must be a listener of it" },
	{ .name = "from",
		.kind = HG_KEY_LIST,
		.help = "further IP addresses that its requests come from" },
	{ .name = "pace",
		.kind = HG_KEY_DURATION,
		.dflt = "5s",
		.max = 3600000,
		.help = "between two notifications to one watcher: 0 for a trunk, 5s for phones" },
	{ .name = "probe",
		.kind = HG_KEY_DURATION,
		.dflt = "30s",
		.max = 3600000,
		.help = "how often it is asked whether it is there, by OPTIONS; 0: it always counts as there" },
	{ .name = "subscriptions",
		.kind = HG_KEY_INTEGER,
		.dflt = "100000",
		.min = 1,
		.max = 4000000,
		.help = "of its people, at a time" },
	{ .name = "partial",
		.kind = HG_KEY_BOOL,
		.dflt = "off",
		.help = "it may tell changes of presence instead of whole documents (RFC 5263)" },
	{ .name = "speaks-for",
		.kind = HG_KEY_LIST,
		.help = "home domains whose people's presence it may publish" },
	{ .name = "publish",
		.kind = HG_KEY_LIST,
		.help = "addresses of people whose presence it is told by PUBLISH, unasked; they are asked for "
			"their consent, by presence@ and the first of its domains" },
	{ .name = "publish-directed",
		.kind = HG_KEY_BOOL,
		.dflt = "off",
		.help = "presence that is sent to anybody behind it counts as sent to it, and is PUBLISHed" },
	{ 0 } } };

static int address_of(struct hg_sip *sip, const char *user, struct hg_str text, hg_addr *ret,
	const char *where, struct hg_err *err)
{
	const char *reason = "";
	struct hg_buf uri = { 0 };
	struct hg_str gr;
	hg_buf_addf(&uri, "sip:%s%.*s", user, HG_STR_ARG(text));
	int rc = sip->host->addr_sip(sip->core, hg_buf_str(&uri), ret, &gr, &reason);
	hg_buf_done(&uri);
	if (rc)
		return hg_err_set(err, -EINVAL, where, "write it as the SIP side has it",
			"'%.*s' is no address: %s", HG_STR_ARG(text), reason);
	return 0;
}

static int read_list(struct hg_sip *sip, const struct hg_conf *list, bool domains, hg_addr **ret,
	size_t *ret_n, struct hg_err *err)
{
	size_t n = hg_conf_count(list);
	*ret = hg_alloc((n + 1) * sizeof(**ret));
	for (size_t i = 0; i < n; i++) {
		const struct hg_conf *item = hg_conf_at(list, i);
		hg_addr addr;
		int rc = address_of(sip, "", hg_conf_text(item), &addr, hg_conf_where(item), err);
		if (rc)
			return rc;
		if ((sip->host->addr_domain(sip->core, addr) == addr) != domains)
			return hg_err_set(err, -EINVAL, hg_conf_where(item),
				domains ? "write the domain alone" : "write it as user@domain",
				"'%.*s' is no %s", HG_STR_ARG(hg_conf_text(item)),
				domains ? "domain" : "address of a person");
		(*ret)[(*ret_n)++] = addr;
	}
	return 0;
}

static int read_ip(struct hg_sip_peer *p, struct hg_str said, const char *where, struct hg_err *err)
{
	char text[64];
	snprintf(text, sizeof(text), "%.*s", HG_STR_ARG(said));
	if (!hg_sip_ip_read(text, &p->from[p->nfrom++]))
		return hg_err_set(err, -EINVAL, where, "write it like 192.0.2.1 or 2001:db8::1",
			"'%s' is not an IP address", text);
	return 0;
}

static int read_where(struct hg_sip_peer *p, struct hg_err *err)
{
	const struct hg_conf *from = hg_conf_get(p->conf, "from");
	size_t n = hg_conf_count(from);
	p->from = hg_alloc((n + 1) * sizeof(*p->from));
	int rc = read_ip(p, hg_conf_str(p->conf, "address"), hg_conf_where(p->conf), err);
	for (size_t i = 0; i < n && !rc; i++)
		rc = read_ip(p, hg_conf_text(hg_conf_at(from, i)),
			hg_conf_where(hg_conf_at(from, i)), err);
	if (rc)
		return rc;
	p->ip = p->from[0];
	p->port = (uint16_t)hg_conf_int(p->conf, "port");
	while (!hg_str_is(hg_conf_str(p->conf, "transport"), hg_sip_transport_name[p->transport]))
		p->transport++;
	return 0;
}

static int read_people(struct hg_sip_peer *p, struct hg_err *err)
{
	struct hg_sip *sip = p->sip;
	const struct hg_conf *domains = hg_conf_get(p->conf, "domains");
	int rc = read_list(sip, domains, true, &p->domain, &p->ndomains, err);
	if (!rc && !p->ndomains)
		rc = hg_err_set(err, -EINVAL, hg_conf_where(domains), "e.g. domains: [sip.example]",
			"a peer without a domain");
	if (!rc)
		rc = read_list(sip, hg_conf_get(p->conf, "speaks-for"), true, &p->speaks,
			&p->nspeaks, err);
	if (!rc)
		rc = read_list(sip, hg_conf_get(p->conf, "publish"), false, &p->publish,
			&p->npublish, err);
	if (rc)
		return rc;
	p->asked = hg_alloc((p->npublish + 1) * sizeof(*p->asked));
	p->name = hg_str_dup(hg_conf_text(hg_conf_at(domains, 0)));
	return address_of(
		sip, "presence@", hg_str(p->name), &p->publisher, hg_conf_where(domains), err);
}

/* A domain is behind one peer. */
static int check_domains(const struct hg_sip *sip, const struct hg_sip_peer *p, struct hg_err *err)
{
	for (size_t i = 0; i < sip->npeers; i++)
		for (size_t k = 0; sip->peer[i] != p && k < p->ndomains; k++)
			for (size_t n = 0; n < sip->peer[i]->ndomains; n++)
				if (sip->peer[i]->domain[n] == p->domain[k])
					return hg_err_set(err, -EINVAL, hg_conf_where(p->conf),
						"give one peer all its addresses, by `from:`",
						"a domain of peer '%s' is also one of peer '%s'",
						p->name, sip->peer[i]->name);
	return 0;
}

static int read_peer(struct hg_sip *sip, const struct hg_conf *conf, struct hg_err *err)
{
	struct hg_sip_peer *p = hg_alloc(sizeof(*p));
	hg_grow(&sip->peer, &sip->peer_cap, sip->npeers, sizeof(*sip->peer));
	sip->peer[sip->npeers++] = p;
	p->sip = sip;
	p->conf = conf;
	p->pace = hg_conf_int(conf, "pace");
	p->probe = hg_conf_int(conf, "probe");
	p->partial = hg_conf_bool(conf, "partial");
	p->directed = hg_conf_bool(conf, "publish-directed");
	p->dialogs_max = (uint32_t)hg_conf_int(conf, "subscriptions");
	int rc = read_where(p, err);
	if (!rc)
		rc = read_people(p, err);
	return rc ? rc : check_domains(sip, p, err);
}

int hg_sip_peers_read(struct hg_sip *sip, const struct hg_conf *list, struct hg_err *err)
{
	int rc = 0;
	for (size_t i = 0; i < hg_conf_count(list) && !rc; i++)
		rc = read_peer(sip, hg_conf_at(list, i), err);
	return rc;
}

void hg_sip_peers_done(struct hg_sip *sip)
{
	for (size_t i = 0; i < sip->npeers; i++) {
		struct hg_sip_peer *p = sip->peer[i];
		free(p->name);
		free(p->domain);
		free(p->speaks);
		free(p->from);
		free(p->publish);
		free(p->asked);
		for (size_t t = 0; t < HG_SIP_TRANSPORTS; t++) {
			free(p->way[t].route);
			free(p->way[t].contact);
		}
		free(p);
	}
	free(sip->peer);
	sip->peer = NULL;
	sip->npeers = 0;
}
