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
    PRIVATE_KEY,   /* may also be readable for a group that is not our own: that is how services get
                      access */
    PRIVATE_SEALED /* only for its owner */
};

/* True when others than its owner can read a file with that mode.  A group may read when it is not
   our own, or when it is how we read somebody else's file.  Below /run/credentials and
   $CREDENTIALS_DIRECTORY systemd protects the folder instead, and shows an access list as group
   permissions. */
bool private_others_read(const char *path, const struct stat *info);

/* Opens a file for reading; it has *ret_len bytes, at most most.  The caller closes it. */
MUST_USE int private_open(const char *path, enum private_use use, size_t most, size_t *ret_len,
                          struct err *err);

/* Its first len bytes. */
MUST_USE int private_read(int fd, const char *path, char *bytes, size_t len, struct err *err);

/* Creates a file; fails when it exists.  Its owner, group and mode are those of like; NULL: mode
   0400 and, as root, the owner of its folder.  On disk when it returns. */
MUST_USE int private_create(const char *path, const struct stat *like, const char *bytes,
                            size_t len, struct err *err);

/* Makes bytes the content of path, mode 0600, in one step, on disk when it returns.  As root, the
   file gets the owner of its folder.  The new content is in PATH.new before that. */
MUST_USE int private_replace(const char *path, const char *bytes, size_t len, struct err *err);

/* Renames the file to to in one step, replacing any file of that name; on disk when it returns. */
MUST_USE int private_rename(const char *from, const char *to, struct err *err);

#endif
