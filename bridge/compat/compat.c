/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/compat/private.h"

#include <heliograph/log.h>

#include <dlfcn.h>
#include <errno.h>
#include <expat.h>
#include <sofia-sip/msg_parser.h>
#include <stdlib.h>
#include <strophe.h>

void *hg_compat_next(const char *symbol)
{
	void *next = dlsym(RTLD_NEXT, symbol);

	if (next)
		return next;
	hg_log(HG_ERROR, "compat-failed", "symbol=%s error=\"%s\"", symbol, dlerror());
	abort();
}

void hg_compat_init(void)
{
	hg_compat_steady_clock();
}

/* What a library finds that looks the name up: the search begins with the executable. */
static bool is_ours(const char *symbol, const void *ours)
{
	return dlsym(RTLD_DEFAULT, symbol) == ours && dlsym(RTLD_NEXT, symbol) != NULL;
}

int hg_compat_check(struct hg_err *err)
{
	static const struct {
		const char *symbol;
		void *ours;
	} interposed[] = {
		{ "XML_ParserCreate_MM", XML_ParserCreate_MM },
		{ "XML_ParserReset", XML_ParserReset },
		{ "msg_extract", msg_extract },
	};

	for (size_t i = 0; i < sizeof(interposed) / sizeof(interposed[0]); i++) {
		if (!is_ours(interposed[i].symbol, interposed[i].ours))
			return hg_err_set(err, -ENOSYS, interposed[i].symbol,
				"link the executable with -rdynamic and all of bridge/compat, and the "
				"libraries dynamically",
				"a library's function is not replaced by Heliograph's own");
	}
	if (!hg_compat_clock_is_steady())
		return hg_err_set(err, -ENOSYS, "_su_time", "call hg_compat_init first",
			"sofia-sip does not run on the steady clock");
	return 0;
}
