/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIP/SIMPLE: other SIP servers and trunks that people live behind, and devices that speak PIDF. What the files of that part
 * share.
 *
 * A peer is a lane of the route `sip`. Everything that is meant for it goes to its configured address, whatever a Contact
 * says, and only what comes from that address is its own. Of each pair of a watcher and a presentity it has the watcher's
 * dialogs (notifier.c), or our subscription (subscriber.c).
 */
#pragma once

#include "plugins/sip/sip.h"

#include "bridge/documents/pidf_record.h"

#define HG_SIP_TYPE_PIDF "application/pidf+xml"
#define HG_SIP_TYPE_DIALOG "application/dialog-info+xml"
#define HG_SIP_RESOURCE "heliograph" /* the one tuple of somebody whose devices are not shown */
#define HG_SIP_OUTSTANDING_MAX 512   /* requests to one peer that are not answered */

struct hg_sip_pair {
	hg_addr watcher, presentity;
};

struct hg_sip_peer {
	struct hg_sip *sip;
	const struct hg_conf *conf;
	char *name;               /* the first of its domains */
	hg_addr *domain, *speaks; /* bare domains behind it; home domains that it may publish for */
	size_t ndomains, nspeaks;
	struct hg_sip_ip ip;
	struct hg_sip_ip *from; /* where its requests come from; the first is `ip` */
	size_t nfrom;
	uint16_t port;
	enum hg_sip_transport transport;
	/* By transport: "sip:192.0.2.1:5060;transport=udp", and where it finds us; NULL: nothing listens for it */
	struct hg_sip_way {
		char *route, *contact;
	} way[HG_SIP_TRANSPORTS];
	int64_t pace,
		probe; /* ms; pace: between two notifications of one dialog; probe 0: it counts as there */
	hg_addr publisher; /* presence@name: a watcher that is the peer itself */
	hg_addr *publish;  /* whom it is told of without a subscription of its own */
	size_t npublish;
	bool directed; /* what is said to anybody behind it is said to it */

	hg_lane lane;
	bool up;
	uint32_t outstanding, missed;
	uint32_t dialogs, dialogs_max;  /* of its watchers */
	hg_timer *timer;                /* of the next probe */
	struct hg_sip_watched *watched; /* hash by pair */
	struct hg_sip_sub *sub;         /* hash by pair */
	struct hg_sip_told *told;       /* hash by presentity: what was PUBLISHed */
};

/* The domain of somebody here, for whom documents are read (pidf_record.h); empty: extensions do not count. (peer.c) */
struct hg_str hg_sip_believes(struct hg_sip *, hg_addr, struct hg_buf *room);

/* ---- config_peers.c ---- */

extern const struct hg_schema hg_sip_peer_schema;
int hg_sip_peers_read(struct hg_sip *, const struct hg_conf *list, struct hg_err *);
void hg_sip_peers_done(struct hg_sip *);

/* ---- kept.c: what the next start need not lose, if that is soon ---- */

/* Of a kind (notifier.c, publisher.c, server.c) by a name of its own; `value` empty: there is none any more. */
enum hg_sip_kept { HG_SIP_KEPT_WATCHER, HG_SIP_KEPT_TOLD, HG_SIP_KEPT_ENTITY, HG_SIP_KEPT };
void hg_sip_keep(
	struct hg_sip *, enum hg_sip_kept, const char *name, struct hg_str value, uint32_t seconds);
void hg_sip_kept_read(struct hg_sip *); /* at the start, when the peers are there */

/* ---- peer.c ---- */

int hg_sip_peers_start(struct hg_sip *, struct hg_err *);
void hg_sip_peers_stop(struct hg_sip *);
struct hg_sip_peer *hg_sip_peer_of_lane(const struct hg_sip *, hg_lane);
/* Who may say that something comes from `from`: the peer at that address that he lives behind, or that speaks for him. */
struct hg_sip_peer *hg_sip_peer_for(const struct hg_sip *, const struct hg_sip_ip *, hg_addr from);
bool hg_sip_peer_at(const struct hg_sip *, const struct hg_sip_ip *);
bool hg_sip_peer_is(const struct hg_sip_peer *, const struct hg_sip_ip *);
bool hg_sip_peer_leads_to(const struct hg_sip_peer *, hg_addr);
bool hg_sip_peer_speaks_for(const struct hg_sip_peer *, hg_addr);
struct hg_sip_peer *hg_sip_peer_named(
	const struct hg_sip *, const char *name); /* NULL: there is none */
void hg_sip_peer_edge(struct hg_sip *, hg_lane, const struct hg_pair *, enum hg_edge);
size_t hg_sip_peer_deliver(struct hg_sip_peer *, const struct hg_parcel *, size_t n);

/*
 * A request to the peer. `done` is called once, within nta's time: `in` NULL: nobody has answered. The handle stands for whom
 * it concerns and may be gone by then. false: it was not sent, and `done` is not called.
 */
typedef void hg_sip_done(struct hg_sip_peer *, uint64_t handle, const sip_t *in, int status);
bool hg_sip_peer_send(struct hg_sip_peer *, msg_t *take, uint64_t handle, hg_sip_done *);
/* The transport that the other side of a dialog asks for, if there is one; else that of the configuration. */
const struct hg_sip_way *hg_sip_peer_way(const struct hg_sip_peer *, const url_t *target);
void hg_sip_peer_heard(struct hg_sip_peer *); /* something came from it: it is there */

/* ---- clients that speak PIDF (subscribe_simple.c, deliver.c) ---- */

void hg_sip_subscribe_simple(struct hg_sip_subscribe *);
void hg_sip_subscribe_dialogs(struct hg_sip_subscribe *);
/* One notification; `ends`: why it is the last one, or NULL. false: not sent */
bool hg_sip_tell_simple(struct hg_sip_outlet *, const struct hg_frag *const *, size_t n,
	enum hg_standing, const char *ends);

/* ---- notifier.c: SUBSCRIBE from behind a peer ---- */

void hg_sip_notifier_subscribe(struct hg_sip_request *, struct hg_sip_peer *, hg_addr from);
void hg_sip_notifier_up(
	struct hg_sip_peer *); /* dialogs of the last process: may they still watch? */
void hg_sip_notifier_edge(struct hg_sip_peer *, const struct hg_pair *, enum hg_edge);
void hg_sip_notifier_parcel(struct hg_sip_peer *, const struct hg_parcel *);
void hg_sip_notifier_flush(struct hg_sip *); /* at the end of a turn */
void hg_sip_notifier_restore(struct hg_sip *, struct hg_str value, uint32_t seconds);
void hg_sip_notifier_done(struct hg_sip_peer *);

/* ---- subscriber.c: our SUBSCRIBE to a peer ---- */

void hg_sip_subscriber_edge(struct hg_sip_peer *, const struct hg_pair *, enum hg_edge);
void hg_sip_subscriber_down(struct hg_sip_peer *); /* what was heard is in doubt */
void hg_sip_notify(struct hg_sip_request *);
void hg_sip_subscriber_done(struct hg_sip_peer *);

/* ---- server.c: PUBLISH to us ---- */

/* `by`: who says so, and over which lane he is answered. */
void hg_sip_publish(struct hg_sip_request *, const struct hg_principal *by);
void hg_sip_publish_answer(struct hg_sip_request *, const struct hg_answer *);
void hg_sip_entity_restore(struct hg_sip *, struct hg_str value, uint32_t seconds);
void hg_sip_publish_dropped(struct hg_sip_request *); /* nobody waits for the answer any more */
void hg_sip_entities_done(struct hg_sip *);

/* ---- publisher.c: PUBLISH from us ---- */

void hg_sip_publisher_up(struct hg_sip_peer *);
void hg_sip_publisher_end(
	struct hg_sip_peer *, hg_addr presentity); /* it may not be told of him any more */
void hg_sip_publisher_parcel(struct hg_sip_peer *, const struct hg_parcel *);
void hg_sip_publisher_restore(struct hg_sip *, struct hg_str value, uint32_t seconds);
void hg_sip_publisher_done(struct hg_sip_peer *);
