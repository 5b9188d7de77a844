/* counts: how many requests an org was sent, and their results. */
#include "salesforce/counts.h"

#include <stddef.h>

#include "base/clock.h"

enum request_kind counts_kind_of(enum org_operation operation)
{
    switch (operation) {
    case ORG_CREATE:
        return REQUEST_CREATE;
    case ORG_UPDATE:
        return REQUEST_UPDATE;
    default:
        return REQUEST_OTHER; /* an operation that is not counted separately */
    }
}

/* Where each kind of request is counted. */
static const size_t counters[] = {
    [REQUEST_SIGN_IN] = offsetof(struct org_counts, sign_ins),
    [REQUEST_DESCRIBE] = offsetof(struct org_counts, describes),
    [REQUEST_FIND] = offsetof(struct org_counts, finds),
    [REQUEST_CREATE] = offsetof(struct org_counts, creates),
    [REQUEST_UPDATE] = offsetof(struct org_counts, updates),
    [REQUEST_OTHER] = offsetof(struct org_counts, others),
};

void counts_request(struct org *org, enum request_kind kind)
{
    pthread_mutex_lock(&org->mutex);
    org->counts.calls++;
    ++*(int64_t *)((char *)&org->counts + counters[kind]);
    pthread_mutex_unlock(&org->mutex);
}

void counts_fault(struct org *org, const struct org_fault *fault)
{
    pthread_mutex_lock(&org->mutex);
    org->counts.last_fault = *fault;
    org->counts.last_fault_ms = clock_wall();
    pthread_mutex_unlock(&org->mutex);
}

void counts_limits(struct org *org, int64_t used, int64_t max)
{
    pthread_mutex_lock(&org->mutex);
    org->counts.limit_used = used;
    org->counts.limit_max = max;
    org->counts.limit_seen_ms = clock_steady();
    pthread_mutex_unlock(&org->mutex);
}

void counts_saved(struct org *org, const struct org_save *what, const struct org_result *results)
{
    int64_t saved = 0;

    for (size_t i = 0; i < what->count; i++)
        saved += results[i].class == ORG_SAVED;
    pthread_mutex_lock(&org->mutex);
    if (what->operation == ORG_CREATE)
        org->counts.records_created += saved;
    else
        org->counts.records_updated += saved;
    pthread_mutex_unlock(&org->mutex);
}
