/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The finish step: every message of ours passes here when nothing but Via, Content-Length and the like, which
 * no signature covers, will be added to it ([MS-SIPAE] 3.2.4.1.1). What a message says about its sender is
 * added here and nowhere else: the signature of the connection's security association, once there are any.
 */
#include "plugins/sip/request.h"

#include <sofia-sip/sip_tag.h>

void hg_sip_finish(struct hg_sip_conn *conn, msg_t *msg)
{
	sip_t *out = sip_object(msg);
	if (out->sip_status && !out->sip_server)
		sip_add_tl(msg, out, SIPTAG_SERVER_STR("Heliograph/" HG_VERSION), TAG_END());
	hg_sip_count_sent(conn->sip, msg);
}

void hg_sip_count_sent(struct hg_sip *sip, msg_t *msg)
{
	sip->host->count(sip->core,
		sip_object(msg)->sip_status ? "sip_sent_total{kind=\"response\"}"
					    : "sip_sent_total{kind=\"request\"}",
		1);
}
