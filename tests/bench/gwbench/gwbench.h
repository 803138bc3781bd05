/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gwbench: load generator, sink and fault injector for a presence gateway between SIP and XMPP.
 *
 * One process of one thread plays both ends, so that one clock times an update:
 *   SIP   over UDP or TCP: presence agent (answers SUBSCRIBE, sends NOTIFY), publisher (PUBLISH with
 *         SIP-If-Match), watcher (SUBSCRIBE, answers NOTIFY), presence server (answers PUBLISH)
 *   XMPP  the server's end of XEP-0114: takes any handshake, answers subscribe, probe and iq, counts
 *         and sends presence
 *
 * Every update carries a marker mk#SEQ# in its note or status; its arrival on the other side ends the
 * measurement of that update. What is said comes from templates and not from the codecs of the gateway,
 * for it is the gateway that is measured.
 */
#ifndef GWBENCH_H
#define GWBENCH_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	MESSAGE_MOST = 65536,
	BATCH = 64,      /* datagrams in one system call */
	CONNS_MOST = 64, /* to the gateway, over TCP */
	URI_MOST = 160,
	MARK_MOST = 32,
};

/* ---- options.c -------------------------------------------------------------------------------- */

enum mode { S2X_NOTIFY, S2X_PUBLISH, X2S_WATCH, X2S_PUBLISH };

struct options {
	enum mode mode;
	int users, window, setup_window, conns, pid, expires, dump;
	double rate, timeout, drain, idle, setup_timeout, setup_rate; /* seconds, or a second */
	double drop_xmpp_at, drop_xmpp_for, mute_sip_at, mute_sip_for;
	long count;
	struct sockaddr_in sip_local, gw_sip, component;
	char sip_host[64];
	bool tcp, no_initial, setup_only;
	const char *sip_uri, *sip_jid, *xmpp_jid, *xmpp_uri; /* each with one %d */
	const char *marker, *label;
	const char *body, *stanza; /* templates; no stanza: the built-in ones */
};

extern struct options opt;

void options_read(int argc, char **argv); /* ends the program if they are wrong */
const char *mode_name(void);
void name_of(char *to, size_t size, const char *format, int user);
void mark_of(char to[MARK_MOST], long seq);

/* What stands in a template, and what for; a list ends with one of zeroes. What does not fit is cut off. */
struct blank {
	const char *name, *value;
};
size_t fill(char *to, size_t size, const char *form, const struct blank *blanks);

/* ---- process.c: what the gateway costs -------------------------------------------------------- */

void tree_find(void); /* the gateway's processes, by the one that --pid names */
int tree_count(void);
double tree_cpu(void);
long tree_kb(const char *key); /* of smaps_rollup */
void perf_open(void);
double perf_read(bool kernel); /* instructions; -1 where the kernel counts none for us */

/* ---- conn.c ----------------------------------------------------------------------------------- */

struct conn {
	struct conn *next; /* of those that are closed */
	int fd;
	bool is_component, want_out, xmpp_open;
	char *in, *out;
	size_t in_len, in_size, out_len, out_size, out_done;
	/* where the search for the end of a stanza stopped */
	size_t scan, tag_start, stanza_start;
	int depth;
	char quote;
	bool in_tag;
};

extern struct conn *component;

void net_open(void);
void net_pump(uint64_t wait_ns);
void conn_put(struct conn *c, const char *data, size_t len);
void conn_flush(struct conn *c);
void conn_close(struct conn *c);
void udp_put(const struct sockaddr_in *to, const char *data, size_t len);
void component_listen(bool on);
struct conn *gateway_conn(int user); /* NULL: it does not take one */

/* ---- sip_head.c, sip_send.c, sip_read.c ------------------------------------------------------- */

struct span {
	const char *p;
	size_t n;
};

/* Where an answer goes: back over a connection, or to an address. */
struct origin {
	struct conn *conn;
	struct sockaddr_in address;
};

struct span sip_header(
	const char *m, const char *end, const char *name, char compact, const char **pos);
struct span sip_tag(struct span header);
struct span sip_uri(struct span header);
char *span_dup(struct span s);
int user_of(struct span address); /* -1: nobody of ours */

void sip_notify(int user, long seq);
void sip_publish(int user, long seq);
void sip_subscribe(int user, int expires);
void sip_answer(
	const struct origin *to, const char *m, const char *end, const char *tag, const char *more);
const char *transport_name(void);

void sip_take(const struct origin *from, const char *m, size_t len);
void sip_eat(struct conn *c);

/* ---- xmpp.c ----------------------------------------------------------------------------------- */

void xmpp_eat(struct conn *c);
void xmpp_subscribe(int user);
void xmpp_presence(int user, long seq);

/* ---- load.c ----------------------------------------------------------------------------------- */

struct user {
	char *dialog_from, *dialog_to, *call_id, *contact, *route, *etag;
	uint32_t cseq;
	uint32_t last_sent, last_got; /* seq + 1; 0: none */
	uint64_t busy_since;          /* an answer is waited for */
	bool sub_ok, xmpp_ok, note_ok, ready, busy;
};

struct counts {
	long notify_rx, publish_rx, subscribe_rx, refused, refused_412, refused_503;
	long x_subscribe, x_subscribed, x_presence, x_unavailable, x_error, x_unsubscribe;
	long x_early, x_not_sent, component_accepts;
};

struct load {
	struct user *users;
	int ready; /* how many are */
	long sent, received, doubled, late, skipped, outstanding, given_up;
	bool running, sip_muted;
};

extern struct load load;
extern struct counts counts;

uint64_t now_ns(void);
void die(const char *what);
void replace(char **to, char *by);
void load_open(void);
void load_arrived(const char *p, size_t n); /* what may carry a marker */
void load_ready(int user);                  /* something that it waits for may have come */
bool load_send(void);                       /* one update, by whose turn it is; false: nobody can */
void load_start_user(int user);
void load_give_up(uint64_t now);
int load_stale(void); /* users whose last state did not arrive */
long load_sorted(uint32_t **ret_us);
static inline long last_of(int user)
{
	return (long)load.users[user].last_sent - 1;
}

#endif
