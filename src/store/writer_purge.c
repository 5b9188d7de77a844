/* writer_purge: when a round of purging continues, and how much is done in one step. */
#include "store/writer_purge.h"

#include "base/clock.h"

/* One step of a purge: it has PURGE_BUSY_MS in each PURGE_EVERY_MS while requests keep
   coming, and ends after PURGE_IDLE_MS or so many rows when nobody waits. */
#define PURGE_BUSY_MS  2
#define PURGE_EVERY_MS 40
#define PURGE_IDLE_MS  10
#define PURGE_ROWS     1000

/* Whether the step continues: a little in any case, more while nobody waits. */
bool writer_purge_continues(void *arg)
{
    struct writer *writer = arg;
    int64_t spent_ms = clock_mono() - writer->purge.purge.began_ms;
    bool wanted, stopping;
    int rows;

    pthread_mutex_lock(&writer->lock);
    wanted = clock_mono() - writer->requested_ms < WRITER_QUIET_MS;
    stopping = writer->stopping;
    pthread_mutex_unlock(&writer->lock);
    rows = writer->purge.purge.rows++;
    return !stopping && (rows == 0 || (rows < PURGE_ROWS &&
                                       spent_ms < (wanted ? PURGE_BUSY_MS : PURGE_IDLE_MS)));
}

/* When its next step is due. */
int64_t writer_purge_at_locked(const struct writer *writer)
{
    int64_t quiet_ms = writer->requested_ms + WRITER_QUIET_MS;
    int64_t next_ms = writer->purge.purge.ended_ms + PURGE_EVERY_MS;

    if (!writer->purging)
        return INT64_MAX;
    return quiet_ms < next_ms ? quiet_ms : next_ms;
}

void writer_purge_end(struct writer *writer, const struct err *why)
{
    writer_purged *done = writer->purge.purge.done;
    void *arg = writer->purge.purge.arg;
    int64_t count = writer->purge.purge.round.count;

    pthread_mutex_lock(&writer->lock);
    writer->purging = false;
    pthread_mutex_unlock(&writer->lock);
    done(arg, count, why);
}

/* The step's transaction has ended; why is NULL when it holds. */
void writer_purge_answer(struct writer *writer, const struct err *why)
{
    struct request *purge = &writer->purge;

    purge->purge.ended_ms = clock_mono();
    if (why == NULL) {
        const struct store_ages ages = purge->purge.round.ages;
        purge->purge.round = purge->purge.step;
        purge->purge.round.ages = ages; /* each step limits them itself */
    }
    if (why != NULL || purge->purge.round.done)
        writer_purge_end(writer, why);
}
