/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/sip/remedy_service.h"

#include <sofia-sip/bnf.h>
#include <sofia-sip/msg_mclass_hash.h>
#include <sofia-sip/msg_parser.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/su_alloc.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Begins with a letter that no known method begins with, so that the library believes it. */
#define PLACEHOLDER "X"

/* The library reads what it knows, and what it is to call garbage. */
static bool is_known(char *name, size_t n)
{
	char behind = name[n];

	name[n] = '\0';
	bool known = sip_method_code(name) > sip_method_unknown;
	name[n] = behind;
	return known;
}

/* RFC 3261 7.1: Method SP Request-URI SP SIP-Version */
static issize_t read_request(su_home_t *home, msg_header_t *h, char *s, isize_t length)
{
	sip_request_t *rq = (sip_request_t *)h;
	size_t n = span_token(s);
	char *uri, *version;

	/* What was made is a request line like any other, and is known by its class. */
	h->sh_common->h_class = sip_request_class;
	if (!n || (s[n] != ' ' && s[n] != '\t') || is_known(s, n))
		return sip_request_d(home, h, s, length);
	if (msg_firstline_d(s, &uri, &version) < 0 || !uri || !version)
		return -1;
	rq->rq_method = sip_method_unknown;
	rq->rq_method_name = s;
	if (url_d(rq->rq_url, uri) < 0 || sip_version_d(&version, &rq->rq_version) < 0 || *version)
		return -1;
	return 0;
}

/* RFC 3261 20.16: 1*DIGIT LWS Method */
static issize_t read_cseq(su_home_t *home, msg_header_t *h, char *s, isize_t length)
{
	sip_cseq_t *cseq = (sip_cseq_t *)h;
	char *method = s + strspn(s, "0123456789");

	method += strspn(method, " \t");
	size_t n = span_token(method);
	h->sh_common->h_class = sip_cseq_class;
	if (!n || method[n] || is_known(method, n))
		return sip_cseq_d(home, h, s, length);
	if (msg_uint32_d(&s, &cseq->cs_seq) < 0)
		return -1;
	cseq->cs_method = sip_method_unknown;
	cseq->cs_method_name = method;
	return 0;
}

/*
 * A header's class is found by name when a message is read, and by pointer to the class when one is
 * built. So ours comes first in the chain of probes, and the library's own stays behind it.
 */
static bool replace_cseq(msg_mclass_t *mclass, msg_hclass_t *ours)
{
	int size = mclass->mc_hash_size, at = 0, free_at;

	while (at < size && mclass->mc_hash[at].hr_class != sip_cseq_class)
		at++;
	if (at == size || mclass->mc_hash_used + 1 >= size)
		return false;
	free_at = at;
	while (mclass->mc_hash[free_at].hr_class)
		free_at = (free_at + 1) % size;
	mclass->mc_hash[free_at] = mclass->mc_hash[at];
	mclass->mc_hash[at].hr_class = ours;
	mclass->mc_hash_used++;
	return true;
}

const msg_mclass_t *hg_sip_mclass(void)
{
	static struct msg_hclass_s request[1], cseq[1];
	static msg_mclass_t *mclass;

	if (mclass)
		return mclass;
	mclass = msg_mclass_clone(sip_default_mclass(), 0, 0);
	*request = *sip_request_class;
	request->hc_parse = read_request;
	mclass->mc_request->hr_class = request;
	*cseq = *sip_cseq_class;
	cseq->hc_parse = read_cseq;
	if (!replace_cseq(mclass, cseq)) {
		free(mclass);
		mclass = NULL;
	}
	return mclass;
}

static bool is_token(const char *method)
{
	return *method && !method[span_token(method)];
}

sip_request_t *hg_sip_request_create(su_home_t *home, const char *method, const url_string_t *uri)
{
	sip_method_t code = sip_method_code(method);

	if (code > sip_method_unknown)
		return sip_request_create(home, code, NULL, uri, NULL);
	sip_request_t *rq = is_token(method)
		? sip_request_create(home, sip_method_unknown, PLACEHOLDER, uri, NULL)
		: NULL;
	if (rq)
		rq->rq_method_name = su_strdup(home, method);
	return rq;
}

sip_cseq_t *hg_sip_cseq_create(su_home_t *home, uint32_t number, const char *method)
{
	sip_method_t code = sip_method_code(method);

	if (code > sip_method_unknown)
		return sip_cseq_create(home, number, code, NULL);
	sip_cseq_t *cseq = is_token(method)
		? sip_cseq_create(home, number, sip_method_unknown, PLACEHOLDER)
		: NULL;
	if (cseq)
		cseq->cs_method_name = su_strdup(home, method);
	return cseq;
}
