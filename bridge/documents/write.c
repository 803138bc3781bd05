/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/write.h"

/* By hand: a document is mostly attributes, and formatting each would be half of what it costs. */
static void open_attr(struct hg_buf *out, const char *name)
{
	hg_buf_addc(out, ' ');
	hg_buf_adds(out, name);
	hg_buf_adds(out, "=\"");
}

void hg_write_attr(struct hg_buf *out, const char *name, struct hg_str text)
{
	open_attr(out, name);
	hg_buf_add_xml(out, text);
	hg_buf_addc(out, '"');
}

void hg_write_sip_attr(struct hg_buf *out, const char *name, struct hg_str uri)
{
	bool whole = hg_str_istarts(uri, HG_STR("sip:")) || hg_str_istarts(uri, HG_STR("sips:"));

	open_attr(out, name);
	hg_buf_adds(out, whole ? "" : "sip:");
	hg_buf_add_xml(out, uri);
	hg_buf_addc(out, '"');
}

void hg_write_time_attr(struct hg_buf *out, const char *name, int64_t utc_ms)
{
	char text[HG_UTC_TEXT];

	if (!utc_ms)
		return;
	hg_utc_write(utc_ms, text);
	open_attr(out, name);
	hg_buf_adds(out, text);
	hg_buf_addc(out, '"');
}

void hg_write_number_attr(struct hg_buf *out, const char *name, uint32_t number)
{
	char digits[10];
	size_t first = sizeof(digits);

	do
		digits[--first] = (char)('0' + number % 10);
	while (number /= 10);
	open_attr(out, name);
	hg_buf_add(out, (struct hg_str){ digits + first, sizeof(digits) - first });
	hg_buf_addc(out, '"');
}
