/*
 * latency: what the network and the org would take.
 *
 * A call waits in the thread of its connection and holds no lock meanwhile, so that
 * as many calls wait at the same time as there are connections.
 *
 * Threads: any; it has a lock of its own.
 */
#ifndef FAKEORG_FAULTS_LATENCY_H
#define FAKEORG_FAULTS_LATENCY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a call takes. */
struct latency_shape {
    unsigned ms;             /* every call */
    unsigned per_record_us;  /* more for each record written or read */
    unsigned jitter_percent; /* it varies by as much up and down */
};

struct latency {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool over; /* the org is ending: nobody waits any more */
    uint64_t random;
};

void latency_init(struct latency *latency, uint64_t seed);
void latency_done(struct latency *latency);

/* Microseconds that a call with so many records takes. */
int64_t latency_of(struct latency *latency, const struct latency_shape *shape, size_t records);

/* Returns after us microseconds, or when latency_end is called. */
void latency_wait(struct latency *latency, int64_t us);
void latency_end(struct latency *latency);

#endif
