/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Consent: who may watch a home person (design: Presence model). A trust class is let in at once,
 * or waits until the owner names the watcher: as a member of any container, by himself or by his
 * domain, or as a contact. Being blocked is an answer too. And prompts: the owner's clients are
 * told of watchers whom he does not know (EP 4.2.1).
 */

#include "bridge/mirror/contact_list.h"
#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <utlist.h>

static bool is_member(const struct hg_person *p, const struct hg_asker *a)
{
	for (size_t i = 0; i < p->ncontainers; i++)
		if (hg_member_find(&p->container[i], HG_MEMBER_USER, a->addr) >= 0 ||
			hg_member_find(&p->container[i], HG_MEMBER_DOMAIN, a->domain) >= 0)
			return true;
	return false;
}

/* With privacy mode a class stands for those of it whom the owner has as contacts (EP 3.6); whom he names, by himself or by
 * his domain, he means. */
uint16_t hg_person_container(struct hg_person *p, const struct hg_asker *a)
{
	struct hg_asker as = *a;

	if (p->privacy && !hg_list_has(&p->list, a->addr))
		as.trust = HG_TRUST_NONE;
	return hg_container_of(p->container, p->ncontainers, &as);
}

/* She has answered already about who he is to her: a contact, or somebody whom she has blocked by his name or domain
 * (EP 3.5). A whole class that is blocked is no answer about him. */
static bool is_settled(struct hg_person *p, const struct hg_asker *a)
{
	const struct hg_container *k = hg_container_find(
		p->container, p->ncontainers, HG_C_BLOCKED);

	if (hg_list_has(&p->list, a->addr))
		return true;
	return k && hg_person_container(p, a) == HG_C_BLOCKED &&
		(hg_member_find(k, HG_MEMBER_USER, a->addr) >= 0 ||
			hg_member_find(k, HG_MEMBER_DOMAIN, a->domain) >= 0);
}

bool hg_consent_by_name(
	const struct hg_core *c, const struct hg_person *p, const struct hg_asker *a)
{
	return c->env.policy.approve_explicit[a->trust] || p->privacy;
}

bool hg_consent_given(struct hg_core *c, struct hg_person *p, const struct hg_asker *a)
{
	return !hg_consent_by_name(c, p, a) || is_member(p, a) || hg_list_has(&p->list, a->addr);
}

static size_t open_prompts(const struct hg_person *p)
{
	const struct hg_watch_obj *w;
	size_t n = 0;

	DL_FOREACH2 (p->watcher, w, pnext)
		n += w->prompt == HG_PROMPT_OPEN;
	return n;
}

enum hg_prompt hg_prompt_for(
	struct hg_core *c, struct hg_person *p, hg_addr watcher, enum hg_prompt now)
{
	struct hg_asker asker = hg_core_asker(c, watcher);

	/* His own list may have himself in it. */
	if (now != HG_PROMPT_NONE || watcher == p->addr || is_settled(p, &asker))
		return now;
	if (open_prompts(p) >= c->env.policy.limits.prompts) {
		hg_core_count(c, "limit_prompts_total");
		return now; /* he may watch all the same; only the question is not asked */
	}
	return HG_PROMPT_OPEN;
}

void hg_prompt_set(struct hg_core *c, struct hg_watch_obj *w, enum hg_prompt prompt)
{
	if (w->prompt == prompt)
		return;
	w->prompt = prompt;
	if (!w->presentity)
		return;
	w->presentity->waiting_changed = hg_core_change(c);
	w->presentity->watchers_changed = w->presentity->waiting_changed;
	hg_person_self_dirty(c, w->presentity);
}

/* As the owner's client has to write him, whatever characters his name has; returns the size. */
static size_t write_user(struct hg_core *c, hg_addr addr)
{
	size_t before = c->waiting_text.n;
	struct hg_address a;

	hg_addr_address(c->env.ids, addr, &a);
	hg_address_write_sip(&a, HG_BARE, &c->waiting_text);
	return c->waiting_text.n - before;
}

static struct hg_str name_of(const struct hg_person *p)
{
	const struct hg_bytes *name = p && p->card ? p->card->said.field[HG_CARD_DISPLAY_NAME]
						   : NULL;

	return name ? hg_bytes_str(name) : HG_STR_NONE;
}

size_t hg_prompts_list(struct hg_core *c, struct hg_person *p)
{
	const struct hg_str scheme = HG_STR("sip:");
	const struct hg_watch_obj *w;
	const char *at;
	size_t n = 0;

	hg_buf_reset(&c->waiting_text);
	DL_FOREACH2 (p->watcher, w, pnext) {
		if (w->prompt != HG_PROMPT_OPEN || is_settled(p, &w->asker))
			continue;
		hg_grow(&c->waiting, &c->waiting_cap, n, sizeof(*c->waiting));
		c->waiting[n++] = (struct hg_waiting){
			.user.n = write_user(c, w->key.watcher) - scheme.n,
			.trust = w->asker.trust,
			.name = name_of(hg_person_find(c, w->key.watcher)),
		};
	}
	at = c->waiting_text.p; /* only now, as it has stopped growing */
	for (size_t i = 0; i < n; i++) {
		c->waiting[i].user.p = at + scheme.n;
		at += scheme.n + c->waiting[i].user.n;
	}
	return n;
}
