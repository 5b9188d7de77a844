/* intents: creates that were about to be sent and whose outcome is not known. */
#include "store/memory/functions.h"

#include <string.h>

int memory_intend(struct store *store, const char *destination, const char *const *keys,
                  size_t count, int64_t now_ms, struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    for (size_t i = 0; i < count; i++) {
        struct store_intent *row = mem_zero(1, sizeof *row);
        bool failed = false;
        if (row != NULL) {
            row->since_ms = now_ms;
            row->key = memory_copy_text(keys[i], &failed);
        }
        if (failed) {
            memory_row_free[INTENTS](row);
            row = NULL;
        }
        if (memory_put(&memory->tables, INTENTS, destination, keys[i], NULL, row, err) < 0)
            return memory_unlocked(memory, -1);
    }
    return memory_unlocked(memory, 0);
}

int memory_answer_intent(struct memory_store *memory, const char *destination, const char *key,
                         struct err *err)
{
    struct memory_slot *slot;

    if (memory_find(&memory->tables, INTENTS, destination, key, NULL, &slot, err) < 0)
        return -1;
    if (slot != NULL)
        memory_delete(&memory->tables, slot);
    return 0;
}

int memory_intents(struct store *store, const char *destination, struct store_intent **ret,
                   size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, INTENTS);
    struct store_intent *list = NULL;
    size_t count = 0, capacity = 0;
    bool failed = false;

    for (; slot != NULL; slot = memory_next(slot)) {
        const struct store_intent *row = slot->committed;
        if (row == NULL || strcmp(slot->key, destination) != 0)
            continue;
        failed = mem_grow((void **)&list, count, &capacity, sizeof *list, err) < 0;
        if (failed)
            break;
        list[count++] = (struct store_intent){memory_copy_text(row->key, &failed), row->since_ms};
    }
    if (failed) {
        store_intents_free(list, count);
        return memory_unlocked(memory, err_memory(err));
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}
