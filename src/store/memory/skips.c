/* skips: what destinations did not want: how much of it, and which events. */
#include "store/memory/functions.h"

#include <string.h>

int memory_append_skip(struct memory_store *memory, const struct store_skip *skip, struct err *err)
{
    struct store_skip_count *row = mem_zero(1, sizeof *row);
    struct memory_slot *slot = NULL;
    bool failed = row == NULL;

    if (row == NULL)
        return err_memory(err);
    row->source = memory_copy_text(skip->source, &failed);
    row->destination = memory_copy_text(skip->destination, &failed);
    row->reason = memory_copy_text(skip->reason, &failed);
    row->count = skip->count;
    if (failed || memory_find(&memory->tables, SKIPS, skip->source, skip->destination, skip->reason,
                              &slot, err) < 0) {
        memory_row_free[SKIPS](row);
        return err_memory(err);
    }
    if (slot != NULL && memory_peek(slot) != NULL)
        row->count += ((struct store_skip_count *)memory_peek(slot))->count;
    return memory_put(&memory->tables, SKIPS, skip->source, skip->destination, skip->reason, row,
                      err);
}

int memory_append_skipped(struct memory_store *memory, const struct store_skip *skip,
                          const struct store_skip_event *event, struct err *err)
{
    const struct store_skipped from = {
        .source = (char *)skip->source,
        .destination = (char *)skip->destination,
        .type = (char *)event->type,
        .reason = (char *)skip->reason,
        .received_ms = event->received_ms,
    };
    struct store_skipped *row = mem_zero(1, sizeof *row);

    if (row != NULL && !memory_copy_skipped(&from, row)) {
        memory_row_free[SKIPPED](row);
        row = NULL;
    }
    return memory_put(&memory->tables, SKIPPED, event->message_id, skip->source, skip->destination,
                      row, err);
}

int memory_skipped(struct store *store, const char *message_id, struct store_skipped **ret,
                   size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, SKIPPED);
    struct store_skipped *list = NULL;
    size_t count = 0, capacity = 0;

    for (; slot != NULL; slot = memory_next(slot)) {
        if (slot->committed == NULL || strcmp(slot->key, message_id) != 0)
            continue;
        if (mem_grow((void **)&list, count, &capacity, sizeof *list, err) < 0 ||
            !memory_copy_skipped(slot->committed, memset(&list[count++], 0, sizeof *list))) {
            store_skipped_free(list, count);
            return memory_unlocked(memory, err_memory(err));
        }
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}

int memory_skips(struct store *store, struct store_skip_count **ret, size_t *ret_count,
                 struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, SKIPS);
    struct store_skip_count *list = NULL;
    size_t count = 0, capacity = 0;
    bool failed = false;

    for (; slot != NULL && !failed; slot = memory_next(slot)) {
        const struct store_skip_count *row = slot->committed;
        if (row == NULL)
            continue;
        failed = mem_grow((void **)&list, count, &capacity, sizeof *list, err) < 0;
        if (failed)
            break;
        list[count++] = (struct store_skip_count){
            memory_copy_text(row->source, &failed), memory_copy_text(row->destination, &failed),
            memory_copy_text(row->reason, &failed), row->count};
    }
    if (failed) {
        store_skip_counts_free(list, count);
        return memory_unlocked(memory, err_memory(err));
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}
