/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few shapes that every header here is written in: borrowed text, shared bytes, a growing
 * buffer.
 *
 * Running out of memory ends the process with one log line (docs/decisions/0001): no function here
 * or anywhere else in Heliograph returns NULL or -ENOMEM for want of memory.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HG_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* ---- borrowed text: not NUL-terminated, owned by somebody else, valid as long as its owner says
 * ---- */

struct hg_str {
	const char *p; /* never NULL in a non-empty one */
	size_t n;
};

#define HG_STR(literal) ((struct hg_str){ "" literal, sizeof(literal) - 1 })
#define HG_STR_NONE ((struct hg_str){ NULL, 0 })
/* for printf: "%.*s", HG_STR_ARG(s) */
#define HG_STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

struct hg_str hg_str(const char *cstr); /* NULL gives HG_STR_NONE */
bool hg_str_eq(struct hg_str a, struct hg_str b);
bool hg_str_ieq(struct hg_str a, struct hg_str b); /* ASCII case folded */
bool hg_str_is(struct hg_str a, const char *cstr);
bool hg_str_starts(struct hg_str a, struct hg_str prefix);
bool hg_str_istarts(struct hg_str a, struct hg_str prefix); /* ASCII case folded */
struct hg_str hg_str_trim(struct hg_str); /* blanks, tabs, CR and LF off both ends */
/* The next token of *rest up to `sep`, trimmed; advances *rest. false when nothing is left. Between
 * two separators is an empty token, behind a last one none. */
bool hg_str_token(struct hg_str *rest, char sep, struct hg_str *ret_token);
bool hg_str_u32(struct hg_str, uint32_t *ret); /* decimal digits only, no sign; false on overflow */
bool hg_str_i64(struct hg_str, int64_t *ret);  /* decimal, optional sign */
uint64_t hg_str_hash(struct hg_str);           /* stable within a process only */
bool hg_str_has_control(struct hg_str);        /* of ASCII */
bool hg_utf8_valid(struct hg_str);             /* RFC 3629: no surrogates, no overlong forms */
char *hg_str_dup(struct hg_str);               /* NUL-terminated copy; free() it */

/* ---- memory that is there or the process is not ---- */

void *hg_alloc(size_t size); /* zeroed */
void *hg_realloc(void *old, size_t size);
/* Grows *array (element size `each`) so that index `n` is valid; *cap counts elements, new ones are
 * zeroed. */
void hg_grow(void *array_ptr, size_t *cap, size_t n, size_t each);

/* ---- immutable, shared, counted bytes: payloads and fragments. Counted for the loop's thread
 * alone ---- */

struct hg_bytes {
	uint32_t refs;
	uint32_t n;
	uint64_t hash; /* of the content; equal content gives equal hash */
	char p[]; /* NUL-terminated for the convenience of C libraries; the NUL is not counted in n
		   */
};

struct hg_bytes *hg_bytes_new(struct hg_str content); /* one reference, the caller's */
struct hg_bytes *hg_bytes_ref(struct hg_bytes *);     /* NULL gives NULL */
void hg_bytes_unref(struct hg_bytes *);               /* NULL is fine */
struct hg_str hg_bytes_str(const struct hg_bytes *);  /* NULL gives HG_STR_NONE */
bool hg_bytes_eq(const struct hg_bytes *, const struct hg_bytes *);

/* ---- a buffer that grows; always NUL-terminated once something was added ---- */

struct hg_buf {
	char *p;
	size_t n, cap;
};

void hg_buf_add(struct hg_buf *, struct hg_str);
void hg_buf_adds(struct hg_buf *, const char *cstr);
void hg_buf_addc(struct hg_buf *, char c);
void hg_buf_addf(struct hg_buf *, const char *fmt, ...) HG_PRINTF(2, 3);
/* Text escaped for XML element content and attribute values in either quote; characters that
 * XML 1.0 cannot carry are left out, invalid UTF-8 becomes U+FFFD. */
void hg_buf_add_xml(struct hg_buf *, struct hg_str);
void hg_buf_add_legal(struct hg_buf *, struct hg_str); /* as who reads that has it again */
/* A name of a protocol's list as a reader has it: "in_awe" is "In awe". */
void hg_buf_add_name(struct hg_buf *, struct hg_str name);
/* One more of several words for the same, each said once; nothing, if it is empty. */
void hg_buf_add_also(struct hg_buf *, struct hg_str words);
/* The next of several that were put together so, and what is left; borrows. false: there is none. */
bool hg_words_next(struct hg_str *rest, struct hg_str *ret);
/* Text as a JSON string, with its quotes. */
void hg_buf_add_json(struct hg_buf *, struct hg_str);
struct hg_str hg_buf_str(const struct hg_buf *);
struct hg_bytes *hg_buf_bytes(
	struct hg_buf *);           /* makes counted bytes of the content and empties the buffer */
void hg_buf_reset(struct hg_buf *); /* empties, keeps the memory */
void hg_buf_done(struct hg_buf *);  /* frees the memory */

/* ---- time: milliseconds. `mono` counts from an arbitrary start and never jumps; `utc` since 1970
 * ---- */

struct hg_now {
	int64_t mono, utc;
};

/* "2026-11-21T19:42:54.123Z" and back (XEP-0082, xs:dateTime; also without fraction or zone letter,
 * taken as UTC). */
#define HG_UTC_TEXT 32
void hg_utc_write(int64_t utc_ms, char ret_text[HG_UTC_TEXT]);
bool hg_utc_read(struct hg_str, int64_t *ret_utc_ms);
