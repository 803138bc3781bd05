/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sofia-sip 1.12.11 (Debian 12: 1.12.11+20110422.1+1e14eea~dfsg-6; the same upstream) drops
 * requests of some methods without a word: SERVICE, on which all of enhanced presence hangs, is
 * one. sip_method_d() compares the length of a name that it does not know with that of the last
 * known method that begins with the same letter, and takes what is shorter for garbage: "SERVICE"
 * is shorter than "SUBSCRIBE". Request line, CSeq, and the functions that create them are affected.
 */
#pragma once

#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>

/* For NTATAG_MCLASS: parses every method. An unknown one is sip_method_unknown with its name, as
 * BENOTIFY is anyway. Lives as long as the process. NULL: this is another sofia-sip, and does not
 * have the table that is to be mended. */
const msg_mclass_t *hg_sip_mclass(void);

/* As sip_request_create and sip_cseq_create by the method's name, for every method. In `home`;
 * NULL: not a token, or no such URI. */
sip_request_t *hg_sip_request_create(su_home_t *home, const char *method, const url_string_t *uri);
sip_cseq_t *hg_sip_cseq_create(su_home_t *home, uint32_t number, const char *method);
