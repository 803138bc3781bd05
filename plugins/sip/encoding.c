/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies that come compressed (RFC 3261 20.12): Linphone's lists of people do, whatever their size. `deflate` is zlib's format
 * (RFC 9110 8.4.1.2), and with some the bare stream. What it becomes has the limit of what comes as it is.
 */
#include "plugins/sip/request.h"

#include <sofia-sip/sip_tag.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define CHUNK 4096
#define ZLIB 15 /* of inflateInit2 */
#define BARE (-15)

/* Z_STREAM_END, Z_BUF_ERROR for more than `max`, or what is wrong with it. */
static int inflate_as(int format, struct hg_str body, size_t max, struct hg_buf *ret)
{
	unsigned char chunk[CHUNK];
	z_stream z = { .next_in = (Bytef *)body.p, .avail_in = (uInt)body.n };
	int rc = inflateInit2(&z, format);
	if (rc != Z_OK)
		return rc;
	do {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		rc = inflate(&z, Z_NO_FLUSH);
		hg_buf_add(ret, (struct hg_str){ (char *)chunk, sizeof(chunk) - z.avail_out });
	} while (rc == Z_OK && ret->n <= max && (z.avail_in || !z.avail_out));
	inflateEnd(&z);
	if (ret->n > max)
		return Z_BUF_ERROR;
	return rc == Z_OK ? Z_DATA_ERROR : rc; /* OK: it ended too soon */
}

static void refuse_encoding(struct hg_sip_request *req)
{
	msg_t *out = hg_sip_reply(req, 415);
	sip_add_tl(
		out, sip_object(out), SIPTAG_ACCEPT_ENCODING_STR("deflate, identity"), TAG_END());
	hg_sip_reply_send(req, out);
}

/* It lives as long as the message. */
static void keep(struct hg_sip_request *req, struct hg_str body)
{
	char *p = su_alloc(msg_home(req->msg), (isize_t)(body.n + 1));
	memcpy(p, body.p ? body.p : "", body.n);
	p[body.n] = '\0';
	req->inflated = (struct hg_str){ p, body.n };
}

bool hg_sip_encoding_refused(struct hg_sip_request *req, size_t max)
{
	const sip_content_encoding_t *e = req->in->sip_content_encoding;
	struct hg_str body = hg_sip_body(req);
	struct hg_buf plain = { 0 };
	if (!e || !e->k_items || !e->k_items[0] || !body.n ||
		(!strcasecmp(e->k_items[0], "identity") && !e->k_items[1]))
		return false;
	if (strcasecmp(e->k_items[0], "deflate") || e->k_items[1]) {
		refuse_encoding(req);
		return true;
	}
	int rc = inflate_as(ZLIB, body, max, &plain);
	if (rc == Z_DATA_ERROR) {
		hg_buf_reset(&plain);
		rc = inflate_as(BARE, body, max, &plain);
	}
	if (rc == Z_STREAM_END)
		keep(req, hg_buf_str(&plain));
	hg_buf_done(&plain);
	if (rc == Z_STREAM_END)
		return false;
	if (rc == Z_BUF_ERROR)
		hg_sip_refuse(req, 413, "the body is too large");
	else
		hg_sip_refuse(req, 400, "the body is not what its Content-Encoding says");
	return true;
}
