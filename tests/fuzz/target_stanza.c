/* SPDX-License-Identifier: Apache-2.0 */
/* One <presence/> through libstrophe's parser: what it says is legal and bounded, and survives being
 * written and read again. */
#include "tests/fuzz/fuzz.h"

#include "plugins/xmpp/xmpp.h"

#include <stdlib.h>

#define NOW INT64_C(1795298574123) /* 2026-11-21T22:02:54.123Z */

static xmpp_ctx_t *ctx;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_quiet();
	xmpp_initialize();
	ctx = xmpp_ctx_new(NULL, NULL);
	return 0;
}

static struct hg_record *read_record(const char *text)
{
	struct hg_xmpp_losses losses = { 0 };
	struct hg_record *r = NULL;
	xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, text);

	if (stanza) {
		r = hg_xmpp_record(stanza, HG_STR("corp.example"), NOW, &losses);
		xmpp_stanza_release(stanza);
	}
	return r;
}

static bool same_but_texts(const struct hg_record *a, const struct hg_record *b)
{
	for (uint16_t field = 0; field < HG_XMPP_FIELDS; field++) {
		const struct hg_value *x = hg_record_get(a, field), *y = hg_record_get(b, field);

		if (field != HG_XMPP_STATUS && (!x != !y || (x && !hg_str_eq(x->text, y->text))))
			return false;
	}
	return true;
}

static void check(const struct hg_record *r)
{
	struct hg_view view = { .part = HG_PART_WHOLE, .standing = HG_KNOWN };
	struct hg_buf b = { 0 };

	FUZZ_REQUIRE(r->n <= HG_XMPP_FIELDS + HG_XMPP_LANGS_MAX);
	fuzz_require_legal(r, &hg_xmpp_vocabulary);
	hg_buf_adds(&b, "<presence xmlns='jabber:component:accept'");
	hg_xmpp_render(NULL, 0, &view, r, &b);
	FUZZ_REQUIRE_XML(hg_buf_str(&b));
	FUZZ_REQUIRE(b.n < 10000); /* RFC 6120 13.12 */
	struct hg_record *again = read_record(b.p);
	FUZZ_REQUIRE(again != NULL);
	FUZZ_REQUIRE(same_but_texts(r, again));
	hg_record_unref(again);
	hg_buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = hg_str_dup(fuzz_text(data, size));
	struct hg_record *r = read_record(text);

	if (r)
		check(r);
	hg_record_unref(r);
	free(text);
	return 0;
}
