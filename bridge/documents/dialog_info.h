/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody's calls: dialog information, RFC 4235. */
#pragma once

#include "bridge/documents/coherence.h"
#include "bridge/documents/doc.h"

#define HG_DIALOGS_MAX 512 /* of one document, and of all that is known */
#define HG_DIALOG_URI_MAX 2048
#define HG_DIALOG_WORD_MAX 512 /* bytes of an id, a tag, a name */

/* In the order of a call that gets on. */
enum hg_dialog_state {
	HG_DIALOG_TERMINATED,
	HG_DIALOG_TRYING,
	HG_DIALOG_PROCEEDING,
	HG_DIALOG_EARLY,
	HG_DIALOG_CONFIRMED
};

enum hg_dialog_event {
	HG_DIALOG_NO_EVENT,
	HG_DIALOG_CANCELLED,
	HG_DIALOG_REJECTED,
	HG_DIALOG_REPLACED,
	HG_DIALOG_LOCAL_BYE,
	HG_DIALOG_REMOTE_BYE,
	HG_DIALOG_ERROR,
	HG_DIALOG_TIMEOUT
};

enum hg_dialog_direction { HG_DIALOG_NO_DIRECTION, HG_DIALOG_INITIATOR, HG_DIALOG_RECIPIENT };

/* NULL: not said */
struct hg_dialog_party {
	struct hg_bytes *identity, *display, *target; /* URI, name, URI */
	bool mute;  /* sip.rendering=no: nothing is heard there; the call is held */
	bool focus; /* isfocus: it is a conference */
};

struct hg_dialog {
	struct hg_bytes *id;
	struct hg_bytes *call_id, *local_tag, *remote_tag; /* NULL: not said */
	enum hg_dialog_direction direction;
	enum hg_dialog_state state;
	enum hg_dialog_event event; /* what led to the state */
	uint32_t code;              /* of the answer that led to it, 0 none */
	uint32_t duration;          /* seconds */
	struct hg_dialog_party local, remote;
};

struct hg_dialog_info {
	uint32_t version;
	bool full;
	struct hg_bytes *entity; /* NULL: not said */
	struct hg_dialog *dialog;
	size_t n;
};

int hg_dialog_info_read(struct hg_str body, struct hg_dialog_info *ret, struct hg_doc_err *);
void hg_dialog_info_done(struct hg_dialog_info *);

/* All of somebody's calls as one. */
struct hg_dialog_sum {
	enum hg_dialog_state
		state; /* how far the one that got farthest is; terminated: there is none */
	bool held;     /* it is confirmed, and all that are confirmed are held */
	bool ringing;  /* somebody calls him, and he has not answered */
	size_t confirmed;
	size_t conferences; /* of those that are confirmed */
};

struct hg_dialog_sum hg_dialog_info_sum(const struct hg_dialog_info *);

/* For watchers who may know that there is a call, and nothing of it (RFC 4235 5): one virtual dialog without identifiers;
 * state and `held` of the sum count. The document is a full one. */
void hg_dialog_info_write(
	struct hg_buf *, struct hg_str entity, uint32_t version, const struct hg_dialog_sum *);

/* What a subscriber knows: begins as zeroes, ends with _done of `known`. One a dialog of the subscription: forks have their
 * own. */
struct hg_dialog_table {
	struct hg_coherence seen;
	struct hg_dialog_info known; /* without those that are terminated */
};

/* Takes a document's content into the table, if its turn has come; `doc` needs its _done after it all the same. -E2BIG: there
 * would be more than HG_DIALOGS_MAX, and nothing was taken. */
int hg_dialog_info_take(
	struct hg_dialog_table *, struct hg_dialog_info *doc, enum hg_coherent *ret);
