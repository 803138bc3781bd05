/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/ctl/supervisor.h"

#if HG_HAVE_SYSTEMD

#include <systemd/sd-daemon.h>

void hg_supervisor_ready(void)
{
	sd_notify(0, "READY=1");
}

void hg_supervisor_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

int64_t hg_supervisor_patience(void)
{
	uint64_t us = 0;

	return sd_watchdog_enabled(0, &us) > 0 ? (int64_t)(us / 1000) : 0;
}

void hg_supervisor_alive(void)
{
	sd_notify(0, "WATCHDOG=1");
}

#else

void hg_supervisor_ready(void)
{
}

void hg_supervisor_stopping(void)
{
}

int64_t hg_supervisor_patience(void)
{
	return 0;
}

void hg_supervisor_alive(void)
{
}

#endif
