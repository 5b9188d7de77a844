/* Counts by destination and code, and logs at most once a second. */
#include "ingest/dead_letters.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_kind(const struct dead_letters_kind *kind, const struct store_target *target)
{
    return strcmp(kind->code, target->dead_code) == 0 &&
           strcmp(kind->destination, target->destination) == 0;
}

static struct dead_letters_kind *kind_of(struct dead_letters *dead,
                                         const struct store_target *target)
{
    struct dead_letters_kind *kind;
    size_t i = 0;

    while (i < dead->count && i < DEAD_LETTERS_KINDS && !is_kind(&dead->kinds[i], target))
        i++;
    kind = &dead->kinds[i];
    if (i == dead->count) {
        bool further = i == DEAD_LETTERS_KINDS;
        kind->code = further ? "others" : target->dead_code;
        snprintf(kind->destination, sizeof kind->destination, "%s",
                 further ? "others" : target->destination);
        dead->count++;
    }
    return kind;
}

static void count_event(struct dead_letters *dead, const struct store_event *event)
{
    for (size_t i = 0; i < event->target_count; i++) {
        struct dead_letters_kind *kind;
        if (event->targets[i].dead_code == NULL)
            continue;
        kind = kind_of(dead, &event->targets[i]);
        if (kind->count++ == 0)
            kind->message_id = event->message_id;
    }
}

static void log_kind(struct dead_letters_kind *kind)
{
    int64_t to_log = log_pace_take(&kind->pace, (int64_t)kind->count, DEAD_LETTERS_EVERY_MS);

    if (to_log > 0)
        log_line(LOG_WARN, "ingest.dead_letters",
                 "destination=%s code=%s count=%" PRId64 " message_id=%s", kind->destination,
                 LOG_TEXT(kind->code), to_log, LOG_TEXT(kind->message_id));
    kind->count = 0;
    kind->message_id = NULL;
}

void dead_letters_log(struct dead_letters *dead, const struct store_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!events[i].ret_duplicate)
            count_event(dead, &events[i]);
    for (size_t i = 0; i < dead->count; i++)
        if (dead->kinds[i].count > 0)
            log_kind(&dead->kinds[i]);
}
