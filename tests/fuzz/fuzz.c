/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/fuzz.h"

#include <heliograph/err.h>
#include <heliograph/log.h>

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_failed(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

static bool well_formed(struct hg_str text)
{
	xmlParserCtxt *ctxt = xmlNewParserCtxt();
	xmlDoc *doc = xmlCtxtReadMemory(ctxt, text.p, (int)text.n, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	bool well = doc && ctxt->wellFormed && ctxt->nsWellFormed;

	if (!well)
		fprintf(stderr, "%s%.*s\n", ctxt->lastError.message ? ctxt->lastError.message : "",
			HG_STR_ARG(text));
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(ctxt);
	return well;
}

void fuzz_require_xml(struct hg_str text, const char *file, int line)
{
	if (!well_formed(text))
		fuzz_failed("well-formed XML", file, line);
}

void fuzz_require_fragment(struct hg_str text, const char *file, int line)
{
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "<x>");
	hg_buf_add(&b, text);
	hg_buf_adds(&b, "</x>");
	fuzz_require_xml(hg_buf_str(&b), file, line);
	hg_buf_done(&b);
}

/* ---- records ---- */

static bool is_token(struct hg_str text, const char *const *tokens)
{
	for (; *tokens; tokens++) {
		if (hg_str_is(text, *tokens))
			return true;
	}
	return false;
}

void fuzz_require_legal(const struct hg_record *r, const struct hg_vocabulary *vocabulary)
{
	int64_t number;

	for (uint32_t i = 0; i < r->n; i++) {
		const struct hg_value *v = &r->value[i];

		FUZZ_REQUIRE(v->field < vocabulary->nfields);
		FUZZ_REQUIRE(memchr(v->lang, '\0', sizeof(v->lang)));
		FUZZ_REQUIRE(hg_utf8_valid(v->text));
		const struct hg_field_def *f = &vocabulary->field[v->field];
		switch (f->kind) {
		case HG_FIELD_TOKEN:
			FUZZ_REQUIRE(is_token(v->text, f->tokens));
			break;
		case HG_FIELD_INTEGER:
			FUZZ_REQUIRE(hg_str_i64(v->text, &number));
			FUZZ_REQUIRE(number >= f->min && number <= f->max);
			break;
		case HG_FIELD_TIME:
			FUZZ_REQUIRE(hg_utc_read(v->text, &number));
			break;
		case HG_FIELD_TEXT:
			break;
		}
	}
}

/* ---- faults of files ---- */

void fuzz_require_faults(int rc, struct hg_errs *errs)
{
	FUZZ_REQUIRE(!rc == !errs->n);
	for (size_t i = 0; i < errs->n; i++)
		FUZZ_REQUIRE(errs->e[i].what[0] != '\0');
	hg_errs_done(errs);
}

/* ---- quiet ---- */

static void forget(void *arg, enum hg_level level, const char *line)
{
}

void fuzz_quiet(void)
{
	hg_log_level(HG_DEBUG);
	hg_log_sink(forget, NULL);
	if (!freopen("/dev/null", "w", stdout))
		perror("/dev/null");
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
	static char path[40];
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("input", MFD_CLOEXEC);
	FUZZ_REQUIRE(fd >= 0);
	FUZZ_REQUIRE(ftruncate(fd, 0) == 0);
	FUZZ_REQUIRE(pwrite(fd, data, size, 0) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}
