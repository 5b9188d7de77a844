/*
 * sources: what the admin shows comes from these.
 *
 * Threads: all of them may be asked from any thread.  Memory: borrowed; all of it outlives the
 * admin.
 */
#ifndef ADMIN_SOURCES_H
#define ADMIN_SOURCES_H

#include "base/buf.h"
#include "delivery/delivery.h"
#include "settings/settings.h"
#include "store/writer.h"

struct admin_sources {
    struct settings *settings; /* admin_listen, and which destinations there are */
    struct store *store;
    struct writer *writer;
    struct delivery *delivery;
    /* Intake figures as JSON members ("\"requests\":1,..."); NULL: none. */
    void (*intake)(void *arg, struct buf *out);
    /* Refused requests by reason, likewise. */
    void (*refusals)(void *arg, struct buf *out);
    void *intake_arg;
};

#endif
