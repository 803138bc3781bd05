/* SPDX-License-Identifier: Apache-2.0 */
#include "gwbench.h"

#include <ctype.h>
#include <dirent.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PROCESSES_MOST = 4096, ALL_MOST = 65536, TASKS_MOST = 8192 };

static int tree[PROCESSES_MOST], n_tree;
static int perf_fds[2][TASKS_MOST], n_perf;

static int parent_of(const char *pid)
{
	char path[300], text[512];
	int parent = -1;
	snprintf(path, sizeof path, "/proc/%s/stat", pid);
	FILE *file = fopen(path, "r");
	if (!file)
		return -1;
	text[fread(text, 1, sizeof text - 1, file)] = 0;
	fclose(file);
	const char *after = strrchr(text, ')'); /* a name may hold anything before */
	return after && sscanf(after + 1, " %*c %d", &parent) == 1 ? parent : -1;
}

void tree_find(void)
{
	static int pids[ALL_MOST], parents[ALL_MOST];
	int n = 0;
	n_tree = 0;
	DIR *all = opt.pid > 0 ? opendir("/proc") : NULL;
	if (!all)
		return;
	for (const struct dirent *e; (e = readdir(all)) && n < ALL_MOST;) {
		if (isdigit((unsigned char)e->d_name[0]) &&
			(parents[n] = parent_of(e->d_name)) >= 0)
			pids[n++] = atoi(e->d_name);
	}
	closedir(all);
	tree[n_tree++] = opt.pid;
	for (int i = 0; i < n_tree; i++)
		for (int j = 0; j < n && n_tree < PROCESSES_MOST; j++)
			if (parents[j] == tree[i])
				tree[n_tree++] = pids[j];
}

int tree_count(void)
{
	return n_tree;
}

static void each_task(void (*use)(int pid, int task, void *data), void *data)
{
	for (int i = 0; i < n_tree; i++) {
		char path[64];
		snprintf(path, sizeof path, "/proc/%d/task", tree[i]);
		DIR *tasks = opendir(path);
		for (const struct dirent *e; tasks && (e = readdir(tasks));)
			if (isdigit((unsigned char)e->d_name[0]))
				use(tree[i], atoi(e->d_name), data);
		if (tasks)
			closedir(tasks);
	}
}

static void add_cpu(int pid, int task, void *data)
{
	char path[96];
	unsigned long long ns;
	snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", pid, task);
	FILE *file = fopen(path, "r");
	if (file && fscanf(file, "%llu", &ns) == 1)
		*(double *)data += (double)ns / 1e9;
	if (file)
		fclose(file);
}

double tree_cpu(void)
{
	double seconds = 0;
	each_task(add_cpu, &seconds);
	return seconds;
}

long tree_kb(const char *key)
{
	long sum = 0;
	size_t len = strlen(key);
	for (int i = 0; i < n_tree; i++) {
		char path[64], line[256];
		snprintf(path, sizeof path, "/proc/%d/smaps_rollup", tree[i]);
		FILE *file = fopen(path, "r");
		while (file && fgets(line, sizeof line, file))
			if (!strncmp(line, key, len) && line[len] == ':')
				sum += atol(line + len + 1);
		if (file)
			fclose(file);
	}
	return sum;
}

static void open_task(int pid, int task, void *data)
{
	if (n_perf == TASKS_MOST)
		return;
	for (int kernel = 0; kernel < 2; kernel++) {
		struct perf_event_attr what = { .type = PERF_TYPE_HARDWARE,
			.size = sizeof what,
			.config = PERF_COUNT_HW_INSTRUCTIONS,
			.exclude_kernel = !kernel,
			.exclude_user = kernel,
			.exclude_hv = 1,
			.inherit = 1 };
		perf_fds[kernel][n_perf] = (int)syscall(
			SYS_perf_event_open, &what, task, -1, -1, 0);
	}
	n_perf++;
}

void perf_open(void)
{
	each_task(open_task, NULL);
}

double perf_read(bool kernel)
{
	double sum = 0;
	bool any = false;
	for (int i = 0; i < n_perf; i++) {
		uint64_t value;
		if (perf_fds[kernel][i] >= 0 &&
			read(perf_fds[kernel][i], &value, sizeof value) == sizeof value) {
			sum += (double)value;
			any = true;
		}
	}
	return any ? sum : -1;
}
