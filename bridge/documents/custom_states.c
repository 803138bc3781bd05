/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/custom_states.h"

#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

/* Written as Lync's samples have it; those for Communicator 2007 were all in lower case. */
static const char *const availability_name[] = {
	[HG_CUSTOM_ONLINE] = "Online",
	[HG_CUSTOM_BUSY] = "Busy",
	[HG_CUSTOM_DO_NOT_DISTURB] = "Do-Not-Disturb",
};

void hg_custom_states_write(struct hg_buf *out, const struct hg_custom_state *state, size_t n)
{
	hg_buf_adds(out,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<customStates xmlns=\"" HG_NS_CUSTOM_STATES "\">");
	for (size_t i = 0; i < n; i++) {
		hg_buf_adds(out, "<customState");
		hg_write_number_attr(out, "ID", (uint32_t)i + 1);
		hg_write_attr(
			out, "availability", hg_str(availability_name[state[i].availability]));
		hg_buf_addc(out, '>');
		for (size_t t = 0; t < state[i].n; t++) {
			hg_buf_adds(out, "<activity");
			hg_write_number_attr(out, "LCID", state[i].text[t].lcid);
			hg_buf_addc(out, '>');
			hg_buf_add_xml(out, state[i].text[t].text);
			hg_buf_adds(out, "</activity>");
		}
		hg_buf_adds(out, "</customState>");
	}
	hg_buf_adds(out, "</customStates>\n");
}
