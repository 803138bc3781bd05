/* SPDX-License-Identifier: Apache-2.0 */
/* A change of a known document: it is applied, and what comes of it is a document; or nothing has changed. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/pidf_diff.h"

#define START \
	"<p:pidf-full xmlns='urn:ietf:params:xml:ns:pidf' " \
	"xmlns:p='urn:ietf:params:xml:ns:pidf-diff' " \
	"xmlns:r='urn:ietf:params:xml:ns:pidf:rpid' " \
	"xmlns:dm='urn:ietf:params:xml:ns:pidf:data-model' entity='sip:a@b' version='567'>" \
	"<tuple id='sg89ae'><status><basic>open</basic></status><contact priority='0.8'>tel:1" \
	"</contact><note xml:lang='en'>one</note></tuple> <tuple id='r1230d'/>" \
	"<note><![CDATA[Full]]> state</note><dm:person id='p'><r:activities><r:on-the-phone/> " \
	"<r:busy/></r:activities></dm:person></p:pidf-full>"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_pidf_partial p = { 0 };
	struct hg_doc_err err = { "" };
	enum hg_coherent coherent;
	struct hg_pidf pidf;

	FUZZ_REQUIRE(hg_pidf_partial_take(&p, HG_STR(START), &coherent, &pidf, &err) == 0);
	FUZZ_REQUIRE(coherent == HG_COHERENT_APPLY && pidf.ntuples == 2);
	hg_pidf_done(&pidf);
	struct hg_bytes *before = hg_bytes_ref(p.document);

	int rc = hg_pidf_partial_take(&p, fuzz_text(data, size), &coherent, &pidf, &err);
	FUZZ_REQUIRE(!rc || (err.text[0] && coherent == HG_COHERENT_ASK));
	if (coherent != HG_COHERENT_APPLY)
		FUZZ_REQUIRE(p.document == before && p.seen.version == 567);
	else
		FUZZ_REQUIRE_XML(hg_bytes_str(p.document));
	hg_pidf_done(&pidf);
	hg_bytes_unref(before);
	hg_pidf_partial_done(&p);
	return 0;
}
