/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remedies that must sit in the executable: functions of shared libraries that the executable
 * defines itself, so that the libraries' own calls come here (ELF symbol interposition), and hooks.
 * Each stands in a file that names the library, its version and why. The executable must export its
 * symbols (-rdynamic), and link this folder whole.
 */
#pragma once

#include <heliograph/err.h>

/* Before anything of sofia-sip is called. */
void hg_compat_init(void);

/* Are the remedies really in place? -ENOSYS: err says which is not; nothing should be started then.
 */
int hg_compat_check(struct hg_err *);

/* How many SIP messages the header guard has cut short (sofia_headers.c). */
uint64_t hg_compat_header_floods(void);
