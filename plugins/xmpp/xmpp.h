/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The XMPP adapter: an XEP-0114 component, one stream a domain. What is here: the adapter, its streams, presence in and out;
 * in iq.h: requests, and what is told beside presence; in linked.h: what is done for linked accounts.
 *
 *   adapter.c   the vtable; configuration; start, stop
 *   stream.c    one stream's life: connect, up, down, goodbye
 *   drive.c     libstrophe on the host's loop: poll, read, flush
 *   outage.c    why a stream went down, what the operator is told, when to try again
 *   resolve.c   names of servers, off the loop's thread
 *   receive.c   stanzas in: addressing, presence, errors
 *   record.c    what a <presence/> says, as a record of the vocabulary
 *   events.c    what others say beside their presence: activity, mood, place
 *   activity.c  what somebody does: the vocabulary, and writing it
 *   mood.c      how he feels, where his words are a name of XEP-0107
 *   error.c     errors of stanzas, read and written
 *   iq.c        requests: who answers which, refusals
 *   disco.c     what we are: disco, entity capabilities, version
 *   card.c      contact cards for those who ask: vcard-temp, vCard4
 *   items.c     what is told in personal eventing: nickname, avatar, vCard, activity, mood
 *   photos.c    pictures, for avatars
 *   features.c  what somebody's client says of itself
 *   interest.c  what the clients of others want to be told of, and telling them
 *   manners.c   registration, and how addresses are written
 *   commands.c  commands for linked people and for administrators
 *   suggest.c   a user's contacts for the roster of a linked account
 *   roster.c    the same, where the account's server lets us put them there
 *   privilege.c what servers let us do in the name of their users
 *   blocks.c    block lists of linked accounts, where their servers let us: when
 *   carry.c     one of them, step by step
 *   sides.c     what is on either side
 *   blocked.c   what has changed on which
 *   send.c      stanzas out: one buffer a stream, flushed once a turn
 *   render.c    a record as a fragment; the vocabulary
 *   remedy_*.c  faults of libstrophe
 */
#pragma once

#include <heliograph/adapter.h>
#include <heliograph/conf.h>
#include <heliograph/errors.h>

#include <strophe.h>

/* XMPP's limits and ours. All in octets but where said. */
enum {
	HG_XMPP_STATUS_MAX = 1024,       /* of one language, kept and sent */
	HG_XMPP_LANGS_MAX = 8,           /* languages of one status */
	HG_XMPP_RESOURCE_MAX = 1023,     /* RFC 7622 3.4 */
	HG_XMPP_BARE_MAX = 2 * 1023 + 1, /* RFC 7622 3: localpart, @, domainpart */
	HG_XMPP_TEXTS_MAX = 5000,        /* texts sent, escaped; RFC 6120 13.12: 10000 in all */
	HG_XMPP_ID_MAX = 1024,           /* of a request that we answer */
	HG_XMPP_WINDOW = 256 * 1024,     /* handed off and not yet taken by the socket */
	HG_XMPP_PARCEL = 512,            /* a presence stanza, for lane_room */
	HG_XMPP_VER_MAX = 29,            /* XEP-0115: SHA-1 in base64, and a NUL */
	HG_XMPP_SHA1_MAX = 41,           /* in hexadecimal, and a NUL */
	HG_XMPP_PHOTO_MAX = 64 * 1024    /* of one picture; in base64 it is a third longer */
};

#define HG_XMPP_BASE64_SIZE(n) (((n) + 2) / 3 * 4 + 1)

#define HG_XMPP_NS_NICK "http://jabber.org/protocol/nick"
#define HG_XMPP_NS_VCARD4 "urn:ietf:params:xml:ns:vcard-4.0"
#define HG_XMPP_NS_PUBSUB "http://jabber.org/protocol/pubsub"
#define HG_XMPP_NS_COMMANDS "http://jabber.org/protocol/commands"
#define HG_XMPP_NS_CAPS "http://jabber.org/protocol/caps"
#define HG_XMPP_NS_BLOCKING "urn:xmpp:blocking"
#define HG_XMPP_NS_ACTIVITY "http://jabber.org/protocol/activity"
#define HG_XMPP_NS_MOOD "http://jabber.org/protocol/mood"

/* The one resource of every home person; devices do not show. */
#define HG_XMPP_RESOURCE "heliograph"

/* The fields of the vocabulary, in its order. */
enum { HG_XMPP_TYPE, HG_XMPP_SHOW, HG_XMPP_STATUS, HG_XMPP_PRIORITY, HG_XMPP_IDLE, HG_XMPP_FIELDS };

/* And those of XEP-0108, in their order; words that a mood may be among are written, and not read. */
enum {
	HG_XMPP_GENERAL,
	HG_XMPP_SPECIFIC,
	HG_XMPP_ACTIVITY_TEXT,
	HG_XMPP_ACTIVITY_MOOD,
	HG_XMPP_ACTIVITY_FIELDS
};

/* Of XEP-0107, and of XEP-0080 those that words are made of: each the number in its vocabulary. */
enum { HG_XMPP_MOOD, HG_XMPP_MOOD_TEXT, HG_XMPP_MOOD_FIELDS };
enum {
	HG_XMPP_PLACE_BUILDING = 4,
	HG_XMPP_PLACE_STREET = 7,
	HG_XMPP_PLACE_LOCALITY,
	HG_XMPP_PLACE_REGION,
	HG_XMPP_PLACE_COUNTRY = 11,
	HG_XMPP_PLACE_DESCRIPTION = 13,
	HG_XMPP_PLACE_TEXT
};

enum { HG_XMPP_FORMAT_PRESENCE, HG_XMPP_FORMAT_ACTIVITY };

extern const struct hg_vocabulary hg_xmpp_vocabulary, hg_xmpp_activity_vocabulary;
extern const struct hg_schema hg_xmpp_schema;
extern const struct hg_adapter hg_xmpp_adapter;

/* ---- the adapter ---- */

struct hg_xmpp_times { /* ms */
	int64_t keep_alive;
	int64_t answer;           /* how long a ping may take */
	int64_t retry, retry_max; /* back-off: first wait, longest wait */
};

struct hg_xmpp {
	const struct hg_host *host;
	struct hg_core *core;
	struct hg_xmpp_times times;
	size_t stanza_limit; /* a stanza from the server that grows beyond it ends the stream */
	struct hg_xmpp_stream **stream;
	size_t nstreams, cap;
	size_t open; /* streams that have a lane */
	bool stopping;
	bool extension; /* presence has it, and what is read in it counts */
	bool block_lists; /* those of linked accounts follow those of their users, and the other way round */
	hg_addr *admin; /* who may give administrators' commands */
	size_t nadmins, admins_cap;
	struct hg_xmpp_photo *photo; /* sorted by hash */
	size_t nphotos, photos_cap;
	char *photos, *photos_where; /* the folder, as configured and where; NULL or "": none */
	int photo_folder;            /* -1: it is not open */
};

struct hg_xmpp_component { /* borrowed */
	struct hg_str domain, server, secret;
	uint16_t port;
	struct hg_xmpp_stream
		*over; /* the stream that carries this domain too; NULL: it has its own */
};

/* Without streams yet; ends with hg_xmpp_adapter.destroy. */
struct hg_xmpp *hg_xmpp_new(const struct hg_host *, struct hg_core *);
/* One stream more. -EINVAL and what is wrong at `where`. */
int hg_xmpp_add(
	struct hg_xmpp *, const struct hg_xmpp_component *, const char *where, struct hg_err *);
/* An administrator, by his address. -EINVAL likewise. */
int hg_xmpp_add_admin(struct hg_xmpp *, struct hg_str jid, const char *where, struct hg_err *);
/* Of a component's section; `*ret` is the caller's to wipe and free. (secret.c) */
int hg_xmpp_secret(const struct hg_conf *, char **ret, struct hg_err *);
void hg_xmpp_count(struct hg_xmpp *, const char *counter, uint64_t by);
void hg_xmpp_closed(struct hg_xmpp *); /* one lane less; the last one ends `stop` */

/* ---- one stream ---- */

enum hg_xmpp_state {
	HG_XMPP_DOWN,    /* waits for the next attempt */
	HG_XMPP_NAMING,  /* the server's name is being looked up */
	HG_XMPP_DIALING, /* TCP connection under way */
	HG_XMPP_OPENING, /* stream header and handshake under way */
	HG_XMPP_UP,
	HG_XMPP_LEAVING, /* the last stanzas and </stream:stream> are on their way out */
	HG_XMPP_GONE     /* stopped, lane closed */
};

enum hg_xmpp_outage {
	HG_XMPP_NONE,
	HG_XMPP_NAME,      /* the server's name does not resolve */
	HG_XMPP_UNREACHED, /* no TCP connection */
	HG_XMPP_UNOPENED,  /* a TCP connection, but no stream in time */
	HG_XMPP_CLOSED,    /* the other side went away */
	HG_XMPP_SILENT,    /* an unanswered ping */
	HG_XMPP_TOO_LONG,  /* a stanza beyond the limit */
	HG_XMPP_ERROR,     /* a stream error that is none of the following */
	HG_XMPP_SECRET,    /* not-authorized */
	HG_XMPP_CONFLICT,
	HG_XMPP_HOST /* host-unknown, host-gone */
};

struct hg_xmpp_lookup; /* resolve.c */

struct hg_xmpp_stream {
	struct hg_xmpp *xmpp;
	const char *domain; /* as configured; the first of those that it carries */
	char **name;
	hg_addr *addr; /* of each name */
	size_t ndomains;
	char *server;
	uint16_t port;
	char *secret;
	hg_lane lane;
	enum hg_xmpp_state state;
	hg_timer *timer;  /* the next attempt, a deadline or the keep-alive, as the state says */
	int64_t deadline; /* mono ms, of HG_XMPP_OPENING */

	/* the connection; all gone between two attempts */
	xmpp_ctx_t *ctx;
	xmpp_conn_t *conn;
	hg_poll *poll;
	int fd;     /* a duplicate of libstrophe's descriptor, -1 none */
	bool ended; /* libstrophe closed it; to be cleared away outside of its callbacks */
	enum hg_xmpp_outage outage; /* why it ended, as far as is known */
	char condition[32];         /* HG_XMPP_ERROR: the stream error's name */
	struct hg_xmpp_lookup *lookup;

	/* receiving */
	int64_t heard;     /* mono ms of the last whole stanza */
	size_t unfinished; /* octets read since then */
	uint32_t ping;     /* number of the last ping */
	bool pinged;       /* and it is not answered */

	/* sending */
	struct hg_buf out;  /* what libstrophe was not given yet */
	size_t in_flight;   /* octets libstrophe was given and has not written yet */
	uint32_t told_room; /* what the core believes lane_room to be */

	struct hg_xmpp_interest *interest; /* of those whom we are shown */
	struct hg_xmpp_grant *grant;       /* privileges; of this connection */
	size_t ngrants, grants_cap;
	struct hg_xmpp_fill *fill;     /* rosters that are being filled: list */
	struct hg_xmpp_blocks *blocks; /* of linked accounts: hash */
	struct hg_xmpp_blocks *blocks_waiting, *blocks_busy; /* of these: lists */

	/* trying again */
	unsigned attempts;        /* in a row, without a stream that lasted */
	int64_t waited;           /* ms before this attempt */
	int64_t up_since;         /* mono ms */
	enum hg_xmpp_outage told; /* the outage that the log speaks of; NONE while up */
};

void hg_xmpp_stream_carry(
	struct hg_xmpp_stream *, struct hg_str name, hg_addr domain); /* that as well */
bool hg_xmpp_carries(const struct hg_xmpp_stream *, hg_addr domain);
struct hg_xmpp_stream *hg_xmpp_stream_new(
	struct hg_xmpp *, const struct hg_xmpp_component *, hg_addr domain);
void hg_xmpp_stream_free(struct hg_xmpp_stream *);
/* Opens the lane and connects, again and again. */
void hg_xmpp_stream_start(struct hg_xmpp_stream *);
void hg_xmpp_stream_stop(struct hg_xmpp_stream *);
/* The name is looked up: `address` is a literal, NULL when there is none. */
void hg_xmpp_stream_dial(struct hg_xmpp_stream *, const char *address);
void hg_xmpp_stream_dialed(struct hg_xmpp_stream *); /* there is a TCP connection */
/* The handshake was accepted. */
void hg_xmpp_stream_opened(struct hg_xmpp_stream *);
/* Clears the connection away and goes on: to the next attempt, or to the end. Not within
 * libstrophe. */
void hg_xmpp_stream_end(struct hg_xmpp_stream *, enum hg_xmpp_outage);

/* ---- drive.c ---- */

/* Begins to connect to an IP literal. false: it failed at once. */
bool hg_xmpp_connect(struct hg_xmpp_stream *, const char *address);
void hg_xmpp_disconnect(struct hg_xmpp_stream *); /* at once; frees what belongs to it */
void hg_xmpp_visit(struct hg_xmpp_stream *);      /* lets libstrophe write and read */
void hg_xmpp_write(struct hg_xmpp_stream *);      /* gives libstrophe what waits in `out` */

/* ---- outage.c ---- */

enum hg_xmpp_outage hg_xmpp_outage_of(const xmpp_stream_error_t *, char ret_condition[32]);
/* Milliseconds until the next attempt; counts it. `random` is any 32 bits. */
int64_t hg_xmpp_backoff(struct hg_xmpp_stream *, enum hg_xmpp_outage, uint32_t random);
/* One line for each change of what is wrong; nothing for the same again. */
void hg_xmpp_outage_log(struct hg_xmpp_stream *, enum hg_xmpp_outage, int64_t retry_ms);

/* ---- resolve.c ---- */

bool hg_xmpp_is_literal(const char *server);  /* IPv4 or IPv6, no name */
void hg_xmpp_lookup(struct hg_xmpp_stream *); /* ends in hg_xmpp_stream_dial */
void hg_xmpp_lookup_forget(struct hg_xmpp_stream *);

/* ---- receive.c ---- */

void hg_xmpp_handlers_add(struct hg_xmpp_stream *, xmpp_conn_t *);
void hg_xmpp_heard(struct hg_xmpp_stream *); /* a whole stanza came */
/* Both addresses of a stanza, checked: `from` is foreign, `to` is in this stream's domain. */
struct hg_xmpp_ends {
	struct hg_str from, to;     /* as written, full */
	hg_addr from_addr, to_addr; /* bare */
	struct hg_str from_resource, to_resource;
};

/* Who watches whom, if it is said to us: the sender the receiver, or the other way round. */
struct hg_pair hg_xmpp_pair(const struct hg_xmpp_ends *, bool from_watches);
hg_addr hg_xmpp_address(struct hg_xmpp *, struct hg_str jid); /* 0: it is none */
struct hg_str hg_xmpp_bare(struct hg_str jid);                /* what stands before the first '/' */
struct hg_str hg_xmpp_resource(struct hg_str jid); /* what stands behind it; HG_STR_NONE none */
struct hg_str hg_xmpp_attribute(xmpp_stanza_t *, const char *name);
/* The element's namespace and name. */
bool hg_xmpp_is(xmpp_stanza_t *, const char *ns, const char *name);

/* ---- record.c ---- */

struct hg_xmpp_losses { /* what was illegal or too much, and left out */
	unsigned show, priority, idle, status_cut, status_dropped;
};

/* What a presence says, one reference; NULL of an unavailable one without a word. `utc_ms` is now. */
/* `own`: the domain of whom it is for, if extensions count (documents/extension.h); else empty. */
struct hg_record *hg_xmpp_record(
	xmpp_stanza_t *presence, struct hg_str own, int64_t utc_ms, struct hg_xmpp_losses *);
void hg_xmpp_lang(struct hg_str, char ret[HG_LANG_MAX]); /* "" of what is no language */
size_t hg_xmpp_cut(struct hg_str text, size_t max);      /* the longest whole characters that fit */

/* ---- events.c ---- */

void hg_xmpp_event(struct hg_xmpp_stream *, xmpp_stanza_t *message, const struct hg_xmpp_ends *);
/* What did the account say while we did not listen? Its server does not tell again by itself. */
void hg_xmpp_events_ask(struct hg_xmpp_stream *, const struct hg_xmpp_ends *, uint32_t number);
bool hg_xmpp_events_answer(/* was it the answer to that? */
	struct hg_xmpp_stream *, xmpp_stanza_t *iq, const struct hg_xmpp_ends *);

/* ---- activity.c ---- */

/* The payload; false, and nothing is written: he says that he does nothing. */
bool hg_xmpp_write_activity(struct hg_buf *, const struct hg_record *);

/* ---- error.c ---- */

/* Of a stanza of type error from somewhere; the address that is to be used instead, 0 none. `full`: it came from a full JID. */
hg_addr hg_xmpp_read_error(struct hg_xmpp *, xmpp_stanza_t *, bool full, struct hg_xmpp_error *ret);
/* <error/>, into the stream's buffer. */
void hg_xmpp_write_error(
	struct hg_xmpp_stream *, enum hg_condition, enum hg_error_type, hg_addr instead);

/* ---- send.c ---- */

/* " name='value'", escaped */
void hg_xmpp_attr(struct hg_buf *, const char *name, struct hg_str value);
struct hg_xmpp_stream *hg_xmpp_stream_of(struct hg_xmpp *, hg_lane); /* NULL: it has no lane */
/* A question of ours, `get` or `set`; what is asked, and </iq>, are to follow. */
void hg_xmpp_ask(
	struct hg_buf *, const char *type, struct hg_str from, struct hg_str to, struct hg_str id);
/* `unavailable` to a watcher whose subscription has ended. */
void hg_xmpp_leave(struct hg_xmpp_stream *, struct hg_str presentity, struct hg_str watcher);
void hg_xmpp_edge(void *self, hg_lane, const struct hg_pair *, enum hg_edge);
void hg_xmpp_error(
	void *self, hg_lane, const struct hg_pair *, const struct hg_xmpp_error *, hg_addr instead);
size_t hg_xmpp_deliver(void *self, hg_lane, const struct hg_parcel *, size_t n);
void hg_xmpp_ping(struct hg_xmpp_stream *);
bool hg_xmpp_pong(struct hg_xmpp_stream *, xmpp_stanza_t *iq); /* was it our own ping? */
void hg_xmpp_flush(void *self);                                /* at the end of each turn */
void hg_xmpp_tell_room(struct hg_xmpp_stream *);
size_t hg_xmpp_outstanding(const struct hg_xmpp_stream *);
void hg_xmpp_forget_output(struct hg_xmpp_stream *);

/* ---- render.c ---- */

/*
 * A fragment is a <presence/> from behind its addresses: ">...</presence>" of who is available,
 * else " type='unavailable'>...</presence>" or " type='unavailable'/>". The addresses belong to the outlet, the rest to the view.
 */
void hg_xmpp_render(void *self, uint16_t format, const struct hg_view *, const struct hg_record *,
	struct hg_buf *);
/* <name xml:lang=''>text</name>, cut shorter until the buffer holds no more than `most`. */
/* How much of the text is there now: what does not fit is cut. */
size_t hg_xmpp_add_text(struct hg_buf *, const char *name, const struct hg_value *, size_t most);
