/* SPDX-License-Identifier: Apache-2.0 */
/* show: the whole mirror of one person. */

#include "bridge/ctl/show_text.h"
#include "bridge/ctl/verbs.h"

int hg_verb_show(void *ctx, const json_t *request, struct hg_buf *out)
{
	struct hg_daemon *d = ctx;
	hg_addr addr = hg_verb_address(d, request, "person", out);
	struct hg_buf json = { 0 };

	if (!addr)
		return HG_WRONG;
	if (hg_core_show(d->core, addr, &json) < 0)
		return hg_verb_fail(request, out, HG_NOT_DONE,
			"nothing is known of %s: never signed in here, nobody's contact",
			hg_verb_text(request, "person"));
	if (json_is_true(json_object_get(request, "json"))) {
		hg_buf_add(out, hg_buf_str(&json));
		hg_buf_addc(out, '\n');
	} else {
		hg_show_text(hg_buf_str(&json), out);
	}
	hg_buf_done(&json);
	return HG_DONE;
}
