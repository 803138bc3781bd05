/* SPDX-License-Identifier: Apache-2.0 */
/* A SIP client that nobody knows yet says anything. */
#include "tests/fuzz/sip_client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	client_run(HG_STR_NONE, fuzz_text(data, size));
	return 0;
}
