/* known: known records, by destination and key. */
#include "store/memory/functions.h"

int memory_put_known(struct memory_store *memory, const char *destination,
                     const struct store_known *what, struct err *err)
{
    struct store_known *row = mem_zero(1, sizeof *row);

    if (row != NULL && !memory_copy_known(what, row)) {
        memory_row_free[KNOWN](row);
        row = NULL;
    }
    return memory_put(&memory->tables, KNOWN, destination, what->key, NULL, row, err);
}

int memory_find_known(struct store *store, const char *destination, const char *const *keys,
                      size_t count, struct store_known **ret, size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct store_known *list = mem_zero(count, sizeof *list);
    struct memory_slot *slot;
    size_t found = 0;

    if (list == NULL)
        return memory_unlocked(memory, err_memory(err));
    for (size_t i = 0; i < count; i++) {
        if (memory_find(&memory->tables, KNOWN, destination, keys[i], NULL, &slot, err) < 0)
            goto failed;
        if (slot == NULL || slot->committed == NULL)
            continue;
        if (!memory_copy_known(slot->committed, &list[found++])) {
            err_memory(err);
            goto failed;
        }
    }
    *ret = list;
    *ret_count = found;
    return memory_unlocked(memory, 0);
failed:
    store_known_free(list, found);
    return memory_unlocked(memory, -1);
}
