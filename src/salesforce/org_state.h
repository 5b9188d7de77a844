/*
 * org_state: the inside of an org and of its connections, shared by the files of this folder and
 * by its back ends.
 *
 * Threads: what the mutex guards is read and written only under it; a connection belongs to one
 * thread at a time.
 */
#ifndef SALESFORCE_ORG_STATE_H
#define SALESFORCE_ORG_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "salesforce/backend.h"
#include "salesforce/transport.h"

struct org {
    /* Fixed from org_new on. */
    struct org_config config; /* owns its texts */
    const struct org_backend *backend;

    atomic_bool interrupted;

    pthread_mutex_t mutex; /* guards everything below */
    pthread_cond_t changed;
    struct session session;  /* id NULL: signed out */
    uint64_t generation;     /* of the session; grows with each sign-in */
    int64_t renew_at_ms;     /* clock_mono */
    int64_t signed_in_ms;    /* clock_mono */
    int64_t no_api_since_ms; /* clock_mono; since when the server has not answered as the API; 0: it
                                does */
    bool signing_in;         /* a connection is signing in; no other may start */
    uint64_t sign_ins_ended;
    struct org_fault last_sign_in; /* how the last of them ended */
    struct org_fault stop;         /* class ORG_OK: not stopped */
    struct org_counts counts;
};

struct org_connection {
    struct org *org;
    struct transport transport;
    struct session session; /* a copy of the org's: id and server_url */
    uint64_t generation;
};

#endif
