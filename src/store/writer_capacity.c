/* writer_capacity: whether the store works, and has capacity for new events. */
#include "store/writer_capacity.h"

#include "base/log.h"

static enum writer_full find_full(struct writer *writer, const struct store_usage *usage,
                                  const struct writer_bounds *bounds)
{
    if (usage->free_disk < bounds->min_free_disk ||
        !writer->store->api->keep_reserve(writer->store, usage->waiting))
        return WRITER_DISK_FULL;
    if (bounds->max_waiting > 0 && usage->waiting >= bounds->max_waiting)
        return WRITER_QUEUE_FULL;
    if (bounds->max_store > 0 && usage->bytes >= bounds->max_store)
        return WRITER_STORE_FULL;
    return WRITER_NOT_FULL;
}

static void say_full(enum writer_full full, const struct store_usage *usage)
{
    static const char *const advices[] = {
        [WRITER_QUEUE_FULL] = "max_queue_events wait: see why they are not delivered",
        [WRITER_STORE_FULL] = "the store has max_store_size: keep receipts for a shorter time, "
                              "discard dead letters, or allow more",
        [WRITER_DISK_FULL] = "make room on the disk: delivery goes on meanwhile",
    };

    if (full == WRITER_NOT_FULL)
        log_line(LOG_INFO, "store.not_full", "waiting=%lld", (long long)usage->waiting);
    else
        log_line(LOG_WARN, "store.full", "waiting=%lld bytes=%lld free_disk=%lld advice=\"%s\"",
                 (long long)usage->waiting, (long long)usage->bytes, (long long)usage->free_disk,
                 advices[full]);
}

static void note_found(struct writer *writer, const struct err *what)
{
    pthread_mutex_lock(&writer->lock);
    writer->found = *what;
    pthread_mutex_unlock(&writer->lock);
}

/* Whether the store works, and new events fit. */
void writer_check_capacity(struct writer *writer)
{
    struct store_usage usage;
    struct writer_bounds bounds;
    struct err err = {0};
    enum writer_full full, before;

    pthread_mutex_lock(&writer->lock);
    bounds = writer->limits.bounds;
    pthread_mutex_unlock(&writer->lock);
    if (writer->store->api->usage(writer->store, &usage, &err) < 0) {
        note_found(writer, &err);
        return;
    }
    note_found(writer, &err);
    full = find_full(writer, &usage, &bounds);
    pthread_mutex_lock(&writer->lock);
    before = writer->counts.full;
    writer->counts.full = full;
    writer->counts.usage = usage;
    pthread_mutex_unlock(&writer->lock);
    if (full != before)
        say_full(full, &usage);
}

/* Whether so many events more fit, with those that are on their way. */
bool writer_fits_locked(const struct writer *writer, int64_t count)
{
    int64_t max = writer->limits.bounds.max_waiting;

    return writer->counts.full == WRITER_NOT_FULL &&
           (max == 0 || count == 0 || writer->counts.usage.waiting + writer->pending < max);
}
