/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fuzz targets share. A target is one file, target_x.c, with LLVMFuzzerTestOneInput: it is
 * linked with libFuzzer to search for inputs, and with replay.c to run those that are known.
 */
#pragma once

#include <heliograph/mapping.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Once, before the first input; a target need not have one. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* What must hold whatever the input was. Ends the process, which is what a fuzzer looks for. */
#define FUZZ_REQUIRE(what) ((what) ? (void)0 : fuzz_failed(#what, __FILE__, __LINE__))
_Noreturn void fuzz_failed(const char *what, const char *file, int line);

/* One document, well-formed, every prefix declared. */
#define FUZZ_REQUIRE_XML(text) fuzz_require_xml((text), __FILE__, __LINE__)
void fuzz_require_xml(struct hg_str text, const char *file, int line);
/* The same of fragments, which stand beside each other in a document. */
#define FUZZ_REQUIRE_FRAGMENT(text) fuzz_require_fragment((text), __FILE__, __LINE__)
void fuzz_require_fragment(struct hg_str text, const char *file, int line);

/* Nothing in it but what the vocabulary has. */
void fuzz_require_legal(const struct hg_record *, const struct hg_vocabulary *);

/* Log lines are made, as in a daemon that logs everything, but written nowhere. Standard output,
 * too, goes nowhere. */
void fuzz_quiet(void);

/* For what reads files only: a path under which the input stands, until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

static inline struct hg_str fuzz_text(const uint8_t *data, size_t size)
{
	return (struct hg_str){ (const char *)data, size };
}

struct hg_errs;

/* 0 and no fault, or an errno and at least one that says something. Ends `errs`. */
void fuzz_require_faults(int rc, struct hg_errs *errs);
