/* SPDX-License-Identifier: Apache-2.0 */
/* The vtable: what the core calls. */
#include "plugins/sip/simple.h"

#include "bridge/documents/card.h"
#include "bridge/documents/categories.h"
#include "bridge/documents/contacts.h"
#include "bridge/documents/delegates.h"
#include "bridge/documents/winfo.h"

#include <errno.h>
#include <stdlib.h>

static const struct hg_format formats[HG_SIP_FORMATS] = {
	[HG_SIP_FORMAT_CATEGORIES] = { .name = "categories" },
	[HG_SIP_FORMAT_SELF] = { .name = "roaming-self" },
	[HG_SIP_FORMAT_CONTACTS] = { .name = "roaming-contacts" },
	[HG_SIP_FORMAT_LCS] = { .name = "lcs-2005" },
	[HG_SIP_FORMAT_WINFO] = { .name = "watcherinfo" },
	[HG_SIP_FORMAT_DIALOG] = { .name = "dialog-info", .vocabulary = &hg_sip_calls_vocabulary },
	[HG_SIP_FORMAT_PIDF] = { .name = "pidf", .vocabulary = &hg_pidf_vocabulary, .faces = true },
};

static void destroy(void *self)
{
	struct hg_sip *sip = self;
	hg_sip_agent_stop(sip);
	hg_sip_seen_stop(sip);
	hg_sip_handles_done(&sip->handles);
	hg_sip_config_done(sip);
	free(sip);
}

static int create(const struct hg_host *host, struct hg_core *core, const struct hg_conf *conf,
	void **ret_self, struct hg_err *err)
{
	if (host->abi != HG_ABI || host->size < sizeof(*host))
		return hg_err_set(err, -EPROTO, "sip", "install adapters and daemon of one version",
			"the daemon speaks adapter interface %u, this adapter %u", host->abi,
			HG_ABI);
	struct hg_sip *sip = hg_alloc(sizeof(*sip));
	sip->host = host;
	sip->core = core;
	int rc = hg_sip_config_read(sip, conf, err);
	if (rc) {
		hg_sip_config_done(sip);
		free(sip);
		return rc;
	}
	*ret_self = sip;
	return 0;
}

static void turn_end(void *self)
{
	hg_sip_notifier_flush(self);
	hg_sip_publisher_flush(self);
	hg_sip_tell_flush(self);
}

static int start(void *self, struct hg_err *err)
{
	struct hg_sip *sip = self;
	if (!hg_sip_seen_works())
		return hg_err_set(err, -ENOSYS, "sip", "link the executable with -rdynamic",
			"sofia-sip does not tell of its connections");
	hg_sip_seen_start(sip);
	sip->host->on_turn_end(sip->core, turn_end, sip);
	return hg_sip_agent_start(sip, err);
}

static void stop(void *self)
{
	struct hg_sip *sip = self;
	hg_sip_agent_stop(sip);
	hg_sip_seen_stop(sip);
	sip->host->stopped(sip->core, sip);
}

static void edge(void *self, hg_lane lane, const struct hg_pair *pair, enum hg_edge e)
{
	hg_sip_peer_edge(self, lane, pair, e);
}

static void answer(void *self, uint64_t cookie, const struct hg_answer *a)
{
	hg_sip_on_answer(self, cookie, a);
}

static void render_lcs(const struct hg_view *view, struct hg_buf *buf)
{
	if (view->part == HG_PART_CONTAINERS)
		hg_lcs_acl_write(buf, view);
	else if (view->part == HG_PART_SUBSCRIBERS)
		hg_lcs_watchers_write(buf, view);
	else
		hg_lcs_part_write(buf, view);
}

/* Of people who are at home here: their names, pictures and calendars, as far as that circle has them. */
static void add_home(struct hg_pidf *doc, const struct hg_view *view)
{
	struct hg_card card;
	hg_card_read(view, &card);
	hg_pidf_set_card(doc, &card);
	hg_card_done(&card);
	if (view->calendar)
		hg_pidf_set_calendar(doc->tuple, view->calendar, view->calendar_since);
}

/* Who is known to be offline, or has said no, is closed; of whom nothing is known nothing is said (IW 2.2). */
void hg_sip_render_pidf(struct hg_sip *sip, const struct hg_view *view,
	const struct hg_record *record, struct hg_buf *buf)
{
	bool known = view->standing == HG_KNOWN;
	struct hg_str home = hg_extension_domain(view->presentity);
	struct hg_buf uri = { 0 };
	struct hg_pidf doc;
	hg_pidf_of_record(known ? record : NULL, HG_STR(HG_SIP_RESOURCE), &doc);
	sip->host->write_sip(sip->core, view->address, &uri);
	doc.entity = hg_bytes_new(hg_buf_str(&uri));
	if (known) {
		hg_pidf_set_faces(&doc, view->face, view->nfaces);
		add_home(&doc, view);
	}
	if (known && sip->extension && view->nfaces)
		hg_pidf_set_extensions(&doc, view->face, view->nfaces, home);
	else if (known && sip->extension)
		hg_pidf_set_extension(doc.tuple, &view->person, home);
	if (view->standing == HG_REFUSED || view->standing == HG_NOBODY)
		doc.tuple->basic = HG_PIDF_CLOSED;
	hg_pidf_write(buf, &doc);
	hg_pidf_done(&doc);
	hg_buf_done(&uri);
}

static void render_watchers(struct hg_sip *sip, const struct hg_view *view, struct hg_buf *buf)
{
	struct hg_buf uri = { 0 };
	sip->host->write_sip(sip->core, view->address, &uri);
	hg_winfo_write_watchers(buf, view, hg_buf_str(&uri));
	hg_buf_done(&uri);
}

static void render(void *self, uint16_t format, const struct hg_view *view,
	const struct hg_record *record, struct hg_buf *buf)
{
	if (format == HG_SIP_FORMAT_DIALOG)
		hg_sip_calls_render(view, record, buf);
	else if (format == HG_SIP_FORMAT_PIDF)
		hg_sip_render_pidf(self, view, record, buf);
	else if (format == HG_SIP_FORMAT_WINFO)
		render_watchers(self, view, buf);
	else if (format == HG_SIP_FORMAT_LCS)
		render_lcs(view, buf);
	else if (view->part == HG_PART_CONTAINERS)
		hg_containers_write(buf, view);
	else if (view->part == HG_PART_SUBSCRIBERS)
		hg_subscribers_write(buf, view);
	else if (view->part == HG_PART_DELEGATES)
		hg_delegates_write(buf, view);
	else if (view->part == HG_PART_CONTACTS)
		hg_contacts_write(buf, view, true); /* <deletedGroup> ends pidgin-sipe (SC 8.8) */
	else if (format == HG_SIP_FORMAT_SELF)
		hg_category_write_self(buf, view);
	else
		hg_category_write(buf, view);
}

static size_t deliver(void *self, hg_lane lane, const struct hg_parcel *parcel, size_t n)
{
	struct hg_sip_peer *peer = hg_sip_peer_of_lane(self, lane);
	return peer ? hg_sip_peer_deliver(peer, parcel, n) : hg_sip_deliver(self, parcel, n);
}

static void outlet_ended(void *self, uint64_t cookie)
{
	hg_sip_on_outlet_ended(self, cookie);
}

const struct hg_adapter hg_sip_adapter = {
	.abi = HG_ABI,
	.size = sizeof(struct hg_adapter),
	.name = "sip",
	.format = formats,
	.nformats = HG_SIP_FORMATS,
	.schema = &hg_sip_schema,
	.create = create,
	.start = start,
	.stop = stop,
	.destroy = destroy,
	.edge = edge,
	.answer = answer,
	.render = render,
	.deliver = deliver,
	.outlet_ended = outlet_ended,
};
