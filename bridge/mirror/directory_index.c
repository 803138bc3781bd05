/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is found by which word. All that is searched is text in one piece, which is gone through at the speed of the memory:
 * for each person a line for each word that something of his could be looked up by, with the letter of the field in front
 * and what follows the word behind it, all without case. A search is a search for such a beginning of a line.
 */

#include "bridge/mirror/core.h"

#include "bridge/address/prep.h"
#include "bridge/presence/card.h"

#include <stdlib.h>
#include <string.h>

/* Fields that people are looked up by; the address besides. */
static const int searched[] = { HG_CARD_DISPLAY_NAME, HG_CARD_MAIL, HG_CARD_TITLE, HG_CARD_COMPANY,
	HG_CARD_DEPARTMENT, HG_CARD_OFFICE, HG_CARD_CITY, HG_CARD_COUNTRY };

static char letter(int field)
{
	return (char)('a' + field);
}

static bool between_words(char c)
{
	return c == ' ' || c == '-' || c == ',' || c == '(' || c == '"' || c == '/';
}

/* Line ends are what lines are found by. */
static void add_line(struct hg_buf *b, int field, struct hg_str from_word)
{
	hg_buf_addc(b, '\n');
	hg_buf_addc(b, letter(field));
	hg_buf_add(b, from_word);
}

static void add_field(struct hg_buf *b, int field, struct hg_str value, bool words)
{
	struct hg_buf folded = { 0 };
	struct hg_str s;

	hg_text_fold(value, &folded);
	s = hg_buf_str(&folded);
	for (size_t i = 0; i < s.n; i++)
		if (i == 0 || (words && between_words(s.p[i - 1]) && !between_words(s.p[i])))
			add_line(b, field, (struct hg_str){ s.p + i, s.n - i });
	hg_buf_done(&folded);
}

/* ---- entries ---- */

static void add_entry(struct hg_core *c, struct hg_person *p)
{
	struct hg_index *x = &c->index;
	const struct hg_card *card = hg_person_card(p);
	struct hg_listing *e;

	hg_grow(&x->entry, &x->cap, x->n, sizeof(*x->entry));
	e = &x->entry[x->n++];
	*e = (struct hg_listing){ .addr = p->addr, .from = x->text.n };
	add_field(&x->text, HG_SEARCH_ADDRESS, hg_intern_text(c->env.ids, p->addr), false);
	for (size_t i = 0; i < sizeof(searched) / sizeof(searched[0]); i++)
		if (card->field[searched[i]])
			add_field(&x->text, searched[i], hg_bytes_str(card->field[searched[i]]),
				searched[i] != HG_CARD_MAIL);
	e->to = x->text.n;
	p->listed = x->n;
}

static void drop_entry(struct hg_core *c, struct hg_person *p)
{
	struct hg_index *x = &c->index;
	struct hg_listing *e;

	if (!p->listed)
		return;
	e = &x->entry[p->listed - 1];
	memset(x->text.p + e->from, ' ', e->to - e->from); /* no line begins there */
	x->dead += e->to - e->from;
	e->addr = 0;
	p->listed = 0;
}

/* Closes the gaps. */
static void compact(struct hg_core *c)
{
	struct hg_index *x = &c->index;
	size_t n = 0, end = 0;

	for (size_t i = 0; i < x->n; i++) {
		struct hg_listing e = x->entry[i];

		if (!e.addr)
			continue;
		memmove(x->text.p + end, x->text.p + e.from, e.to - e.from);
		x->entry[n++] = (struct hg_listing){ e.addr, end, end + e.to - e.from };
		end += e.to - e.from;
		hg_person_find(c, e.addr)->listed = n;
	}
	x->n = n;
	x->text.n = end;
	x->dead = 0;
}

void hg_directory_late(struct hg_core *c, struct hg_person *p)
{
	struct hg_index *x = &c->index;

	if (p->unlisted)
		return;
	p->unlisted = true;
	hg_grow(&x->late, &x->late_cap, x->nlate, sizeof(*x->late));
	x->late[x->nlate++] = p->addr;
}

void hg_directory_drop(struct hg_core *c, struct hg_person *p)
{
	if (!c->quiet)
		drop_entry(c, p);
}

void hg_directory_settle(struct hg_core *c)
{
	enum { GAPS = 1 << 16 };
	struct hg_index *x = &c->index;

	for (size_t i = 0; i < x->nlate; i++) {
		struct hg_person *p = hg_person_find(c, x->late[i]);

		if (!p || !p->unlisted)
			continue; /* he is gone, or there twice: gone and back */
		p->unlisted = false;
		drop_entry(c, p);
		if (p->exists)
			add_entry(c, p);
	}
	x->nlate = 0;
	if (x->dead > GAPS && x->dead > x->text.n / 2)
		compact(c);
}

void hg_directory_done(struct hg_core *c)
{
	hg_buf_done(&c->index.text);
	free(c->index.entry);
	free(c->index.late);
}

/* ---- looking up ---- */

/* The beginnings of lines that are looked for, the longest first: it is met least often. */
struct needles {
	struct hg_buf text[HG_SEARCH_TERMS_MAX];
	size_t n;
};

static void make_needles(const struct hg_search *s, struct needles *ret)
{
	*ret = (struct needles){ .n = s->n < HG_SEARCH_TERMS_MAX ? s->n : HG_SEARCH_TERMS_MAX };
	for (size_t i = 0; i < ret->n; i++) {
		struct hg_buf *b = &ret->text[i], first = ret->text[0];

		add_line(b, s->term[i].field, HG_STR_NONE);
		hg_text_fold(s->term[i].value, b);
		for (size_t k = 1; k < b->n; k++)
			if (b->p[k] == '\n')
				b->p[k] = ' '; /* it must not reach into another line */
		if (i && b->n > first.n) {
			ret->text[0] = *b;
			*b = first;
		}
	}
}

static const char *find(const char *from, const char *end, const struct hg_buf *needle)
{
	return memmem(from, (size_t)(end - from), needle->p, needle->n);
}

static bool others_fit(const char *from, const char *end, const struct needles *needles)
{
	for (size_t i = 1; i < needles->n; i++)
		if (!find(from, end, &needles->text[i]))
			return false;
	return true;
}

static void go_through(struct hg_core *c, const struct needles *needles,
	bool (*hit)(void *arg, struct hg_person *), void *arg)
{
	const struct hg_index *x = &c->index;
	const char *text = x->text.p, *end = text + x->text.n, *at = text;
	size_t i = 0;

	while ((at = find(at, end, &needles->text[0]))) {
		const struct hg_listing *e;

		while (x->entry[i].to <= (size_t)(at - text))
			i++;
		e = &x->entry[i];
		at = text + e->to;
		if (others_fit(text + e->from, at, needles) &&
			!hit(arg, hg_person_find(c, e->addr)))
			break;
	}
}

void hg_directory_find(struct hg_core *c, const struct hg_search *s,
	bool (*hit)(void *arg, struct hg_person *), void *arg)
{
	struct needles needles;

	if (!s->n || !c->index.n)
		return;
	make_needles(s, &needles);
	go_through(c, &needles, hit, arg);
	for (size_t i = 0; i < needles.n; i++)
		hg_buf_done(&needles.text[i]);
}
