/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/ctl/metrics_gather.h"

#include "bridge/mirror/route_state.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* proc(5), statm: the second number, in pages */
static uint64_t resident_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long long pages = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%*u %llu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *e;
	uint64_t n = 0;

	if (!dir)
		return 0;
	while ((e = readdir(dir)) != NULL)
		n += e->d_name[0] != '.';
	closedir(dir);
	return n - 1; /* without the folder's own */
}

static void gather_process(struct hg_daemon *d)
{
	struct rlimit most = { 0 };

	getrlimit(RLIMIT_NOFILE, &most);
	hg_metrics_set(d->metrics, "build_info{version=\"" HG_VERSION "\"}", 1);
	hg_metrics_set(d->metrics, "uptime_seconds",
		(uint64_t)(hg_loop_now(d->runtime.loop).mono - d->started) / 1000);
	hg_metrics_set(d->metrics, "resident_memory_bytes", resident_bytes());
	hg_metrics_set(d->metrics, "open_fds", open_fds());
	hg_metrics_set(d->metrics, "max_fds", most.rlim_cur);
}

static void gather_route(void *arg, const struct hg_route_state *r)
{
	struct hg_daemon *d = arg;
	char series[HG_METRICS_TEXT + 1];

	snprintf(series, sizeof(series), "route_up{adapter=\"%s\",domain=\"%.*s\"}", r->adapter,
		HG_STR_ARG(r->domain));
	hg_metrics_set(d->metrics, series, r->up);
}

static void gather_core(struct hg_daemon *d)
{
	struct hg_core_stats s = hg_core_stats(d->core);

	hg_metrics_set(d->metrics, "persons", s.persons);
	hg_metrics_set(d->metrics, "endpoints", s.endpoints);
	hg_metrics_set(d->metrics, "watches", s.watches);
	hg_metrics_set(d->metrics, "outlets", s.outlets);
	hg_metrics_set(d->metrics, "publications", s.publications);
	hg_metrics_set(d->metrics, "lanes", s.lanes);
	hg_metrics_set(d->metrics, "waiting", hg_core_waiting(d->core));
	hg_metrics_set(d->metrics, "renders_total", s.renders);
	hg_metrics_set(d->metrics, "renders_shared_total", s.shared);
	hg_metrics_set(d->metrics, "renders_kept_total", s.kept);
	hg_metrics_set(d->metrics, "parcels_handed_total", s.handed);
	hg_core_each_route(d->core, gather_route, d);
}

void hg_metrics_gather(struct hg_daemon *d)
{
	gather_process(d);
	gather_core(d);
	hg_metrics_set(d->metrics, "restart_needed", d->restart_needed);
	hg_metrics_set(d->metrics, "store_failing", hg_metrics_store_failing(d->store_door) < 0);
}
