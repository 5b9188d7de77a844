/*
 * bindings: which bindings a destination has, and the objects that follow from them.
 *
 * An event uses the first binding that matches it: one event makes one record.
 *
 * Threads: any.
 * Memory:  nothing is allocated; what is pointed to lives at least as long as the settings of the
 *          destination.
 * Limits:  BINDINGS_MAX bindings a destination; the rest is not described.
 */
#ifndef MAPPING_BINDINGS_H
#define MAPPING_BINDINGS_H

#include "mapping/binding.h"

#define BINDINGS_MAX  32
#define BOUND_OBJECTS (2 * BINDINGS_MAX) /* each has a successor at most */

/* The bindings, and the name by which events opt in to its kind. */
struct bindings {
    const char *integration;
    const struct binding *list;
    size_t count;
};

/* Those in the settings; else the built-in ones. */
struct bindings bindings_of(const struct destination_settings *to);

struct bound_object {
    const char *object;
    const struct binding *binding; /* the first that makes it, or whose successor it is */
    bool successor;                /* no binding makes it */
};

struct bound_objects {
    struct bound_object list[BOUND_OBJECTS];
    size_t count;
};

/* Each once: those that events make first, then those that are only successors. */
struct bound_objects bindings_objects(const struct destination_settings *to);

#endif
