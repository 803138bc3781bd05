/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the simulation's schedule: everything that can happen. False: it could not happen now. */
#pragma once

#include "tests/sim/sim.h"

bool step_register(struct sim *);
bool step_unregister(struct sim *);
bool step_lose_connection(struct sim *);
bool step_move(struct sim *);
bool step_open_own(struct sim *);
bool step_open_watch(struct sim *);
bool step_shut_watch(struct sim *);
bool step_machine(struct sim *);
bool step_user(struct sim *);
bool step_note(struct sim *);
bool step_unpublish(struct sim *);
bool step_lie(struct sim *);
bool step_level(struct sim *);
bool step_block(struct sim *);
bool step_class(struct sim *);
bool step_contact(struct sim *);
bool step_uncontact(struct sim *);
bool step_add_group(struct sim *);
bool step_rename_group(struct sim *);
bool step_delete_group(struct sim *);
bool step_wish(struct sim *);
bool step_acknowledge(struct sim *);
bool step_lcs_publish(struct sim *);
bool step_ace(struct sim *);
bool step_race(struct sim *);
bool step_stall_client(struct sim *);

bool step_remote_presence(struct sim *);
bool step_direct(struct sim *);
bool step_remote_block(struct sim *);
bool step_remote_decide(struct sim *);
bool step_remote_revoke(struct sim *);
bool step_remote_subscribe(struct sim *);
bool step_remote_unsubscribe(struct sim *);
bool step_remote_probe(struct sim *);
bool step_remote_sign(struct sim *);
bool step_cut(struct sim *);
bool step_notice(struct sim *);
bool step_link(struct sim *);
bool step_stall_route(struct sim *);

bool step_look(struct sim *);
bool step_look_in_time(struct sim *);
bool step_shown(struct sim *);
bool step_again(struct sim *);
bool step_aspect(struct sim *);
bool step_speak_for(struct sim *);
bool step_say(struct sim *);

bool step_memo(struct sim *);
bool step_link_account(struct sim *);
bool step_unlink_account(struct sim *);
bool step_remove_user(struct sim *);
bool step_make_user(struct sim *);
bool step_policy(struct sim *);

bool step_delegate(struct sim *);
bool step_behalf(struct sim *);

bool step_keep(struct sim *);
bool step_flood(struct sim *);
bool step_crash(struct sim *);
bool step_crash_in_turn(struct sim *);
bool step_crash_over_hint(struct sim *);
bool step_replace_user(struct sim *);
bool step_power_cut(struct sim *);
bool step_stop(struct sim *);

/* A request of a client that can send one now; somebody else. */
bool steps_begin(struct sim *, struct request *, enum hg_request_kind);
void steps_add_machine(struct sim *, struct request *);
void steps_add_user(struct sim *, struct request *, bool gone);
void steps_add_note(struct sim *, struct request *, bool gone);
void steps_add_note_at(struct sim *, struct request *, uint16_t container, uint32_t expires);
void steps_add_anything(struct sim *, struct request *); /* that somebody may publish */
void steps_end_doing(struct sim *, int route);           /* whatever its people do, they stop */
void steps_add_member(struct sim *, struct request *, int level, int user, bool remove);
int steps_other_than(struct sim *, int p);
int steps_disk(struct sim *); /* how the disk takes the next commit */
void steps_quiet(struct sim *);
