/* Allocation with overflow checks; in test builds, failing where a test says so. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef LEADLINE_FAULT_MEMORY
#include <stdatomic.h>

static atomic_size_t countdown;
static _Thread_local bool spared;

static int fails_now(void)
{
    size_t left = atomic_load(&countdown);

    while (left > 0 && !spared)
        if (atomic_compare_exchange_weak(&countdown, &left, left - 1))
            return left == 1;
    return 0;
}

size_t mem_fail_at(size_t nth)
{
    return atomic_exchange(&countdown, nth);
}

void mem_fail_spare(bool spare)
{
    spared = spare;
}
#else
static int fails_now(void)
{
    return 0;
}

size_t mem_fail_at(size_t nth)
{
    (void)nth;
    return 1;
}

void mem_fail_spare(bool spare)
{
    (void)spare;
}
#endif

void *mem_alloc(size_t size)
{
    return fails_now() ? NULL : malloc(size > 0 ? size : 1);
}

void *mem_zero(size_t count, size_t size)
{
    return fails_now() ? NULL : calloc(count > 0 ? count : 1, size > 0 ? size : 1);
}

void *mem_resize(void *block, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size)
        return NULL;
    return fails_now() ? NULL : realloc(block, count * size > 0 ? count * size : 1);
}

int mem_grow(void **list, size_t count, size_t *capacity, size_t size, struct err *err)
{
    size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
    void *larger;

    if (count < *capacity)
        return 0;
    larger = mem_resize(*list, wanted, size);
    if (larger == NULL)
        return err_memory(err);
    *list = larger;
    *capacity = wanted;
    return 0;
}

char *mem_text(const char *text)
{
    return mem_text_n(text, strlen(text));
}

char *mem_text_n(const char *bytes, size_t len)
{
    char *copy = len < SIZE_MAX ? mem_alloc(len + 1) : NULL;

    if (copy == NULL)
        return NULL;
    if (len > 0)
        memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

char *mem_format(const char *format, ...)
{
    va_list args;
    int len;
    char *text;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || (text = mem_alloc((size_t)len + 1)) == NULL)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

void mem_free(void *block)
{
    free(block);
}

void mem_free_secret(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    free(text);
}
