/* The ages at which a purge deletes, from the settings. */
#include "programs/leadline/ages.h"

struct store_ages ages_of(const struct settings *settings, int64_t now_ms)
{
    return (struct store_ages){
        .ended_ms = now_ms - settings->keep_receipts_ms,
        .dead_ms = now_ms - settings->keep_dead_letters_ms,
        .known_ms = now_ms - settings->keep_known_ms,
    };
}
