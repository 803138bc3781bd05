/* SPDX-License-Identifier: Apache-2.0 */
/* What a client of the 2005 dialect subscribes to about its own user: who waits, who is blocked, provisioning (EP 4.2.2). */
#include "plugins/sip/dialog.h"

void hg_sip_subscribe_lcs_watchers(struct hg_sip_subscribe *sub)
{
	hg_sip_subscribe_list(sub, HG_SIP_EVENT_LCS_WATCHERS, HG_SIP_FORMAT_LCS,
		HG_PART_SUBSCRIBERS, HG_TYPE_LCS_WATCHERS);
}

void hg_sip_subscribe_lcs_acl(struct hg_sip_subscribe *sub)
{
	hg_sip_subscribe_list(
		sub, HG_SIP_EVENT_LCS_ACL, HG_SIP_FORMAT_LCS, HG_PART_CONTAINERS, HG_TYPE_LCS_ACL);
}

void hg_sip_subscribe_lcs_provisioning(struct hg_sip_subscribe *sub)
{
	struct hg_buf doc = { 0 };
	hg_sip_subscribe_dialog(sub, HG_SIP_EVENT_LCS_PROVISIONING);
	hg_lcs_provisioning_write(&doc);
	hg_sip_subscribe_ok(sub, HG_TYPE_LCS_PROVISIONING, hg_buf_str(&doc));
	hg_buf_done(&doc);
}
