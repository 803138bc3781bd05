/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * purple-probe: drives one libpurple account from a script, without a screen.
 *
 * It signs the account in, reports what the protocol plugin tells its user interface as one line
 * per event on stdout, and obeys commands read from stdin.  An event line is a name followed by
 * key="value" pairs, escaped as in C:
 *
 *	buddy name="sip:bob@example.com" status="busy" online="yes" text="In the office"
 */
#ifndef PURPLE_PROBE_H
#define PURPLE_PROBE_H

#include <purple.h>

#define PROBE_UI "purple-probe"

/* The one account, set before libpurple's main loop runs. */
extern PurpleAccount *probe_account;

/* The protocol plugin of the account, NULL where it is not installed. */
PurplePluginProtocolInfo *probe_protocol(void);

/* Ends the main loop, and with it the program. */
void probe_quit(void);

/* Keeps stdout for the events: what libpurple prints there goes to stderr. */
void events_open(void);

/* Prints an event and its pairs, ended by NULL; a pair whose value is NULL is left out. */
void emit(const char *event, ...) G_GNUC_NULL_TERMINATED;

const char *yes_no(gboolean condition);

/* libpurple's main loop on GLib's. */
extern PurpleEventLoopUiOps probe_loop_ops;

/* Hands libpurple the callbacks that report; report_accept answers questions with yes. */
void report_start(gboolean accept);
void report_signals(void);
void report_buddy(PurpleBuddy *buddy, gboolean always);
/* "field=text" each, ended by NULL, for the next form that is put up; copied. */
void report_answers(gchar **answers);
void report_info(const char *who, PurpleNotifyUserInfo *info);

/* The name that this computer goes by from now on; NULL: its own. */
void host_name(const gchar *name);

/* Obeys one line of input. */
void command_run(const gchar *line);

/*
 * When the server says that a group is gone, SIPE 1.25 has libpurple remove it, libpurple tells
 * SIPE that its user has removed it, and SIPE frees the group twice.  The guard stands between
 * the two; group_remove_by_user() is the way around it.
 */
void group_guard_start(void);
void group_remove_by_user(PurpleGroup *group);

#endif
