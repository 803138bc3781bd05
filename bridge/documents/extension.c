/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/extension.h"
#include "bridge/documents/write.h"

#include <string.h>

#define CHECKSUM 8 /* digits */

/* ---- the checksum: FNV-1a of 64 bits, folded to 32; the same in every process, unlike hg_str_hash ---- */

static uint64_t mix(uint64_t hash, struct hg_str s)
{
	for (size_t i = 0; i < s.n; i++)
		hash = (hash ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	return (hash ^ 0xff) * UINT64_C(0x100000001b3); /* ends a field: no octet of UTF-8 */
}

/* Over the texts as XML has them: what XML cannot carry is not in what arrives either. */
static void write_checksum(const struct hg_extension_core *core, char ret[CHECKSUM + 1])
{
	static const char *const types[] = { "", "available", "unavailable" };
	static const char hex[] = "0123456789abcdef";
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	struct hg_buf b = { 0 };

	hash = mix(hash, hg_str(types[core->type]));
	hash = mix(hash, core->show);
	hg_buf_addf(&b, "%d", core->priority);
	hash = mix(hash, hg_buf_str(&b));
	hg_buf_reset(&b);
	hg_buf_add_legal(&b, core->text);
	hash = mix(hash, hg_buf_str(&b));
	hg_buf_done(&b);
	uint32_t folded = (uint32_t)(hash ^ hash >> 32);
	for (int i = CHECKSUM; i--; folded >>= 4)
		ret[i] = hex[folded & 15];
	ret[CHECKSUM] = '\0';
}

/* ---- writing ---- */

void hg_extension_write(
	struct hg_buf *out, const struct hg_extension *e, const struct hg_extension_core *core)
{
	char checksum[CHECKSUM + 1];

	hg_buf_adds(out, "<" HG_EXTENSION_NAME " xmlns=\"" HG_NS_EXTENSION "\"");
	hg_write_number_attr(out, "av", e->availability);
	if (e->token[0])
		hg_write_attr(out, "tok", hg_str(e->token));
	if (e->min)
		hg_write_number_attr(out, "min", e->min);
	if (e->max != UINT32_MAX)
		hg_write_number_attr(out, "max", e->max);
	if (e->manual)
		hg_write_attr(out, "man", HG_STR("1"));
	if (e->device[0])
		hg_write_attr(out, "dev", hg_str(e->device));
	hg_write_time_attr(out, "la", e->last_active);
	if (e->note) {
		hg_write_attr(
			out, "note", hg_str(e->note == HG_EXTENSION_OOF ? "oof" : "personal"));
		hg_write_number_attr(out, "at", e->note_at);
		hg_write_number_attr(out, "len", e->note_size);
	}
	if (e->hops)
		hg_write_number_attr(out, "h", e->hops);
	if (e->origin[0])
		hg_write_attr(out, "o", hg_str(e->origin));
	write_checksum(core, checksum);
	hg_write_attr(out, "ck", hg_str(checksum));
	hg_buf_adds(out, "/>");
}

/* ---- reading ---- */

static bool read_text(struct hg_str value, char *ret, size_t size)
{
	if (value.n >= size || memchr(value.p ? value.p : "", '\0', value.n))
		return false;
	memcpy(ret, value.p ? value.p : "", value.n);
	ret[value.n] = '\0';
	return true;
}

bool hg_extension_read_origin(struct hg_str value, struct hg_extension *e)
{
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i], low = (char)(c | 0x20);

		if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-')
			return false;
	}
	return read_text(value, e->origin, sizeof(e->origin));
}

static bool read_manual(struct hg_str value, struct hg_extension *e)
{
	e->manual = hg_str_is(value, "1");
	return e->manual || hg_str_is(value, "0");
}

static bool read_note(struct hg_str value, struct hg_extension *e)
{
	e->note = hg_str_is(value, "oof") ? HG_EXTENSION_OOF : HG_EXTENSION_PERSONAL;
	return e->note == HG_EXTENSION_OOF || hg_str_is(value, "personal");
}

/* Whole characters that are in the text. */
static bool note_is_there(const struct hg_extension *e, struct hg_str text)
{
	if (!e->note)
		return !e->note_at && !e->note_size;
	if (!e->note_size || e->note_at > text.n || e->note_size > text.n - e->note_at)
		return false;
	return hg_utf8_valid((struct hg_str){ text.p, e->note_at }) &&
		hg_utf8_valid((struct hg_str){ text.p + e->note_at, e->note_size });
}

/* false: not what it must be. `*seen` counts those that must be there. */
static bool read_attr(
	const struct hg_attr *a, const char *checksum, struct hg_extension *e, int *seen)
{
	if (hg_str_is(a->name, "av"))
		return ++*seen, hg_str_u32(a->value, &e->availability);
	if (hg_str_is(a->name, "ck"))
		return ++*seen, hg_str_is(a->value, checksum);
	if (hg_str_is(a->name, "tok"))
		return read_text(a->value, e->token, sizeof(e->token));
	if (hg_str_is(a->name, "min"))
		return hg_str_u32(a->value, &e->min);
	if (hg_str_is(a->name, "max"))
		return hg_str_u32(a->value, &e->max);
	if (hg_str_is(a->name, "man"))
		return read_manual(a->value, e);
	if (hg_str_is(a->name, "dev"))
		return read_text(a->value, e->device, sizeof(e->device));
	if (hg_str_is(a->name, "la"))
		return hg_utc_read(a->value, &e->last_active);
	if (hg_str_is(a->name, "note"))
		return read_note(a->value, e);
	if (hg_str_is(a->name, "at"))
		return hg_str_u32(a->value, &e->note_at);
	if (hg_str_is(a->name, "len"))
		return hg_str_u32(a->value, &e->note_size);
	if (hg_str_is(a->name, "h"))
		return hg_str_u32(a->value, &e->hops);
	return !hg_str_is(a->name, "o") || hg_extension_read_origin(a->value, e);
}

/* What says that somebody is not there, beside what says that he is, is of no use to anybody. */
static bool is_there(uint32_t availability)
{
	enum hg_band band = hg_band_of(availability);

	return band != HG_BAND_UNKNOWN && band != HG_BAND_OFFLINE;
}

bool hg_extension_read(const struct hg_attr *attr, size_t n, const struct hg_extension_core *core,
	struct hg_extension *ret)
{
	char checksum[CHECKSUM + 1];
	int seen = 0;

	*ret = (struct hg_extension){ .max = UINT32_MAX };
	write_checksum(core, checksum);
	for (size_t i = 0; i < n; i++) {
		if (!read_attr(&attr[i], checksum, ret, &seen))
			return false;
	}
	return seen == 2 && core->type == HG_CORE_AVAILABLE && is_there(ret->availability) &&
		note_is_there(ret, core->text);
}

bool hg_extension_may_pass(const struct hg_extension *e, struct hg_str own)
{
	return e->hops < HG_EXTENSION_HOPS_MAX &&
		(!e->origin[0] || !hg_str_ieq(own, hg_str(e->origin)));
}

struct hg_str hg_extension_domain(struct hg_str address)
{
	const char *at = address.n ? memrchr(address.p, '@', address.n) : NULL;

	return at ? (struct hg_str){ at + 1, (size_t)(address.p + address.n - at - 1) }
		  : HG_STR_NONE;
}
