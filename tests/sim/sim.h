/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulation's shapes (README.md tells the whole). Three parts that must not be mixed up:
 *
 *	the world   clients, servers, wires, store, clock, life: what the core is connected to (home.c wire.c store.c ...)
 *	the model   what has to be true, from the driver's inputs and the answers it read, never from the core (model*.c)
 *	the judge   compares what the core hands out, and what clients hold, with the model (judge*.c)
 */
#pragma once

#include "tests/sim/carry.h"

enum invariant {
	CONVERGENCE = 1,
	PRIVACY,
	ORDER,
	NO_ECHO,
	DURABILITY,
	STALENESS,
	BOUNDED,
	INVARIANTS
};

/* ---- the world ---- */

enum dialog_kind { OWN, LIST, NATIVE, RECORD, STANDING };

struct dialog {
	bool open;
	enum dialog_kind kind;
	int watcher, about, endpoint;
	hg_lane lane;
	hg_endpoint by; /* whose client has it; 0: of no registration that stands */
	hg_outlet outlet;
	uint64_t cookie;
	bool told; /* was handed something since it counts as not told */
	bool absent; /* STANDING, over datagrams: its watcher has no dialog, and what is handed to it vanishes */
	uint64_t handed_sequence, accepted_sequence, accepted_n;
	/* STANDING, UTC ms: when something was handed to it; what that was; since when he is away for its watcher */
	int64_t handed_at, away_at;
	struct model_since since;
	int nparts;
	struct {
		hg_part part;
		bool valid; /* `handed` is what the core may take for known over there */
		struct hg_bytes *handed, *accepted;
	} part[PARTS];
};

/* A Lync-like client: one device of a home person. */
struct client {
	hg_lane lane;                   /* 0: not connected */
	bool registered, stalled, busy; /* busy: waits for an answer */
	hg_endpoint id;
	int64_t until;
	struct dialog *own, *list, *watch[PERSONS], *record[PERSONS];
	struct model_pub known[PUBS]; /* as it was told */
	int nknown;
	uint32_t level_version[LEVELS];
	uint32_t delegates_version;
	uint32_t delta;
	struct model_contact contact[PERSONS];
	char group[GROUPS][TEXT]; /* "": there is none */
	int64_t again_at;         /* he comes back by himself; 0: he does not */
	bool again_open;          /* and when he is registered he looks again */
	unsigned again_watch;     /* at them: a bit each */
};

/* In flight to a client. */
struct datagram {
	struct dialog *dialog;
	uint64_t sequence, n;
	struct hg_bytes *part[PARTS]; /* NULL: not in it */
	bool dropped;                 /* the sender is still to hear of it */
};

/* On the way to or from servers. */
enum stanza_kind {
	EDGE,
	FACE,   /* what one resource says, on a stream */
	FACES,  /* what all of them say, in one datagram */
	ASPECT, /* what somebody says beside his presence */
	PARCEL, /* what the core has handed to a stream */
	LOOK,   /* a question */
	AGAIN,  /* show me again what I am shown */
	BLOCKS /* to an account's server: `list` is to hold among these people; from it: the list */
};

enum { TEXTS = 2 };

struct stanza {
	enum stanza_kind kind;
	int w, p, resource; /* FACE: -1, all of them; ASPECT: which */
	enum hg_edge edge;
	hg_part part; /* LOOK: what he asks for */
	unsigned list, among; /* BLOCKS: a bit each */
	uint64_t n;   /* order in which it was said, or handed out */
	/* FACE, ASPECT: the first; FACES: one of each resource; NULL: gone. PARCEL: one of each part; NULL: not in it. */
	struct hg_bytes *text[TEXTS];
};

struct stream {
	struct stanza *v;
	size_t n, cap;
};

struct route {
	hg_lane lane;
	int directed; /* who is given what is said to others there who do not watch; -1: nobody */
	bool unasked; /* its people may say something to one who does not watch them */
	bool datagrams; /* what people are shown and say may be lost, doubled, late and out of order */
	hg_part also;          /* what its watchers are shown beside the presence; 0: nothing */
	bool cut, up, stalled; /* cut: nothing passes, whether or not we have noticed */
	uint32_t generation;
	int64_t grace_at, up_at;
	struct stream in, out;
};

struct resource {
	bool on;
	int show, priority;
	uint32_t exact; /* said whole beside the words; 0 it is not */
	uint32_t n;
	bool words; /* while it is not on: it went with a last word */
};

/* What somebody says beside his presence, one kind of it. */
struct doing {
	bool on;
	uint32_t n;
};

/* What the server of a remote person holds. */
struct server {
	struct doing doing[ASPECTS];
	struct resource resource[RESOURCES];
	struct resource told[PERSONS]
			    [RESOURCES]; /* to one alone; it stands until it is taken back */
	int from[PERSONS];               /* AUTH_*: may this watcher see him */
	bool blocks[PERSONS];
	bool stirred;                          /* he has changed that, and nobody has told us */
	bool online;                           /* as a watcher */
	bool wants[PERSONS];                   /* whom he watches, */
	bool has[PERSONS];                     /* and who said yes */
	struct hg_bytes *seen[PERSONS][TEXTS]; /* part by part of what he is shown */
	uint64_t seen_n[PERSONS];
	uint64_t said_n[PERSONS]; /* to this watcher, in order */
};

struct ticket; /* admin.c */

struct facts {
	struct hg_fact *v;
	size_t n, cap;
};

struct commit {
	int queue; /* whose */
	struct facts facts;
	bool forgets;           /* hints of one person: `queue` */
	bool making;            /* likewise, before he is made */
	uint32_t life[PERSONS]; /* of hints: whose they are, as model_person has it */
	void (*done)(void *arg, int rc);
	void *arg;
};

enum { HINTS = 16 };

struct sim {
	uint32_t seed, step;
	uint64_t rng;
	struct hg_now now;
	int n, nhome;
	int route_of[PERSONS];
	enum hg_trust trust[ROUTES]; /* in those who live there */
	hg_addr addr[PERSONS];
	char name[PERSONS][24];
	struct hg_intern *ids;
	struct hg_routes *routes;
	struct hg_core *core;
	struct hg_core_stats stats; /* of those that are gone */
	struct hg_host host;
	void *home, *away; /* the two loopback adapters */
	struct hg_store store, hints;
	struct hg_limits limits;
	uint32_t most_queue;                /* the widest limit of a queue until now */
	bool explicit[HG_PUBLIC_CLOUD + 1]; /* who has to be let in, by class */
	bool hide, c3;                      /* hide_users, c3_transform */
	bool privacy;                       /* classes mean contacts of theirs alone */
	bool anybody;                       /* who is no user is answered as one who is away */
	bool silent; /* servers over streams tell nobody of a block, and streams fade */
	int table;                          /* index of the one in force */
	bool own_table[PERSONS];            /* whose presence has one of the other variant */
	bool woken, hopeful;
	bool farewell, ending; /* ending: the core is being freed */
	bool failing, full;    /* the store fails much of what it is given; all of it */
	bool normal;           /* a power cut takes what was not synced (`synchronous: normal`) */
	int64_t started_at;    /* the last start but for the first; 0: none */

	struct client client[PERSONS][ENDPOINTS];
	struct server server[PERSONS];
	struct carry carry[PERSONS];
	struct route route[ROUTES];
	struct dialog **dialog;
	size_t ndialogs, dialogs_cap;
	struct dialog *standing[PERSONS][PERSONS]; /* [watcher][presentity] */
	uint64_t heard_n[PERSONS][PERSONS];        /* likewise: of datagrams, the newest */
	struct datagram *flight;
	size_t nflight, flight_cap;
	struct commit *commit;
	size_t ncommits, commits_cap;
	struct commit hint[HINTS];
	uint32_t hints_life[PERSONS]; /* of those on the disk */
	int nhints;                   /* under way if it has a `done` */
	int64_t hints_at;             /* when some were written last, or were not */
	struct facts disk, hints_disk, synced;
	struct ticket *tickets;     /* list: of administrators, answered ones too */
	struct item refused[QUEUE]; /* to be refused at once: the queue was full */
	int nrefused;
	uint64_t last_cookie, handed_n, last_order;
	uint32_t token;

	struct model_person person[PERSONS];
	struct model_pair pair[PERSONS][PERSONS]; /* [watcher][presentity] */
	struct model_keep keep[KEEPERS][KEYS];
	struct model_person synced_person[PERSONS];
	struct model_pair synced_pair[PERSONS][PERSONS];

	bool failed;
	struct {
		char *text;
	} trace[64];
	size_t ntrace;
};

extern bool sim_trace_on;
extern uint64_t sim_comparisons[INVARIANTS];
extern const struct hg_limits sim_limits;

/* sim.c */
struct sim *sim_new(uint32_t seed);
void sim_free(struct sim *);
uint32_t sim_random(struct sim *, uint32_t below);
bool sim_chance(struct sim *, uint32_t percent);
void sim_turn(struct sim *);
void sim_advance(struct sim *, int64_t ms);
int sim_person(const struct sim *, struct hg_str wire); /* by name; -1 */
struct hg_pair sim_pair(const struct sim *, int watcher, int presentity);
void sim_reload(struct sim *, int table);
struct hg_policy sim_policy(const struct sim *);
uint32_t sim_says_exactly(struct sim *, int show); /* the number beside the word; 0 none */
int sim_table_variant(const struct sim *, int presentity);

/* trace.c */
void sim_note(struct sim *, const char *fmt, ...) HG_PRINTF(2, 3);
void sim_bad(struct sim *, enum invariant, const char *fmt, ...) HG_PRINTF(3, 4);
void sim_print_trace(const struct sim *);
const char *sim_show(const struct hg_bytes *); /* on one line; rotating static buffers */

const struct hg_grammar *sim_grammar(void);

/* life.c: the process */
void life_start(struct sim *);
void life_end(struct sim *); /* nobody hears of it */
void life_crash(struct sim *, bool power);
void life_stop(struct sim *); /* in order: with a farewell */
void life_restart(struct sim *, int64_t downtime);
void life_reconnect(struct sim *); /* clients that come back by themselves */
void life_sync(struct sim *);

/* disk.c: what is durable */
void sim_facts_add(struct facts *, const struct hg_fact *);
void sim_facts_free(struct facts *);
void sim_disk_write(struct facts *disk, const struct facts *commit);
void sim_disk_read(
	struct sim *, const struct facts *disk, void (*row)(struct sim *, const struct hg_fact *));
void sim_disk_copy(struct facts *to, const struct facts *from);

/* store.c: the store of the simulation */
void sim_store_init(struct sim *);
void sim_store_answer(struct sim *, size_t n, int rc);
void sim_store_finish(struct sim *, size_t n, int rc);
void sim_hints_finish(struct sim *, int rc);
void sim_store_crash(struct sim *);
void sim_store_free(struct sim *);

/* dialog.c wire.c: what passes between clients, servers and the core */
void wire_drive(struct sim *);
void wire_room(struct sim *);
struct dialog *wire_dialog(struct sim *, enum dialog_kind, int watcher, int about, int endpoint);
void wire_close_dialog(struct sim *, struct dialog *);
void wire_close_lane(struct sim *, int person, int endpoint, hg_lane);
void wire_deliver(struct sim *, size_t index, bool keep);
void wire_drop(struct sim *, size_t index);
void wire_report_lost(struct sim *, size_t index);
void wire_void(struct dialog *); /* what it was handed does not count */
int wire_part(const struct dialog *, hg_part);
void wire_free(struct sim *);

/* stream.c: what passes between servers and the core */
void stream_cut(struct sim *, int route);
void stream_down(struct sim *, int route);
void stream_up(struct sim *, int route);
void stream_send(struct sim *, int route, struct stanza); /* to us; takes the texts */
void stream_hand(struct sim *, int route, struct stanza); /* to them; takes the texts */
/* One stanza reaches us, if it is not lost; false: there was none. */
bool stream_pass_in(struct sim *, int route, bool faults);
bool stream_pass_out(struct sim *, int route); /* one reaches them */
void stream_down_all(struct sim *);            /* we are gone: every connection breaks */
void stream_free(struct sim *);

/* ask.c: what people behind routes ask for, and say beside their presence, as it reaches us */
void ask_arrives(struct sim *, int route, const struct stanza *);
void ask_shown(struct sim *, int owner, int watcher, hg_part); /* what is shown of me to him? */

/* request.c */
void home_request(struct sim *, const struct request *);

/* home.c: clients */
struct hg_principal home_principal(const struct sim *, int person, int endpoint);
void home_accept(struct sim *, struct dialog *, int part, struct hg_bytes *text);
void home_answer(struct sim *, const struct item *, const struct hg_answer *);
bool home_usable(struct sim *, int person, int endpoint);
void home_register(struct sim *, int person, int endpoint, uint32_t expires);
void home_learn_list(struct sim *, struct client *, const char *text); /* home_list.c */
void home_open_own(struct sim *, int person, int endpoint);
void home_open_watch(
	struct sim *, int person, int endpoint, int about, enum dialog_kind, bool collect);

/* admin.c: an administrator */
void admin_link(struct sim *, int person, int account, bool remove);
/* The rest of it stands in struct sim already. */
void admin_policy(struct sim *, const bool explicit[HG_PUBLIC_CLOUD + 1]);
void admin_user(struct sim *, int person, bool remove);
void admin_free(struct sim *);

/* remote.c: servers and their people */
void remote_receive_edge(struct sim *, int w, int p, enum hg_edge);
void remote_receive_presence(
	struct sim *, int w, int p, uint64_t n, struct hg_bytes *const text[TEXTS]);
void remote_lost(struct sim *, int w, int p); /* it has heard that a datagram was */
void remote_back(struct sim *, int route);    /* the link is, and they have noticed */
void remote_do(struct sim *, int p, int aspect);
void remote_say(struct sim *, int p, int resource);
void remote_grant(struct sim *, int w, int p);
void remote_revoke(struct sim *, int w, int p);
void remote_block(struct sim *, int w, int p, bool);
void remote_ask(struct sim *, int w, int p, enum hg_edge);
void remote_direct(struct sim *, int w, int p, int resource, const struct resource *);
void remote_sign(struct sim *, int w, bool online);
/* An account's block list: `list` is to hold among these; the answer is what it is then. */
void remote_receive_blocks(struct sim *, int p, unsigned list, unsigned among);

/* judge.c */
void judge_parcel(struct sim *, struct dialog *, hg_lane, const struct hg_parcel *);
void judge_collect(struct sim *, struct dialog *, const struct hg_frag *const *, size_t n,
	const struct hg_parcel *head);
void judge_own_answer(struct sim *, int p, const struct hg_answer *);
void judge_ace_answer(struct sim *, int p, const struct hg_answer *);
void judge_nothing_shown(struct sim *, const struct item *, const struct hg_answer *);
void judge_edge(struct sim *, int w, int p, enum hg_edge);
/* The answer to a question; `seen` NULL: none. */
void judge_look(struct sim *, int route, int w, int p, hg_part, const struct hg_bytes *seen);
void judge_shown(
	struct sim *, int w, int p, hg_part, const struct hg_view *, const struct hg_bytes *seen);
void judge_since(struct sim *, struct dialog *, const struct hg_parcel *); /* judge_since.c */
void judge_accept(struct sim *, const struct dialog *, uint64_t n);
void judge_verdict(
	struct sim *, const struct item *, enum hg_verdict want, const struct hg_answer *);
void judge_prompt(struct sim *); /* after a turn in which no lane was too hopeful */
void judge_quiet(struct sim *);
void judge_hints(
	struct sim *, const struct hg_fact *, size_t n); /* as they are handed to the disk */
void judge_keep(struct sim *);                           /* judge_keep.c: after a turn */
void judge_given(struct sim *);                          /* at a start */
void judge_restart(struct sim *);                        /* what a fresh sign-on reads */
void judge_farewell(struct sim *);
void judge_bounds(struct sim *);

/* steps.c */
void steps_run(struct sim *, uint32_t steps);
int steps_coverage(void); /* prints it; number of cells that should not be empty and are */
