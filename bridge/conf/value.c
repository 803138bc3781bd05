/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand behind a key. */
#include "bridge/conf/tree.h"
#include "bridge/mapping/suggest.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct unit {
	const char *name;
	int64_t of;
};

/* ends with the smallest; no name: what is meant without one */
static const struct unit durations[] = { { "h", 3600000 }, { "m", 60000 }, { "s", 1000 },
	{ "ms", 1 }, { "", 1000 } };
static const struct unit sizes[] = { { "G", INT64_C(1) << 30 }, { "M", 1 << 20 }, { "k", 1 << 10 },
	{ "K", 1 << 10 }, { "", 1 } };
#define NUNITS 5

/* A decimal number with at most one unit behind it. */
static bool read_units(struct hg_str text, const struct unit *unit, int64_t *ret)
{
	size_t digits = 0;
	int64_t number;

	while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
		digits++;
	if (!hg_str_i64((struct hg_str){ text.p, digits }, &number))
		return false;
	text.p += digits;
	text.n -= digits;
	text = hg_str_trim(text);
	for (size_t i = 0; i < NUNITS; i++) {
		if (hg_str_is(text, unit[i].name))
			return !__builtin_mul_overflow(number, unit[i].of, ret);
	}
	return false;
}

/* In the largest unit that leaves no rest: "90s", "64k". */
static void write_units(int64_t number, const struct unit *unit, char *ret, size_t size)
{
	size_t i = 0;

	while (i < NUNITS - 1 && (!number || number % unit[i].of))
		i++;
	snprintf(ret, size, "%lld%s", (long long)(number / unit[i].of), unit[i].name);
}

static bool read_integer(struct hg_str text, int64_t *ret)
{
	if (!hg_str_istarts(text, HG_STR("0x")))
		return hg_str_i64(text, ret);
	*ret = 0;
	for (size_t i = 2; i < text.n; i++) {
		static const char hex[] = "0123456789abcdef";
		const char *digit = memchr(hex, text.p[i] | 0x20, 16);

		if (!digit || *ret >> 59)
			return false;
		*ret = *ret << 4 | (digit - hex);
	}
	return text.n > 2;
}

static bool read_number(const struct hg_key *key, struct hg_str text, int64_t *ret)
{
	if (key->kind == HG_KEY_DURATION)
		return read_units(text, durations, ret);
	if (key->kind == HG_KEY_SIZE)
		return read_units(text, sizes, ret);
	return read_integer(text, ret);
}

static void write_number(const struct hg_key *key, int64_t number, char *ret, size_t size)
{
	if (key->kind == HG_KEY_DURATION)
		write_units(number, durations, ret, size);
	else if (key->kind == HG_KEY_SIZE)
		write_units(number, sizes, ret, size);
	else
		snprintf(ret, size, "%lld", (long long)number);
}

/* "60s to 24h"; what is expected if there are no bounds */
static void write_bounds(const struct hg_key *key, char *ret, size_t size)
{
	static const char *const examples[] = { [HG_KEY_INTEGER] = "a whole number",
		[HG_KEY_DURATION] = "a time such as 500ms, 10s, 5m or 2h",
		[HG_KEY_SIZE] = "octets, such as 16384, 16k or 1M" };
	char min[32], max[32];

	write_number(key, key->min, min, sizeof(min));
	write_number(key, key->max, max, sizeof(max));
	if (key->min || key->max)
		snprintf(ret, size, "%s, from %s to %s", examples[key->kind], min, max);
	else
		snprintf(ret, size, "%s", examples[key->kind]);
}

/* A text that may be printed at a terminal. */
static const char *shown(const char *text, char ret[64])
{
	size_t n = 0;

	for (; text[n] && n < 60; n++)
		ret[n] = (unsigned char)text[n] < 0x20 || text[n] == 0x7f ? '?' : text[n];
	ret[n] = '\0';
	return ret;
}

static bool check_number(struct hg_conf *node, const struct hg_key *key, struct hg_errs *errs)
{
	bool ok = read_number(key, hg_str(node->text), &node->number);
	char bounds[160], text[64];

	if (ok &&
		((!key->min && !key->max) ||
			(node->number >= key->min && node->number <= key->max)))
		return true;
	write_bounds(key, bounds, sizeof(bounds));
	hg_conf_fault(errs, node, bounds,
		ok ? "%s: %s is out of bounds" : "%s: '%s' makes no sense", key->name,
		shown(node->text, text));
	return false;
}

static bool check_bool(struct hg_conf *node, const struct hg_key *key, struct hg_errs *errs)
{
	static const char *const words[] = { "off", "on", "false", "true", "no", "yes" };
	char text[64];

	for (int i = 0; i < 6; i++) {
		if (strcasecmp(words[i], node->text) == 0) {
			node->number = i & 1;
			return true;
		}
	}
	hg_conf_fault(errs, node, "on or off, yes or no", "%s: '%s' makes no sense", key->name,
		shown(node->text, text));
	return false;
}

static bool check_enum(struct hg_conf *node, const struct hg_key *key, struct hg_errs *errs)
{
	char hint[HG_SUGGESTION], text[64];
	size_t n;

	for (n = 0; key->values[n]; n++) {
		if (strcmp(key->values[n], node->text) == 0) {
			node->number = (int64_t)n;
			return true;
		}
	}
	hg_suggest(hg_str(node->text), key->values, n, hint);
	hg_conf_fault(
		errs, node, hint, "%s: '%s' is not known", key->name, shown(node->text, text));
	return false;
}

bool conf_check_scalar(struct hg_conf *node, const struct hg_key *key, struct hg_errs *errs)
{
	switch (key->kind) {
	case HG_KEY_BOOL:
		return check_bool(node, key, errs);
	case HG_KEY_INTEGER:
	case HG_KEY_DURATION:
	case HG_KEY_SIZE:
		return check_number(node, key, errs);
	case HG_KEY_ENUM:
		return check_enum(node, key, errs);
	default:
		break;
	}
	if (node->text[0] || !key->required)
		return true;
	hg_conf_fault(errs, node, key->help, "'%s' must not be empty", key->name);
	return false;
}
