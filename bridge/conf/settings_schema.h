/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of heliograph.yaml that are not an adapter's. Private to this folder. */
#pragma once

#include <heliograph/conf.h>

extern const struct hg_key hg_settings_keys[]; /* ends with name NULL */
