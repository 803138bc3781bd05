/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publish requests. A payload that is kept is a document of its own; it means what it meant where
 * it came from; published again it stays as it is; and it fits into what watchers and the owner
 * get.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/support/facets.h"

#include "bridge/documents/categories.h"
#include "bridge/documents/publish.h"

#include <stdlib.h>

static void check_facet(const struct hg_change *c)
{
	struct hg_doc_err err = { "" };
	struct hg_str payload = hg_bytes_str(c->payload);
	struct hg_state state;
	struct hg_note note;

	if (c->key.category == HG_CAT_STATE) {
		FUZZ_REQUIRE(test_state_decode(payload, &state, &err) == 0);
		FUZZ_REQUIRE(hg_state_eq(&state, &c->state));
		hg_state_done(&state);
	} else if (c->key.category == HG_CAT_NOTE) {
		FUZZ_REQUIRE(test_note_decode(payload, &note, &err) == 0);
		FUZZ_REQUIRE(hg_note_eq(&note, &c->note));
		hg_note_done(&note);
	}
}

static void check_stays(const struct hg_change *c)
{
	struct hg_doc_err err = { "" };
	struct hg_publish again;
	struct hg_buf body = { 0 };

	/* around it no namespace, of which a payload may have as many as there may be */
	hg_buf_addf(&body,
		"<publish><publications uri=\"sip:a@b\"><publication categoryName=\"%s\" "
		"instance=\"0\" container=\"2\" version=\"0\" expireType=\"static\">",
		hg_category_name(c->key.category));
	hg_buf_add(&body, hg_bytes_str(c->payload));
	hg_buf_adds(&body, "</publication></publications></publish>");
	FUZZ_REQUIRE(hg_publish_read(hg_buf_str(&body), &again, &err) == 0);
	FUZZ_REQUIRE(again.n == 1);
	FUZZ_REQUIRE(hg_bytes_eq(again.change[0].payload, c->payload));
	hg_publish_done(&again);
	hg_buf_done(&body);
}

/* An application hands it in alone. */
static void check_alone(const struct hg_change *c)
{
	struct hg_change alone = { .key = c->key };
	struct hg_doc_err err = { "" };

	FUZZ_REQUIRE(hg_publish_content(hg_bytes_str(c->payload), &alone, &err) == 0);
	FUZZ_REQUIRE(hg_bytes_eq(alone.payload, c->payload));
	FUZZ_REQUIRE(hg_state_eq(&alone.state, &c->state));
	FUZZ_REQUIRE(hg_note_eq(&alone.note, &c->note));
	hg_change_done(&alone);
}

static void check_shown(const struct hg_change *c)
{
	struct hg_pub pub = { .key = c->key,
		.version = 1,
		.expiry = c->expiry,
		.published = 1795298574123,
		.payload = c->payload,
		.state = c->state,
		.note = c->note };
	const struct hg_pub *pubs[] = { &pub };
	struct hg_view view = {
		.part = c->key.category, .presentity = HG_STR("a@b"), .pub = pubs, .npubs = 1
	};
	struct hg_buf b = { 0 };

	hg_category_write(&b, &view);
	FUZZ_REQUIRE_FRAGMENT(hg_buf_str(&b));
	hg_buf_reset(&b);
	hg_category_write_self(&b, &view);
	FUZZ_REQUIRE_FRAGMENT(hg_buf_str(&b));
	hg_buf_done(&b);
}

static void check_fault(const struct hg_publish *p)
{
	struct hg_conflict *conflict = hg_alloc(p->n * sizeof(*conflict) + 1);
	struct hg_buf b = { 0 };

	for (size_t i = 0; i < p->n; i++)
		conflict[i] = (struct hg_conflict){ (uint32_t)i + 1, p->change[i].version,
			p->change[i].version + 1 };
	hg_fault_write(&b, conflict, p->n);
	FUZZ_REQUIRE_XML(hg_buf_str(&b));
	hg_buf_done(&b);
	free(conflict);
}

static void check_change(const struct hg_change *c)
{
	FUZZ_REQUIRE(c->key.category > HG_CAT_NONE && c->key.category < HG_CAT_COUNT);
	FUZZ_REQUIRE(c->key.container <= HG_C_MAX);
	FUZZ_REQUIRE(!c->payload == !c->expires);
	if (!c->payload)
		return;
	FUZZ_REQUIRE(c->payload->n <= HG_DOC_PAYLOAD_MAX);
	FUZZ_REQUIRE_XML(hg_bytes_str(c->payload));
	check_facet(c);
	check_stays(c);
	check_alone(c);
	check_shown(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_publish p;

	if (hg_publish_read(fuzz_text(data, size), &p, &err) == 0) {
		for (size_t i = 0; i < p.n; i++)
			check_change(&p.change[i]);
		check_fault(&p);
	}
	hg_publish_done(&p);
	return 0;
}
