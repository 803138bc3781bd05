/* SPDX-License-Identifier: Apache-2.0 */
/* Who may act in somebody's name: [MS-PRES] 2.2.2.10, EP 4.2.3. */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/adapter.h>

/* A request is about one delegate. */
struct hg_set_delegate {
	char *uri; /* as written */
	struct hg_delegate_edit edit;
};

int hg_set_delegate_read(struct hg_str body, struct hg_set_delegate *ret, struct hg_doc_err *);
void hg_set_delegate_done(struct hg_set_delegate *);

/* HG_PART_DELEGATES, all of them. */
void hg_delegates_write(struct hg_buf *, const struct hg_view *);
