/* SPDX-License-Identifier: Apache-2.0 */
/* Directory searches by SOAP (EP 4.6); hg_soap_read reads them. */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/adapter.h>

#define HG_SEARCH_VALUE_MAX 256 /* bytes */

/* Body of a 200, HG_TYPE_SOAP. */
void hg_search_write(struct hg_buf *, const struct hg_found *, size_t n, bool more);
void hg_search_done(struct hg_search *); /* of hg_soap_read */
