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
        .id = memory->last_skipped + 1,
        .source = (char *)skip->source,
        .destination = (char *)skip->destination,
        .message_id = (char *)event->message_id,
        .type = (char *)event->type,
        .reason = (char *)skip->reason,
        .received_ms = event->received_ms,
    };
    struct store_skipped *row = mem_zero(1, sizeof *row);

    if (row != NULL && !memory_copy_skipped(&from, row)) {
        memory_row_free[SKIPPED](row);
        row = NULL;
    }
    memory->last_skipped++;
    return memory_put_number(&memory->tables, SKIPPED, from.id, row, err);
}

struct skipped_list {
    struct store_skipped *list;
    size_t count, capacity;
};

static int add_skipped(struct skipped_list *to, const struct store_skipped *row, struct err *err)
{
    if (mem_grow((void **)&to->list, to->count, &to->capacity, sizeof *to->list, err) < 0)
        return -1;
    memset(&to->list[to->count], 0, sizeof *to->list);
    return memory_copy_skipped(row, &to->list[to->count++]) ? 0 : err_memory(err);
}

static int give_skipped(struct memory_store *memory, struct skipped_list *from, int rc,
                        struct store_skipped **ret, size_t *ret_count)
{
    if (rc < 0) {
        store_skipped_free(from->list, from->count);
        return memory_unlocked(memory, -1);
    }
    *ret = from->list;
    *ret_count = from->count;
    return memory_unlocked(memory, 0);
}

/* Whether a later one has the same messageId, source and destination. */
static bool came_again(const struct memory_slot *slot)
{
    const struct store_skipped *one = slot->committed;

    for (slot = memory_next((struct memory_slot *)slot); slot != NULL;
         slot = memory_next((struct memory_slot *)slot)) {
        const struct store_skipped *other = slot->committed;
        if (other != NULL && strcmp(one->message_id, other->message_id) == 0 &&
            strcmp(one->source, other->source) == 0 &&
            strcmp(one->destination, other->destination) == 0)
            return true;
    }
    return false;
}

int memory_skipped(struct store *store, const char *message_id, struct store_skipped **ret,
                   size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, SKIPPED);
    struct skipped_list found = {0};
    int rc = 0;

    for (; rc == 0 && slot != NULL; slot = memory_next(slot)) {
        const struct store_skipped *row = slot->committed;
        if (row != NULL && strcmp(row->message_id, message_id) == 0 && !came_again(slot))
            rc = add_skipped(&found, row, err);
    }
    return give_skipped(memory, &found, rc, ret, ret_count);
}

int memory_recent_skipped(struct store *store, int64_t before_id, size_t max,
                          struct store_skipped **ret, size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct skipped_list found = {0};
    int rc = 0;

    for (int64_t id = before_id > 0 && before_id <= memory->last_skipped ? before_id - 1
                                                                         : memory->last_skipped;
         rc == 0 && id > 0 && found.count < max; id--) {
        const struct memory_slot *slot = memory_find_number(&memory->tables, SKIPPED, id);
        if (slot != NULL && slot->committed != NULL)
            rc = add_skipped(&found, slot->committed, err);
    }
    return give_skipped(memory, &found, rc, ret, ret_count);
}

int memory_skipped_since(struct store *store, int64_t *id, size_t max, struct store_skipped **ret,
                         size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, SKIPPED);
    struct skipped_list found = {0};
    int64_t last = *id;
    int rc = 0;

    for (; rc == 0 && slot != NULL && found.count < max; slot = memory_next(slot)) {
        const struct store_skipped *row = slot->committed;
        if (row == NULL || row->id <= last)
            continue;
        rc = add_skipped(&found, row, err);
        last = row->id;
    }
    if (rc == 0)
        *id = last;
    return give_skipped(memory, &found, rc, ret, ret_count);
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
