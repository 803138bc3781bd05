/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A target without libFuzzer: runs it on each file named, and on each file of each folder named, in
 * the order of their names. So known inputs are tried again with any compiler.
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma weak LLVMFuzzerInitialize

static unsigned count;

static int replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct hg_buf content = { 0 };
	char part[4096];
	size_t n;

	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 1;
	}
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		hg_buf_add(&content, (struct hg_str){ part, n });
	fclose(f);
	/* Of its exact size, so that one octet too far is seen. */
	uint8_t *exact = hg_alloc(content.n + !content.n);
	if (content.n)
		memcpy(exact, content.p, content.n);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(exact, content.n);
	count++;
	free(exact);
	hg_buf_done(&content);
	return 0;
}

static int is_visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int replay(const char *path)
{
	struct dirent **entry;
	char whole[4096];
	int failed = 0, n = scandir(path, &entry, is_visible, alphasort);

	if (n < 0)
		return replay_file(path);
	for (int i = 0; i < n; i++) {
		snprintf(whole, sizeof(whole), "%s/%s", path, entry[i]->d_name);
		failed |= replay_file(whole);
		free(entry[i]);
	}
	free(entry);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	if (!count) {
		fprintf(stderr, "usage: %s FILE|FOLDER...\n", argv[0]);
		return 2;
	}
	fprintf(stderr, "%u inputs\n", count);
	return failed;
}
