/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon's parts know by themselves, put into its metrics when somebody asks. */
#pragma once

#include "bridge/ctl/daemon.h"

void hg_metrics_gather(struct hg_daemon *);
