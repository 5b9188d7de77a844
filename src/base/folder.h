/*
 * folder: makes a folder whose name survives a power cut.
 *
 * A new name is on disk only once the folder that contains it has been synced.  A process that died
 * between making and syncing left a name that may not be; so the parent folder is synced
 * whether the name is new or not.
 *
 * Threads: any.
 * Errors:  ERR_SYSTEM with the path and the system's reason.
 */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/err.h"

/* Makes path and what is missing above it, mode 0700 (less the umask), each name synced.  An
   existing folder is not an error. */
MUST_USE int folder_make(const char *path, struct err *err);

/* Syncs the names in a folder. */
MUST_USE int folder_sync(const char *path, struct err *err);

#endif
