/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adapters from outside. They run in this process with all that it may do, so nothing can be done about one that is
 * malicious (docs/decisions/0010); what is found here are those that do not fit, before they are asked to do anything.
 */

#include "bridge/plugin/registry.h"

#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYMBOL "heliograph_adapter"
#define REBUILD "build it with the header files of this version"
#define DEFECT "this is a defect of the adapter"

struct loading {
	const char *path, *name, *where;
	struct hg_err *err;
};

#define FAIL(l, rc, hint, what, ...) \
	hg_err_set((l)->err, rc, (l)->where, hint, "adapter %s: " what, (l)->name, ##__VA_ARGS__)

/* ---- the file ---- */

/* It becomes part of the daemon: who can change it can do whatever the daemon may. */
static int check_file(const struct loading *l)
{
	char hint[320];
	struct stat st;

	if (stat(l->path, &st) < 0)
		return FAIL(l, -errno,
			"check the path; a name without '/' is one that is installed",
			"%s cannot be opened: %s", l->path, strerror(errno));
	if (st.st_uid != 0 && st.st_uid != geteuid()) {
		snprintf(hint, sizeof(hint),
			"it would run as user %u, so it must belong to that user or to root: chown root '%s'",
			(unsigned)geteuid(), l->path);
		return FAIL(l, -EPERM, hint, "%s belongs to user %u", l->path, (unsigned)st.st_uid);
	}
	if (st.st_mode & (S_IWGRP | S_IWOTH)) {
		snprintf(hint, sizeof(hint), "chmod go-w '%s'", l->path);
		return FAIL(l, -EPERM, hint, "others may write to %s", l->path);
	}
	return 0;
}

/* ---- what is in it ---- */

/* abi and size stand first in every version, so they can be read whatever it is. */
static int check_version(const struct loading *l, const struct hg_adapter *a)
{
	if (a->abi != HG_ABI)
		return FAIL(l, -EPROTO, REBUILD, "it is made for adapter interface %u, this is %u",
			a->abi, HG_ABI);
	if (a->size < sizeof(*a))
		return FAIL(l, -EPROTO, REBUILD,
			"its struct hg_adapter has %u octets, %zu are needed", a->size, sizeof(*a));
	return 0;
}

static bool complete(const struct hg_adapter *a)
{
	return a->create && a->start && a->stop && a->destroy && a->edge && a->answer &&
		a->render && a->deliver && a->outlet_ended;
}

static const char *wrong_vocabulary(const struct hg_vocabulary *v)
{
	if (!v->name || !v->name[0] || strchr(v->name, '/'))
		return "a vocabulary has no name that a file can have";
	if (v->nfields > HG_FIELDS_MAX || (v->nfields && !v->field))
		return "a vocabulary has too many fields, or says that it has some and has none";
	for (size_t i = 0; i < v->nfields; i++) {
		const struct hg_field_def *f = &v->field[i];

		if (!f->name || f->kind > HG_FIELD_TIME ||
			(f->kind == HG_FIELD_TOKEN && !f->tokens))
			return "a field of a vocabulary is not complete";
	}
	return NULL;
}

static const char *wrong_format(const struct hg_adapter *a)
{
	const char *wrong = a->nformats && !a->format ? "its formats are missing" : NULL;

	for (size_t i = 0; i < a->nformats && !wrong; i++) {
		const struct hg_format *f = &a->format[i];

		if (!f->name)
			wrong = "a format has no name";
		else if (f->vocabulary)
			wrong = wrong_vocabulary(f->vocabulary);
	}
	return wrong;
}

static int check_content(const struct loading *l, const struct hg_adapter *a)
{
	const char *wrong = wrong_format(a);

	if (!a->name || strcmp(a->name, l->name) != 0)
		return FAIL(l, -EPROTO, "the file of an adapter NAME is called NAME.so",
			"it calls itself '%.60s'", a->name ? a->name : "");
	if (!complete(a))
		return FAIL(l, -EPROTO, DEFECT, "functions of its struct hg_adapter are missing");
	return wrong ? FAIL(l, -EPROTO, DEFECT, "%s", wrong) : 0;
}

/* ---- the whole ---- */

/* All symbols are looked up at once: one that is missing is found now, and not when somebody first
 * needs it. */
static int open_file(const struct loading *l, const struct hg_adapter *(**ret)(void))
{
	void *so = dlopen(l->path, RTLD_NOW | RTLD_LOCAL);

	if (!so)
		return FAIL(l, -ENOEXEC, REBUILD ", for this kind of machine",
			"it cannot be loaded: %s", dlerror());
	*(void **)ret = dlsym(so, SYMBOL);
	if (*ret)
		return 0;
	dlclose(so);
	return FAIL(l, -EPROTO, "is it an adapter? <heliograph/adapter.h> says what one exports",
		"%s has no symbol " SYMBOL, l->path);
}

int hg_registry_load(struct hg_registry *r, const char *path, const char *name, const char *where,
	struct hg_err *err)
{
	struct loading l = { path, name, where, err };
	const struct hg_adapter *(*entry)(void) = NULL, *a;
	int rc = check_file(&l);

	assert(r->n < HG_ADAPTERS_MAX);
	if (rc == 0)
		rc = open_file(&l, &entry);
	if (rc < 0)
		return rc;
	a = entry();
	if (!a)
		return FAIL(&l, -EPROTO, DEFECT, SYMBOL " gave nothing");
	rc = check_version(&l, a);
	if (rc == 0)
		rc = check_content(&l, a);
	if (rc < 0)
		return rc;
	r->file[r->n] = hg_str_dup(hg_str(path));
	r->adapter[r->n++] = a;
	return 0;
}
