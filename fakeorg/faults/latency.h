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

struct fakeorg_options;

struct latency {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool over; /* the org is ending: nobody waits any more */
    uint64_t random;
};

void latency_init(struct latency *latency, uint64_t seed);
void latency_done(struct latency *latency);

/* Microseconds that a call with so many records takes, as the options want it. */
int64_t latency_of(struct latency *latency, const struct fakeorg_options *options, size_t records);

/* Returns after us microseconds, or when latency_end is called. */
void latency_wait(struct latency *latency, int64_t us);
void latency_end(struct latency *latency);

#endif
