/* SPDX-License-Identifier: Apache-2.0 */
/* SIP, IM or PRES URI -> address, RFC 7247 6.4. */
#include <errno.h>
#include <string.h>

#include "bridge/address/domains.h"
#include "bridge/address/escape.h"
#include "bridge/address/parse.h"

/* RFC 3859 and 3860: the mailbox of RFC 2822, thus other characters than SIP, and no parameters */
static const char im_user_chars[] = "!#$&'*+-/=?^_`{|}~.";

struct sip_uri {
	struct hg_str rest; /* after the scheme */
	bool sips, im;
};

static int check_octets(struct hg_str uri, const char **ret_reason)
{
	if (uri.n > HG_SIP_URI_MAX)
		return hg_refuse(ret_reason, -E2BIG, "URI is too long");
	for (size_t i = 0; i < uri.n; i++)
		if ((unsigned char)uri.p[i] <= 0x20 || uri.p[i] == 0x7f)
			return hg_refuse(
				ret_reason, -EINVAL, "blank or control character in the URI");
	return 0;
}

static int take_scheme(struct hg_str uri, struct sip_uri *ret, const char **ret_reason)
{
	struct hg_str scheme, rest;

	*ret = (struct sip_uri){ .rest = uri };
	if (!hg_cut(uri, ':', &scheme, &rest) || !scheme.n)
		return 0;
	/* the colon of a port or of an IPv6 address comes after something that no scheme
	 * holds, RFC 3986 3.1 */
	for (size_t i = 0; i < scheme.n; i++)
		if (!hg_is_alnum_or((unsigned char)scheme.p[i], "+-."))
			return 0;
	ret->rest = rest;
	ret->sips = hg_str_ieq(scheme, HG_STR("sips"));
	ret->im = hg_str_ieq(scheme, HG_STR("im")) || hg_str_ieq(scheme, HG_STR("pres"));
	if (!ret->sips && !ret->im && !hg_str_ieq(scheme, HG_STR("sip")))
		return hg_refuse(ret_reason, -EINVAL, "URI is none of sip, sips, im, pres");
	return 0;
}

/* Lync documents and lenient clients leave letters beyond ASCII as they are; they are taken as
 * they are. */
static int check_user(struct hg_str user, bool im, const char **ret_reason)
{
	const char *chars = im ? im_user_chars : hg_sip_user_chars;

	if (!user.n)
		return hg_refuse(ret_reason, -EINVAL, "user part is empty");
	for (size_t i = 0; i < user.n; i++) {
		unsigned char c = (unsigned char)user.p[i];

		if (c == ':' && !im)
			return hg_refuse(ret_reason, -EINVAL, "URI has a password");
		if (c < 0x80 && c != '%' && !hg_is_alnum_or(c, chars))
			return hg_refuse(ret_reason, -EINVAL,
				"user part has a character that must be encoded");
	}
	return 0;
}

static int read_user(
	struct hg_str user, enum hg_escaping how, struct hg_address *ret, const char **ret_reason)
{
	char plain[HG_SIP_URI_MAX + 1], escaped[3 * HG_PART_MAX + 1];
	struct hg_str jid_form;
	size_t n;
	int rc;

	if (hg_percent_decode(user, plain, &n) < 0)
		return hg_refuse(ret_reason, -EINVAL, "bad percent-encoding in the user part");
	if (n > HG_PART_MAX)
		return hg_refuse(ret_reason, -E2BIG, "user part is too long");
	if (hg_jid_ambiguous((struct hg_str){ plain, n }, how))
		return hg_refuse(ret_reason, -EINVAL, "user part has no JID in that domain");
	jid_form.n = hg_jid_escape((struct hg_str){ plain, n }, how, escaped);
	jid_form.p = escaped;
	rc = hg_local_prep(jid_form, ret->local, ret_reason);
	if (rc < 0)
		return rc;
	/* Normalisation may spell a sequence out of a full-width digit or backslash, or melt
	 * the end of one with a combining accent; either way it would read back as somebody
	 * else. */
	if (!hg_jid_same_escapes(jid_form, hg_str(ret->local), how))
		return hg_refuse(ret_reason, -EINVAL, "user part does not pass Nodeprep");
	hg_jid_unescape(ret->local, how);
	return 0;
}

static int read_gr(struct hg_str value, struct hg_address *ret, const char **ret_reason)
{
	char plain[HG_SIP_URI_MAX + 1];
	size_t n;

	if (ret->resource[0])
		return hg_refuse(ret_reason, -EINVAL, "URI has two gr parameters");
	if (hg_percent_decode(value, plain, &n) < 0)
		return hg_refuse(ret_reason, -EINVAL, "bad percent-encoding in the gr parameter");
	return hg_resource_prep((struct hg_str){ plain, n }, ret->resource, ret_reason);
}

/* Only a public GRUU names a device to others; a temporary one is `gr` without a value, RFC
 * 5627 3.1.2. */
static int read_params(struct hg_str params, struct hg_address *ret, const char **ret_reason)
{
	struct hg_str param, name, value;
	bool more = true;
	int rc;

	while (more) {
		more = hg_cut(params, ';', &param, &params);
		if (!hg_cut(param, '=', &name, &value) || !value.n ||
			!hg_str_ieq(name, HG_STR("gr")))
			continue;
		rc = read_gr(value, ret, ret_reason);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static bool is_port(struct hg_str text)
{
	uint32_t port;

	return text.n <= 5 && hg_str_u32(text, &port) && port > 0 && port <= 65535;
}

static int read_host(struct hg_str host, const struct hg_domains *domains, struct hg_address *ret,
	const char **ret_reason)
{
	struct hg_str literal = HG_STR_NONE, before, port;
	const char *canonical;
	int rc;

	/* the colons of an IPv6 address are none of a port's */
	if (host.n && host.p[0] == '[' && hg_cut(host, ']', &before, &port)) {
		literal = (struct hg_str){ host.p, before.n + 1 };
		host = port;
	}
	if (hg_cut(host, ':', &before, &port) && !is_port(port))
		return hg_refuse(ret_reason, -EINVAL, "bad port");
	if (literal.n && before.n)
		return hg_refuse(ret_reason, -EINVAL, "bad IPv6 address");
	rc = hg_domain_prep(literal.n ? literal : before, ret->domain, ret_reason);
	if (rc < 0)
		return rc;
	canonical = hg_domains_from_sip(domains, hg_str(ret->domain));
	if (!canonical)
		return hg_refuse(ret_reason, -EINVAL, "domain has another name on SIP");
	return 0;
}

int hg_address_from_sip(struct hg_str text, const struct hg_domains *domains,
	struct hg_address *ret, const char **ret_reason)
{
	struct hg_str user, rest, host, params, headers;
	struct sip_uri uri;
	bool has_user;
	int rc = check_octets(text, ret_reason);

	ret->local[0] = ret->resource[0] = '\0';
	if (rc == 0)
		rc = take_scheme(text, &uri, ret_reason);
	if (rc < 0)
		return rc;
	ret->sips = uri.sips;
	/* The first `@` of the encoded form: one that belongs to the user is `%40`. The user
	 * may hold `;` and `?`, so that these are looked for behind it. */
	has_user = hg_cut(uri.rest, '@', &user, &rest);
	if (!has_user)
		rest = uri.rest;
	else if ((rc = check_user(user, uri.im, ret_reason)) < 0)
		return rc;
	if (hg_cut(rest, '?', &rest, &headers))
		return hg_refuse(ret_reason, -EINVAL, "URI has headers");
	if (hg_cut(rest, ';', &host, &params) && uri.im)
		return hg_refuse(ret_reason, -EINVAL, "im and pres URIs have no parameters");
	rc = read_host(host, domains, ret, ret_reason);
	/* after the domain, which says what its JIDs can hold */
	if (rc == 0 && has_user)
		rc = read_user(
			user, hg_domains_escaping(domains, hg_str(ret->domain)), ret, ret_reason);
	if (rc == 0)
		rc = read_params(params, ret, ret_reason);
	return rc < 0 ? rc : hg_address_check(ret, ret_reason);
}
