/* SPDX-License-Identifier: Apache-2.0 */
/* What the control socket answers. */

#include "bridge/ctl/daemon.h"

#include "bridge/address/ids.h"
#include "bridge/ctl/command.h"
#include "bridge/ctl/show_text.h"

static int show(void *ctx, const json_t *request, struct hg_buf *out)
{
	struct hg_daemon *d = ctx;
	const char *person = json_string_value(json_object_get(request, "person"));
	struct hg_buf json = { 0 };
	struct hg_address a;
	const char *reason = "";
	hg_addr addr;

	if (!person) {
		hg_buf_adds(out, "heliograph show: the request names no person\n");
		return HG_WRONG;
	}
	if (hg_address_from_sip(hg_str(person), d->site->settings.domains, &a, &reason) < 0 ||
		!a.local[0]) {
		hg_buf_addf(out, "heliograph show: '%s' is no address of a person: %s\n", person,
			reason[0] ? reason : "write it as user@domain");
		return HG_WRONG;
	}
	addr = hg_addr_find(d->ids, &a);
	if (!addr || hg_core_show(d->core, addr, &json) < 0) {
		hg_buf_addf(out,
			"heliograph show: nothing is known of %s: never signed in here, nobody's contact\n",
			person);
		return HG_NOT_DONE;
	}
	if (json_is_true(json_object_get(request, "json"))) {
		hg_buf_add(out, hg_buf_str(&json));
		hg_buf_addc(out, '\n');
	} else {
		hg_show_text(hg_buf_str(&json), out);
	}
	hg_buf_done(&json);
	return HG_DONE;
}

const struct hg_ctl_verb hg_daemon_verbs[] = {
	{ "show", show },
	{ NULL, NULL },
};
