/* SPDX-License-Identifier: Apache-2.0 */
/* The `sip:` section: what may stand in it, and what its values must have to do with each other. */
#include "plugins/sip/simple.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const auth_values[] = { "none", NULL };
static const char *const transport_values[] = {
	[HG_SIP_UDP] = "udp", [HG_SIP_TCP] = "tcp", [HG_SIP_TLS] = "tls", NULL
};
const char *const *const hg_sip_transport_name = transport_values;
static const char *const dialect_values[] = {
	[HG_SIP_ENHANCED] = "enhanced", [HG_SIP_2005] = "2005", NULL
};

static const struct hg_schema listen_schema = { (const struct hg_key[]){
	{ .name = "transport",
		.kind = HG_KEY_ENUM,
		.dflt = "tls",
		.values = transport_values,
		.help = "tcp, tls or udp; Lync clients use the first two" },
	{ .name = "address",
		.kind = HG_KEY_STRING,
		.dflt = "127.0.0.1",
		.help = "IP address to listen on" },
	{ .name = "port",
		.kind = HG_KEY_INTEGER,
		.required = true,
		.max = 65535,
		.help = "0 takes any that is free" },
	{ .name = "certificate",
		.kind = HG_KEY_PATH,
		.help = "folder with agent.pem: certificate and key, for tls" },
	{ .name = "dialect",
		.kind = HG_KEY_ENUM,
		.dflt = "enhanced",
		.values = dialect_values,
		.help = "enhanced, or 2005: what clients are offered that know both" },
	{ 0 } } };

static const struct hg_schema limits_schema = { (const struct hg_key[]){
	{ .name = "body",
		.kind = HG_KEY_SIZE,
		.dflt = "256k",
		.min = 1024,
		.max = 262144,
		.help = "one body, from a registered client" },
	{ .name = "body-unregistered",
		.kind = HG_KEY_SIZE,
		.dflt = "32k",
		.min = 0,
		.max = 262144,
		.help = "one body, from anybody else" },
	{ .name = "connections",
		.kind = HG_KEY_INTEGER,
		.dflt = "10000",
		.min = 1,
		.max = 1000000,
		.help = "open at a time; further ones are closed at once" },
	{ .name = "requests",
		.kind = HG_KEY_INTEGER,
		.dflt = "64",
		.min = 1,
		.max = 10000,
		.help = "of one connection that wait for an answer" },
	{ .name = "dialogs",
		.kind = HG_KEY_INTEGER,
		.dflt = "64",
		.min = 4,
		.max = 10000,
		.help = "subscriptions of one connection" },
	{ .name = "resources",
		.kind = HG_KEY_INTEGER,
		.dflt = "3000",
		.min = 1,
		.max = 100000,
		.help = "presentities watched by one subscription" },
	{ .name = "answers",
		.kind = HG_KEY_INTEGER,
		.dflt = "20000",
		.min = 0,
		.max = 1000000,
		.help = "to datagrams, kept for 32 s each for those who did not get them" },
	{ .name = "registration-min",
		.kind = HG_KEY_DURATION,
		.dflt = "60s",
		.min = 1000,
		.max = 86400000,
		.help = "shorter ones are refused with 423" },
	{ .name = "registration-max",
		.kind = HG_KEY_DURATION,
		.dflt = "24h",
		.min = 1000,
		.max = 604800000,
		.help = "longer ones are shortened" },
	{ .name = "registration",
		.kind = HG_KEY_DURATION,
		.dflt = "2h",
		.min = 1000,
		.max = 604800000,
		.help = "when the client does not say" },
	{ .name = "subscription-min",
		.kind = HG_KEY_DURATION,
		.dflt = "60s",
		.min = 1000,
		.max = 86400000,
		.help = "shorter ones are refused with 423" },
	{ .name = "subscription-max",
		.kind = HG_KEY_DURATION,
		.dflt = "24h",
		.min = 1000,
		.max = 604800000,
		.help = "longer ones are shortened" },
	{ .name = "subscription",
		.kind = HG_KEY_DURATION,
		.dflt = "1h",
		.min = 1000,
		.max = 604800000,
		.help = "when the client does not say" },
	{ .name = "stall",
		.kind = HG_KEY_DURATION,
		.dflt = "10s",
		.min = 1000,
		.max = 3600000,
		.help = "for a message from its first octet to its last, and for what is sent to be read" },
	{ .name = "sign-in",
		.kind = HG_KEY_DURATION,
		.dflt = "60s",
		.min = 1000,
		.max = 3600000,
		.help = "a connection over which nobody is signed in is closed after it" },
	{ 0 } } };

const struct hg_schema hg_sip_schema = { (const struct hg_key[]){
	{ .name = "auth",
		.kind = HG_KEY_ENUM,
		.required = true,
		.values = auth_values,
		.help = "none: a client is whoever its REGISTER says; must be said explicitly" },
	{ .name = "allow-insecure",
		.kind = HG_KEY_BOOL,
		.dflt = "off",
		.help = "lets `auth: none` listen on other addresses than loopback" },
	{ .name = "listen",
		.kind = HG_KEY_LIST,
		.required = true,
		.sub = &listen_schema,
		.help = "where clients connect to" },
	{ .name = "extension",
		.kind = HG_KEY_BOOL,
		.dflt = "on",
		.help = "presence documents also carry what PIDF has no words for, and what they carry "
			"is believed (docs/extension.md)" },
	{ .name = "peers",
		.kind = HG_KEY_LIST,
		.sub = &hg_sip_peer_schema,
		.help = "SIP servers and trunks that routes lead to" },
	{ .name = "limits",
		.kind = HG_KEY_MAP,
		.sub = &limits_schema,
		.help = "what clients may use up" },
	{ .name = "provisioning",
		.kind = HG_KEY_MAP,
		.dflt = "{}",
		.sub = &hg_sip_provisioning_schema,
		.help = "settings that clients are given when they sign in, by the name of their group" },
	{ 0 } } };

/* Values of the section `limits`; the section itself may be left out. */
static uint32_t limit(const struct hg_conf *map, const char *key, uint32_t dflt, uint32_t unit)
{
	return map && hg_conf_has(map, key) ? (uint32_t)(hg_conf_int(map, key) / unit) : dflt;
}

static int read_limits(struct hg_sip_limits *l, const struct hg_conf *map, struct hg_err *err)
{
	*l = (struct hg_sip_limits){
		.body = limit(map, "body", 262144, 1),
		.body_stranger = limit(map, "body-unregistered", 32768, 1),
		.connections = limit(map, "connections", 10000, 1),
		.requests = limit(map, "requests", 64, 1),
		.dialogs = limit(map, "dialogs", 64, 1),
		.resources = limit(map, "resources", 3000, 1),
		.answers = limit(map, "answers", 20000, 1),
		.reg_min = limit(map, "registration-min", 60, 1000),
		.reg_max = limit(map, "registration-max", 86400, 1000),
		.reg_default = limit(map, "registration", 7200, 1000),
		.sub_min = limit(map, "subscription-min", 60, 1000),
		.sub_max = limit(map, "subscription-max", 86400, 1000),
		.sub_default = limit(map, "subscription", 3600, 1000),
		.stall = limit(map, "stall", 10000, 1),
		.sign_in = limit(map, "sign-in", 60000, 1),
	};
	if (l->reg_min > l->reg_default || l->reg_default > l->reg_max)
		return hg_err_set(err, -EINVAL, hg_conf_where(map),
			"order them registration-min, registration, registration-max",
			"'registration' is not between its minimum and its maximum");
	if (l->sub_min > l->sub_default || l->sub_default > l->sub_max)
		return hg_err_set(err, -EINVAL, hg_conf_where(map),
			"order them subscription-min, subscription, subscription-max",
			"'subscription' is not between its minimum and its maximum");
	return 0;
}

static int check_address(const struct hg_sip_listener *l, bool allow_insecure, struct hg_err *err)
{
	struct in_addr v4;
	struct in6_addr v6;
	bool loopback;
	if (inet_pton(AF_INET, l->address, &v4) == 1)
		loopback = ntohl(v4.s_addr) >> 24 == 127;
	else if (inet_pton(AF_INET6, l->address, &v6) == 1)
		loopback = IN6_IS_ADDR_LOOPBACK(&v6);
	else
		return hg_err_set(err, -EINVAL, hg_conf_where(l->conf),
			"write it like 127.0.0.1 or ::1", "'%.64s' is not an IP address",
			l->address);
	if (!loopback && !allow_insecure)
		return hg_err_set(err, -EPERM, hg_conf_where(l->conf),
			"listen on 127.0.0.1, or say `allow-insecure: on` if everybody who reaches this port is trusted",
			"`auth: none` on %.64s lets anybody be anybody", l->address);
	return 0;
}

/* sofia-sip only logs a certificate that it cannot read, and then fails every handshake. */
static int check_certificate(const struct hg_sip_listener *l, struct hg_err *err)
{
	if (l->transport != HG_SIP_TLS)
		return 0;
	if (!l->certificate)
		return hg_err_set(err, -EINVAL, hg_conf_where(l->conf),
			"add `certificate: FOLDER`, with certificate and key in FOLDER/agent.pem",
			"a tls listener has no certificate");
	char path[4096];
	snprintf(path, sizeof(path), "%s/agent.pem", l->certificate);
	return hg_sip_certificate_check(path, hg_conf_where(l->conf), err);
}

static enum hg_sip_transport transport_of(struct hg_str name)
{
	enum hg_sip_transport t = HG_SIP_UDP;
	while (!hg_str_is(name, transport_values[t]))
		t++;
	return t;
}

static int read_listener(
	struct hg_sip *sip, const struct hg_conf *map, bool allow_insecure, struct hg_err *err)
{
	hg_grow(&sip->listener, &sip->listener_cap, sip->nlisteners, sizeof(*sip->listener));
	struct hg_sip_listener *l = &sip->listener[sip->nlisteners++];
	*l = (struct hg_sip_listener){
		.transport = transport_of(hg_conf_str(map, "transport")),
		.dialect = hg_str_is(hg_conf_str(map, "dialect"), "2005") ? HG_SIP_2005
									  : HG_SIP_ENHANCED,
		.address = hg_str_dup(hg_conf_str(map, "address")),
		.port = (uint16_t)hg_conf_int(map, "port"),
		.conf = map,
	};
	if (hg_conf_has(map, "certificate"))
		l->certificate = hg_str_dup(hg_conf_str(map, "certificate"));
	int rc = check_address(l, allow_insecure, err);
	return rc ? rc : check_certificate(l, err);
}

int hg_sip_config_read(struct hg_sip *sip, const struct hg_conf *conf, struct hg_err *err)
{
	int rc = read_limits(&sip->limit, hg_conf_get(conf, "limits"), err);
	if (rc)
		return rc;
	sip->extension = hg_conf_bool(conf, "extension");
	const struct hg_conf *list = hg_conf_get(conf, "listen");
	if (!hg_conf_count(list))
		return hg_err_set(err, -EINVAL, hg_conf_where(list ? list : conf),
			"add `- transport: tcp` with an address and a port",
			"there is no listener");
	for (size_t i = 0; i < hg_conf_count(list); i++) {
		rc = read_listener(
			sip, hg_conf_at(list, i), hg_conf_bool(conf, "allow-insecure"), err);
		if (rc)
			return rc;
	}
	rc = hg_sip_peers_read(sip, hg_conf_get(conf, "peers"), err);
	return rc ? rc : hg_sip_provisioning_read(sip, hg_conf_get(conf, "provisioning"), err);
}

void hg_sip_config_done(struct hg_sip *sip)
{
	hg_sip_provisioning_done(sip);
	hg_sip_peers_done(sip);
	for (size_t i = 0; i < sip->nlisteners; i++) {
		free(sip->listener[i].address);
		free(sip->listener[i].certificate);
	}
	free(sip->listener);
	sip->listener = NULL;
	sip->nlisteners = 0;
}
