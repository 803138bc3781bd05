/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/address/prep.h"

#include <arpa/inet.h>
#include <errno.h>
#include <idna.h>
#include <stdlib.h>
#include <string.h>
#include <stringprep.h>

/* The ASCII rows of RFC 6122 A.5; controls and DEL are told apart by number */
static const char node_prohibited[] = " \"&'/:<>@";

/* Code points newer than stringprep's Unicode 3.2 pass unfolded: a server that knows them
 * (Prosody with ICU, say) has to be able to name its users. */
enum { IDNA_FLAGS = IDNA_ALLOW_UNASSIGNED | IDNA_USE_STD3_ASCII_RULES };

static int check_text(struct hg_str text, const char **ret_reason)
{
	if (text.n && memchr(text.p, '\0', text.n))
		return hg_refuse(ret_reason, -EINVAL, "NUL octet in the address");
	if (!hg_utf8_valid(text))
		return hg_refuse(ret_reason, -EINVAL, "address is not valid UTF-8");
	return 0;
}

static bool is_ascii(struct hg_str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	return true;
}

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* What libidn would say of an ASCII localpart, without its 5 microseconds: nearly every
 * address is ASCII. */
static int nodeprep_ascii(struct hg_str local, char *ret, const char **ret_reason)
{
	for (size_t i = 0; i < local.n; i++) {
		unsigned char c = (unsigned char)local.p[i];

		if (c < 0x20 || c == 0x7f || strchr(node_prohibited, c))
			return hg_refuse(
				ret_reason, -EINVAL, "character not allowed in the user part");
		ret[i] = ascii_lower(local.p[i]);
	}
	ret[local.n] = '\0';
	return 0;
}

static int prep_part(struct hg_str text, const Stringprep_profile *profile, char *ret)
{
	int rc;

	memcpy(ret, text.p, text.n);
	ret[text.n] = '\0';
	rc = stringprep(ret, HG_PART_MAX + 1, 0, profile);
	if (rc == STRINGPREP_TOO_SMALL_BUFFER)
		return -E2BIG;
	return rc == STRINGPREP_OK && *ret ? 0 : -EINVAL;
}

int hg_local_prep(struct hg_str local, char ret[HG_PART_MAX + 1], const char **ret_reason)
{
	int rc = check_text(local, ret_reason);

	if (rc < 0)
		return rc;
	if (!local.n)
		return hg_refuse(ret_reason, -EINVAL, "user part is empty");
	if (local.n > HG_PART_MAX)
		return hg_refuse(ret_reason, -E2BIG, "user part is too long");
	if (is_ascii(local))
		return nodeprep_ascii(local, ret, ret_reason);
	rc = prep_part(local, stringprep_xmpp_nodeprep, ret);
	if (rc == -E2BIG)
		return hg_refuse(ret_reason, rc, "user part is too long");
	if (rc < 0)
		return hg_refuse(ret_reason, rc, "user part does not pass Nodeprep");
	return 0;
}

int hg_resource_prep(struct hg_str resource, char ret[HG_PART_MAX + 1], const char **ret_reason)
{
	int rc = check_text(resource, ret_reason);

	if (rc < 0)
		return rc;
	if (!resource.n)
		return hg_refuse(ret_reason, -EINVAL, "resource is empty");
	if (resource.n > HG_PART_MAX)
		return hg_refuse(ret_reason, -E2BIG, "resource is too long");
	rc = prep_part(resource, stringprep_xmpp_resourceprep, ret);
	if (rc == -E2BIG)
		return hg_refuse(ret_reason, rc, "resource is too long");
	if (rc < 0)
		return hg_refuse(ret_reason, rc, "resource does not pass Resourceprep");
	return 0;
}

/* "[v6 address]": one spelling for each, RFC 5952 */
static int prep_ipv6(struct hg_str literal, char *ret, const char **ret_reason)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr ip;
	size_t n;

	if (literal.n < 4 || literal.p[literal.n - 1] != ']' || literal.n - 2 >= sizeof(text))
		return hg_refuse(ret_reason, -EINVAL, "bad IPv6 address");
	memcpy(text, literal.p + 1, literal.n - 2);
	text[literal.n - 2] = '\0';
	if (inet_pton(AF_INET6, text, &ip) != 1 || !inet_ntop(AF_INET6, &ip, text, sizeof(text)))
		return hg_refuse(ret_reason, -EINVAL, "bad IPv6 address");
	n = strlen(text);
	ret[0] = '[';
	memcpy(ret + 1, text, n);
	ret[n + 1] = ']';
	ret[n + 2] = '\0';
	return 0;
}

int hg_domain_prep(struct hg_str domain, char ret[HG_DOMAIN_MAX + 1], const char **ret_reason)
{
	char name[HG_PART_MAX + 1], *ascii = NULL;
	int rc = check_text(domain, ret_reason);
	size_t n;

	if (rc < 0)
		return rc;
	if (!domain.n)
		return hg_refuse(ret_reason, -EINVAL, "domain is empty");
	if (domain.n > HG_PART_MAX)
		return hg_refuse(ret_reason, -E2BIG, "domain is too long");
	if (domain.p[0] == '[')
		return prep_ipv6(domain, ret, ret_reason);
	memcpy(name, domain.p, domain.n);
	name[domain.n] = '\0';
	rc = idna_to_ascii_8z(name, &ascii, IDNA_FLAGS);
	if (rc != IDNA_SUCCESS)
		return hg_refuse(ret_reason, -EINVAL, "domain is not a host name");
	n = strlen(ascii);
	/* the root label says nothing more, RFC 7622 3.2 */
	if (n && ascii[n - 1] == '.')
		n--;
	if (!n || n > HG_DOMAIN_MAX) {
		free(ascii);
		return n ? hg_refuse(ret_reason, -E2BIG, "domain is too long")
			 : hg_refuse(ret_reason, -EINVAL, "domain is empty");
	}
	for (size_t i = 0; i < n; i++)
		ret[i] = ascii_lower(ascii[i]);
	ret[n] = '\0';
	free(ascii);
	return 0;
}

/* What Nameprep maps, without what it prohibits. */
static const Stringprep_profile *folding(void)
{
	static Stringprep_profile steps[8]; /* ends with a blank one */
	size_t n = 0;

	if (steps[0].operation)
		return steps;
	for (const Stringprep_profile *s = stringprep_nameprep; s->operation; s++)
		if (n + 1 < sizeof(steps) / sizeof(steps[0]) &&
			(s->operation == STRINGPREP_MAP_TABLE || s->operation == STRINGPREP_NFKC))
			steps[n++] = *s;
	return steps;
}

void hg_text_fold(struct hg_str text, struct hg_buf *ret)
{
	char *folded = NULL;

	if (!is_ascii(text) && hg_utf8_valid(text)) {
		size_t most = text.n * 4 + 16;

		folded = hg_alloc(most + 1);
		memcpy(folded, text.p, text.n);
		if (stringprep(folded, most, 0, folding()) == STRINGPREP_OK)
			text = hg_str(folded);
	}
	for (size_t i = 0; i < text.n; i++)
		hg_buf_addc(ret, ascii_lower(text.p[i]));
	free(folded);
}

void hg_domain_write_unicode(const char *domain, struct hg_buf *ret)
{
	char *unicode = NULL;

	if (!strstr(domain, "xn--") ||
		idna_to_unicode_8z8z(domain, &unicode, IDNA_FLAGS) != IDNA_SUCCESS)
		hg_buf_adds(ret, domain);
	else
		hg_buf_adds(ret, unicode);
	free(unicode);
}
