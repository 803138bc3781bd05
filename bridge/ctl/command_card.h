/* SPDX-License-Identifier: Apache-2.0 */
/* Requests about users and what is said of them. */
#pragma once

#include "bridge/ctl/command.h"

#include <heliograph/presence.h>

/* `take`: an object of fields and texts; an empty text takes the field away. NULL if it is, or something else is not
 * UTF-8. */
json_t *hg_card_request(const char *verb, const char *person, json_t *take, bool json);
