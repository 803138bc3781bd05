/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/ctl/hints_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TOUCHES_OF_A_GRACE = 4 };

struct hg_hints_file {
	struct hg_store *store;
	char *path;
	hg_timer *pulse;
	int64_t grace;
	bool fresh; /* written to by a daemon that lived less than the grace time ago */
};

static char *path_with(const char *path, const char *suffix)
{
	struct hg_buf b = { 0 };

	hg_buf_addf(&b, "%s%s", path, suffix);
	return b.p;
}

static void remove_files(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char *file = path_with(path, suffixes[i]);

		unlink(file);
		free(file);
	}
}

static bool touched_within(const char *path, int64_t ms)
{
	struct timespec now;
	struct stat st;

	if (stat(path, &st) || clock_gettime(CLOCK_REALTIME, &now))
		return false;
	return (now.tv_sec - st.st_mtim.tv_sec) * INT64_C(1000) <= ms;
}

static void pulse(void *arg)
{
	struct hg_hints_file *h = arg;

	utimensat(AT_FDCWD, h->path, NULL, 0);
	hg_timer_set(h->pulse, h->grace / TOUCHES_OF_A_GRACE);
}

struct hg_hints_file *hg_hints_file_open(
	struct hg_loop *loop, const char *store, const struct hg_worker *worker, int64_t grace_ms)
{
	struct hg_hints_file *h = hg_alloc(sizeof(*h));
	struct hg_err err = { 0 };
	int rc;

	h->path = path_with(store, "-hints");
	h->grace = grace_ms;
	h->fresh = touched_within(h->path, grace_ms);
	if (!h->fresh) /* else it would be fresh to the next start, with what this one has not believed */
		remove_files(h->path);
	rc = hg_sqlite_open(h->path, HG_SYNC_OFF, worker, &h->store, &err);
	if (rc < 0 && rc != -EBUSY) { /* a crash of the machine may have left anything */
		remove_files(h->path);
		h->fresh = false;
		rc = hg_sqlite_open(h->path, HG_SYNC_OFF, worker, &h->store, &err);
	}
	if (rc < 0) {
		hg_log(HG_WARN, "hints-unavailable", "error=%s", hg_log_text(hg_str(err.what)));
		free(h->path);
		free(h);
		return NULL;
	}
	h->pulse = hg_timer_new(loop, pulse, h);
	return h;
}

struct hg_store *hg_hints_file_store(struct hg_hints_file *h)
{
	return h ? h->store : NULL;
}

struct loading {
	struct hg_core *core;
	size_t hints, left_out;
};

static void restore(void *arg, const struct hg_fact *f)
{
	struct loading *l = arg;

	if (f->kind != HG_FACT_ENDPOINT && f->kind != HG_FACT_SOFT && f->kind != HG_FACT_KEPT)
		return;
	l->hints++;
	if (hg_core_restore(l->core, f) < 0)
		l->left_out++;
}

void hg_hints_file_load(struct hg_hints_file *h, struct hg_core *core)
{
	struct loading l = { .core = core };
	struct hg_err err = { 0 };

	if (!h)
		return;
	if (h->fresh && hg_sqlite_load(h->store, restore, &l, &err) < 0)
		hg_log(HG_WARN, "hints-unreadable", "error=%s", hg_log_text(hg_str(err.what)));
	if (l.hints)
		hg_log(HG_INFO, "hints-loaded", "hints=%zu left_out=%zu", l.hints, l.left_out);
	pulse(h);
}

void hg_hints_file_close(struct hg_hints_file *h, bool remove)
{
	if (!h)
		return;
	hg_timer_free(h->pulse);
	hg_sqlite_close(h->store);
	if (remove)
		remove_files(h->path);
	free(h->path);
	free(h);
}
