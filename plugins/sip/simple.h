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

#include "plugins/sip/dialog.h"

#include "bridge/documents/pidf_record.h"

#define HG_SIP_TYPE_PIDF "application/pidf+xml"
#define HG_SIP_TYPE_DIALOG "application/dialog-info+xml"
#define HG_SIP_TYPE_WINFO "application/watcherinfo+xml"
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
	bool *asked;       /* of each of these, since it came up, and since he is a user */
	size_t npublish;
	bool partial;   /* it is asked for changes of documents (partial.c) */
	bool directed;  /* what is said to anybody behind it is said to it */
	bool of_others; /* it has sent a document about somebody else than it was asked about */

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

/* ---- about.c ---- */

/* Why the document is surely not about the presentity of that pair; NULL: it may be. `watcher` 0: nobody watches, it is published.
 * `from`: the peer that sent it; NULL: a device of his own. */
const char *hg_sip_about_another(struct hg_sip *, const struct hg_pidf *,
	const struct hg_sip_pair *, const struct hg_sip_peer *from);
/* It says what was said in `own`, the domain where whoever is meant is at home: his own words have come back. */
bool hg_sip_about_is_ours(const struct hg_pidf *, struct hg_str own);

/* ---- kept.c: what the next start need not lose, if that is soon ---- */

/* Of a kind (watched.c, publisher.c, entity.c) by a name of its own; `value` empty: there is none any more. */
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
/* Does this answer to `done` want the same for longer (423, RFC 3261 21.4.17)? Then `seconds` are as many; a week at most. */
bool hg_sip_wants_longer(const sip_t *in, int status, uint32_t *seconds);

/* ---- adapter.c ---- */

/* `record`: of the view's person, by the table; may be NULL. */
void hg_sip_render_pidf(
	struct hg_sip *, const struct hg_view *, const struct hg_record *record, struct hg_buf *);

/* What the parcel says of one part; NULL: nothing. */
static inline const struct hg_frag *hg_sip_parcel_part(const struct hg_parcel *parcel, hg_part part)
{
	for (size_t i = 0; i < parcel->nfrags; i++)
		if (parcel->frag[i]->part == part)
			return parcel->frag[i];
	return NULL;
}

/* ---- calls.c ---- */

extern const struct hg_vocabulary hg_sip_calls_vocabulary;
/* HG_SIP_FORMAT_DIALOG: how far his calls are, in a word; none of whom nothing may be known. */
void hg_sip_calls_render(const struct hg_view *, const struct hg_record *, struct hg_buf *ret);
/* It has a number of its own in each subscription, and nothing else in it differs (RFC 4235 4.1). */
void hg_sip_calls_write(
	struct hg_sip *, hg_addr whose, uint32_t version, bool in_a_call, struct hg_buf *doc);

/* ---- clients that speak PIDF (subscribe_simple.c, tell.c) ---- */

void hg_sip_subscribe_simple(struct hg_sip_subscribe *);
void hg_sip_subscribe_dialogs(struct hg_sip_subscribe *);
/* Whatever is due and can go out now; ends the dialog with its last word. */
void hg_sip_tell(struct hg_sip_dialog *);
void hg_sip_tell_owe(struct hg_sip_dialog *); /* the same at the end of the turn */
void hg_sip_tell_nothing(struct hg_sip_dialog *);
void hg_sip_tell_news(struct hg_sip_outlet *);
void hg_sip_tell_flush(struct hg_sip *); /* at the end of a turn */

/* ---- winfo.c: who watches (RFC 3857) ---- */

void hg_sip_subscribe_winfo(struct hg_sip_subscribe *);
/* true: it went out, or there was nothing to tell, and the dialog is still there */
bool hg_sip_winfo_tell(struct hg_sip_dialog *, bool full);
void hg_sip_winfo_done(struct hg_sip_dialog *);

/* ---- list.c: one subscription to many (RFC 4662, RFC 5367) ---- */

/* Is that what it asks for? */
bool hg_sip_list_asked(const struct hg_sip_request *);
/* Can what answers it be read? true: refused */
bool hg_sip_list_refused(struct hg_sip_request *);
void hg_sip_subscribe_many(struct hg_sip_subscribe *, enum hg_sip_event);
void hg_sip_list_follow(
	struct hg_sip_dialog *); /* the contact list that it is about, if that has changed */
/* The 200, and all that is known. */
void hg_sip_subscribe_simple_ok(struct hg_sip_subscribe *);

/* ---- notifier.c, notifier_subscribe.c, watched.c: SUBSCRIBE from behind a peer ---- */

void hg_sip_notifier_subscribe(struct hg_sip_request *, struct hg_sip_peer *, hg_addr from);
void hg_sip_notifier_up(
	struct hg_sip_peer *); /* dialogs of the last process: may they still watch? */
void hg_sip_notifier_edge(struct hg_sip_peer *, const struct hg_pair *, enum hg_edge);
void hg_sip_notifier_parcel(struct hg_sip_peer *, const struct hg_parcel *);
void hg_sip_notifier_flush(struct hg_sip *); /* at the end of a turn */
void hg_sip_notifier_restore(struct hg_sip *, struct hg_str value, uint32_t seconds);
void hg_sip_notifier_done(struct hg_sip_peer *);

/* ---- subscriber.c, subscriber_notify.c: our SUBSCRIBE to a peer ---- */

void hg_sip_subscriber_edge(struct hg_sip_peer *, const struct hg_pair *, enum hg_edge);
void hg_sip_subscriber_down(struct hg_sip_peer *); /* what was heard is in doubt */
void hg_sip_notify(struct hg_sip_request *);
void hg_sip_subscriber_done(struct hg_sip_peer *);

/* ---- server.c: PUBLISH to us ---- */

/* `by`: who says so, and over which lane he is answered. */
void hg_sip_publish(struct hg_sip_request *, const struct hg_principal *by);
void hg_sip_publish_answer(struct hg_sip_request *, const struct hg_answer *);
void hg_sip_publish_dropped(struct hg_sip_request *); /* nobody waits for the answer any more */

/* ---- entity.c: what was published ---- */

void hg_sip_entity_restore(struct hg_sip *, struct hg_str value, uint32_t seconds);
void hg_sip_entities_done(struct hg_sip *);

/* ---- publisher.c: PUBLISH from us ---- */

void hg_sip_publisher_up(struct hg_sip_peer *);
void hg_sip_publisher_flush(struct hg_sip *); /* at the end of a turn */
void hg_sip_publisher_end(
	struct hg_sip_peer *, hg_addr presentity); /* it may not be told of him any more */
void hg_sip_publisher_parcel(struct hg_sip_peer *, const struct hg_parcel *);
void hg_sip_publisher_restore(struct hg_sip *, struct hg_str value, uint32_t seconds);
void hg_sip_publisher_done(struct hg_sip_peer *);
