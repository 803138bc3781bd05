/* SPDX-License-Identifier: Apache-2.0 */
/* What a supervisor is told, sd_notify(3). Without one, or built without libsystemd, nothing
 * happens. */
#pragma once

#include <stdint.h>

void hg_supervisor_ready(void);    /* everything is up */
void hg_supervisor_stopping(void); /* the end has begun */
/* Milliseconds within which the supervisor wants to be told that the process lives, 0: never. Told
 * twice as often, a single late turn ends nothing. */
int64_t hg_supervisor_patience(void);
void hg_supervisor_alive(void);
