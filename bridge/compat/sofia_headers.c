/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sofia-sip 1.12.11 looks for each header among all that it has read before: 256 kB of short header
 * lines cost seconds in which nobody else is served, and its one limit (NTATAG_MAXSIZE) counts the
 * body too. Its transports hand every read, of UDP, TCP and TLS alike, to msg_extract(); this one
 * counts first. Past the limits the parser gets an end of the header section, and the message is
 * too large: the transaction layer answers 413 and closes.
 */
#include "bridge/compat/private.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_buffer.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/msg_parser.h>
#include <string.h>

#define OCTETS_MOST 16384
#define LINES_MOST 200

static uint64_t floods;

uint64_t hg_compat_header_floods(void)
{
	return floods;
}

struct count {
	size_t octets, lines;
};

/* Headers of this message that earlier reads have brought, and that are parsed. */
static struct count count_parsed(const msg_t *msg)
{
	struct count sum = { 0 };
	msg_header_t **head = msg_chain_head(msg);

	for (msg_header_t *h = head ? *head : NULL; h; h = h->sh_succ) {
		sum.octets += h->sh_len;
		sum.lines++;
	}
	return sum;
}

/* Where the header section goes past a limit, NULL it does not (yet). */
static char *find_flood(struct count sum, char *p, char *end)
{
	/* empty lines in front of a message are keep-alives, RFC 5626 3.5.1 */
	while (p < end && !sum.lines && (*p == '\r' || *p == '\n'))
		p++;
	while (p < end) {
		char *lf = memchr(p, '\n', (size_t)(end - p));
		char *next = lf ? lf + 1 : end;

		if (lf && (lf == p || (lf == p + 1 && *p == '\r')))
			return NULL; /* the body follows */
		sum.octets += (size_t)(next - p);
		if (++sum.lines > LINES_MOST || sum.octets > OCTETS_MOST)
			return p;
		p = next;
	}
	return NULL;
}

int msg_extract(msg_t *msg)
{
	static int (*next)(msg_t *);
	msg_pub_t *pub = msg_object(msg);
	char *p = msg_buf_committed_data(msg), *flood = NULL;

	if (!next)
		next = hg_compat_next("msg_extract");
	if (pub && p && !(pub->msg_flags & (MSG_FLG_BODY | MSG_FLG_COMPLETE)))
		flood = find_flood(count_parsed(msg), p, p + msg_buf_committed(msg));
	if (!flood)
		return next(msg);
	floods++;
	if (flood + 2 < p + msg_buf_committed(msg))
		memcpy(flood, "\r\n", 2);
	next(msg);
	msg_mark_as_complete(msg, MSG_FLG_ERROR | MSG_FLG_TOOLARGE);
	return -1;
}
