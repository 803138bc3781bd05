/* SPDX-License-Identifier: Apache-2.0 */
/* Methods from a tree that is parsed already; private to this folder. */
#pragma once

#include "bridge/documents/lcs_soap.h"
#include "bridge/documents/xml.h"

/* `ret` must be zeroed, and is to be ended also after a failure. */
int hg_lcs_presence_read(const xmlNode *method, struct hg_lcs_presence *ret, struct hg_doc_err *);
int hg_lcs_ace_read(const xmlNode *method, struct hg_lcs_ace *ret, struct hg_doc_err *);
