/* Makes a folder and syncs the one that contains its name. */
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static int cannot(struct err *err, const char *what, const char *path)
{
    return err_set(err, ERR_SYSTEM, "%s %.300s: %s", what, path, strerror(errno));
}

int folder_sync(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 || fsync(fd) < 0 ? cannot(err, "sync the folder", path) : 0;

    if (fd >= 0)
        close(fd);
    return rc;
}

/* The parent of path is not always ours to read; then its whole file system is synced
   through what is. */
static int sync_name(const char *above, const char *path, struct err *err)
{
    int fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc;

    if (fd >= 0) {
        rc = fsync(fd);
    } else {
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        rc = fd < 0 ? -1 : syncfs(fd);
    }
    if (rc < 0)
        cannot(err, "sync the name of", path);
    if (fd >= 0)
        close(fd);
    return rc;
}

/* One level, whose parent exists. */
static int make_level(char *path, const char *above, struct err *err)
{
    struct stat info;

    if (mkdir(path, 0700) < 0) {
        int why = errno;
        if (stat(path, &info) < 0) { /* nothing there: it could not be made */
            errno = why;
            return cannot(err, "make the folder", path);
        }
        if (!S_ISDIR(info.st_mode))
            return err_set(err, ERR_SYSTEM, "%.300s is no folder", path);
    }
    return sync_name(above, path, err);
}

static bool exists(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0;
}

/* Where the last name in path begins: path itself when it is the only one. */
static char *last_name(char *path)
{
    char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static int make_levels(char *path, struct err *err)
{
    char *name = last_name(path), *above = NULL;
    int rc = 0;

    if (name == path)
        return make_level(path, ".", err);
    above = mem_text_n(path, (size_t)(name - path - (name - path > 1)));
    if (above == NULL)
        return err_memory(err);
    if (!exists(above))
        rc = make_levels(above, err);
    if (rc == 0)
        rc = make_level(path, above, err);
    mem_free(above);
    return rc;
}

int folder_make(const char *path, struct err *err)
{
    size_t len = strlen(path);
    char *copy;
    int rc;

    while (len > 1 && path[len - 1] == '/')
        len--;
    copy = mem_text_n(path, len);
    if (copy == NULL)
        return err_memory(err);
    rc = strcmp(copy, "/") == 0 ? 0 : make_levels(copy, err);
    mem_free(copy);
    return rc;
}
