/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text as a SIP URI, as a JID and as a tuple id. An address that reads can be written in both
 * worlds and under its key, and reads back as the same; what is written stays as it is.
 */
#include "tests/fuzz/fuzz.h"

#include "bridge/address/address.h"
#include "bridge/address/domains.h"
#include "bridge/address/tuple_id.h"

#include <stdlib.h>
#include <string.h>

static struct hg_domains *pairs;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	pairs = hg_domains_new();
	return hg_domains_add(pairs, HG_STR("corp.example"), HG_STR("xmpp.corp.example"), NULL);
}

static void require_same(const struct hg_address *a, const struct hg_address *b)
{
	FUZZ_REQUIRE(hg_address_eq(a, b));
	FUZZ_REQUIRE(!strcmp(a->resource, b->resource));
}

static void check_sip(const struct hg_address *a, const struct hg_domains *domains)
{
	struct hg_buf once = { 0 }, twice = { 0 };
	struct hg_address back;

	hg_address_write_sip(a, HG_FULL, &once);
	FUZZ_REQUIRE(once.n <= HG_SIP_URI_MAX);
	FUZZ_REQUIRE(hg_address_from_sip(hg_buf_str(&once), domains, &back, NULL) == 0);
	require_same(a, &back);
	FUZZ_REQUIRE(a->sips == back.sips);
	hg_address_write_sip(&back, HG_FULL, &twice);
	FUZZ_REQUIRE(hg_str_eq(hg_buf_str(&once), hg_buf_str(&twice)));
	hg_buf_done(&once);
	hg_buf_done(&twice);
}

static void check_jid(const struct hg_address *a, const struct hg_domains *domains)
{
	struct hg_buf once = { 0 }, twice = { 0 };
	struct hg_address back;

	hg_address_write_jid(a, domains, HG_FULL, &once);
	FUZZ_REQUIRE(hg_utf8_valid(hg_buf_str(&once)));
	FUZZ_REQUIRE(hg_address_from_jid(hg_buf_str(&once), domains, &back, NULL) == 0);
	require_same(a, &back);
	hg_address_write_jid(&back, domains, HG_FULL, &twice);
	FUZZ_REQUIRE(hg_str_eq(hg_buf_str(&once), hg_buf_str(&twice)));
	hg_buf_done(&once);
	hg_buf_done(&twice);
}

static void check_key(const struct hg_address *a)
{
	char key[HG_ADDRESS_KEY_MAX + 1];
	struct hg_address back;

	FUZZ_REQUIRE(hg_address_from_key(hg_address_key(a, key), &back) == 0);
	FUZZ_REQUIRE(hg_address_eq(a, &back));
}

static void check_tuple_id(struct hg_str text)
{
	struct hg_buf id = { 0 }, back = { 0 };

	hg_tuple_id_read(text, &back);
	hg_buf_reset(&back);
	hg_tuple_id_write(text, &id);
	bool resource = text.n && hg_utf8_valid(text) && !memchr(text.p, '\0', text.n);
	FUZZ_REQUIRE(hg_tuple_id_read(hg_buf_str(&id), &back) == resource);
	if (!resource)
		text = hg_buf_str(&id);
	FUZZ_REQUIRE(hg_str_eq(hg_buf_str(&back), text));
	hg_buf_done(&id);
	hg_buf_done(&back);
}

static void check(struct hg_str text, const struct hg_domains *domains)
{
	struct hg_address a;

	if (hg_address_from_sip(text, domains, &a, NULL) == 0) {
		check_sip(&a, domains);
		check_jid(&a, domains);
		check_key(&a);
	}
	if (hg_address_from_jid(text, domains, &a, NULL) == 0) {
		FUZZ_REQUIRE(!a.sips);
		check_sip(&a, domains);
		check_jid(&a, domains);
		check_key(&a);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_str text = fuzz_text(data, size);

	check(text, NULL);
	check(text, pairs);
	check_tuple_id(text);
	return 0;
}
