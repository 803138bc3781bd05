/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the control socket share. */
#pragma once

#include "bridge/ctl/ctl_socket.h"

#include <sys/socket.h>

/* Octets, the line feed included: as many documents as a client may publish in one request, with each quotation mark
 * escaped. */
#define REQUEST_MOST (512 * 1024)

struct hg_ctl_client {
	uv_pipe_t pipe;
	uv_timer_t timer;
	uv_write_t write;
	struct hg_ctl *ctl;
	struct hg_ctl_client *next, **at; /* in the list of the open ones */
	int handles;                      /* not closed yet */
	struct ucred who;
	char *request;
	size_t n, cap;
	struct hg_buf head, out;
	const char *verb;           /* that has begun */
	struct hg_ctl_asker *asker; /* who has its answer still to come; NULL */
};

/* ctl_socket.c */
void hg_ctl_client_close(struct hg_ctl_client *);
void hg_ctl_part_from_asker(struct hg_ctl_client *); /* who is told that nobody listens any more */
void hg_ctl_start_patience(struct hg_ctl_client *);  /* to read what is left, from now on */
void hg_ctl_stalled(uv_timer_t *);
void hg_ctl_last_written(uv_write_t *, int status); /* of c->write: that was all */
/* ctl_access.c */
bool hg_ctl_may_ask(struct hg_ctl_client *);
/* 0: nobody is there any more, and it is removed. */
int hg_ctl_remove_stale(const char *path, struct hg_err *);
bool hg_ctl_folder_exists(const char *path); /* the one that the path is in */
