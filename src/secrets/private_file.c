/* private_file: reads and replaces files that nobody else may read. */
#include "secrets/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/mem.h"

static int cannot(struct err *err, const char *what, const char *path)
{
    return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "cannot %s %.300s: %s", what,
                   path, strerror(errno));
}

/* ---- who may read ---- */

static bool begins(const char *path, const char *folder)
{
    size_t len = folder != NULL ? strlen(folder) : 0;

    return len > 0 && strncmp(path, folder, len) == 0 && path[len] == '/';
}

bool private_others_read(const char *path, const struct stat *info)
{
    if (begins(path, "/run/credentials") || begins(path, secure_getenv("CREDENTIALS_DIRECTORY")))
        return false;
    return (info->st_mode & S_IROTH) != 0 ||
           ((info->st_mode & S_IRGRP) != 0 && info->st_uid == geteuid() &&
            info->st_gid == getegid());
}

/* The folder that holds path, "." when it names none; mem_free it. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return mem_text(".");
    return slash == path ? mem_text("/") : mem_text_n(path, (size_t)(slash - path));
}

/* A sealed file that somebody else owns was put there by somebody else.  root sees the files of
   every service: there whoever owns the folder is right. */
static int check_owner(const char *path, const struct stat *info, struct err *err)
{
    char *folder = folder_of(path);
    struct stat above = {0};
    bool right;

    if (folder == NULL)
        return err_memory(err);
    right = info->st_uid == geteuid() || info->st_uid == 0 ||
            (stat(folder, &above) == 0 && info->st_uid == above.st_uid);
    mem_free(folder);
    return right ? 0
                 : err_set(err, ERR_INVALID,
                           "%.300s belongs to another user: give it to the one that Leadline runs "
                           "as (chown)",
                           path);
}

static int check_access(const char *path, enum private_use use, const struct stat *info,
                        struct err *err)
{
    if (!S_ISREG(info->st_mode))
        return err_set(err, ERR_INVALID, "%.300s is no plain file", path);
    if (use == PRIVATE_SEALED ? (info->st_mode & (S_IRWXG | S_IRWXO)) != 0
                              : private_others_read(path, info))
        return err_set(err, ERR_INVALID, "others on this machine can read %.300s: chmod 600", path);
    if ((info->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return err_set(err, ERR_INVALID, "others on this machine can change %.300s: chmod 600",
                       path);
    return check_owner(path, info, err);
}

/* ---- reading ---- */

int private_open(const char *path, enum private_use use, size_t most, size_t *ret_len,
                 struct err *err)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
                            (use == PRIVATE_SEALED ? O_NOFOLLOW : 0));

    if (fd < 0 || fstat(fd, &info) < 0) {
        cannot(err, "read", path);
    } else if (check_access(path, use, &info, err) == 0) {
        *ret_len = (size_t)info.st_size;
        if (*ret_len <= most)
            return fd;
        err_set(err, ERR_INVALID, "%.300s is larger than %zu bytes", path, most);
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

int private_read(int fd, const char *path, char *bytes, size_t len, struct err *err)
{
    size_t done = 0;

    while (done < len) {
        ssize_t n = read(fd, bytes + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cannot(err, "read", path);
        if (n == 0)
            return err_set(err, ERR_SYSTEM, "%.300s became shorter while it was read", path);
        done += (size_t)n;
    }
    return 0;
}

/* ---- writing ---- */

static int write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

/* root writes for the user of the service, who owns the folder. */
static int owner_of_folder(const char *path, struct stat *ret, struct err *err)
{
    char *folder = folder_of(path);
    int rc;

    if (folder == NULL)
        return err_memory(err);
    rc = stat(folder, ret) < 0 ? cannot(err, "look at", folder) : 0;
    mem_free(folder);
    return rc;
}

static int set_owner(int fd, const char *path, const struct stat *like, struct err *err)
{
    struct stat now, above;

    if (like == NULL && geteuid() != 0)
        return 0;
    if (like == NULL && owner_of_folder(path, &above, err) < 0)
        return -1;
    if (like == NULL)
        like = &above;
    if (fstat(fd, &now) == 0 && now.st_uid == like->st_uid && now.st_gid == like->st_gid)
        return 0;
    return fchown(fd, like->st_uid, like->st_gid) < 0 ? cannot(err, "give to its owner", path) : 0;
}

static int write_new(const char *path, const struct stat *like, mode_t mode, const char *bytes,
                     size_t len, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int rc = -1;

    if (fd < 0)
        return cannot(err, "make", path);
    if (set_owner(fd, path, like, err) == 0) {
        if (fchmod(fd, mode) < 0 || write_all(fd, bytes, len) < 0 || fsync(fd) < 0)
            cannot(err, "write", path);
        else
            rc = 0;
    }
    if (close(fd) < 0 && rc == 0)
        rc = cannot(err, "write", path);
    if (rc < 0)
        unlink(path);
    return rc;
}

int private_create(const char *path, const struct stat *like, const char *bytes, size_t len,
                   struct err *err)
{
    char *folder = folder_of(path);
    int rc;

    if (folder == NULL)
        return err_memory(err);
    rc = write_new(path, like, like != NULL ? like->st_mode & 0777 : 0400, bytes, len, err);
    if (rc == 0)
        rc = folder_sync(folder, err);
    mem_free(folder);
    return rc;
}

int private_rename(const char *from, const char *to, struct err *err)
{
    char *folder = folder_of(to);
    int rc;

    if (folder == NULL)
        return err_memory(err);
    rc = rename(from, to) < 0 ? cannot(err, "replace", to) : folder_sync(folder, err);
    mem_free(folder);
    return rc;
}

int private_replace(const char *path, const char *bytes, size_t len, struct err *err)
{
    char *new_path = mem_format("%s.new", path);
    int rc = -1;

    if (new_path == NULL)
        return err_memory(err);
    unlink(new_path); /* what a crash left */
    if (write_new(new_path, NULL, 0600, bytes, len, err) == 0)
        rc = private_rename(new_path, path, err);
    if (rc < 0)
        unlink(new_path);
    mem_free(new_path);
    return rc;
}
