/* SPDX-License-Identifier: Apache-2.0 */
#include "gwbench.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char *const modes[] = { "s2x-notify", "s2x-publish", "x2s-watch", "x2s-publish" };

static const char default_body[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
	"<presence xmlns=\"urn:ietf:params:xml:ns:pidf\""
	" xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\""
	" xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\" entity=\"@URI@\">\r\n"
	"<tuple id=\"sg89ae\"><status><basic>open</basic></status>"
	"<contact priority=\"0.8\">@URI@</contact><note xml:lang=\"en\">@MARK@</note>"
	"<timestamp>2026-11-21T16:14:29Z</timestamp></tuple>\r\n"
	"<dm:person id=\"p1\"><rpid:activities><rpid:away/></rpid:activities>"
	"<dm:timestamp>2026-11-21T16:14:29Z</dm:timestamp></dm:person>\r\n"
	"<dm:device id=\"pc147\"><rpid:user-input>active</rpid:user-input>"
	"<dm:deviceID>mac:8asd7d7d70cf</dm:deviceID></dm:device>\r\n"
	"</presence>\r\n";

struct options opt = {
	.users = 1000,
	.window = 64,
	.setup_window = 64,
	.conns = 4,
	.timeout = 3,
	.drain = 3,
	.count = 20000,
	.expires = 3600,
	.setup_timeout = 60,
	.sip_uri = "sip:u%d@127.0.0.2",
	.sip_jid = "u%d@sip2.test",
	.xmpp_jid = "x%d@xmpp.test",
	.xmpp_uri = "sip:x%d@127.0.0.3",
	.marker = "status",
	.label = "gw",
	.body = default_body,
};

static const char help[] =
	"usage: gwbench [OPTION]...   (tests/bench/README.md says how a gateway is set up for it)\n"
	"\n"
	"  -m, --mode MODE         s2x-notify, s2x-publish, x2s-watch or x2s-publish\n"
	"  -u, --users N           pairs of people (1000)\n"
	"  -n, --count N           updates (20000)\n"
	"  -w, --window N          updates under way at a time (64)\n"
	"  -r, --rate R            R updates a second, whatever comes back, instead\n"
	"  -W, --setup-window N    subscriptions under way at a time (64); --setup-rate R a second\n"
	"      --setup-timeout S   60; --setup-only: end after that; --idle S: wait after it\n"
	"  -l, --sip-listen A:P    where SIP people are (127.0.0.2:5060)\n"
	"  -g, --gw-sip A:P        where the gateway takes SIP (127.0.0.1:5060)\n"
	"  -c, --comp-listen A:P   where it connects to as a component (127.0.0.1:5347)\n"
	"  -t, --tcp               SIP over TCP; -k, --conns N of them (4)\n"
	"      --sip-uri, --sip-jid, --xmpp-jid, --xmpp-uri FORMAT   names, each with one %d\n"
	"      --marker status|show, --body FILE, --stanza FILE      what an update says\n"
	"      --expires S, --no-initial, --timeout S, --drain S\n"
	"      --drop-xmpp AT:FOR  the XMPP side is away for so many seconds\n"
	"      --mute-sip AT:FOR   the SIP side is deaf and dumb\n"
	"  -p, --pid PID           the gateway, to count what it costs\n"
	"      --label TEXT, --dump N (print the first arrivals)\n"
	"\n"
	"Prints one line of JSON for the set-up and one for the load. Exit status: 0 done; 1 the gateway did\n"
	"not come, or not everybody was set up; 2 bad usage.\n";

enum {
	SIP_URI = 256,
	SIP_JID,
	XMPP_JID,
	XMPP_URI,
	MARKER,
	TIMEOUT,
	DRAIN,
	DROP_XMPP,
	MUTE_SIP,
	LABEL,
	SETUP_ONLY,
	IDLE,
	NO_INITIAL,
	SETUP_TIMEOUT,
	BODY,
	EXPIRES,
	SETUP_RATE,
	STANZA,
	DUMP,
};

static const struct option names[] = { { "mode", 1, 0, 'm' }, { "users", 1, 0, 'u' },
	{ "count", 1, 0, 'n' }, { "rate", 1, 0, 'r' }, { "window", 1, 0, 'w' },
	{ "setup-window", 1, 0, 'W' }, { "sip-listen", 1, 0, 'l' }, { "gw-sip", 1, 0, 'g' },
	{ "comp-listen", 1, 0, 'c' }, { "tcp", 0, 0, 't' }, { "conns", 1, 0, 'k' },
	{ "pid", 1, 0, 'p' }, { "help", 0, 0, 'h' }, { "sip-uri", 1, 0, SIP_URI },
	{ "sip-jid", 1, 0, SIP_JID }, { "xmpp-jid", 1, 0, XMPP_JID },
	{ "xmpp-uri", 1, 0, XMPP_URI }, { "marker", 1, 0, MARKER }, { "timeout", 1, 0, TIMEOUT },
	{ "drain", 1, 0, DRAIN }, { "drop-xmpp", 1, 0, DROP_XMPP }, { "mute-sip", 1, 0, MUTE_SIP },
	{ "label", 1, 0, LABEL }, { "setup-only", 0, 0, SETUP_ONLY }, { "idle", 1, 0, IDLE },
	{ "no-initial", 0, 0, NO_INITIAL }, { "setup-timeout", 1, 0, SETUP_TIMEOUT },
	{ "body", 1, 0, BODY }, { "expires", 1, 0, EXPIRES }, { "setup-rate", 1, 0, SETUP_RATE },
	{ "stanza", 1, 0, STANZA }, { "dump", 1, 0, DUMP }, { 0 } };

static _Noreturn void bad(const char *what, const char *value)
{
	fprintf(stderr, "gwbench: %s: %s\n", what, value);
	exit(2);
}

static void read_address(const char *s, struct sockaddr_in *ret)
{
	char host[64];
	const char *colon = strchr(s, ':');
	if (!colon || (size_t)(colon - s) >= sizeof host)
		bad("no ADDRESS:PORT", s);
	snprintf(host, sizeof host, "%.*s", (int)(colon - s), s);
	ret->sin_family = AF_INET;
	ret->sin_port = htons((uint16_t)atoi(colon + 1));
	if (inet_pton(AF_INET, host, &ret->sin_addr) != 1 ||
		(ntohl(ret->sin_addr.s_addr) >> 24) != 127)
		bad("not within 127.0.0.0/8", s);
}

static void read_window(const char *s, double *ret_at, double *ret_for)
{
	if (sscanf(s, "%lf:%lf", ret_at, ret_for) != 2)
		bad("no AT:FOR", s);
}

static void read_mode(const char *s)
{
	for (opt.mode = S2X_NOTIFY; strcmp(s, modes[opt.mode]) != 0; opt.mode++)
		if (opt.mode == X2S_PUBLISH)
			bad("unknown mode", s);
}

static int read_number(const char *s)
{
	int number = atoi(s);
	if (number <= 0)
		bad("no number above 0", s);
	return number;
}

static const char *read_template(const char *path, size_t most)
{
	char *text = calloc(1, most + 1);
	FILE *file = fopen(path, "r");
	if (!file || fread(text, 1, most, file) == 0)
		die(path);
	fclose(file);
	return text;
}

static void read_name(int which, const char *value)
{
	const char *percent = strstr(value, "%d");
	if (!percent || strchr(percent + 1, '%') || strchr(value, '%') != percent)
		bad("not exactly one %d", value);
	*(which == SIP_URI                  ? &opt.sip_uri
			: which == SIP_JID  ? &opt.sip_jid
			: which == XMPP_JID ? &opt.xmpp_jid
					    : &opt.xmpp_uri) = value;
}

static bool read_long(int which)
{
	switch (which) {
	case SIP_URI:
	case SIP_JID:
	case XMPP_JID:
	case XMPP_URI:
		read_name(which, optarg);
		break;
	case MARKER:
		opt.marker = optarg;
		break;
	case TIMEOUT:
		opt.timeout = atof(optarg);
		break;
	case DRAIN:
		opt.drain = atof(optarg);
		break;
	case DROP_XMPP:
		read_window(optarg, &opt.drop_xmpp_at, &opt.drop_xmpp_for);
		break;
	case MUTE_SIP:
		read_window(optarg, &opt.mute_sip_at, &opt.mute_sip_for);
		break;
	case LABEL:
		opt.label = optarg;
		break;
	case SETUP_ONLY:
		opt.setup_only = true;
		break;
	case IDLE:
		opt.idle = atof(optarg);
		break;
	case NO_INITIAL:
		opt.no_initial = true;
		break;
	case SETUP_TIMEOUT:
		opt.setup_timeout = atof(optarg);
		break;
	case BODY:
		opt.body = read_template(optarg, MESSAGE_MOST / 16 - 512);
		break;
	case EXPIRES:
		opt.expires = read_number(optarg);
		break;
	case SETUP_RATE:
		opt.setup_rate = atof(optarg);
		break;
	case STANZA:
		opt.stanza = read_template(optarg, 3800);
		break;
	case DUMP:
		opt.dump = atoi(optarg);
		break;
	default:
		return false;
	}
	return true;
}

static bool read_short(int which)
{
	switch (which) {
	case 'm':
		read_mode(optarg);
		break;
	case 'u':
		opt.users = read_number(optarg);
		break;
	case 'n':
		opt.count = read_number(optarg);
		break;
	case 'r':
		opt.rate = atof(optarg);
		break;
	case 'w':
		opt.window = read_number(optarg);
		break;
	case 'W':
		opt.setup_window = read_number(optarg);
		break;
	case 'l':
		read_address(optarg, &opt.sip_local);
		break;
	case 'g':
		read_address(optarg, &opt.gw_sip);
		break;
	case 'c':
		read_address(optarg, &opt.component);
		break;
	case 't':
		opt.tcp = true;
		break;
	case 'k':
		opt.conns = read_number(optarg);
		break;
	case 'p':
		opt.pid = read_number(optarg);
		break;
	case 'h':
		fputs(help, stdout);
		exit(0);
	default:
		return false;
	}
	return true;
}

void options_read(int argc, char **argv)
{
	int which;
	read_address("127.0.0.2:5060", &opt.sip_local);
	read_address("127.0.0.1:5060", &opt.gw_sip);
	read_address("127.0.0.1:5347", &opt.component);
	while ((which = getopt_long(argc, argv, "m:u:n:r:w:W:l:g:c:tk:p:h", names, NULL)) != -1) {
		if (!read_short(which) && !read_long(which)) {
			fputs(help, stderr);
			exit(2);
		}
	}
	if (optind < argc)
		bad("what is this?", argv[optind]);
	if (opt.conns > CONNS_MOST)
		bad("too many connections", "at most 64");
	snprintf(opt.sip_host, sizeof opt.sip_host, "%s:%d", inet_ntoa(opt.sip_local.sin_addr),
		ntohs(opt.sip_local.sin_port));
}

const char *mode_name(void)
{
	return modes[opt.mode];
}

void name_of(char *to, size_t size, const char *format, int user)
{
	const char *number = strstr(format, "%d");
	snprintf(to, size, "%.*s%d%s", (int)(number - format), format, user, number + 2);
}

void mark_of(char to[MARK_MOST], long seq)
{
	if (seq >= 0)
		snprintf(to, MARK_MOST, "mk#%ld#", seq);
	else
		snprintf(to, MARK_MOST, "initial");
}

static size_t put(char *to, size_t room, const char *from, size_t len)
{
	if (len > room)
		len = room;
	memcpy(to, from, len);
	return len;
}

size_t fill(char *to, size_t size, const char *form, const struct blank *blanks)
{
	size_t len = 0;
	while (*form) {
		size_t plain = strcspn(form, "@");
		len += put(to + len, size - 1 - len, form, plain);
		form += plain;
		if (!*form)
			break;
		const struct blank *b = blanks;
		while (b->name && strncmp(form, b->name, strlen(b->name)) != 0)
			b++;
		if (b->name)
			len += put(to + len, size - 1 - len, b->value, strlen(b->value));
		else
			len += put(to + len, size - 1 - len, "@", 1);
		form += b->name ? strlen(b->name) : 1;
	}
	to[len] = 0;
	return len;
}
