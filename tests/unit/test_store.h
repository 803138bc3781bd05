/* SPDX-License-Identifier: Apache-2.0 */
/* A store in a directory of its own, and facts as lines of text. */
#pragma once

#include "tests/support/support.h"

#include "bridge/store/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scratch {
	char dir[32], path[48];
};

static inline int scratch_setup(void **state)
{
	struct scratch *t = hg_alloc(sizeof(*t));

	strcpy(t->dir, "/tmp/hg-store-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	snprintf(t->path, sizeof(t->path), "%s/store.db", t->dir);
	*state = t;
	return 0;
}

static inline int scratch_teardown(void **state)
{
	static const char *const name[] = { "store.db", "store.db-wal", "store.db-shm",
		"store.db-journal" };
	struct scratch *t = *state;
	char path[64];

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", t->dir, name[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(t->dir), 0); /* nothing else was left there */
	free(t);
	return 0;
}

static inline void write_fact(void *arg, const struct hg_fact *f)
{
	hg_buf_addf(arg, "%d %.*s [%.*s|%.*s|%.*s|%.*s|%.*s] %u %u %u %lld\n", f->kind,
		HG_STR_ARG(f->owner), HG_STR_ARG(f->name), HG_STR_ARG(f->value),
		HG_STR_ARG(f->extra), HG_STR_ARG(f->more), HG_STR_ARG(f->groups), f->number[0],
		f->number[1], f->number[2], (long long)f->time);
}

static inline void assert_holds(struct hg_store *store, const char *lines)
{
	struct hg_buf b = { 0 };
	struct hg_err err;

	assert_int_equal(hg_sqlite_load(store, write_fact, &b, &err), 0);
	assert_str(hg_buf_str(&b), lines);
	hg_buf_done(&b);
}
