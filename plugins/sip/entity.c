/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A publication's life. A machine that publishes anew, in place of changing what it has published, does not know that any more:
 * it was started again, or did not wait for the answer (baresip, when its registration is answered fast). What it said before
 * would stand beside that until it expires, and nobody could change it; so the new one takes its place (decision 0028).
 */
#include "plugins/sip/entity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hg_sip_entity *hg_sip_entity_find(struct hg_sip *sip, const char *tag)
{
	struct hg_sip_entity *e;
	HASH_FIND_STR(sip->entity, tag, e);
	return e;
}

struct hg_str hg_sip_entity_device(const struct hg_sip_entity *e)
{
	return (struct hg_str){ e->tag, strcspn(e->tag, ".") };
}

struct hg_record *hg_sip_entity_record(
	struct hg_sip *sip, const struct hg_pidf *doc, hg_addr person)
{
	struct hg_buf room = { 0 };
	struct hg_record *r = hg_pidf_record_whole(
		doc, hg_sip_believes(sip, person, &room), sip->host->now(sip->core).utc);
	hg_buf_done(&room);
	return r;
}

void hg_sip_entity_keep(struct hg_sip_entity *e, uint32_t seconds)
{
	struct hg_sip *sip = e->sip;
	struct hg_buf b = { 0 };
	char device[HG_SIP_TAG_MAX];
	snprintf(device, sizeof(device), "%.*s", HG_STR_ARG(hg_sip_entity_device(e)));
	if (seconds) {
		hg_buf_addf(&b, "%s\n%s\n%s\n", e->tag, e->by ? e->by->name : "", e->origin);
		sip->host->write_sip(sip->core, e->person, &b);
		hg_buf_addc(&b, '\n');
		hg_buf_add(&b, hg_bytes_str(e->body));
	}
	hg_sip_keep(sip, HG_SIP_KEPT_ENTITY, device, hg_buf_str(&b), seconds);
	hg_buf_done(&b);
}

/* The one that its machine can change. */
static struct hg_sip_entity *newest(const struct hg_sip_entity *e)
{
	struct hg_sip_entity *known;
	HASH_FIND(by_origin, e->sip->published, e->origin, strlen(e->origin), known);
	return known;
}

void hg_sip_entity_end(struct hg_sip_entity *e)
{
	if (e->request)
		e->request->entity = NULL;
	if (e->known)
		hg_sip_entity_keep(e, 0);
	if (newest(e) == e)
		HASH_DELETE(by_origin, e->sip->published, e);
	hg_bytes_unref(e->body);
	hg_bytes_unref(e->asked);
	HASH_DEL(e->sip->entity, e);
	e->sip->host->timer_free(e->expiry);
	free(e->origin);
	free(e);
}

/* By us, so that nobody waits for the answer. */
static void say(struct hg_sip_entity *e, uint32_t seconds, const struct hg_record *said)
{
	e->sip->host->request(e->sip->core, &(struct hg_principal){ .addr = e->person },
		&(struct hg_request){ .kind = HG_REQ_SAY,
			.target = e->person,
			.instance = hg_sip_entity_device(e),
			.expires = seconds,
			.vocabulary = &hg_pidf_vocabulary,
			.said = said },
		0);
}

void hg_sip_entity_forget(struct hg_sip_entity *e)
{
	say(e, 0, NULL);
	hg_sip_entity_end(e);
}

static void on_expiry(void *arg)
{
	struct hg_sip_entity *e = arg;
	if (e->request)
		e->expired = true; /* unless the core says that it goes on */
	else
		hg_sip_entity_end(e); /* the core's clock is the same */
}

struct hg_sip_entity *hg_sip_entity_begin(struct hg_sip *sip, hg_addr person, struct hg_str origin)
{
	const struct hg_host *host = sip->host;
	struct hg_sip_entity *e = hg_alloc(sizeof(*e));
	e->sip = sip;
	e->person = person;
	e->origin = hg_str_dup(origin);
	snprintf(e->tag, sizeof(e->tag), "%08x%08x.0", host->random(sip->core),
		host->random(sip->core));
	e->expiry = host->timer_new(sip->core, on_expiry, e);
	HASH_ADD_STR(sip->entity, tag, e);
	return e;
}

void hg_sip_entity_retag(struct hg_sip_entity *e)
{
	char device[HG_SIP_TAG_MAX];
	HASH_DEL(e->sip->entity, e);
	snprintf(device, sizeof(device), "%.*s", HG_STR_ARG(hg_sip_entity_device(e)));
	snprintf(e->tag, sizeof(e->tag), "%.32s.%u", device, ++e->changes);
	HASH_ADD_STR(e->sip->entity, tag, e);
}

/* With its first answer. */
static void take_over(struct hg_sip_entity *e)
{
	struct hg_sip_entity *before = newest(e);
	if (!*e->origin || before == e)
		return;
	if (before) {
		e->sip->host->count(e->sip->core, "sip_publications_replaced_total", 1);
		hg_log(HG_INFO, "sip-publication-replaced", "by=%s",
			hg_log_text(hg_str(e->origin)));
		hg_sip_entity_forget(before);
	}
	HASH_ADD_KEYPTR(by_origin, e->sip->published, e->origin, strlen(e->origin), e);
}

void hg_sip_entity_stands(struct hg_sip_entity *e, uint32_t seconds)
{
	if (!e->known)
		take_over(e);
	e->known = true;
	e->expired = false;
	e->sip->host->timer_set(e->expiry, seconds * INT64_C(1000));
}

void hg_sip_entities_done(struct hg_sip *sip)
{
	while (sip->entity)
		hg_sip_entity_end(sip->entity);
}

/* ---- after a restart ---- */

/* As the one that is kept in these lines; NULL: it can be none any more. */
static struct hg_sip_entity *begin_again(
	struct hg_sip *sip, const char *tag, const char *name, const char *origin, const char *uri)
{
	const struct hg_sip_peer *by = hg_sip_peer_named(sip, name);
	const char *dot = strchr(tag, '.'), *reason = "";
	struct hg_sip_entity *e;
	struct hg_str gr;
	hg_addr person;
	if (!dot || strlen(tag) >= HG_SIP_TAG_MAX || hg_sip_entity_find(sip, tag) ||
		sip->host->addr_sip(sip->core, hg_str(uri), &person, &gr, &reason) ||
		!sip->host->is_home(sip->core, person) ||
		(*name &&
			(!by || !hg_sip_peer_speaks_for(by, person)))) /* may not do so any more */
		return NULL;
	e = hg_sip_entity_begin(sip, person, hg_str(origin));
	HASH_DEL(sip->entity, e);
	snprintf(e->tag, sizeof(e->tag), "%s", tag);
	hg_str_u32(hg_str(dot + 1), &e->changes);
	HASH_ADD_STR(sip->entity, tag, e);
	e->by = by;
	return e;
}

/* Said again by the device that it comes from. */
void hg_sip_entity_restore(struct hg_sip *sip, struct hg_str value, uint32_t seconds)
{
	su_home_t *home = su_home_new(sizeof(su_home_t));
	const char *tag = hg_sip_line(home, &value), *name = hg_sip_line(home, &value);
	const char *origin = hg_sip_line(home, &value), *uri = hg_sip_line(home, &value);
	struct hg_sip_entity *e;
	struct hg_record *said;
	struct hg_doc_err bad;
	struct hg_pidf doc;
	bool usable = !hg_pidf_read(value, &doc, &bad);
	if (usable && (e = begin_again(sip, tag, name, origin, uri))) {
		said = hg_sip_entity_record(sip, &doc, e->person);
		e->body = hg_bytes_new(value);
		hg_sip_entity_stands(e, seconds);
		say(e, seconds, said);
		hg_record_unref(said);
	}
	hg_pidf_done(&doc);
	su_home_unref(home);
}
