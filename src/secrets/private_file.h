/*
 * private_file: files that hold secrets or the key to them: read only when nobody else can read
 * them, and replaced as a whole, so that a crash at any moment leaves the old one or the new one.
 *
 * Threads: any.
 * Errors:  ERR_NOT_FOUND: no such file.  ERR_INVALID: others may read or write it, or it is too
 *          large.  ERR_SYSTEM with the path and the system's reason.  ERR_MEMORY.
 */
#ifndef SECRETS_PRIVATE_FILE_H
#define SECRETS_PRIVATE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/err.h"

enum private_use {
    PRIVATE_KEY,   /* of a group that is not our own, too: that is how services are let in */
    PRIVATE_SEALED /* of its owner alone */
};

/* True when a file with that mode can be read by others than its owner.  A group is right that is
   not our own, or through which we read a file of somebody else.  Below /run/credentials and
   $CREDENTIALS_DIRECTORY systemd keeps others out by the folder, and shows an access list as a
   group's right. */
bool private_others_read(const char *path, const struct stat *info);

/* Opens a file to be read, which has *ret_len bytes, most at most.  The caller closes it. */
MUST_USE int private_open(const char *path, enum private_use use, size_t most, size_t *ret_len,
                          struct err *err);

/* Its first len bytes. */
MUST_USE int private_read(int fd, const char *path, char *bytes, size_t len, struct err *err);

/* A new file of this name; fails when there is one.  Its owner, group and mode are those of like;
   NULL: mode 0400 and, as root, the owner of its folder.  On disk when it returns. */
MUST_USE int private_create(const char *path, const struct stat *like, const char *bytes,
                            size_t len, struct err *err);

/* Makes bytes the content of path, mode 0600, in one step, on disk when it returns.  As root, the
   file belongs to whom its folder belongs to.  The new content is in PATH.new until the step. */
MUST_USE int private_replace(const char *path, const char *bytes, size_t len, struct err *err);

/* Gives the file the name to in one step, in place of what had it, on disk when it returns. */
MUST_USE int private_rename(const char *from, const char *to, struct err *err);

#endif
