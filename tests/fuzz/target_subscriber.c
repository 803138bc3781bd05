/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's word about a watcher that waits. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/members.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_subscriber subscriber;

	if (hg_subscriber_read(fuzz_text(data, size), &subscriber, &err) == 0)
		FUZZ_REQUIRE(subscriber.user && subscriber.user[0]);
	hg_subscriber_done(&subscriber);
	return 0;
}
