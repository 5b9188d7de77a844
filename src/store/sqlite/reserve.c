/* reserve: a file that holds space on the disk for what was accepted. */
#include "store/sqlite/reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIB INT64_C(1048576)
/* It grows and shrinks in steps of this size, and never takes more than a part of a small disk. */
#define STEP          (1 * MIB)
#define LEAST         (16 * MIB)
#define DISK_PART     8
#define RECEIPT_BYTES 512       /* what a receipt adds, with its indexes and the known record */
#define SPARE         (1 * MIB) /* left free besides it, for what is being written */

void reserve_open(struct reserve *reserve, int dir_fd)
{
    off_t size;

    reserve->fd = openat(dir_fd, "reserve", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    size = reserve->fd < 0 ? 0 : lseek(reserve->fd, 0, SEEK_END);
    reserve->size = size < 0 ? 0 : size;
}

void reserve_close(struct reserve *reserve)
{
    if (reserve->fd >= 0)
        close(reserve->fd);
    reserve->fd = -1;
}

int64_t reserve_free_disk(const struct reserve *reserve)
{
    struct statvfs disk;

    if (reserve->fd < 0 || fstatvfs(reserve->fd, &disk) < 0)
        return INT64_MAX;
    return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

static bool resize(struct reserve *reserve, int64_t size)
{
    if (ftruncate(reserve->fd, size) < 0)
        return false;
    reserve->size = size;
    return true;
}

static int64_t wanted(const struct reserve *reserve, int64_t waiting)
{
    struct statvfs disk;
    int64_t size = LEAST + waiting * RECEIPT_BYTES, most = size;

    if (fstatvfs(reserve->fd, &disk) == 0)
        most = (int64_t)disk.f_blocks * (int64_t)disk.f_frsize / DISK_PART;
    size = size < most ? size : most;
    return size / STEP * STEP;
}

bool reserve_keep(struct reserve *reserve, int64_t waiting)
{
    int64_t size;
    int rc;

    if (reserve->fd < 0)
        return true;
    size = wanted(reserve, waiting);
    if (reserve->size > size + 2 * STEP) /* not up and down with each call */
        resize(reserve, size);
    if (reserve->size >= size)
        return true;
    if (reserve_free_disk(reserve) < size - reserve->size + SPARE)
        return false;
    rc = posix_fallocate(reserve->fd, reserve->size, size - reserve->size);
    if (rc == 0)
        reserve->size = size;
    else
        resize(reserve, reserve->size);
    return rc != ENOSPC && rc != EDQUOT;
}

bool reserve_give(struct reserve *reserve)
{
    if (reserve->fd < 0 || reserve->size == 0)
        return false;
    return resize(reserve, reserve->size > STEP ? reserve->size - STEP : 0);
}
