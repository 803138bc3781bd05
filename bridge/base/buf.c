/* SPDX-License-Identifier: Apache-2.0 */
#include <heliograph/base.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` octets and the NUL. */
static void make_room(struct hg_buf *b, size_t more)
{
	if (more >= b->cap - b->n)
		hg_grow(&b->p, &b->cap, b->n + more, 1);
}

void hg_buf_add(struct hg_buf *b, struct hg_str s)
{
	make_room(b, s.n);
	if (s.n)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

void hg_buf_adds(struct hg_buf *b, const char *cstr)
{
	hg_buf_add(b, hg_str(cstr));
}

void hg_buf_addc(struct hg_buf *b, char c)
{
	hg_buf_add(b, (struct hg_str){ &c, 1 });
}

void hg_buf_addf(struct hg_buf *b, const char *fmt, ...)
{
	va_list args, again;
	size_t room = b->cap - b->n;

	va_start(args, fmt);
	va_copy(again, args);
	/* Into the room that is there: most of the time it is enough, and formatting is not cheap. */
	int n = vsnprintf(room ? b->p + b->n : NULL, room, fmt, args);
	assert(n >= 0);
	if ((size_t)n >= room) {
		make_room(b, (size_t)n);
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
	}
	b->n += (size_t)n;
	va_end(again);
	va_end(args);
}

struct hg_str hg_buf_str(const struct hg_buf *b)
{
	return (struct hg_str){ b->p, b->n };
}

struct hg_bytes *hg_buf_bytes(struct hg_buf *b)
{
	struct hg_bytes *bytes = hg_bytes_new(hg_buf_str(b));

	hg_buf_reset(b);
	return bytes;
}

void hg_buf_reset(struct hg_buf *b)
{
	b->n = 0;
	if (b->p)
		b->p[0] = '\0';
}

void hg_buf_done(struct hg_buf *b)
{
	free(b->p);
	*b = (struct hg_buf){ 0 };
}
