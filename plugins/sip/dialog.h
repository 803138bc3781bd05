/* SPDX-License-Identifier: Apache-2.0 */
/* Dialogs of clients: subscriptions, what they ask for, and their notifications. */
#pragma once

#include "plugins/sip/request.h"

#include "bridge/documents/lcs.h"

/* ---- one side of a dialog (leg.c) ---- */

struct hg_sip_leg {
	su_home_t *home; /* of the headers; NULL: there is none */
	sip_from_t *local;
	sip_to_t *remote;
	sip_call_id_t *call_id;
	url_t *target;
	sip_route_t *route;
	uint32_t seq, remote_seq;
};

void hg_sip_leg_answer(struct hg_sip_leg *, const struct hg_sip_request *); /* that begins it */
void hg_sip_leg_begin(struct hg_sip_leg *, struct hg_sip *, const char *from, const char *to);
void hg_sip_leg_done(struct hg_sip_leg *);
bool hg_sip_leg_contact(const sip_t *); /* it says where requests of the dialog are to go */
bool hg_sip_leg_is(const struct hg_sip_leg *, const sip_t *request); /* belongs to it */
void hg_sip_leg_establish(struct hg_sip_leg *, const sip_t *notify);
void hg_sip_leg_retarget(struct hg_sip_leg *, const sip_t *request);
/* As lines of text, and back; false: that is none. */
void hg_sip_leg_write(const struct hg_sip_leg *, struct hg_buf *);
bool hg_sip_leg_read(struct hg_sip_leg *, struct hg_str *lines);
char *hg_sip_line(su_home_t *, struct hg_str *lines); /* the next one; "" if there is none */
msg_t *hg_sip_leg_request(
	struct hg_sip_leg *, struct hg_sip *, const char *method); /* the next one */

/* ---- dialogs (dialog.c) ---- */

enum hg_sip_event {
	HG_SIP_EVENT_PRESENCE,
	HG_SIP_EVENT_SELF,
	HG_SIP_EVENT_CONTACTS,
	HG_SIP_EVENT_PROVISIONING,
	/* of the 2005 dialect, which shares the contact list */
	HG_SIP_EVENT_LCS_PRESENCE,
	HG_SIP_EVENT_LCS_WATCHERS,
	HG_SIP_EVENT_LCS_ACL,
	HG_SIP_EVENT_LCS_PROVISIONING,
	/* of both dialects */
	HG_SIP_EVENT_SIMPLE, /* presence, as PIDF */
	HG_SIP_EVENT_DIALOG, /* lamps of telephones, RFC 4235 */
	HG_SIP_EVENT_WINFO,  /* who watches the subscriber, RFC 3857 */
	HG_SIP_EVENTS        /* none of them */
};

extern const char *const hg_sip_event_name[HG_SIP_EVENTS];
/* For Allow-Events, of whoever is there: without blanks, pidgin-sipe does not trim. */
void hg_sip_event_list(const struct hg_sip_conn *, struct hg_buf *);
/* For Accept: the types of bodies that come with SUBSCRIBE, and with SERVICE. */
void hg_sip_event_bodies(const struct hg_sip_conn *, struct hg_buf *);
void hg_sip_service_bodies(const struct hg_sip_request *, struct hg_buf *);

struct hg_sip_outlet {
	struct hg_sip_outlet *prev, *next;
	struct hg_sip_dialog *dialog;
	hg_outlet id;
	hg_addr addr;
	char *wire; /* the presentity as the watcher wrote it */
	uint64_t handle;
	uint32_t round;  /* the SUBSCRIBE that named it last */
	bool documented; /* a document of it was sent */
	bool again;      /* it has news that could not go out yet */
	/* from HG_SIP_EVENT_SIMPLE on */
	uint64_t said;    /* stands for what was told of it last; 0 nothing */
	uint32_t version; /* HG_SIP_EVENT_DIALOG: of the next document */
	bool lit;         /* HG_SIP_EVENT_DIALOG: he was in a call, as far as is known */
	enum { HG_SIP_NO_WISH, HG_SIP_WISH_WAITS, HG_SIP_WISH_ASKED } wish;
	const char *over; /* in a list: why the core does not show it; NULL it does */
	/* HG_SIP_EVENT_LCS_PRESENCE: HG_LCS_PARTS of them, as a document is whole, and a parcel what changed; NULL none yet */
	struct hg_frag *kept;
};

struct hg_sip_dialog {
	struct hg_sip_dialog *prev, *next;
	struct hg_sip_conn *conn;
	enum hg_sip_event event;
	struct hg_sip_leg leg;
	bool benotify, piggyback;
	bool extend;      /* it need not be refreshed while the client is registered */
	uint32_t expires; /* seconds that it lasts from a refresh on */
	bool list;        /* of many resources, what it is told is multipart */
	bool told;        /* self: the first document was sent */
	/* A notification is not answered, and the next one waits for that: by datagrams, and from HG_SIP_EVENT_SIMPLE on */
	bool busy;
	/* from HG_SIP_EVENT_SIMPLE on (tell.c) */
	struct hg_sip_dialog *oprev, *onext; /* in sip->owing */
	bool owed;
	bool full;                 /* all is due, not only what changed */
	const char *ends;          /* why the next notification is the last one; NULL it is not */
	struct hg_winfo *watchers; /* HG_SIP_EVENT_WINFO: who was told of last; NULL nothing was */
	unsigned wishes;           /* that are not answered (wish.c) */
	struct hg_sip_outlet *roster; /* tells when the contact list that it is about changes */
	uint32_t rounds, rlmi_version;
	int64_t until; /* mono ms */
	hg_timer *timer;
	uint64_t handle;
	struct hg_sip_outlet *outlet;
	uint32_t noutlets;
};

struct hg_sip_dialog *hg_sip_dialog_find(const struct hg_sip_request *);
struct hg_sip_dialog *hg_sip_dialog_new(struct hg_sip_request *, enum hg_sip_event);
void hg_sip_dialog_end(struct hg_sip_dialog *); /* shuts its outlets; nothing is sent */
void hg_sip_dialog_refresh(struct hg_sip_dialog *, struct hg_sip_request *, uint32_t expires);
uint32_t hg_sip_dialog_left(const struct hg_sip_dialog *); /* seconds */

enum hg_verdict hg_sip_outlet_open(struct hg_sip_dialog *, hg_addr, struct hg_str wire,
	uint16_t format, const hg_part *, size_t nparts, struct hg_sip_outlet **ret);
/* The same in two steps: one that the core does not know of; what was asked of it may be tried again. */
struct hg_sip_outlet *hg_sip_outlet_add(struct hg_sip_dialog *, hg_addr, struct hg_str wire);
enum hg_verdict hg_sip_outlet_link(
	struct hg_sip_outlet *, uint16_t format, const hg_part *, size_t nparts);
struct hg_sip_outlet *hg_sip_outlet_find(const struct hg_sip_dialog *, hg_addr);
void hg_sip_outlet_shut(struct hg_sip_outlet *);
void hg_sip_on_outlet_ended(struct hg_sip *, uint64_t cookie);
/* ---- wish.c ---- */

/* The client wants to see him for longer than the dialog lasts. */
void hg_sip_wish(struct hg_sip_outlet *);
void hg_sip_wished(struct hg_sip_outlet *, enum hg_verdict); /* the core's answer */

/* ---- SUBSCRIBE (subscribe.c, subscribe_self.c, subscribe_presence.c, lcs_subscribe.c) ---- */

struct hg_sip_subscribe {
	struct hg_sip_request *req;
	struct hg_sip_dialog
		*dialog; /* set for one that refreshes or adds; else the handlers make it */
	bool fresh;      /* the dialog began with this request */
	bool list;       /* RFC 4662: to several people at once */
	uint32_t expires;
};

/* Expires as wished for, within bounds. true: refused */
bool hg_sip_expires_refused(struct hg_sip_request *, uint32_t *ret);
/* What is wrong with one from behind a peer. true: refused */
bool hg_sip_subscribe_refused(
	struct hg_sip_request *, enum hg_sip_event *ret, uint32_t *ret_expires);
/* What people behind a peer may subscribe to, by its name; HG_SIP_EVENTS: not that. */
enum hg_sip_event hg_sip_peer_event(const char *name);
/* The 200: ends the dialog again when it was only asked for once. */
void hg_sip_subscribe_ok(struct hg_sip_subscribe *, const char *type, struct hg_str body);
/* Makes the dialog if there is none yet. */
void hg_sip_subscribe_dialog(struct hg_sip_subscribe *, enum hg_sip_event);

/* One outlet carries all of it; the owner is the presentity. true: refused */
bool hg_sip_subscribe_own(struct hg_sip_subscribe *, enum hg_sip_event, uint16_t format,
	const hg_part *, size_t nparts);
/* A document that is one part of the owner's own. */
void hg_sip_subscribe_list(
	struct hg_sip_subscribe *, enum hg_sip_event, uint16_t format, hg_part, const char *type);
void hg_sip_subscribe_self(struct hg_sip_subscribe *);
void hg_sip_subscribe_contacts(struct hg_sip_subscribe *);
void hg_sip_subscribe_provisioning(struct hg_sip_subscribe *);
void hg_sip_subscribe_presence(struct hg_sip_subscribe *); /* both dialects */
void hg_sip_subscribe_lcs_watchers(struct hg_sip_subscribe *);
void hg_sip_subscribe_lcs_acl(struct hg_sip_subscribe *);
void hg_sip_subscribe_lcs_provisioning(struct hg_sip_subscribe *);

/* How others' presence is asked for and written, by dialect (subscribe_presence.c). */
struct hg_sip_manner {
	uint16_t format;
	int (*read)(struct hg_str body, struct hg_batch *, struct hg_doc_err *);
	const hg_part *part; /* unless the request says which */
	size_t nparts;
	const char *type;
	void (*write)(struct hg_buf *, struct hg_str uri, const struct hg_frag *const *, size_t n);
};

const struct hg_sip_manner *hg_sip_manner_of(enum hg_sip_event);

/* lcs_deliver.c: a fragment that is new of the outlet; then all of them. */
void hg_sip_lcs_keep(struct hg_sip_outlet *, const struct hg_frag *);
size_t hg_sip_lcs_kept(const struct hg_sip_outlet *, const struct hg_frag *ret[HG_LCS_PARTS]);
void hg_sip_lcs_drop(struct hg_sip_outlet *);

/* Fragments kept over further calls to the core. */
struct hg_sip_frags {
	struct hg_frag *frag;
	const struct hg_frag **ptr;
	size_t n, cap, ptr_cap;
};

/* Adds what the outlet is to be told now; returns how many fragments that is. */
size_t hg_sip_frags_collect(struct hg_sip_frags *, struct hg_sip_outlet *, enum hg_standing *ret);
const struct hg_frag *const *hg_sip_frags_array(struct hg_sip_frags *);
void hg_sip_frags_done(struct hg_sip_frags *);
void hg_sip_boundary(struct hg_sip *, char ret[33]);

/* ---- deliver.c ---- */

size_t hg_sip_deliver(struct hg_sip *, const struct hg_parcel *, size_t n);
/* One notification. false: not sent, and the connection is closed, or will be. */
bool hg_sip_dialog_notify(
	struct hg_sip_dialog *, const char *state, const char *type, struct hg_str body);
void hg_sip_notify_end(
	struct hg_sip_dialog *, const char *reason); /* RFC 6665 4.2.2: "timeout", ... */
