/* SPDX-License-Identifier: Apache-2.0 */
/* What the HTTP port answers: /metrics, /healthz, /readyz, /custom-states.xml. */
#pragma once

#include "bridge/ctl/daemon.h"

/* Opens the port if the configuration has one. */
int hg_http_pages_open(struct hg_daemon *, struct hg_err *);
