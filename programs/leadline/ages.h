/*
 * ages: from when on the store keeps what it has, as the settings say.
 *
 * Threads: any.  Time: now_ms and the result by the steady clock.
 */
#ifndef LEADLINE_AGES_H
#define LEADLINE_AGES_H

#include "settings/settings.h"
#include "store/store.h"

struct store_ages ages_of(const struct settings *settings, int64_t now_ms);

#endif
