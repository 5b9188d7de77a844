/*
 * scratch_dir: where a test keeps its files.  On the disk in the release build; under a
 * sanitizer in memory where that can be, as the same fsyncs again find nothing new there and
 * take most of the time.
 */
#ifndef TESTS_SCRATCH_DIR_H
#define TESTS_SCRATCH_DIR_H

#include "check.h"

/* Makes a new folder and writes its path; 0 or -1. */
static inline int scratch_dir(char *ret, size_t size, const char *name)
{
    snprintf(ret, size, "/dev/shm/%s.XXXXXX", name);
    if (SANITIZED && mkdtemp(ret) != NULL)
        return 0;
    snprintf(ret, size, "/tmp/%s.XXXXXX", name);
    return mkdtemp(ret) == NULL ? -1 : 0;
}

#endif
