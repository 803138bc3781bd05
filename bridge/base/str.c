/* SPDX-License-Identifier: Apache-2.0 */
/* Borrowed text: comparing, trimming, splitting, reading numbers. ASCII rules only, never the
 * locale's. */
#include <heliograph/base.h>

#include <string.h>

struct hg_str hg_str(const char *cstr)
{
	return cstr ? (struct hg_str){ cstr, strlen(cstr) } : HG_STR_NONE;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool hg_str_eq(struct hg_str a, struct hg_str b)
{
	return a.n == b.n && (!a.n || memcmp(a.p, b.p, a.n) == 0);
}

bool hg_str_ieq(struct hg_str a, struct hg_str b)
{
	return a.n == b.n && hg_str_istarts(a, b);
}

bool hg_str_is(struct hg_str a, const char *cstr)
{
	return hg_str_eq(a, hg_str(cstr));
}

bool hg_str_starts(struct hg_str a, struct hg_str prefix)
{
	return a.n >= prefix.n && hg_str_eq((struct hg_str){ a.p, prefix.n }, prefix);
}

bool hg_str_istarts(struct hg_str a, struct hg_str prefix)
{
	if (a.n < prefix.n)
		return false;
	for (size_t i = 0; i < prefix.n; i++) {
		if (lower(a.p[i]) != lower(prefix.p[i]))
			return false;
	}
	return true;
}

bool hg_str_has_control(struct hg_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

struct hg_str hg_str_trim(struct hg_str s)
{
	while (s.n && blank(s.p[s.n - 1]))
		s.n--;
	while (s.n && blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	return s;
}

bool hg_str_token(struct hg_str *rest, char sep, struct hg_str *ret_token)
{
	if (!rest->n)
		return false;
	const char *end = memchr(rest->p, sep, rest->n);
	size_t n = end ? (size_t)(end - rest->p) : rest->n;
	size_t used = end ? n + 1 : n;

	*ret_token = hg_str_trim((struct hg_str){ rest->p, n });
	rest->p += used;
	rest->n -= used;
	return true;
}

/* Decimal digits with a value of at most `most`. */
static bool digits(struct hg_str s, uint64_t most, uint64_t *ret)
{
	uint64_t value = 0;

	if (!s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		uint64_t digit = (uint64_t)(s.p[i] - '0');
		if (value > (most - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret = value;
	return true;
}

bool hg_str_u32(struct hg_str s, uint32_t *ret)
{
	uint64_t value;

	if (!digits(s, UINT32_MAX, &value))
		return false;
	*ret = (uint32_t)value;
	return true;
}

bool hg_str_i64(struct hg_str s, int64_t *ret)
{
	bool minus = s.n && s.p[0] == '-';
	uint64_t value;

	if (minus || (s.n && s.p[0] == '+')) {
		s.p++;
		s.n--;
	}
	if (!digits(s, minus ? (uint64_t)INT64_MAX + 1 : INT64_MAX, &value))
		return false;
	/* negated before the conversion, since -INT64_MIN does not fit */
	*ret = minus ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

char *hg_str_dup(struct hg_str s)
{
	char *copy = hg_alloc(s.n + 1);

	if (s.n)
		memcpy(copy, s.p, s.n);
	return copy;
}
