/* A table of reasons under a mutex, with the rate limit of each one's log line. */
#include "ingest/refusals.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

struct reason {
    const char *code;
    int64_t count;
    struct log_pace pace;
};

struct refusals {
    pthread_mutex_t mutex;
    struct reason reasons[REFUSALS_REASONS];
    size_t count;
};

struct refusals *refusals_new(struct err *err)
{
    struct refusals *refusals = mem_zero(1, sizeof *refusals);

    if (refusals == NULL)
        err_memory(err);
    else
        pthread_mutex_init(&refusals->mutex, NULL);
    return refusals;
}

void refusals_free(struct refusals *refusals)
{
    if (refusals == NULL)
        return;
    pthread_mutex_destroy(&refusals->mutex);
    mem_free(refusals);
}

static struct reason *reason_of(struct refusals *refusals, const char *code)
{
    size_t i = 0;

    while (i < refusals->count && strcmp(refusals->reasons[i].code, code) != 0)
        i++;
    if (i == REFUSALS_REASONS)
        return &refusals->reasons[REFUSALS_REASONS - 1];
    if (i == refusals->count)
        refusals->reasons[refusals->count++].code = i < REFUSALS_REASONS - 1 ? code : "other";
    return &refusals->reasons[i];
}

/* How many refusals to log now, including this one; 0: none. */
static int64_t count(struct refusals *refusals, const char *code)
{
    struct reason *reason;
    int64_t to_log;

    pthread_mutex_lock(&refusals->mutex);
    reason = reason_of(refusals, code);
    reason->count++;
    to_log = log_pace_take(&reason->pace, 1, REFUSALS_EVERY_MS);
    pthread_mutex_unlock(&refusals->mutex);
    return to_log;
}

void refusals_add(struct refusals *refusals, int status, const char *code, const char *source)
{
    int64_t to_log = count(refusals, code);

    if (to_log > 0)
        log_line(LOG_INFO, "ingest.refused", "status=%d code=%s source=%s suppressed=%" PRId64,
                 status, code, LOG_TEXT(source != NULL ? source : ""), to_log - 1);
}

size_t refusals_read(struct refusals *refusals, struct refusal_count ret[REFUSALS_REASONS])
{
    size_t n;

    pthread_mutex_lock(&refusals->mutex);
    n = refusals->count;
    for (size_t i = 0; i < n; i++)
        ret[i] = (struct refusal_count){refusals->reasons[i].code, refusals->reasons[i].count};
    pthread_mutex_unlock(&refusals->mutex);
    return n;
}
