/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest adapter from outside: it sees <heliograph/...> and the C library, reads its section, says so in the log, and
 * knows no protocol at all. The others in this folder are this one with something wrong.
 */
#include <heliograph/adapter.h>
#include <heliograph/conf.h>

#include <errno.h>
#include <stdlib.h>

#ifndef NAME
#define NAME "minimal"
#endif
#ifndef ABI
#define ABI HG_ABI
#endif
#ifndef SIZE
#define SIZE sizeof(struct hg_adapter)
#endif

struct minimal {
	const struct hg_host *host;
	struct hg_core *core;
	char *greeting;
	bool early;
};

static const struct hg_key keys[] = {
	{ .name = "greeting", .kind = HG_KEY_STRING, .dflt = "hello", .help = "a line in the log" },
	{ .name = "fail",
		.kind = HG_KEY_ENUM,
		.dflt = "never",
		.values = (const char *const[]){ "never", "create", "start", "silently", "early",
			NULL },
		.help = "where to fail, and whether to say why; early: to have stopped before it was asked" },
	{ 0 }
};
static const struct hg_schema schema = { keys };

static int create(const struct hg_host *host, struct hg_core *core, const struct hg_conf *conf,
	void **ret_self, struct hg_err *err)
{
	struct hg_str fail = hg_conf_str(conf, "fail");
	struct minimal *m;

	if (host->abi != HG_ABI || host->size < sizeof(*host))
		return hg_err_set(err, -EPROTO, NAME, "update Heliograph",
			"this adapter needs more than this Heliograph has");
	if (hg_str_is(fail, "create"))
		return hg_err_set(err, -EINVAL, hg_conf_where(conf), "say fail: never",
			"minimal was told to fail");
	if (hg_str_is(fail, "silently"))
		return -EIO;
	m = hg_alloc(sizeof(*m));
	m->host = host;
	m->core = core;
	m->greeting = hg_str_is(fail, "start") ? NULL : hg_str_dup(hg_conf_str(conf, "greeting"));
	m->early = hg_str_is(fail, "early");
	*ret_self = m;
	return 0;
}

static int start(void *self, struct hg_err *err)
{
	struct minimal *m = self;

	if (!m->greeting)
		return hg_err_set(
			err, -EIO, "minimal", "say fail: never", "it was told not to start");
	if (m->early)
		m->host->stopped(m->core, m);
	hg_log(HG_INFO, "minimal-started", "greeting=%s", hg_log_text(hg_str(m->greeting)));
	return 0;
}

/* Says it twice: once is enough. */
static void stop(void *self)
{
	struct minimal *m = self;

	hg_log(HG_INFO, "minimal-stopped", "at=%lld", (long long)m->host->now(m->core).utc);
	m->host->stopped(m->core, m);
	m->host->stopped(m->core, m);
}

static void destroy(void *self)
{
	struct minimal *m = self;

	free(m->greeting);
	free(m);
}

/* It opens no lane, so none of these is ever called. */
static void edge(void *self, hg_lane lane, const struct hg_pair *pair, enum hg_edge e)
{
}

static void answer(void *self, uint64_t cookie, const struct hg_answer *a)
{
}

static void render(void *self, uint16_t format, const struct hg_view *view,
	const struct hg_record *record, struct hg_buf *to)
{
}

#ifndef INCOMPLETE
static size_t deliver(void *self, hg_lane lane, const struct hg_parcel *parcel, size_t n)
{
	return 0;
}
#endif

static void outlet_ended(void *self, uint64_t cookie)
{
}

static const struct hg_adapter adapter = {
	.abi = ABI,
	.size = SIZE,
	.name = NAME,
	.schema = &schema,
	.create = create,
	.start = start,
	.stop = stop,
	.destroy = destroy,
	.edge = edge,
	.answer = answer,
	.render = render,
#ifndef INCOMPLETE
	.deliver = deliver,
#endif
	.outlet_ended = outlet_ended,
};

#ifdef SYMBOL
/* Another one than the daemon looks for. */
const struct hg_adapter *SYMBOL(void);
#else
#define SYMBOL heliograph_adapter
#endif

const struct hg_adapter *SYMBOL(void)
{
	return &adapter;
}
