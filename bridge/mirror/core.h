/* SPDX-License-Identifier: Apache-2.0 */
/* Private to bridge/mirror: what its files do for each other. mirror.h is the door, state.h has the structures. */
#pragma once

#include "bridge/mirror/state.h"

static inline struct hg_now core_now(struct hg_core *c)
{
	return c->env.now(c->env.ctx);
}

void hg_core_count(struct hg_core *, const char *counter);
uint32_t hg_core_new_id(struct hg_core *);
uint64_t hg_core_change(struct hg_core *); /* a stamp that never came before */
void hg_core_wake(struct hg_core *);

/* card.c: what is published of user records */
/* Makes up those of the category, and if not -1 the container (view_pubs.c). */
void hg_card_pubs(
	struct hg_core *, const struct hg_person *, hg_part category, int container, size_t *made);
bool hg_card_makes(const struct hg_person *, struct hg_pubkey); /* so nobody else's counts */
const struct hg_card *hg_person_card(const struct hg_person *); /* never NULL */
/* One field as it is from now on; nothing follows from it yet. `value` empty: taken away. */
void hg_person_set_card(
	struct hg_person *, enum hg_card_field, struct hg_str value, uint32_t version, int64_t at);
void hg_person_drop_card(struct hg_person *);
void hg_card_show(const struct hg_person *, struct hg_buf *); /* as a JSON object */

/* directory.c, directory_index.c */
void hg_directory_late(struct hg_core *, struct hg_person *); /* what is found of him has changed */
void hg_directory_drop(struct hg_core *, struct hg_person *);
void hg_directory_settle(struct hg_core *);
void hg_directory_done(struct hg_core *);
/* Calls `hit` for everybody whom all terms fit, until it says false. */
void hg_directory_find(struct hg_core *, const struct hg_search *,
	bool (*hit)(void *arg, struct hg_person *), void *arg);
void hg_search_ask(
	struct hg_core *, const struct hg_principal *, const struct hg_search *, uint64_t cookie);
bool hg_searches_run(struct hg_core *); /* false: there was nothing to do */
void hg_searches_drop(struct hg_core *);

/* calendar.c */
/* What that circle is shown of it; NULL none. */
const struct hg_calendar *hg_person_calendar(const struct hg_person *, uint16_t container);
void hg_person_calendar_changed(struct hg_core *, struct hg_person *); /* or time went by */
bool hg_person_calendar_due(const struct hg_person *, int64_t now);

/* event.c */
void hg_core_event(struct hg_core *, const struct hg_event *);
void hg_core_edge_event(struct hg_core *, enum hg_event_kind, const struct hg_lane_obj *,
	const struct hg_pair *, enum hg_edge);

/* person.c */
struct hg_person *hg_person_find(struct hg_core *, hg_addr); /* also one that does not exist yet */
struct hg_person *hg_person_get(struct hg_core *, hg_addr);  /* makes him, not existing */
/* tx_register.c: he is there now, and watches that named him before find him. */
void hg_person_born(struct hg_core *, struct hg_person *);
void hg_person_free(struct hg_core *, struct hg_person *);
void hg_person_forget(struct hg_core *, struct hg_person *); /* all that he has; as a new one */
bool hg_person_exists(struct hg_core *, hg_addr);
int64_t hg_person_stamp(struct hg_core *, struct hg_person *); /* publishTime: UTC ms, grows */
/* Something of the category changed: aggregates, and lets everybody who is shown him be looked at.
 */
void hg_person_changed(struct hg_core *, struct hg_person *, const bool category[HG_CAT_COUNT]);
void hg_person_containers_changed(struct hg_core *, struct hg_person *);
void hg_person_list_changed(struct hg_core *, struct hg_person *);
void hg_person_self_dirty(struct hg_core *, struct hg_person *);
struct hg_where hg_core_where(struct hg_core *, hg_addr);
bool hg_core_is_home(struct hg_core *, hg_addr);
struct hg_bytes *hg_core_user_uri(
	struct hg_core *, hg_addr); /* "user@domain", as a client writes him */

/* aggregates.c */
void hg_aggregates_init(struct hg_core *, struct hg_person *);
void hg_aggregates_done(struct hg_person *);
/* A state or device of his has changed; stamps what follows from it. */
void hg_aggregates_update(struct hg_core *, struct hg_person *);

/* delegate.c: who may act in somebody's name */
struct hg_delegate *hg_delegate_find(const struct hg_person *owner, hg_addr); /* NULL */
bool hg_delegate_may(const struct hg_person *owner, hg_addr who, enum hg_request_kind);
/* A fact about the owner's delegates as it is from now on. -EINVAL: of nobody who lives here. */
int hg_delegates_put(struct hg_core *, struct hg_person *owner, const struct hg_fact *);
void hg_delegates_drop(struct hg_person *);
void hg_delegates_show(
	struct hg_core *, const struct hg_person *, struct hg_buf *); /* members of an object */

/* endpoint.c */
/* What of this person is bound to an endpoint; `last`: and to his being there at all. */
void hg_endpoint_unbind(struct hg_core *, struct hg_person *, hg_endpoint gone, bool last);
struct hg_endpoint_obj *hg_endpoint_find(struct hg_core *, hg_endpoint);
struct hg_endpoint_obj *hg_endpoint_of(struct hg_person *, struct hg_str instance);
struct hg_endpoint_obj *hg_endpoint_register(struct hg_core *, struct hg_person *,
	struct hg_str instance, struct hg_lane_obj *, uint32_t expires);
/* From a hint: without a connection, for so many ms. NULL: there are too many. */
struct hg_endpoint_obj *hg_endpoint_restore(
	struct hg_core *, struct hg_person *, struct hg_str instance, int64_t ms);
void hg_endpoint_end(struct hg_core *, struct hg_endpoint_obj *, const char *why);
void hg_endpoint_lost(struct hg_core *, struct hg_endpoint_obj *); /* its connection is gone */
void hg_endpoint_due(struct hg_core *, hg_endpoint, int64_t now);

/* watch.c */
struct hg_watch_obj *hg_watch_find(struct hg_core *, hg_addr watcher, hg_addr presentity);
struct hg_watch_obj *hg_watch_get(struct hg_core *, hg_addr watcher, hg_addr presentity,
	struct hg_str wire_watcher, struct hg_str wire_presentity); /* NULL: too many */
bool hg_watch_full(struct hg_core *);                               /* and counts it */
void hg_watch_release(
	struct hg_core *, struct hg_watch_obj *); /* frees one that nothing needs any more */
void hg_watch_free(struct hg_core *, struct hg_watch_obj *);
/* Watches or not: as he would be treated. A copy, to look at. */
struct hg_watch_obj hg_watch_as_if(struct hg_core *, hg_addr watcher, struct hg_person *);
uint16_t hg_watch_container(const struct hg_watch_obj *);
enum hg_standing hg_watch_standing(struct hg_core *, const struct hg_watch_obj *);
void hg_watch_dirty(struct hg_core *, struct hg_watch_obj *);
struct hg_asker hg_core_asker(struct hg_core *, hg_addr watcher);
bool hg_watch_held(const struct hg_watch_obj *);
struct hg_halves hg_watch_no_halves(
	struct hg_core *, hg_addr watcher, hg_addr presentity); /* as they are before any edge */
void hg_watch_set_halves(struct hg_core *, struct hg_watch_obj *, struct hg_halves);
void hg_watch_owe(struct hg_core *, struct hg_watch_obj *, enum hg_edge);
/* Asked for, or granted? One that is over may still be here, as long as its other end is to be told. NULL is none. */
bool hg_watch_wanted(const struct hg_watch_obj *);
void hg_watch_changed(struct hg_core *, struct hg_watch_obj *); /* what is received */
void hg_watch_forget_faces(struct hg_core *, struct hg_watch_obj *);
struct hg_lane_obj *hg_watch_out_lane(
	struct hg_core *, const struct hg_watch_obj *); /* to the presentity; NULL */
struct hg_lane_obj *hg_watch_in_lane(
	struct hg_core *, const struct hg_watch_obj *); /* to the watcher; NULL */
struct hg_pair hg_watch_pair(const struct hg_watch_obj *);
void hg_watch_await(struct hg_core *, struct hg_watch_obj *); /* silence settles it */
void hg_watch_ask(struct hg_core *, struct hg_watch_obj *);   /* probes; likewise */
void hg_watch_due(struct hg_core *, hg_watch, int64_t now);
void hg_watch_send_owed(struct hg_core *, struct hg_watch_obj *);

/* link.c */
struct hg_link_obj *hg_link_find(struct hg_core *, hg_addr); /* NULL: it is nobody's */
struct hg_link_obj *hg_link_add(struct hg_core *, struct hg_person *, hg_addr);
void hg_link_remove(struct hg_core *, struct hg_link_obj *);
void hg_link_sync(struct hg_core *, struct hg_watch_obj *); /* what its resources say has changed */
void hg_link_set_memo(struct hg_link_obj *, struct hg_str);
struct hg_str hg_core_memo(struct hg_core *, hg_addr account);
void hg_links_blocked(struct hg_core *, struct hg_person *); /* whom he blocks has changed */
/* ... or is news to this account */
void hg_link_blocked(struct hg_core *, const struct hg_watch_obj *);
/* voice.c: what a device that names no containers says now, instead of what it said before; what that touched is to be
 * told with _changed. `account`: the watch of that it is a resource of, which may say more beside; NULL: of none. */
void hg_voice_publish(struct hg_core *, struct hg_endpoint_obj *, enum hg_source,
	const struct hg_statement *, const struct hg_watch_obj *account,
	bool touched[HG_CAT_COUNT]);
void hg_voice_changed(struct hg_core *, struct hg_person *, const bool touched[HG_CAT_COUNT]);
void hg_voices_remap(struct hg_core *, const struct hg_vocabulary *); /* its table is another one */
struct hg_endpoint_obj *hg_endpoint_linked(
	struct hg_core *, struct hg_link_obj *, struct hg_str instance); /* endpoint.c */

/* hints.c */
void hg_hint(struct hg_core *, struct hg_person *); /* something soft of his has changed */
void hg_hints_due(struct hg_core *);
void hg_hint_forget(struct hg_core *, struct hg_person *); /* nothing is to come back of him */
void hg_hint_forget_then(
	struct hg_core *, struct hg_person *, void (*done)(void *arg, int rc), void *arg);

/* kept.c: what adapters keep for their next start, and is to be written with the hints */
struct hg_kept;
void hg_hints_soon(struct hg_core *); /* hints.c */
size_t hg_kept_facts(const struct hg_core *);
struct hg_kept *hg_kept_next(const struct hg_core *, const struct hg_kept *); /* NULL: the first */
void hg_kept_fact(const struct hg_kept *, struct hg_fact *ret);               /* borrows */
void hg_kept_handed(struct hg_core *);             /* the store has them now, */
void hg_kept_written(struct hg_core *, bool good); /* and has written them, or not */
int hg_kept_load(struct hg_core *, const struct hg_fact *);
void hg_kept_done(struct hg_core *);
void hg_core_keep(struct hg_core *, const struct hg_adapter *, struct hg_str name,
	struct hg_str value, int64_t until);
void hg_core_kept(struct hg_core *, const struct hg_adapter *,
	void (*each)(void *arg, struct hg_str name, struct hg_str value, int64_t until), void *arg);
/* consent.c */
/* In which container he is, as things are now. */
uint16_t hg_person_container(struct hg_person *, const struct hg_asker *);
/* Nobody of his class is let in unless the owner has named him. */
bool hg_consent_by_name(const struct hg_core *, const struct hg_person *, const struct hg_asker *);
/* May he watch, as things are now? */
bool hg_consent_given(struct hg_core *, struct hg_person *, const struct hg_asker *);
/* What becomes of the prompt when this watcher begins to watch. */
enum hg_prompt hg_prompt_for(
	struct hg_core *, struct hg_person *, hg_addr watcher, enum hg_prompt now);
void hg_prompt_set(struct hg_core *, struct hg_watch_obj *, enum hg_prompt);
size_t hg_prompts_list(struct hg_core *, struct hg_person *); /* into c->waiting */
/* Who watches him (watchers.c): into c->by; and that this may be different now. NULL: nobody's is. */
size_t hg_watchers_list(struct hg_core *, struct hg_person *);
void hg_watchers_changed(struct hg_core *, struct hg_person *);

/* faces.c */
void hg_faces_set(struct hg_core *, struct hg_watch_obj *, struct hg_str name,
	struct hg_record *take, uint32_t generation);
void hg_faces_gone(struct hg_core *, struct hg_watch_obj *, struct hg_str name); /* "": all */
void hg_faces_doubt(struct hg_watch_obj *); /* until they are heard again, or settled */
void hg_faces_settle(struct hg_core *, struct hg_watch_obj *, uint32_t generation);
void hg_faces_remap(struct hg_core *, struct hg_watch_obj *, const struct hg_vocabulary *);
void hg_faces_reread(struct hg_core *, struct hg_watch_obj *); /* by another grammar */
const struct hg_presence *hg_watch_shown(struct hg_core *, struct hg_watch_obj *);
void hg_face_free(struct hg_face_obj *);

/* directed.c: what is said to somebody who does not watch whoever says it. Takes the record; NULL: he is gone. */
void hg_directed_said(struct hg_core *, const struct hg_lane_obj *, const struct hg_pair *,
	struct hg_str name, struct hg_record *take);
void hg_directed_take(struct hg_core *, struct hg_watch_obj *);       /* she begins to watch him */
void hg_directed_deaf(struct hg_core *, const struct hg_watch_obj *); /* she has ceased to */
bool hg_directed_is(struct hg_core *, const struct hg_watch_obj *);   /* what he says now */
void hg_directed_drop(struct hg_core *, hg_lane, hg_addr watcher);    /* of either; 0 none */
/* Does somebody stand for all behind this watcher's lane? */
bool hg_directed_may(struct hg_core *, const struct hg_pair *);
/* The watch of whoever stands for all behind a lane, if what is said to one of them is given to him; NULL: it is not. */
struct hg_watch_obj *hg_directed_to_all(
	struct hg_core *, const struct hg_lane_obj *, const struct hg_pair *, bool begins);
void hg_directed_heard(struct hg_core *, struct hg_watch_obj *); /* by such a one */
void hg_directed_over(struct hg_core *, struct hg_watch_obj *); /* ends one that has nothing left */

/* outlet.c */
struct hg_outlet_obj *hg_outlet_find(struct hg_core *, hg_outlet);
uint16_t hg_outlet_format(const struct hg_outlet_obj *, hg_part); /* in which it is shown there */
struct hg_projection *hg_outlet_part(
	struct hg_outlet_obj *, hg_part); /* NULL: it does not show that */
struct hg_outlet_obj *hg_outlet_new(struct hg_core *, struct hg_lane_obj *, struct hg_watch_obj *,
	struct hg_person *self, uint16_t format, const hg_part *, size_t nparts);
void hg_outlet_free(struct hg_core *, struct hg_outlet_obj *);
void hg_outlet_end(struct hg_core *, struct hg_outlet_obj *);  /* tells its adapter, then frees */
void hg_outlet_shut(struct hg_core *, struct hg_outlet_obj *); /* its adapter knows */
void hg_outlet_dirty(struct hg_core *, struct hg_outlet_obj *);
void hg_outlet_unqueue(struct hg_core *, struct hg_outlet_obj *);
void hg_outlet_void(
	struct hg_core *, struct hg_outlet_obj *); /* what was sent is not known any more */
void hg_outlet_keep_bytes(struct hg_core *, struct hg_outlet_obj *); /* planted defect only */

/* downcall.c */
void hg_down_edge(struct hg_core *, struct hg_lane_obj *, const struct hg_pair *, enum hg_edge);
void hg_down_answer(
	struct hg_core *, struct hg_lane_obj *, uint64_t cookie, const struct hg_answer *);
size_t hg_down_deliver(struct hg_core *, struct hg_lane_obj *, const struct hg_parcel *, size_t n);
void hg_down_outlet_ended(struct hg_core *, struct hg_lane_obj *, uint64_t cookie);
void hg_down_blocked(struct hg_core *, struct hg_lane_obj *, hg_addr person, hg_addr account);
bool hg_up_later(struct hg_core *, enum hg_later, uint32_t id,
	uint32_t value);             /* false: not inside a down-call */
bool hg_later_run(struct hg_core *); /* false: there were none */
void hg_up_now(struct hg_core *, enum hg_later, uint32_t id, uint32_t value); /* upcall.c */

/* error.c */
void hg_core_error(struct hg_core *, hg_lane, const struct hg_pair *, const struct hg_xmpp_error *,
	hg_addr instead);
bool hg_errors_run(struct hg_core *); /* passes them on; false: there were none */

/* lane.c */
struct hg_lane_obj *hg_lane_find(struct hg_core *, hg_lane);
struct hg_lane_obj *hg_lane_between(struct hg_core *, hg_addr local, hg_addr remote);
hg_addr hg_lane_name(const struct hg_lane_obj *); /* a domain that tells it from others; 0 none */
void hg_lane_adopt(struct hg_core *,
	struct hg_watch_obj *); /* a granted watcher behind a route gets his standing outlet */
/* May it speak for this remote address to this local one? Counted if not. */
bool hg_lane_may(struct hg_core *, const struct hg_lane_obj *, hg_addr remote, hg_addr local);
void hg_lane_close(struct hg_core *, struct hg_lane_obj *);
void hg_lane_again(struct hg_core *, struct hg_lane_obj *); /* limits.reprobe may have changed */
void hg_lane_due(struct hg_core *, hg_lane, int64_t now);
void hg_lane_set_up(struct hg_core *, struct hg_lane_obj *, bool up);
hg_lane hg_core_lane_open(struct hg_core *, const struct hg_lane_spec *);

/* tables.c: the one in force, NULL none or no vocabulary */
const struct hg_table *hg_core_table(
	struct hg_core *, const struct hg_vocabulary *, hg_addr presentity);
void hg_core_tables_free(struct hg_core *);
/* NULL: the part is not mapped. */
const struct hg_table *hg_outlet_table(struct hg_core *, const struct hg_outlet_obj *, hg_part);

/* view_pubs.c: all that a view holds of a category, into c->view_pub; how many */
bool hg_shows_aggregate(uint16_t container);
size_t hg_pubs_of_home(struct hg_core *, struct hg_person *, uint16_t container, hg_part category);
/* One that is made up for this view, behind *n others; its facets borrow. */
struct hg_pub *hg_make_up(
	struct hg_core *, size_t *n, hg_part category, uint16_t container, uint32_t instance);
size_t hg_pubs_of_self(struct hg_core *, struct hg_person *, hg_part category);
/* State and note of a presence that did not come as publications; it is borrowed. */
size_t hg_pubs_of_presence(struct hg_core *, const struct hg_presence *, int64_t state_at,
	int64_t note_at, hg_part category);

/* view.c: one part of what an outlet is to be shown */
hg_viewid hg_view_id(struct hg_core *, const struct hg_outlet_obj *, enum hg_standing *ret);
uint64_t hg_view_changed(struct hg_core *, const struct hg_outlet_obj *, hg_viewid, hg_part);
void hg_view_make(struct hg_core *, const struct hg_outlet_obj *, hg_viewid, enum hg_standing,
	hg_part, struct hg_view *ret);
void hg_view_presence(struct hg_core *, const struct hg_outlet_obj *, hg_viewid, enum hg_standing,
	struct hg_presence *ret);
/* UTC ms since when the presence of this view is as it is; 0 not known. */
int64_t hg_view_since(struct hg_core *, const struct hg_outlet_obj *, hg_viewid);
uint64_t hg_view_digest(const struct hg_view *, uint64_t changed);
uint64_t hg_view_digest_faces(struct hg_core *, hg_viewid, uint64_t digest);
/* Fills in c->view_face, whose records are to be given back; how many there are. */
size_t hg_view_faces(struct hg_core *, hg_viewid, const struct hg_table *);
bool hg_view_hides(hg_viewid, const struct hg_presence *);
bool hg_view_offline(struct hg_core *, const struct hg_outlet_obj *, hg_viewid, enum hg_standing);

/* aspect.c */
void hg_aspect_set(
	struct hg_core *, struct hg_watch_obj *, const struct hg_aspect *, uint32_t generation);
void hg_aspects_remap(struct hg_core *, struct hg_watch_obj *, const struct hg_vocabulary *);
void hg_aspects_drop(struct hg_watch_obj *);
/* true: some were from before. */
bool hg_aspects_settle(struct hg_watch_obj *, uint32_t generation); /* those of older ones go */
void hg_aspects_show(const struct hg_watch_obj *, struct hg_presence *);

/* look.c */
bool hg_core_look(struct hg_core *, hg_lane, const struct hg_pair *, hg_part, struct hg_view *ret);
bool hg_core_own(struct hg_core *, hg_addr person, struct hg_self *ret); /* view_self.c */
void hg_view_self(
	struct hg_core *, struct hg_person *, hg_part, struct hg_self *ret); /* likewise */
bool hg_core_shown(struct hg_core *, hg_addr watcher, hg_addr person, hg_part, struct hg_view *ret);
hg_addr hg_core_linked_to(struct hg_core *, hg_addr account);
size_t hg_core_accounts(struct hg_core *, hg_addr person, hg_addr *ret, size_t cap);
struct hg_totals hg_core_totals(struct hg_core *);

/* fragment.c */
struct hg_cell *hg_cell_get(
	struct hg_core *, const struct hg_outlet_obj *, hg_viewid, enum hg_standing, hg_part);
const struct hg_frag_obj *hg_fragment_get(struct hg_core *, const struct hg_outlet_obj *,
	struct hg_cell *, enum hg_standing, uint32_t since);
void hg_fragments_trim(struct hg_core *);
void hg_fragments_free(struct hg_core *);

/* reconcile.c */
void hg_frags_reset(
	struct hg_core *); /* c->parcel_frag holds what hg_outlet_render found, until then */
size_t hg_outlet_render(
	struct hg_core *, struct hg_outlet_obj *, bool asked, enum hg_standing *ret);
/* Only these parts, whether or not they changed: for an answer. */
size_t hg_outlet_render_parts(
	struct hg_core *, struct hg_outlet_obj *, const hg_part *part, size_t n);
void hg_outlet_told(
	struct hg_core *, struct hg_outlet_obj *, const struct hg_frag *const *, size_t n);
/* Does the client have this part as it is now? And from now on: it has been told of the change in another way. */
bool hg_outlet_knows(struct hg_core *, struct hg_outlet_obj *, hg_part);
void hg_outlet_knows_now(struct hg_core *, struct hg_outlet_obj *, hg_part);
void hg_lanes_pump(struct hg_core *);

/* show.c */
void hg_show_containers(const struct hg_person *, struct hg_buf *); /* a member of a JSON object */

/* tx_arrival.c, tx.c: transactions */
void hg_core_request(
	struct hg_core *, const struct hg_principal *, const struct hg_request *, uint64_t cookie);
enum hg_txkind { HG_TX_REQUEST, HG_TX_EDGE, HG_TX_USER, HG_TX_USER_GONE, HG_TX_CONSENT };
void hg_tx_edge(struct hg_core *, struct hg_lane_obj *, const struct hg_pair *, enum hg_edge);
bool hg_tx_user(struct hg_core *, struct hg_person *); /* false: he is one, or will be without it */
/* Who waits for consent is looked at again: other things may give it now. */
void hg_tx_consent_again(struct hg_core *, struct hg_person *);
bool hg_txs_run(struct hg_core *);  /* false: there was nothing to do */
void hg_txs_drop(struct hg_core *); /* the process ends: those of nobody, which wait for a turn */
void hg_tx_free_all(struct hg_core *, struct hg_person *);
