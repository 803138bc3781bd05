/* SPDX-License-Identifier: Apache-2.0 */
/* The adapter as the core sees it: configuration, start, stop. */
#include "plugins/xmpp/linked.h"

#include "plugins/xmpp/remedy_attributes.h"
#include "plugins/xmpp/remedy_strophe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct hg_key component_keys[] = {
	{ .name = "domains",
		.kind = HG_KEY_LIST,
		.required = true,
		.help = "names the server knows as components; each gets a connection of its own" },
	{ .name = "one-connection",
		.kind = HG_KEY_BOOL,
		.dflt = "off",
		.help = "all these names over one connection, that of the first; few servers take that" },
	{ .name = "server",
		.kind = HG_KEY_STRING,
		.dflt = "127.0.0.1",
		.help = "where the XMPP server listens for components: an address or a name" },
	{ .name = "port",
		.kind = HG_KEY_INTEGER,
		.dflt = "5347",
		.min = 1,
		.max = 65535,
		.help = "component_ports of Prosody, the port of ejabberd_service" },
	{ .name = "secret",
		.kind = HG_KEY_SECRET,
		.help = "component_secret of Prosody, password of ejabberd_service" },
	{ .name = "secret-file",
		.kind = HG_KEY_PATH,
		.help = "instead of it: a file that holds it, and nothing else" },
	{ .name = NULL }
};

static const struct hg_schema component_schema = { component_keys };

static const struct hg_key keys[] = { { .name = "components",
					      .kind = HG_KEY_LIST,
					      .sub = &component_schema,
					      .help = "XEP-0114 connections to XMPP servers" },
	{ .name = "keep-alive",
		.kind = HG_KEY_DURATION,
		.dflt = "60s",
		.min = 1000,
		.max = 3600000,
		.help = "silence after which the connection is tried with a ping" },
	{ .name = "ping-timeout",
		.kind = HG_KEY_DURATION,
		.dflt = "20s",
		.min = 500,
		.max = 600000,
		.help = "a ping that is not answered within it ends the connection" },
	{ .name = "reconnect",
		.kind = HG_KEY_DURATION,
		.dflt = "200ms",
		.min = 50,
		.max = 60000,
		.help = "wait before the second attempt; each further wait is twice as long" },
	{ .name = "reconnect-max",
		.kind = HG_KEY_DURATION,
		.dflt = "30s",
		.min = 1000,
		.max = 3600000,
		.help = "longest wait between two attempts" },
	{ .name = "stanza-limit",
		.kind = HG_KEY_SIZE,
		.dflt = "512k",
		.min = 10000,
		.max = 4194304,
		.help = "a longer stanza ends the connection; set the server's limits below it" },
	{ .name = "admins",
		.kind = HG_KEY_LIST,
		.help = "XMPP addresses of people who may give the administrators' commands, in their "
			"clients" },
	{ .name = "extension",
		.kind = HG_KEY_BOOL,
		.dflt = "on",
		.help = "presence also carries what XMPP has no words for, and what it carries is "
			"believed (docs/extension.md)" },
	{ .name = "block-lists",
		.kind = HG_KEY_BOOL,
		.dflt = "on",
		.help = "whom a user blocks is blocked by her linked accounts, and the other way round, "
			"where their servers let us (XEP-0191, XEP-0356)" },
	{ .name = "photos",
		.kind = HG_KEY_PATH,
		.help = "a folder of pictures, PNG, JPEG, GIF or WebP of at most 64 KB, each named by "
			"the photo-hash of the user whom it shows, with any ending; shown as avatars to "
			"whom that user's photo is shown" },
	{ .name = NULL } };

const struct hg_schema hg_xmpp_schema = { keys };

void hg_xmpp_count(struct hg_xmpp *x, const char *counter, uint64_t by)
{
	if (by)
		x->host->count(x->core, counter, by);
}

void hg_xmpp_closed(struct hg_xmpp *x)
{
	if (--x->open == 0 && x->stopping)
		x->host->stopped(x->core, x);
}

static bool has_domain(const struct hg_xmpp *x, hg_addr domain)
{
	for (size_t i = 0; i < x->nstreams; i++) {
		if (hg_xmpp_carries(x->stream[i], domain))
			return true;
	}
	return false;
}

int hg_xmpp_add(
	struct hg_xmpp *x, const struct hg_xmpp_component *c, const char *where, struct hg_err *err)
{
	struct hg_str resource = HG_STR_NONE;
	const char *reason = "give the name of the component alone, e.g. corp.example";
	hg_addr addr = 0;

	if (!c->domain.n || memchr(c->domain.p, '@', c->domain.n) ||
		memchr(c->domain.p, '/', c->domain.n) ||
		x->host->addr_jid(x->core, c->domain, &addr, &resource, &reason) < 0)
		return hg_err_set(err, -EINVAL, where, reason, "'%.*s' is not a domain",
			HG_STR_ARG(c->domain));
	if (has_domain(x, addr))
		return hg_err_set(err, -EINVAL, where,
			"an XMPP server takes one connection for a domain",
			"component '%.*s' stands here twice", HG_STR_ARG(c->domain));
	if (!c->server.n || !c->secret.n)
		return hg_err_set(
			err, -EINVAL, where, "", "`server` and `secret` must not be empty");
	if (c->over) {
		hg_xmpp_stream_carry(c->over, c->domain, addr);
		return 0;
	}
	hg_grow(&x->stream, &x->cap, x->nstreams, sizeof(*x->stream));
	x->stream[x->nstreams++] = hg_xmpp_stream_new(x, c, addr);
	return 0;
}

int hg_xmpp_add_admin(struct hg_xmpp *x, struct hg_str jid, const char *where, struct hg_err *err)
{
	hg_addr addr = jid.n && memchr(jid.p, '@', jid.n) && !memchr(jid.p, '/', jid.n)
		? hg_xmpp_address(x, jid)
		: 0;

	if (!addr)
		return hg_err_set(err, -EINVAL, where,
			"write it as user@domain, as his server has it",
			"'%.*s' is no address of an administrator", HG_STR_ARG(jid));
	hg_grow(&x->admin, &x->admins_cap, x->nadmins, sizeof(*x->admin));
	x->admin[x->nadmins++] = addr;
	return 0;
}

static int add_component(struct hg_xmpp *x, const struct hg_conf *conf, struct hg_err *err)
{
	const struct hg_conf *domains = hg_conf_get(conf, "domains");
	struct hg_xmpp_component c = {
		.server = hg_conf_str(conf, "server"),
		.port = (uint16_t)hg_conf_int(conf, "port"),
	};
	char *secret = NULL;
	int rc = 0;

	if (!hg_conf_count(domains))
		return hg_err_set(err, -EINVAL, hg_conf_where(conf), "e.g. domains: [corp.example]",
			"a component without a domain");
	rc = hg_xmpp_secret(conf, &secret, err);
	if (rc < 0)
		return rc;
	c.secret = hg_str(secret);
	for (size_t i = 0; i < hg_conf_count(domains) && !rc; i++) {
		const struct hg_conf *domain = hg_conf_at(domains, i);

		c.domain = hg_conf_text(domain);
		rc = hg_xmpp_add(x, &c, hg_conf_where(domain), err);
		if (!rc && hg_conf_bool(conf, "one-connection"))
			c.over = x->stream[x->nstreams - 1];
	}
	explicit_bzero(secret, strlen(secret));
	free(secret);
	return rc;
}

struct hg_xmpp *hg_xmpp_new(const struct hg_host *host, struct hg_core *core)
{
	struct hg_xmpp *x = hg_alloc(sizeof(*x));

	xmpp_initialize();
	x->host = host;
	x->core = core;
	x->photo_folder = -1;
	return x;
}

static void destroy(void *self)
{
	struct hg_xmpp *x = self;

	if (!x)
		return;
	for (size_t i = 0; i < x->nstreams; i++)
		hg_xmpp_stream_free(x->stream[i]);
	free(x->stream);
	free(x->admin);
	hg_xmpp_photos_done(x);
	free(x);
	hg_strophe_reserve(0);
	xmpp_shutdown();
}

static int create(const struct hg_host *host, struct hg_core *core, const struct hg_conf *conf,
	void **ret_self, struct hg_err *err)
{
	const struct hg_conf *components = hg_conf_get(conf, "components");
	const struct hg_conf *admins = hg_conf_get(conf, "admins");
	struct hg_str photos = hg_conf_str(conf, "photos");
	struct hg_xmpp *x = hg_xmpp_new(host, core);
	int rc = 0;

	x->times = (struct hg_xmpp_times){
		.keep_alive = hg_conf_int(conf, "keep-alive"),
		.answer = hg_conf_int(conf, "ping-timeout"),
		.retry = hg_conf_int(conf, "reconnect"),
		.retry_max = hg_conf_int(conf, "reconnect-max"),
	};
	x->stanza_limit = (size_t)hg_conf_int(conf, "stanza-limit");
	x->extension = hg_conf_bool(conf, "extension");
	x->block_lists = hg_conf_bool(conf, "block-lists");
	for (size_t i = 0; i < hg_conf_count(components) && !rc; i++)
		rc = add_component(x, hg_conf_at(components, i), err);
	for (size_t i = 0; i < hg_conf_count(admins) && !rc; i++)
		rc = hg_xmpp_add_admin(x, hg_conf_text(hg_conf_at(admins, i)),
			hg_conf_where(hg_conf_at(admins, i)), err);
	if (rc < 0) {
		destroy(x);
		return rc;
	}
	x->photos = hg_str_dup(photos);
	x->photos_where = hg_str_dup(hg_str(hg_conf_where(hg_conf_get(conf, "photos"))));
	*ret_self = x;
	return 0;
}

static int start(void *self, struct hg_err *err)
{
	struct hg_xmpp *x = self;
	int rc = x->photos && x->photos[0]
		? hg_xmpp_photos_load(x, hg_str(x->photos), x->photos_where, err)
		: 0;

	if (rc < 0)
		return rc;
	if (!hg_attributes_guarded())
		return hg_err_set(err, -ENOSYS, "xmpp",
			"link it into an executable with -rdynamic, and libstrophe dynamically",
			"libstrophe is not guarded against attributes of foreign namespaces");
	if (hg_strophe_reserve((unsigned)x->nstreams) < 0)
		return hg_err_set(err, -EMFILE, "xmpp", "start it with fewer open files",
			"no file descriptors below 1024 left, which libstrophe needs");
	x->host->on_turn_end(x->core, hg_xmpp_flush, x);
	for (size_t i = 0; i < x->nstreams; i++)
		hg_xmpp_stream_start(x->stream[i]);
	return 0;
}

/* By now the core has handed over `unavailable` for everybody it has shown (RFC 6121 4.5); what
 * waits in the buffers goes out before the streams close. */
static void stop(void *self)
{
	struct hg_xmpp *x = self;

	x->stopping = true;
	x->open++; /* so that it ends once, and not before the loop does */
	for (size_t i = 0; i < x->nstreams; i++)
		hg_xmpp_stream_stop(x->stream[i]);
	hg_xmpp_closed(x);
}

static void answer(void *self, uint64_t cookie, const struct hg_answer *a)
{
	hg_xmpp_blocks_answered(self, cookie, a);
}

static void blocked(void *self, hg_lane lane, hg_addr person, hg_addr account)
{
	struct hg_xmpp_stream *s = hg_xmpp_stream_of(self, lane);

	if (s && s->state == HG_XMPP_UP)
		hg_xmpp_blocks_look(s, person, account);
}

/* Its outlets are the lanes' own. */
static void outlet_ended(void *self, uint64_t cookie)
{
}

static const struct hg_format formats[] = {
	[HG_XMPP_FORMAT_PRESENCE] = { .name = "xmpp", .vocabulary = &hg_xmpp_vocabulary },
	[HG_XMPP_FORMAT_ACTIVITY] = { .name = "xmpp-activity",
		.vocabulary = &hg_xmpp_activity_vocabulary },
};

const struct hg_adapter hg_xmpp_adapter = {
	.abi = HG_ABI,
	.size = sizeof(struct hg_adapter),
	.name = "xmpp",
	.format = formats,
	.nformats = sizeof(formats) / sizeof(formats[0]),
	.schema = &hg_xmpp_schema,
	.create = create,
	.start = start,
	.stop = stop,
	.destroy = destroy,
	.edge = hg_xmpp_edge,
	.answer = answer,
	.render = hg_xmpp_render,
	.deliver = hg_xmpp_deliver,
	.outlet_ended = outlet_ended,
	.error = hg_xmpp_error,
	.blocked = blocked,
};
