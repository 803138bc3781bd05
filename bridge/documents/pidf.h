/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Presence documents of SIP/SIMPLE: PIDF (RFC 3863) with the data model (4479), RPID (4480), timed status (4481), contact
 * information (4482), <show/> of XMPP (8048), and our own extension (extension.h).
 *
 * The reader takes children in any order, and what the phones and servers out there send: RPID of its drafts and inside of
 * <status>, persons in four namespaces, tuples without an id, UTF-8 that is declared as ISO-8859-1, an activity that no schema
 * has (`lunch`). What it does not know it passes over with all that is in it. The writer keeps the schema's order.
 */
#pragma once

#include "bridge/documents/extension.h"
#include "bridge/documents/rpid.h"

#define HG_PIDF_TUPLES_MAX 128
#define HG_PIDF_PERSONS_MAX 64
#define HG_PIDF_DEVICES_MAX 64
#define HG_PIDF_TIMED_MAX 128 /* of one tuple */
#define HG_PIDF_ID_MAX 3072   /* bytes; the longest resource there is, encoded */
#define HG_PIDF_URI_MAX 2048
#define HG_PIDF_WORD_MAX 256 /* bytes of what is neither a text, nor a URI, nor an id */

/* A tuple without <basic> is neither open nor closed. */
enum hg_pidf_basic { HG_PIDF_UNSPECIFIED, HG_PIDF_OPEN, HG_PIDF_CLOSED };

/* <show/> of XMPP; the first one: not there */
enum hg_pidf_show {
	HG_PIDF_SHOW_NONE,
	HG_PIDF_SHOW_AWAY,
	HG_PIDF_SHOW_CHAT,
	HG_PIDF_SHOW_DND,
	HG_PIDF_SHOW_XA,
	HG_PIDF_SHOWS
};

const char *hg_pidf_show_name(enum hg_pidf_show); /* "" for none */
enum hg_pidf_show hg_pidf_show_find(struct hg_str name);

/* RFC 4482; URIs, never to be fetched for anybody. NULL: not said. */
enum hg_cipid_uri {
	HG_CIPID_CARD,
	HG_CIPID_HOMEPAGE,
	HG_CIPID_ICON,
	HG_CIPID_MAP,
	HG_CIPID_SOUND,
	HG_CIPID_URIS
};

struct hg_cipid {
	struct hg_notes display_name;
	struct hg_bytes *uri[HG_CIPID_URIS];
};

/* What will be, or was (RFC 4481). */
struct hg_pidf_timed {
	int64_t from, until; /* UTC ms; until 0: open end */
	enum hg_pidf_basic basic;
	struct hg_notes notes;
	struct hg_rpid rpid;
};

/* What Asterisk tells Digium's phones: presence strings of its own. NULL: not said. */
struct hg_pidf_digium {
	struct hg_bytes *type, *subtype, *message;
};

struct hg_pidf_tuple {
	struct hg_bytes *id; /* as on the wire; NULL: made of `resource` */
	/* XMPP's name for it, never NULL. As the id has it: it may hold what XMPP cannot. */
	struct hg_bytes *resource;
	enum hg_pidf_basic basic;
	enum hg_pidf_show show;
	struct hg_bytes *contact; /* URI, NULL none */
	int priority;             /* of the contact, in thousandths; -1 not said */
	int64_t timestamp;        /* UTC ms, 0 none */
	struct hg_notes notes;
	struct hg_rpid rpid;
	struct hg_cipid cipid;
	struct hg_pidf_timed *timed;
	size_t ntimed;
	struct hg_pidf_digium digium; /* read only */
	bool has_extension;           /* there, and its checksum is right */
	struct hg_extension extension;
};

struct hg_pidf_person {
	struct hg_bytes *id; /* NULL none */
	int64_t timestamp;
	struct hg_notes notes;
	struct hg_rpid rpid;
	struct hg_cipid cipid;
};

struct hg_pidf_device {
	struct hg_bytes *id; /* NULL none; its deviceID, a URN, is in `rpid` */
	int64_t timestamp;
	struct hg_notes notes;
	struct hg_rpid rpid;
};

struct hg_pidf {
	/* As written; says nothing of who sent the document. NULL: not there, as some leave it out, since the request says whom it
	 * is about. */
	struct hg_bytes *entity;
	char lang[HG_LANG_MAX]; /* of notes that name none: Content-Language; "" not said */
	struct hg_pidf_tuple *tuple;
	size_t ntuples;
	struct hg_pidf_person *person;
	size_t npersons;
	struct hg_pidf_device *device;
	size_t ndevices;
	struct hg_notes notes;
};

/* Errors name the element; -EINVAL and -E2BIG, a 400 both. The root may also be that of a partial document that is whole. */
int hg_pidf_read(struct hg_str body, struct hg_pidf *ret, struct hg_doc_err *);
void hg_pidf_done(struct hg_pidf *);
/* What the message's Content-Language says, for notes that name no language. */
void hg_pidf_set_language(struct hg_pidf *, struct hg_str content_language);

/* One tuple a resource and one note a language: of several the first. `entity` NULL: an empty one. */
void hg_pidf_write(struct hg_buf *, const struct hg_pidf *);
/* Builds one: a new, zeroed tuple of that resource, or the one that there is already. Valid until the next is added. A resource
 * is not empty: the caller has a name for one that has none. */
struct hg_pidf_tuple *hg_pidf_add_tuple(struct hg_pidf *, struct hg_str resource);

/* ---- values ---- */

/* Priority of a resource, -128..127, to thousandths of a contact's (IW 1.7): -1 for a negative one, which is not to be said.
 * And back: all of 0..127 are the same then; what is not said is the lowest, 0. */
int hg_pidf_thousandths(int priority);
int hg_pidf_priority(int thousandths);
/* "0", "0.5", "1.000": thousandths, or -1 for what is none. */
int hg_pidf_priority_read(struct hg_str text);
void hg_pidf_priority_write(struct hg_buf *, int thousandths);

/* A timestamp for the next document of somebody: now, but never one that he had before. `*last` begins as 0. */
int64_t hg_pidf_stamp(int64_t *last, int64_t now_utc_ms);
