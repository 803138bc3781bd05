/* SPDX-License-Identifier: Apache-2.0 */
/* In-band provisioning, version 2 (EP 4.7). */
#pragma once

#include "bridge/documents/doc.h"

#define HG_PROVISION_MAX 64       /* groups of one request */
#define HG_PROVISION_NAME_MAX 128 /* bytes */

struct hg_provision {
	char **group; /* names, as asked for */
	size_t n;
};

int hg_provision_read(struct hg_str body, struct hg_provision *ret, struct hg_doc_err *);
void hg_provision_done(struct hg_provision *);
/* HG_TYPE_PROVISIONING: each group that was asked for, with nothing in it. */
void hg_provision_write(struct hg_buf *, const struct hg_provision *);
