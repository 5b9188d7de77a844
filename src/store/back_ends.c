/* back_ends: opens the store in one of its back ends. */
#include "store/memory/memory.h"
#include "store/sqlite/sqlite.h"

struct store *store_open_sqlite(const char *dir, struct err *err)
{
    return sqlite_open(dir, err);
}

struct store *store_open_memory(struct err *err)
{
    return memory_open(err);
}
