/*
 * sources: where the admin gets what it shows.
 *
 * Threads: all of them may be asked from any thread.  Memory: borrowed; all of it outlives the
 * admin.
 */
#ifndef ADMIN_SOURCES_H
#define ADMIN_SOURCES_H

#include "delivery/delivery.h"
#include "ingest/ingest.h"
#include "settings/settings.h"
#include "store/writer.h"

struct admin_sources {
    struct settings *settings; /* admin_listen, and which destinations there are */
    struct store *store;
    struct writer *writer;
    struct delivery *delivery;
    struct ingest *ingest;
};

#endif
