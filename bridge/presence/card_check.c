/* SPDX-License-Identifier: Apache-2.0 */
/* What the fields of a user record are called, and what may stand in them. */

#include "bridge/presence/card.h"

#include <errno.h>
#include <string.h>

enum form { TEXT, MAIL, PHONE, COUNTRY, URL, TOKEN };

static const struct field {
	const char *name;
	enum form form;
	size_t max; /* bytes */
} fields[HG_CARD_FIELDS] = {
	[HG_CARD_DISPLAY_NAME] = { "display-name", TEXT, 256 },
	[HG_CARD_MAIL] = { "mail", MAIL, 254 },
	[HG_CARD_TITLE] = { "title", TEXT, 128 },
	[HG_CARD_COMPANY] = { "company", TEXT, 128 },
	[HG_CARD_DEPARTMENT] = { "department", TEXT, 128 },
	[HG_CARD_OFFICE] = { "office", TEXT, 128 },
	[HG_CARD_PHONE_WORK] = { "phone-work", PHONE, 128 },
	[HG_CARD_PHONE_MOBILE] = { "phone-mobile", PHONE, 128 },
	[HG_CARD_PHONE_HOME] = { "phone-home", PHONE, 128 },
	[HG_CARD_PHONE_OTHER] = { "phone-other", PHONE, 128 },
	[HG_CARD_STREET] = { "street", TEXT, 256 },
	[HG_CARD_CITY] = { "city", TEXT, 128 },
	[HG_CARD_STATE] = { "state", TEXT, 128 },
	[HG_CARD_POSTAL_CODE] = { "postal-code", TEXT, 32 },
	[HG_CARD_COUNTRY] = { "country", COUNTRY, 2 },
	[HG_CARD_PHOTO_URL] = { "photo-url", URL, 1024 },
	[HG_CARD_PHOTO_HASH] = { "photo-hash", TOKEN, 128 },
};

const char *hg_card_field_name(enum hg_card_field field)
{
	return fields[field].name;
}

enum hg_card_field hg_card_field_find(struct hg_str name)
{
	int i = 0;

	while (i < HG_CARD_FIELDS && !hg_str_is(name, fields[i].name))
		i++;
	return (enum hg_card_field)i;
}

static bool only(struct hg_str s, const char *allowed)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.p[i] || !strchr(allowed, s.p[i]))
			return false;
	return s.n > 0;
}

static bool is_plain(struct hg_str s)
{
	return !hg_str_has_control(s) && hg_utf8_valid(s);
}

static bool has_blank(struct hg_str s)
{
	return memchr(s.p, ' ', s.n) != NULL;
}

static bool is_mail(struct hg_str s)
{
	const char *at = memchr(s.p, '@', s.n);

	return !has_blank(s) && at && at > s.p && at + 1 < s.p + s.n &&
		!memchr(at + 1, '@', (size_t)(s.p + s.n - at - 1));
}

/* RFC 3966: a number with the country in front, or a local one with its context; parameters behind. */
static bool is_phone(struct hg_str s)
{
	struct hg_str number;

	if (!hg_str_istarts(s, HG_STR("tel:")) || has_blank(s))
		return false;
	s.p += 4;
	s.n -= 4;
	if (!hg_str_token(&s, ';', &number) || !number.n)
		return false;
	if (number.p[0] == '+')
		return only((struct hg_str){ number.p + 1, number.n - 1 }, "0123456789-.()");
	return only(number, "0123456789-.()*#");
}

static bool is_letters(struct hg_str s)
{
	return only(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}

static bool is_url(struct hg_str s)
{
	bool web = hg_str_istarts(s, HG_STR("https://")) || hg_str_istarts(s, HG_STR("http://"));

	return web && !has_blank(s) && !memchr(s.p, '"', s.n) && !memchr(s.p, '<', s.n);
}

static const char *remedy(enum form form, struct hg_str s)
{
	switch (form) {
	case MAIL:
		return is_mail(s) ? NULL : "write it as user@domain";
	case PHONE:
		return is_phone(s) ? NULL
				   : "write it as a tel: URI, such as tel:+493012345678;ext=12";
	case COUNTRY:
		return s.n == 2 && is_letters(s) ? NULL : "two letters, ISO 3166, such as DE";
	case URL:
		return is_url(s) ? NULL : "an address that begins with https:// or http://";
	case TOKEN:
		return has_blank(s) ? "a hash has no blanks" : NULL;
	case TEXT:
		break;
	}
	return NULL;
}

int hg_card_check(enum hg_card_field field, struct hg_str value, struct hg_err *err)
{
	const struct field *f = &fields[field];
	const char *hint;

	if (!is_plain(value))
		return hg_err_set(err, -EINVAL, f->name, "write it as one line of UTF-8",
			"it has a control character, or is not UTF-8");
	if (value.n > f->max && f->form != COUNTRY)
		return hg_err_set(err, -EINVAL, f->name, "shorten it",
			"%zu bytes are too many, %zu is the most", value.n, f->max);
	hint = remedy(f->form, value);
	if (hint)
		return hg_err_set(err, -EINVAL, f->name, hint, "'%.*s' cannot be that",
			value.n > 100 ? 100 : (int)value.n, value.p);
	return 0;
}
