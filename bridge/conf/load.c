/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/conf/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int read_all(int fd, struct hg_buf *ret)
{
	char chunk[16384];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		hg_buf_add(ret, (struct hg_str){ chunk, (size_t)n });
		if (ret->n > HG_CONF_SIZE_MAX)
			return -EFBIG;
	}
	return 0;
}

static int read_file(const char *path, struct hg_buf *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int rc;

	if (fd < 0)
		return -errno;
	rc = read_all(fd, ret);
	close(fd);
	return rc;
}

static int line_of(const struct hg_err *err)
{
	const char *colon = strrchr(err->where, ':');

	return colon ? atoi(colon + 1) : 0;
}

void hg_conf_sort(struct hg_errs *errs, size_t first)
{
	for (size_t i = first; i < errs->n; i++) {
		struct hg_err err = errs->e[i];
		size_t to = i;

		for (; to > first && line_of(&errs->e[to - 1]) > line_of(&err); to--)
			errs->e[to] = errs->e[to - 1];
		errs->e[to] = err;
	}
}

int hg_conf_parse(const char *path, struct hg_conf **ret, struct hg_errs *errs)
{
	struct hg_buf text = { 0 };
	int rc = read_file(path, &text);

	*ret = NULL;
	if (rc == -EFBIG)
		hg_err_set(hg_errs_add(errs), rc, path, "is it the right file?",
			"it is larger than %d octets", HG_CONF_SIZE_MAX);
	else if (rc < 0)
		hg_err_set(hg_errs_add(errs), rc, path, "check the path, and who may read the file",
			"it cannot be read: %s", strerror(-rc));
	else
		rc = hg_conf_parse_text(path, hg_buf_str(&text), ret, errs);
	if (text.p)
		explicit_bzero(text.p, text.n); /* it may hold secrets */
	hg_buf_done(&text);
	return rc;
}

int hg_conf_parse_text(
	const char *name, struct hg_str text, struct hg_conf **ret, struct hg_errs *errs)
{
	struct conf_file *file = hg_alloc(sizeof(*file));
	size_t before = errs->n, dropped = errs->dropped;
	struct hg_conf *root;

	*ret = NULL;
	file->name = hg_str_dup(hg_str(name));
	root = conf_parse(file, text, errs);
	if (root && root->shape == CONF_MAP) {
		*ret = root;
	} else {
		if (root && !root->unread)
			hg_conf_fault(
				errs, root, "begin with KEY: VALUE", "the file is no map of keys");
		conf_node_free(root);
		free(file->name);
		free(file);
	}
	return errs->n == before && errs->dropped == dropped ? 0 : -EINVAL;
}

int hg_conf_check(struct hg_conf *root, const struct hg_schema *schema, struct hg_errs *errs)
{
	return conf_check(root, schema, errs) ? 0 : -EINVAL;
}

/* Both steps; `rc`: how the first went. */
static int check_read(int rc, struct hg_conf *root, const struct hg_schema *schema,
	struct hg_errs *errs, size_t first)
{
	if (root && hg_conf_check(root, schema, errs) < 0)
		rc = -EINVAL;
	hg_conf_sort(errs, first);
	return rc;
}

int hg_conf_read(const char *path, const struct hg_schema *schema, struct hg_conf **ret,
	struct hg_errs *errs)
{
	size_t first = errs->n;
	int rc = hg_conf_parse(path, ret, errs);

	return check_read(rc, *ret, schema, errs, first);
}

int hg_conf_read_text(const char *name, struct hg_str text, const struct hg_schema *schema,
	struct hg_conf **ret, struct hg_errs *errs)
{
	size_t first = errs->n;
	int rc = hg_conf_parse_text(name, text, ret, errs);

	return check_read(rc, *ret, schema, errs, first);
}

/* Faulty trees are for those alone who ask for them. */
static int drop_faulty(int rc, struct hg_conf **ret)
{
	if (rc < 0) {
		hg_conf_free(*ret);
		*ret = NULL;
	}
	return rc;
}

int hg_conf_load(const char *path, const struct hg_schema *schema, struct hg_conf **ret,
	struct hg_errs *errs)
{
	return drop_faulty(hg_conf_read(path, schema, ret, errs), ret);
}

int hg_conf_load_text(const char *name, struct hg_str text, const struct hg_schema *schema,
	struct hg_conf **ret, struct hg_errs *errs)
{
	return drop_faulty(hg_conf_read_text(name, text, schema, ret, errs), ret);
}

void hg_conf_free(struct hg_conf *root)
{
	if (!root)
		return;
	/* every node has the file's name, the root alone takes it along */
	struct conf_file *file = root->file;

	conf_node_free(root);
	free(file->name);
	free(file);
}
