/* SPDX-License-Identifier: Apache-2.0 */
/* What makes an adapter of it that can be loaded: the one symbol. */

#include "plugins/loopback/loopback.h"

const struct hg_adapter *heliograph_adapter(void)
{
	return &hg_loopback_adapter;
}
