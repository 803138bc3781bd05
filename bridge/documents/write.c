/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/write.h"

void hg_write_attr(struct hg_buf *out, const char *name, struct hg_str text)
{
	hg_buf_addf(out, " %s=\"", name);
	hg_buf_add_xml(out, text);
	hg_buf_addc(out, '"');
}

void hg_write_sip_attr(struct hg_buf *out, const char *name, struct hg_str uri)
{
	bool whole = hg_str_istarts(uri, HG_STR("sip:")) || hg_str_istarts(uri, HG_STR("sips:"));

	hg_buf_addf(out, " %s=\"%s", name, whole ? "" : "sip:");
	hg_buf_add_xml(out, uri);
	hg_buf_addc(out, '"');
}

void hg_write_time_attr(struct hg_buf *out, const char *name, int64_t utc_ms)
{
	char text[HG_UTC_TEXT];

	if (!utc_ms)
		return;
	hg_utc_write(utc_ms, text);
	hg_buf_addf(out, " %s=\"%s\"", name, text);
}
