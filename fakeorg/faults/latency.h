/*
 * latency: simulates the time of the network and the org.
 *
 * A call waits in the thread of its connection without holding a lock, so that as
 * many calls can wait at the same time as there are connections.
 *
 * Threads: any; it has its own lock.
 */
#ifndef FAKEORG_FAULTS_LATENCY_H
#define FAKEORG_FAULTS_LATENCY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The latency of a call. */
struct latency_shape {
    unsigned ms;             /* every call */
    unsigned per_record_us;  /* more for each record written or read */
    unsigned jitter_percent; /* it varies by this much up and down */
};

struct latency {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool over; /* the org is ending: waits return at once */
    uint64_t random;
};

void latency_init(struct latency *latency, uint64_t seed);
void latency_done(struct latency *latency);

/* The latency of a call with that many records, in microseconds. */
int64_t latency_of(struct latency *latency, const struct latency_shape *shape, size_t records);

/* Returns after us microseconds, or when latency_end is called. */
void latency_wait(struct latency *latency, int64_t us);
void latency_end(struct latency *latency);

#endif
