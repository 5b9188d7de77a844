/*
 * org_state: the inside of an org and of its connections, shared by the files of this folder.
 */
#ifndef SALESFORCE_ORG_STATE_H
#define SALESFORCE_ORG_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include <curl/curl.h>

#include "salesforce/org.h"

/* The API's version for login(); calls go where its answer says.  Later ones refuse it. */
#define ORG_SIGN_IN_PATH "/services/Soap/u/64.0"

struct org {
    /* Fixed from org_new on. */
    struct org_config config; /* owns its texts */
    char *sign_in_url;

    atomic_bool interrupted;

    pthread_mutex_t mutex; /* guards everything below */
    pthread_cond_t changed;
    char *session_id, *server_url; /* NULL: signed out */
    uint64_t generation;           /* of the session; grows with each sign-in */
    int64_t renew_at_ms;           /* clock_mono */
    int64_t signed_in_ms;          /* clock_mono */
    int64_t
        astray_since_ms; /* clock_mono; the server has not answered as the API since; 0: it does */
    bool signing_in;     /* some connection is at it; no other begins */
    uint64_t sign_ins_ended;
    struct org_fault last_sign_in; /* how the last of them ended */
    struct org_fault stop;         /* class ORG_OK: not stopped */
    struct org_counts counts;
};

struct org_connection {
    struct org *org;
    CURL *curl;
    struct curl_slist *headers, *headers_gzip;

    /* The connection's copy of the org's session. */
    char *session_id, *server_url;
    uint64_t generation;
};

#endif
