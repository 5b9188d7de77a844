/*
 * ages: the ages up to which the store keeps things, from the settings.
 *
 * Threads: any.  Time: now_ms and the result by the steady clock.
 */
#ifndef LEADLINE_AGES_H
#define LEADLINE_AGES_H

#include "settings/settings.h"
#include "store/store.h"

struct store_ages ages_of(const struct settings *settings, int64_t now_ms);

#endif
