/* SPDX-License-Identifier: Apache-2.0 */
/* A table that declares its vocabulary itself. */
#include "tests/fuzz/fuzz.h"

#include "bridge/conf/mapping_file.h"
#include "bridge/mapping/loss.h"

#include <stdlib.h>

static void check(const struct hg_table *table)
{
	struct hg_loss *loss;
	size_t states, lost;

	for (uint32_t availability = 0; availability < 20000; availability += 250) {
		struct hg_presence p = { .availability = availability };
		struct hg_record *r = hg_table_out(table, &p);

		fuzz_require_legal(r, hg_table_vocabulary(table));
		hg_record_unref(r);
	}
	FUZZ_REQUIRE(hg_table_loss(table, &loss, &states, &lost) <= lost && lost <= states);
	free(loss);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_tables tables;
	struct hg_errs errs = { 0 };
	int rc = hg_mapping_load_own(fuzz_file(data, size), NULL, &tables, &errs);

	if (rc == 0)
		check(tables.v[0]);
	hg_tables_done(&tables);
	fuzz_require_faults(rc > 0 ? 0 : rc, &errs);
	return 0;
}
