/* SPDX-License-Identifier: Apache-2.0 */
/* The mirror of a person for people to read, made from the JSON that `show --json` prints. */
#pragma once

#include <heliograph/base.h>

void hg_show_text(struct hg_str json, struct hg_buf *out);
