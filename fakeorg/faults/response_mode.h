/*
 * response_mode: how an answer is sent: whole or broken, compressed or not.
 *
 * Faults and quirks choose it; http/wire.c sends accordingly.
 *
 * Threads: plain values.
 */
#ifndef FAKEORG_FAULTS_RESPONSE_MODE_H
#define FAKEORG_FAULTS_RESPONSE_MODE_H

#include <stdbool.h>

enum response_form {
    RESPONSE_WHOLE,
    RESPONSE_CUT,       /* the connection ends without an answer */
    RESPONSE_HALF,      /* it ends in the middle of one */
    RESPONSE_TRUNCATED, /* complete HTTP, but half a document */
    RESPONSE_EMPTY,     /* no body at all */
    RESPONSE_GARBAGE,   /* text/xml that is not XML */
    RESPONSE_PAGE,      /* an HTML page, with the mode's status */
    RESPONSE_NO_HTTP    /* not HTTP at all */
};

enum packing { PACK_IF_ASKED, PACK_ALWAYS, PACK_NEVER };

struct response_mode {
    enum response_form form;
    unsigned status; /* of RESPONSE_PAGE */
    enum packing packing;
    bool chunked;
};

#endif
