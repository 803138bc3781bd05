/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of others, and what is told of somebody beside his presence. */
#pragma once

#include "plugins/xmpp/xmpp.h"

#include "bridge/documents/extension.h"

/* ---- iq.c ---- */

/* Who is asked: the component, a represented person, that person's one resource, or another one. */
enum hg_xmpp_asked { HG_XMPP_COMPONENT, HG_XMPP_PERSON, HG_XMPP_CLIENT, HG_XMPP_NOBODY };

/* A request that makes sense; borrowed for the call. Whoever is given it answers it, once. */
struct hg_xmpp_iq {
	struct hg_xmpp_stream *s;
	xmpp_stanza_t *child; /* what is asked for */
	struct hg_str id;
	const struct hg_xmpp_ends *ends;
	enum hg_xmpp_asked asked;
};

void hg_xmpp_iq(struct hg_xmpp_stream *, xmpp_stanza_t *, const struct hg_xmpp_ends *);
void hg_xmpp_reply_open(const struct hg_xmpp_iq *); /* into the stream's buffer, like all of it */
void hg_xmpp_reply_close(const struct hg_xmpp_iq *);
void hg_xmpp_deny(const struct hg_xmpp_iq *, enum hg_condition);
/* An error back to the sender; not in answer to one. */
void hg_xmpp_refuse(struct hg_xmpp_stream *, const char *kind, struct hg_str id,
	const struct hg_xmpp_ends *, enum hg_condition);

/* ---- disco.c ---- */

void hg_xmpp_disco_info(const struct hg_xmpp_iq *);
void hg_xmpp_disco_items(const struct hg_xmpp_iq *);
void hg_xmpp_version(const struct hg_xmpp_iq *);
const char *hg_xmpp_caps(void);         /* the hash of what our resources are */
void hg_xmpp_add_caps(struct hg_buf *); /* <c/> with it */
/* The hash of what XEP-0115 5.1 makes of a disco#info. */
void hg_xmpp_ver(struct hg_str hashed, char ret[HG_XMPP_VER_MAX]);
void hg_xmpp_base64(struct hg_str octets, char *ret); /* 4 for each 3 octets begun, and a NUL */

/* ---- card.c ---- */

/* What the pair's watcher is shown of contact cards. false: nothing. hg_card_done in any case. */
bool hg_xmpp_look(struct hg_xmpp_stream *, const struct hg_pair *, struct hg_card *ret);
void hg_xmpp_vcard_temp(const struct hg_xmpp_iq *);
void hg_xmpp_vcard4(const struct hg_xmpp_iq *);
/* The element; an empty one of an empty card. */
void hg_xmpp_write_vcard4(struct hg_buf *, const struct hg_card *, struct hg_str jid);

/* ---- items.c ---- */

/* What is told to those who want it; each a bit. */
enum {
	HG_XMPP_NODE_NICK,
	HG_XMPP_NODE_AVATAR,
	HG_XMPP_NODE_VCARD,
	HG_XMPP_CARD_NODES, /* those before it are made of contact cards */
	HG_XMPP_NODE_ACTIVITY = HG_XMPP_CARD_NODES,
	HG_XMPP_NODE_MOOD,
	HG_XMPP_NODES,
	HG_XMPP_ASPECT_NODES = HG_XMPP_NODES -
		HG_XMPP_CARD_NODES /* of what is said beside a presence */
};

void hg_xmpp_items(const struct hg_xmpp_iq *);
/* A view's categories, each an item: <items/> for who asks, of all or of the one of this id; nothing, if there is none for him.
 * (categories.c) */
#define HG_XMPP_NODE_CATEGORIES HG_NS_EXTENSION "#categories"
#define HG_XMPP_ITEMS_MAX (128 * 1024) /* octets; what goes beyond is left out */
void hg_xmpp_write_categories(
	const struct hg_xmpp_iq *, const struct hg_pair *, struct hg_str only, struct hg_buf *);
/* As a fragment: for each node its <items/>, or nothing, and a NUL. Of a view's contact cards; of what somebody
 * does and feels. */
void hg_xmpp_render_cards(struct hg_xmpp *, const struct hg_view *, struct hg_buf *);
void hg_xmpp_render_aspect(const struct hg_record *, struct hg_buf *);
/* What stands in the place of the <items/> once there is nothing any more. */
void hg_xmpp_withdraw_item(struct hg_buf *, size_t node);
/* To one client of the parcel's watcher. */
void hg_xmpp_write_event(
	struct hg_buf *, const struct hg_parcel *, struct hg_str resource, struct hg_str items);
unsigned hg_xmpp_wanted(struct hg_str feature); /* the node's bit, of NODE+notify; else 0 */

/* ---- photos.c ---- */

struct hg_xmpp_photo {
	char *file;
	struct hg_str hash;        /* as contact cards have it; of `file` */
	char id[HG_XMPP_SHA1_MAX]; /* of the picture */
	const char *type;
	size_t size;
};

/* Those of a folder. -errno: there is no such folder; a file that will not do is skipped. */
int hg_xmpp_photos_load(struct hg_xmpp *, struct hg_str folder, const char *where, struct hg_err *);
void hg_xmpp_photos_done(struct hg_xmpp *);
/* Of a card that shows one; NULL: none, or not one of ours. */
const struct hg_xmpp_photo *hg_xmpp_photo_of(const struct hg_xmpp *, const struct hg_card *);
/* The picture in base64. false: it is not what it was any more. */
bool hg_xmpp_photo_add(struct hg_xmpp *, const struct hg_xmpp_photo *, struct hg_buf *);

/* ---- features.c ---- */

enum { HG_XMPP_FEATURES_MAX = 200 }; /* of one client that are read; as many identities */

struct hg_xmpp_features {
	char *line[2][HG_XMPP_FEATURES_MAX]; /* identities, features: as they are sorted */
	size_t n[2];
	unsigned wants; /* hg_xmpp_wanted of them */
	bool partly;    /* there was more, so no hash can be checked */
};

void hg_xmpp_features_read(struct hg_xmpp_features *, xmpp_stanza_t *query);
bool hg_xmpp_features_are(struct hg_xmpp_features *, const char *ver); /* of that hash? */
void hg_xmpp_features_done(struct hg_xmpp_features *);

/* ---- interest.c ---- */

struct hg_xmpp_interest *hg_xmpp_interest_new(void);
void hg_xmpp_interest_free(struct hg_xmpp_interest *);   /* NULL is fine */
void hg_xmpp_interest_forget(struct hg_xmpp_interest *); /* who is there; the link is gone */
/* An available presence: what does that client want to be told of? */
void hg_xmpp_interest_seen(
	struct hg_xmpp_stream *, xmpp_stanza_t *presence, const struct hg_xmpp_ends *);
void hg_xmpp_interest_gone(struct hg_xmpp_stream *, const struct hg_xmpp_ends *);
/* The number under which that account was asked (events.c); 0: it was not. */
uint32_t hg_xmpp_interest_asked(struct hg_xmpp_stream *, const struct hg_xmpp_ends *);
/* With its next presence. */
void hg_xmpp_interest_ask_again(struct hg_xmpp_stream *, const struct hg_xmpp_ends *);
/* Was it the answer to a question of ours? */
bool hg_xmpp_interest_answer(
	struct hg_xmpp_stream *, xmpp_stanza_t *iq, const struct hg_xmpp_ends *);
/* A fragment of n nodes from `first` on: events for those of the watcher's clients that want them. */
void hg_xmpp_interest_tell(struct hg_xmpp_stream *, const struct hg_parcel *, size_t first,
	size_t n, struct hg_str items);

/* ---- words.c ---- */

/* One for each language. Of a record of the vocabulary; none, if it says nothing that has words. */
struct hg_xmpp_words {
	struct hg_value value
		[HG_XMPP_LANGS_MAX]; /* the texts are the caller's to set, when all are there */
	struct hg_buf text[HG_XMPP_LANGS_MAX];
	size_t n;
};

void hg_xmpp_activity_words(const struct hg_record *, struct hg_xmpp_words *);
void hg_xmpp_mood_words(const struct hg_record *, struct hg_xmpp_words *);
void hg_xmpp_place_words(const struct hg_record *, struct hg_xmpp_words *);
void hg_xmpp_words_done(struct hg_xmpp_words *);

/* ---- mood.c ---- */

#define HG_XMPP_REASON ": " /* between a mood's name and the reason for it */
/* The mood that this one of somebody's words is, and what he says of it ("" nothing); NULL: it is none. */
const char *hg_xmpp_mood_of(struct hg_str words, struct hg_str *reason);
/* The one that a record of what somebody does tells, the first of several; NULL none. */
const char *hg_xmpp_mood(const struct hg_record *);
/* Of such a record; false, and nothing is written: it is not known how he feels. */
bool hg_xmpp_write_mood(struct hg_buf *, const struct hg_record *);

/* ---- manners.c ---- */

void hg_xmpp_registration(const struct hg_xmpp_iq *); /* get */
void hg_xmpp_register(const struct hg_xmpp_iq *);     /* set */
void hg_xmpp_prompt(const struct hg_xmpp_iq *);       /* get */
void hg_xmpp_prompted(const struct hg_xmpp_iq *);     /* set */

/* ---- commands.c ---- */

void hg_xmpp_command(const struct hg_xmpp_iq *);
/* Of a node that is a command which the asker may give; else NULL. */
const char *hg_xmpp_command_name(const struct hg_xmpp_iq *, struct hg_str node);
void hg_xmpp_commands_list(const struct hg_xmpp_iq *); /* those, as items of disco */
