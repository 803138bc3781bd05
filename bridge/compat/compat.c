/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/compat/private.h"

#include <heliograph/log.h>

#include <dlfcn.h>
#include <errno.h>
#include <expat.h>
#include <stdlib.h>

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

/* A library that looks the name up begins with the executable: what it finds there must not be what
 * stands behind. */
static bool is_interposed(const char *symbol)
{
	const void *first = dlsym(RTLD_DEFAULT, symbol), *behind = dlsym(RTLD_NEXT, symbol);

	return first && behind && first != behind;
}

int hg_compat_check(struct hg_err *err)
{
	static const char *const symbol[] = { "XML_ParserCreate_MM", "XML_ParserReset",
		"msg_extract" };

	for (size_t i = 0; i < sizeof(symbol) / sizeof(symbol[0]); i++) {
		if (!is_interposed(symbol[i]))
			return hg_err_set(err, -ENOSYS, symbol[i],
				"link the executable with -rdynamic and all of bridge/compat, and the "
				"libraries dynamically",
				"a library's function is not replaced by Heliograph's own");
	}
	if (!hg_compat_clock_is_steady())
		return hg_err_set(err, -ENOSYS, "_su_time", "call hg_compat_init first",
			"sofia-sip does not run on the steady clock");
	/* Not only for the log: the linker leaves out a library of which nothing but the functions
	 * that we replace is used, and then there is nothing behind them. */
	hg_log(HG_DEBUG, "compat-checked", "expat=%s", XML_ExpatVersion());
	return 0;
}
