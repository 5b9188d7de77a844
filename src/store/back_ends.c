/* The table of back ends. */
#include <string.h>

#include "store/memory/memory.h"
#include "store/sqlite/sqlite.h"

static const struct {
    const char *name;
    struct store *(*open)(const char *where, struct err *err);
} back_ends[] = {
    {"memory", memory_open},
    {"sqlite", sqlite_open},
};

const char *store_back_end(size_t i)
{
    return i < sizeof back_ends / sizeof back_ends[0] ? back_ends[i].name : NULL;
}

struct store *store_open(const char *back_end, const char *where, struct err *err)
{
    for (size_t i = 0; i < sizeof back_ends / sizeof back_ends[0]; i++)
        if (strcmp(back_ends[i].name, back_end) == 0)
            return back_ends[i].open(where, err);
    err_set(err, ERR_INVALID, "there is no store called %s", back_end);
    return NULL;
}
