/*
 * built_in: a binding that Leadline comes with, by the object it makes.
 */
#ifndef TESTS_BUILT_IN_H
#define TESTS_BUILT_IN_H

#include "check.h"

#include "mapping/bindings.h"

static inline const struct binding *built_in(const char *object)
{
    static const struct destination_settings none;
    const struct bindings bindings = bindings_of(&none);

    for (size_t i = 0; i < bindings.count; i++)
        if (strcmp(bindings.list[i].object, object) == 0)
            return &bindings.list[i];
    fail_msg("no binding makes %s", object);
    return NULL;
}

#endif
