/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of the control socket (verb_*.c) share. Their context is the daemon. */
#pragma once

#include "bridge/ctl/daemon.h"

#include "bridge/address/ids.h"
#include "bridge/ctl/command.h"

/* "heliograph VERB: ", as errors begin; returns the exit status. */
int hg_verb_fail(const json_t *request, struct hg_buf *out, int code, const char *fmt, ...)
	HG_PRINTF(4, 5);
/* NULL if the request has none. */
const char *hg_verb_text(const json_t *request, const char *key);
/* The address of somebody, made known if it was not; 0 after saying what is wrong. */
hg_addr hg_verb_address(
	struct hg_daemon *, const json_t *request, const char *key, struct hg_buf *out);
/* The same of what was said, NULL: nothing. */
hg_addr hg_verb_address_of(
	struct hg_daemon *, const json_t *request, const char *said, struct hg_buf *out);
const char *hg_verb_name(const struct hg_daemon *, hg_addr);
/* JSON as it is, or as `write` puts it. */
int hg_verb_write(const json_t *request, struct hg_str json,
	void (*write)(const json_t *root, struct hg_buf *), struct hg_buf *out);
/* What `list` says of somebody, as hg_verb_write does; a failure if he is no user. */
int hg_verb_list(struct hg_daemon *, const json_t *request, hg_addr who,
	int (*list)(struct hg_core *, hg_addr who, struct hg_buf *json),
	void (*write)(const json_t *root, struct hg_buf *), struct hg_buf *out);

/* A verb that changes something, while the core works on it. */
struct hg_job {
	struct hg_daemon *daemon;
	struct hg_ctl_asker *asker;
	json_t *request;                /* a reference of its own */
	void (*start)(struct hg_job *); /* makes the request to the core, with hg_job_done */
	/* what came of it: HG_DONE and it says so; NULL: nothing is said */
	void (*done)(struct hg_job *, const struct hg_answer *);
	hg_addr who, whom;
	uint32_t number, removed;
	struct hg_card card; /* owned */
	bool flag, again;
};

struct hg_job *hg_job_new(struct hg_daemon *, const json_t *request, struct hg_ctl_asker *);
void hg_job_end(struct hg_job *, int code); /* answers the asker */
/* What was done: as JSON if that was asked for, else as text with an end of line. */
void hg_job_say(struct hg_job *, json_t *take, const char *fmt, ...) HG_PRINTF(3, 4);
/* For the core's requests: a conflict is tried once more, a refusal ends the job, else `done`
 * does. */
void hg_job_answered(void *job, const struct hg_answer *);

int hg_verb_reload(void *daemon, const json_t *request, struct hg_buf *out);
int hg_verb_show(void *daemon, const json_t *request, struct hg_buf *out);
int hg_verb_user_list(void *daemon, const json_t *request, struct hg_buf *out);
int hg_verb_contact_list(void *daemon, const json_t *request, struct hg_buf *out);
int hg_verb_link_list(void *daemon, const json_t *request, struct hg_buf *out);
int hg_verb_delegate_list(void *daemon, const json_t *request, struct hg_buf *out);
int hg_verb_view(void *daemon, const json_t *request, struct hg_buf *out);
int hg_verb_relationship(void *daemon, const json_t *request, struct hg_buf *out);
void hg_verb_user_add(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_user_set(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_user_del(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_contact_add(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_contact_del(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_link(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_delegate_edit(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_relationship_set(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_publish(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_unpublish(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_publish_categories(void *daemon, const json_t *request, struct hg_ctl_asker *take);
int hg_verb_container_list(void *daemon, const json_t *request, struct hg_buf *out);
void hg_verb_container_edit(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_subscribe(void *daemon, const json_t *request, struct hg_ctl_asker *take);
void hg_verb_watch(void *daemon, const json_t *request, struct hg_ctl_asker *take);

/* verb_subscribe.c: the goodbye waits for nobody who reads slowly; and there will be no more. */
void hg_subscriptions_end(struct hg_daemon *);

/* verb_watch.c: for the core's environment. */
void hg_watch_tell(void *daemon, const struct hg_event *);
