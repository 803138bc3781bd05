/* SPDX-License-Identifier: Apache-2.0 */
/* docs/decisions/0001-out-of-memory.md says why these end the process. */
#include <heliograph/log.h>

#include <stdlib.h>
#include <string.h>

static _Noreturn void out_of_memory(size_t wanted)
{
	hg_log(HG_ERROR, "out-of-memory", "wanted=%zu", wanted);
	abort();
}

void *hg_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void *hg_realloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void hg_grow(void *array_ptr, size_t *cap, size_t n, size_t each)
{
	size_t want = *cap ? *cap : 8, bytes;
	void *array;

	if (n < *cap)
		return;
	while (want <= n) {
		if (__builtin_mul_overflow(want, (size_t)2, &want))
			out_of_memory(SIZE_MAX);
	}
	if (__builtin_mul_overflow(want, each, &bytes))
		out_of_memory(SIZE_MAX);
	/* array_ptr is a T ** of any T: copied, since writing it through a void ** would break the
	 * aliasing rules */
	memcpy(&array, array_ptr, sizeof(array));
	array = hg_realloc(array, bytes);
	memset((char *)array + *cap * each, 0, bytes - *cap * each);
	memcpy(array_ptr, &array, sizeof(array));
	*cap = want;
}
