/* SPDX-License-Identifier: Apache-2.0 */
/* As much of SIP's headers as is needed to answer. */
#include "gwbench.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The value of the line at p, if it is of this header. */
static const char *value_at(const char *p, const char *end, const char *name, char compact)
{
	size_t len = strlen(name);
	const char *value = NULL;
	if ((size_t)(end - p) > len && !strncasecmp(p, name, len) &&
		(p[len] == ':' || p[len] == ' '))
		value = p + len;
	else if (compact && (p[0] | 32) == compact && (p[1] == ':' || p[1] == ' '))
		value = p + 1;
	while (value && value < end && (*value == ' ' || *value == ':'))
		value++;
	return value;
}

/* The first of that name, or the next after `pos`. */
struct span sip_header(
	const char *m, const char *end, const char *name, char compact, const char **pos)
{
	const char *p = pos && *pos ? *pos : m;
	while ((p = memchr(p, '\n', (size_t)(end - p)))) {
		p++;
		if (p >= end || *p == '\r')
			break;
		const char *value = value_at(p, end, name, compact);
		if (!value)
			continue;
		const char *stop = memchr(value, '\r', (size_t)(end - value));
		if (!stop)
			stop = end;
		if (pos)
			*pos = stop;
		return (struct span){ value, (size_t)(stop - value) };
	}
	return (struct span){ 0 };
}

struct span sip_tag(struct span header)
{
	const char *tag = header.p ? memmem(header.p, header.n, ";tag=", 5) : NULL;
	if (!tag)
		return (struct span){ 0 };
	tag += 5;
	const char *end = tag;
	while (end < header.p + header.n && !strchr(";> ", *end))
		end++;
	return (struct span){ tag, (size_t)(end - tag) };
}

struct span sip_uri(struct span header)
{
	const char *open = header.p ? memchr(header.p, '<', header.n) : NULL;
	const char *close = open ? memchr(open, '>', (size_t)(header.p + header.n - open)) : NULL;
	return close ? (struct span){ open + 1, (size_t)(close - open - 1) } : header;
}

char *span_dup(struct span s)
{
	return s.p ? strndup(s.p, s.n) : NULL;
}

/* The digits after the first letter of sip:u12@... or u12@... */
int user_of(struct span address)
{
	const char *p = address.p, *end = p + address.n;
	if (!p)
		return -1;
	const char *scheme = memmem(p, address.n, "sip:", 4);
	if (scheme)
		p = scheme + 4;
	while (p < end && !isalpha((unsigned char)*p))
		p++;
	p++;
	if (p >= end || !isdigit((unsigned char)*p))
		return -1;
	long number = 0;
	while (p < end && isdigit((unsigned char)*p) && number < opt.users)
		number = number * 10 + *p++ - '0';
	return number < opt.users ? (int)number : -1;
}
