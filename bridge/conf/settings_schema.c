/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/conf/settings_schema.h"

static const struct hg_schema store = { (const struct hg_key[]){
	{ .name = "path",
		.kind = HG_KEY_PATH,
		.dflt = "./store.db",
		.help = "file of the database" },
	{ .name = "synchronous",
		.kind = HG_KEY_ENUM,
		.dflt = "full",
		.values = (const char *const[]){ "full", "normal", NULL },
		.help = "full: what was acknowledged survives a power cut; normal: a crash of the daemon" },
	{ 0 },
} };

static const struct hg_schema control = { (const struct hg_key[]){
	{ .name = "socket",
		.kind = HG_KEY_PATH,
		.dflt = "./heliograph.sock",
		.help = "where `heliograph show` and its like reach the daemon" },
	{ 0 },
} };

static const struct hg_schema logging = { (const struct hg_key[]){
	{ .name = "level",
		.kind = HG_KEY_ENUM,
		.live = true,
		.dflt = "info",
		.values = (const char *const[]){ "error", "warn", "info", "debug", NULL },
		.help = "the most detailed lines that are written" },
	{ 0 },
} };

static const struct hg_schema domain = { (const struct hg_key[]){
	{ .name = "sip", .kind = HG_KEY_STRING, .help = "its name in SIP addresses" },
	{ .name = "xmpp",
		.kind = HG_KEY_STRING,
		.help = "its name in XMPP addresses, if that is another" },
	{ .name = "home",
		.kind = HG_KEY_STRING,
		.help = "the protocol that its users sign in with here" },
	{ 0 },
} };

static const struct hg_schema route = { (const struct hg_key[]){
	{ .name = "domain", .kind = HG_KEY_STRING, .help = "all addresses of a domain" },
	{ .name = "address",
		.kind = HG_KEY_STRING,
		.help = "one address alone; goes before its domain" },
	{ .name = "via",
		.kind = HG_KEY_STRING,
		.required = true,
		.help = "the protocol that leads there" },
	{ .name = "trust",
		.kind = HG_KEY_ENUM,
		.required = true,
		/* in the order of enum hg_trust */
		.values = (const char *const[]){ "sameEnterprise", "federated", "publicCloud",
			NULL },
		.help = "which relationship people there begin with: sameEnterprise, federated, publicCloud" },
	{ 0 },
} };

static const struct hg_schema users = { (const struct hg_key[]){
	{ .name = "provision",
		.kind = HG_KEY_ENUM,
		.live = true,
		.dflt = "listed",
		.values = (const char *const[]){ "listed", "open", NULL },
		.help = "open: whoever signs in first with an address of a home domain becomes its user" },
	{ .name = "list", .kind = HG_KEY_LIST, .live = true, .help = "addresses of users" },
	{ 0 },
} };

static const char *const approvals[] = { "auto", "explicit", NULL };

static const struct hg_schema approve = { (const struct hg_key[]){
	{ .name = "sameEnterprise",
		.kind = HG_KEY_ENUM,
		.live = true,
		.dflt = "auto",
		.values = approvals,
		.help = "people behind a route of this class; colleagues at home are let in by containers" },
	{ .name = "federated",
		.kind = HG_KEY_ENUM,
		.live = true,
		.dflt = "auto",
		.values = approvals,
		.help = "people of federated domains" },
	{ .name = "publicCloud",
		.kind = HG_KEY_ENUM,
		.live = true,
		.dflt = "explicit",
		.values = approvals,
		.help = "people of public providers" },
	{ 0 },
} };

static const struct hg_schema aggregation = { (const struct hg_key[]){
	{ .name = "c3-transform",
		.kind = HG_KEY_BOOL,
		.live = true,
		.dflt = "on",
		.help = "the workgroup sees Do Not Disturb as urgent interruptions only" },
	{ 0 },
} };

#define COUNT(name_, dflt_, max_, help_) \
	{ \
		.name = (name_), .kind = HG_KEY_INTEGER, .live = true, .dflt = (dflt_), .min = 1, \
		.max = (max_), .help = (help_) \
	}

static const struct hg_schema limits = { (const struct hg_key[]){
	{ .name = "grace",
		.kind = HG_KEY_DURATION,
		.live = true,
		.dflt = "60s",
		.min = 100,
		.max = 3600000,
		.help = "what was last heard over a broken link is shown for so long" },
	{ .name = "settle",
		.kind = HG_KEY_DURATION,
		.live = true,
		.dflt = "10s",
		.min = 100,
		.max = 600000,
		.help = "when a link is back, who has not answered within it is shown as offline" },
	COUNT("pace", "200", 100000, "probes a second when a link is back"),
	COUNT("users", "100000", 10000000, "people whose home is here"),
	COUNT("addresses", "1000000", 100000000, "addresses known, here and elsewhere"),
	COUNT("watches", "1000000", 100000000,
		"pairs of somebody who watches and somebody who is watched"),
	COUNT("endpoints", "16", 1000, "devices that one person is signed in with"),
	COUNT("publications", "1000", 100000, "publications of one person"),
	COUNT("containers", "64", 1000, "containers of one person"),
	COUNT("members", "1000", 100000, "members of one container"),
	COUNT("contacts", "1000", 100000, "contacts of one person"),
	COUNT("groups", "64", 64, "groups of contacts of one person"),
	COUNT("prompts", "200", 500, "watchers that one person is asked about at a time"),
	COUNT("faces", "32", 1000, "resources of one remote person"),
	COUNT("queue", "64", 10000, "requests of one person that wait for the store"),
	COUNT("cells", "65536", 16777216, "renderings that are kept for others"),
	{ 0 },
} };

static const struct hg_schema http = { (const struct hg_key[]){
	{ .name = "address",
		.kind = HG_KEY_STRING,
		.dflt = "127.0.0.1",
		.help = "the IP address to listen on; of this machine alone, unless allow-insecure" },
	{ .name = "port",
		.kind = HG_KEY_INTEGER,
		.dflt = "9464",
		.min = 1,
		.max = 65535,
		.help = "the TCP port to listen on" },
	{ .name = "allow-insecure",
		.kind = HG_KEY_BOOL,
		.dflt = "off",
		.help = "listen where others than this machine can ask, without a password" },
	{ .name = "connections",
		.kind = HG_KEY_INTEGER,
		.dflt = "16",
		.min = 1,
		.max = 1000,
		.help = "open at a time; more have to wait" },
	{ 0 },
} };

static const struct hg_schema texts = { (const struct hg_key[]){
	{ .name = HG_KEY_ANY,
		.kind = HG_KEY_STRING,
		.required = true,
		.help = "the text, of at most 64 characters; its name is a language, like en or pt-BR" },
	{ 0 },
} };

static const struct hg_schema custom_state = { (const struct hg_key[]){
	{ .name = "availability",
		.kind = HG_KEY_ENUM,
		.required = true,
		/* in the order of enum hg_custom_availability */
		.values = (const char *const[]){ "online", "busy", "do-not-disturb", NULL },
		.help = "what it counts as: online, busy, do-not-disturb" },
	{ .name = "texts",
		.kind = HG_KEY_MAP,
		.required = true,
		.sub = &texts,
		.help = "by language, like texts: { en: Working from home }" },
	{ 0 },
} };

const struct hg_key hg_settings_keys[] = {
	{ .name = "store",
		.kind = HG_KEY_MAP,
		.dflt = "{}",
		.sub = &store,
		.help = "what must survive" },
	{ .name = "control",
		.kind = HG_KEY_MAP,
		.dflt = "{}",
		.sub = &control,
		.help = "the control socket" },
	{ .name = "log", .kind = HG_KEY_MAP, .dflt = "{}", .sub = &logging, .help = "log lines" },
	{ .name = "http",
		.kind = HG_KEY_MAP,
		.sub = &http,
		.help = "metrics and health for machines, on a port; none without this section" },
	{ .name = "custom-states",
		.kind = HG_KEY_LIST,
		.live = true,
		.sub = &custom_state,
		.help = "presence states of this organisation, at most four: /custom-states.xml on the HTTP port" },
	{ .name = "adapters",
		.kind = HG_KEY_LIST,
		.help = "more protocols: names of adapters that are installed, or paths of .so files" },
	{ .name = "mappings",
		.kind = HG_KEY_PATH,
		.live = true,
		.help = "folder of the mapping tables" },
	{ .name = "domains",
		.kind = HG_KEY_LIST,
		.required = true,
		.sub = &domain,
		.help = "a list of domains, like - { sip: corp.example, home: sip }" },
	{ .name = "routes",
		.kind = HG_KEY_LIST,
		.sub = &route,
		.help = "where foreign people live" },
	{ .name = "users",
		.kind = HG_KEY_MAP,
		.dflt = "{}",
		.sub = &users,
		.help = "whose home is here" },
	{ .name = "approve",
		.kind = HG_KEY_MAP,
		.dflt = "{}",
		.sub = &approve,
		.help = "auto: whoever asks may watch; explicit: only whom the user has named" },
	{ .name = "hide-users",
		.kind = HG_KEY_BOOL,
		.live = true,
		.dflt = "off",
		.help = "who asks for a user that is not there gets no other answer than who has to wait" },
	{ .name = "aggregation",
		.kind = HG_KEY_MAP,
		.dflt = "{}",
		.sub = &aggregation,
		.help = "of states" },
	{ .name = "limits",
		.kind = HG_KEY_MAP,
		.dflt = "{}",
		.sub = &limits,
		.help = "what peers may use up" },
	{ .name = NULL },
};
