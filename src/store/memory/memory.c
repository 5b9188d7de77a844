/* memory: opens and closes the store without a disk, and ends its transactions. */
#include "store/memory/memory.h"

#include "store/memory/functions.h"

static int memory_begin(struct store *store, struct err *err)
{
    return 0;
}

static int memory_end_commit(struct store *store, struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    memory_commit(&memory->tables);
    schedule_close(&memory->schedule);
    schedule_close(&memory->changes);
    return memory_unlocked(memory, 0);
}

static void memory_end_rollback(struct store *store)
{
    struct memory_store *memory = memory_locked(store);

    memory_rollback(&memory->tables);
    schedule_close(&memory->schedule);
    schedule_close(&memory->changes);
    memory_unlocked(memory, 0);
}

static bool memory_keep_reserve(struct store *store, int64_t waiting)
{
    (void)store, (void)waiting;
    return true;
}

static bool memory_release_reserve(struct store *store)
{
    (void)store;
    return false;
}

/* It has no earlier run. */
static int memory_limit_ages(struct store *store, int64_t now_ms, struct store_ages *ages,
                             struct err *err)
{
    (void)store, (void)now_ms, (void)ages, (void)err;
    return 0;
}

static void memory_close(struct store *store)
{
    struct memory_store *memory = (struct memory_store *)store;

    memory_tables_done(&memory->tables);
    schedule_done(&memory->schedule);
    schedule_done(&memory->changes);
    pthread_mutex_destroy(&memory->lock);
    mem_free(memory);
}

static const struct store_api memory_api = {
    .name = "memory",
    .close = memory_close,
    .begin = memory_begin,
    .append = memory_append,
    .intend = memory_intend,
    .apply = memory_apply,
    .redrive = memory_redrive,
    .discard = memory_discard,
    .pause = memory_pause,
    .limit_ages = memory_limit_ages,
    .purge = memory_purge,
    .commit = memory_end_commit,
    .rollback = memory_end_rollback,
    .usage = memory_usage,
    .keep_reserve = memory_keep_reserve,
    .release_reserve = memory_release_reserve,
    .take = memory_take,
    .next_due = memory_next_due,
    .find_known = memory_find_known,
    .intents = memory_intents,
    .trace = memory_trace,
    .search = memory_search,
    .skipped = memory_skipped,
    .recent_skipped = memory_recent_skipped,
    .skipped_since = memory_skipped_since,
    .list = memory_list,
    .dead_letters = memory_dead_letters,
    .recent = memory_recent,
    .since = memory_since,
    .counters = memory_counters,
    .skips = memory_skips,
};

static int schedules_init(struct memory_store *memory, struct err *err)
{
    if (schedule_init(&memory->schedule, err) < 0)
        return -1;
    if (schedule_init(&memory->changes, err) == 0)
        return 0;
    schedule_done(&memory->schedule);
    return -1;
}

struct store *memory_open(const char *where, struct err *err)
{
    struct memory_store *memory = mem_zero(1, sizeof *memory);

    if (memory == NULL) {
        err_memory(err);
        return NULL;
    }
    memory->base.api = &memory_api;
    memory->tables.row_free = memory_row_free;
    pthread_mutex_init(&memory->lock, NULL);
    if (schedules_init(memory, err) < 0) {
        pthread_mutex_destroy(&memory->lock);
        mem_free(memory);
        return NULL;
    }
    return &memory->base;
}
