/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates as XEP-0082 and xs:dateTime write them. Own arithmetic on the proleptic Gregorian calendar:
 * timegm() and strptime() depend on locale, time zone and leap second files, and accept what the
 * specifications do not.
 */
#include <heliograph/base.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* Days from 1970-01-01 to the first of January of `year` (0..10000). */
static int64_t days_before_year(int64_t year)
{
	int64_t y = year - 1;
	int64_t leaps = year ? y / 4 - y / 100 + y / 400 : -1; /* year 0 is one itself */

	return y * 365 + leaps - 719162;
}

static bool leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t days_in_month(int64_t year, int64_t month)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* `value` in exactly `width` digits, and what stands behind it. */
static char *put(char *to, int64_t value, int width, char behind)
{
	for (int i = width; i--; value /= 10)
		to[i] = (char)('0' + value % 10);
	to[width] = behind;
	return to + width + 1;
}

void hg_utc_write(int64_t utc_ms, char ret_text[HG_UTC_TEXT])
{
	const int64_t first = days_before_year(0) * DAY, last = days_before_year(10000) * DAY - 1;

	/* Four digits of year are all there is; a clock beyond them is broken, and the text must
	 * stay readable. */
	utc_ms = utc_ms < first ? first : utc_ms > last ? last : utc_ms;

	int64_t days = (utc_ms - first) / DAY, ms = (utc_ms - first) % DAY;
	int64_t year = days / 366, month = 1;

	days += days_before_year(0);
	while (days_before_year(year + 1) <= days)
		year++;
	days -= days_before_year(year);
	while (days >= days_in_month(year, month))
		days -= days_in_month(year, month++);

	char *to = put(ret_text, year, 4, '-');
	to = put(to, month, 2, '-');
	to = put(to, days + 1, 2, 'T');
	to = put(to, ms / HOUR, 2, ':');
	to = put(to, ms % HOUR / MINUTE, 2, ':');
	to = put(to, ms % MINUTE / SECOND, 2, '.');
	to = put(to, ms % SECOND, 3, 'Z');
	*to = '\0';
}

/* Exactly `n` digits off the front. */
static bool take_digits(struct hg_str *s, size_t n, int64_t *ret)
{
	uint32_t value;

	if (s->n < n || !hg_str_u32((struct hg_str){ s->p, n }, &value))
		return false;
	*ret = value;
	s->p += n;
	s->n -= n;
	return true;
}

static bool take_char(struct hg_str *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	s->p++;
	s->n--;
	return true;
}

/* ".123456": any number of digits, those after the third are dropped. */
static bool take_fraction(struct hg_str *s, int64_t *ret_ms)
{
	int64_t unit = 100, digit;

	*ret_ms = 0;
	if (!take_char(s, '.'))
		return true;
	if (!take_digits(s, 1, &digit))
		return false;
	do {
		*ret_ms += digit * unit;
		unit /= 10;
	} while (take_digits(s, 1, &digit));
	return true;
}

/* "Z", "+05:30", or nothing, which is taken as UTC. */
static bool take_zone(struct hg_str *s, int64_t *ret_ms)
{
	int64_t h, m;

	*ret_ms = 0;
	if (!s->n || take_char(s, 'Z'))
		return true;
	bool minus = take_char(s, '-');
	if (!minus && !take_char(s, '+'))
		return false;
	if (!take_digits(s, 2, &h) || !take_char(s, ':') || !take_digits(s, 2, &m))
		return false;
	if (h > 14 || m > 59 || (h == 14 && m))
		return false;
	*ret_ms = (h * HOUR + m * MINUTE) * (minus ? -1 : 1);
	return true;
}

static bool take_date(struct hg_str *s, int64_t *ret_ms)
{
	int64_t year, month, day;

	if (!take_digits(s, 4, &year) || !take_char(s, '-') || !take_digits(s, 2, &month) ||
		!take_char(s, '-') || !take_digits(s, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	day += days_before_year(year) - 1;
	for (int64_t m = 1; m < month; m++)
		day += days_in_month(year, m);
	*ret_ms = day * DAY;
	return true;
}

static bool take_time(struct hg_str *s, int64_t *ret_ms)
{
	int64_t h, m, sec, ms;

	if (!take_digits(s, 2, &h) || !take_char(s, ':') || !take_digits(s, 2, &m) ||
		!take_char(s, ':') || !take_digits(s, 2, &sec) || !take_fraction(s, &ms))
		return false;
	/* 24:00:00 ends a day (xs:dateTime 3.2.7); second 60 is a leap second, which runs into the
	 * next minute. */
	if (h > 24 || (h == 24 && (m || sec || ms)) || m > 59 || sec > 60)
		return false;
	*ret_ms = h * HOUR + m * MINUTE + sec * SECOND + ms;
	return true;
}

bool hg_utc_read(struct hg_str s, int64_t *ret_utc_ms)
{
	int64_t date, time, zone;

	s = hg_str_trim(s);
	if (!take_date(&s, &date) || !take_char(&s, 'T') || !take_time(&s, &time) ||
		!take_zone(&s, &zone) || s.n)
		return false;
	*ret_utc_ms = date + time - zone;
	return true;
}
