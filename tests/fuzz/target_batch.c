/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a client wants to watch; and the resource list and the multipart body that answer it. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/batch.h"
#include "bridge/documents/categories.h"
#include "bridge/documents/lcs.h"
#include "bridge/documents/rlmi.h"

#include <string.h>

#define BOUNDARY "fuzz0123456789"

/* Each part's content is a document. */
static void check_parts(struct hg_str body)
{
	static const char delimiter[] = "--" BOUNDARY;
	const char *end = body.p + body.n;
	const char *at = memmem(body.p, body.n, delimiter, sizeof(delimiter) - 1);

	FUZZ_REQUIRE(at == body.p);
	for (;;) {
		at += sizeof(delimiter) - 1;
		if (end - at >= 2 && !memcmp(at, "--", 2))
			return;
		const char *next = memmem(at, (size_t)(end - at), delimiter, sizeof(delimiter) - 1);
		FUZZ_REQUIRE(next != NULL);
		const char *content = memmem(at, (size_t)(next - at), "\r\n\r\n", 4);
		FUZZ_REQUIRE(content != NULL);
		content += 4;
		FUZZ_REQUIRE_XML(hg_str_trim((struct hg_str){ content, (size_t)(next - content) }));
		at = next;
	}
}

static void check_answer(const struct hg_batch *batch, const struct hg_batch_action *action)
{
	struct hg_rlmi_resource resource[HG_CAT_COUNT] = { { .standing = HG_KNOWN } };
	struct hg_rlmi list = { .uri = hg_str(batch->uri),
		.version = 1,
		.full = true,
		.resource = resource,
		.type = HG_TYPE_CATEGORIES,
		.write = hg_categories_write };
	struct hg_view view = { .part = HG_CAT_STATE, .presentity = HG_STR("a@b") };
	struct hg_frag frag = { .part = HG_CAT_STATE };
	const struct hg_frag *frags[] = { &frag };
	struct hg_buf b = { 0 };

	hg_category_write(&b, &view);
	frag.bytes = hg_buf_bytes(&b);
	for (; list.n < action->nresources && list.n < HG_CAT_COUNT; list.n++) {
		/* all five standings, with and without a document */
		resource[list.n] = (struct hg_rlmi_resource){ .uri = hg_str(
								      action->resource[list.n].uri),
			.standing = (enum hg_standing)(list.n % (HG_NOBODY + 1)),
			.frag = frags,
			.nfrags = list.n % 2 };
	}
	hg_rlmi_write(&b, &list, HG_STR(BOUNDARY));
	FUZZ_REQUIRE_XML(hg_buf_str(&b));
	hg_buf_reset(&b);
	hg_multipart_write(&b, &list, HG_STR(BOUNDARY));
	check_parts(hg_buf_str(&b));
	hg_buf_done(&b);
	hg_bytes_unref(frag.bytes);
}

/* Of a client from before categories. */
static void check_list(struct hg_str text)
{
	struct hg_doc_err err = { "" };
	struct hg_batch batch;

	if (hg_lcs_list_read(text, &batch, &err) == 0) {
		FUZZ_REQUIRE(batch.nactions == 1 && batch.action[0].nparts == 0);
		FUZZ_REQUIRE(batch.action[0].nresources <= HG_BATCH_RESOURCES_MAX);
		check_answer(&batch, &batch.action[0]);
	}
	hg_batch_done(&batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_batch batch;
	size_t resources = 0;

	/* In the daemon it is random. */
	if (memmem(data, size, BOUNDARY, strlen(BOUNDARY)))
		return 0;
	if (hg_batch_read(fuzz_text(data, size), &batch, &err) == 0) {
		FUZZ_REQUIRE(batch.nactions <= HG_BATCH_ACTIONS_MAX);
		for (size_t i = 0; i < batch.nactions; i++) {
			FUZZ_REQUIRE(batch.action[i].nparts < HG_CAT_COUNT);
			resources += batch.action[i].nresources;
			check_answer(&batch, &batch.action[i]);
		}
		FUZZ_REQUIRE(resources <= HG_BATCH_RESOURCES_MAX);
	}
	hg_batch_done(&batch);
	check_list(fuzz_text(data, size));
	return 0;
}
