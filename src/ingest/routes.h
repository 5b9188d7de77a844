/*
 * routes: what each path does.  The whole tracking API as one table.
 *
 * Source: what Segment's SDKs of all kinds send, with the odd paths that some versions build by
 *         joining a prefix and a name.  Threads: any.
 */
#ifndef INGEST_ROUTES_H
#define INGEST_ROUTES_H

#include "event/event.h"

enum route_action {
    ROUTE_NONE,     /* 404 */
    ROUTE_MESSAGE,  /* the body is a message; where the path names no type, a message or a batch */
    ROUTE_BATCH,    /* the body must be a batch */
    ROUTE_DROP,     /* the browser SDK's own metrics */
    ROUTE_JSONP,    /* the query is a message, the answer a script */
    ROUTE_PIXEL,    /* the query is a message, the answer always an image */
    ROUTE_SETTINGS, /* what an SDK asks before it sends anything */
    ROUTE_HEALTH,   /* what a load balancer asks: can events be stored? */
    ROUTE_PREFLIGHT
};

struct route {
    enum route_action action;
    enum event_type type; /* that the path names; EVENT_NONE: it names none */
    const char *key;      /* the write key, points into the path; NULL: none */
    size_t key_len;
};

/* The path of ROUTE_HEALTH. */
#define ROUTES_HEALTH_PATH "/healthz"

struct route route_find(const char *method, const char *path);

#endif
