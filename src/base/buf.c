/* Growing by doubling up to the bound; a failed buffer takes nothing more. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

void buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){.max = max};
}

void buf_init_secret(struct buf *buf, size_t max)
{
    *buf = (struct buf){.max = max, .secret = true};
}

static void wipe(const struct buf *buf)
{
    if (buf->secret && buf->data != NULL)
        explicit_bzero(buf->data, buf->capacity);
}

void buf_done(struct buf *buf)
{
    wipe(buf);
    mem_free(buf->data);
    *buf = (struct buf){.max = buf->max, .secret = buf->secret};
}

void buf_clear(struct buf *buf)
{
    wipe(buf);
    buf->len = 0;
    buf->why = ERR_NONE;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

static void fail(struct buf *buf, enum err_kind why)
{
    buf_done(buf);
    buf->why = why;
}

/* As mem_resize, but nothing is left in the old block. */
static char *move(const struct buf *buf, size_t capacity)
{
    char *data = mem_alloc(capacity);

    if (data != NULL && buf->data != NULL) {
        memcpy(data, buf->data, buf->len + 1);
        wipe(buf);
        mem_free(buf->data);
    }
    return data;
}

/* True when len more bytes and a NUL fit. */
static bool reserve(struct buf *buf, size_t len)
{
    size_t need, capacity;
    char *data;

    if (buf->why != ERR_NONE)
        return false;
    if (len > buf->max - buf->len) {
        fail(buf, ERR_FULL);
        return false;
    }
    need = buf->len + len + 1;
    if (need <= buf->capacity)
        return true;
    capacity = buf->capacity < 64 ? 64 : buf->capacity;
    while (capacity < need)
        capacity *= 2;
    data = buf->secret ? move(buf, capacity) : mem_resize(buf->data, capacity, 1);
    if (data == NULL) {
        fail(buf, ERR_MEMORY);
        return false;
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

void buf_put(struct buf *buf, const void *bytes, size_t len)
{
    if (!reserve(buf, len))
        return;
    if (len > 0)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void buf_text(struct buf *buf, const char *text)
{
    buf_put(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char c)
{
    buf_put(buf, &c, 1);
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || !reserve(buf, (size_t)len))
        return;
    va_start(args, format);
    vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

void buf_cut(struct buf *buf, size_t len)
{
    if (len >= buf->len)
        return;
    buf->len = len;
    buf->data[len] = '\0';
}

bool buf_failed(const struct buf *buf)
{
    return buf->why != ERR_NONE;
}

int buf_check(const struct buf *buf, const char *what, struct err *err)
{
    if (buf->why == ERR_MEMORY)
        return err_memory(err);
    if (buf->why == ERR_FULL)
        return err_set(err, ERR_FULL, "%s is larger than %zu bytes", what, buf->max);
    return 0;
}

const char *buf_peek(const struct buf *buf)
{
    return buf->data != NULL ? buf->data : "";
}

char *buf_take(struct buf *buf, size_t *ret_len)
{
    char *data;

    if (!reserve(buf, 0))
        return NULL;
    data = buf->data;
    data[buf->len] = '\0';
    if (ret_len != NULL)
        *ret_len = buf->len;
    buf_init(buf, buf->max);
    return data;
}
