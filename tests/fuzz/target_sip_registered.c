/* SPDX-License-Identifier: Apache-2.0 */
/* A SIP client that is registered, so that everything is open to it, says anything. */
#include "tests/fuzz/sip_client.h"

static const char registration[] = "REGISTER sip:corp.example SIP/2.0\r\n"
				   "Via: SIP/2.0/tcp 127.0.0.1:5060\r\n"
				   "From: <sip:alice@corp.example>;tag=1;epid=0123456789ab\r\n"
				   "To: <sip:alice@corp.example>\r\n"
				   "Max-Forwards: 70\r\n"
				   "CSeq: 1 REGISTER\r\n"
				   "Call-ID: registration\r\n"
				   "Contact: <sip:127.0.0.1:5060;transport=tcp>\r\n"
				   "Expires: 7200\r\n"
				   "%sContent-Length: 0\r\n\r\n";

/* An input that begins with '2' is said, without that, by a client from before categories. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool old = size && data[0] == '2';
	struct hg_buf b = { 0 };

	hg_buf_addf(&b, registration, old ? "" : "Supported: gruu-10, msrtc-event-categories\r\n");
	client_run(hg_buf_str(&b), fuzz_text(data + old, size - old));
	hg_buf_done(&b);
	return 0;
}
