/* names: numbers of names, and the counters of destinations until they are written. */
#include "store/sqlite/names.h"

#include <string.h>

#include "base/mem.h"
#include "store/sqlite/statements.h"

static struct sqlite_name *add_name(struct sqlite_names *names, const char *name, int64_t id,
                                    struct err *err)
{
    struct sqlite_name *added;
    char *copy;

    if (mem_grow((void **)&names->list, names->count, &names->capacity, sizeof *names->list, err) <
        0)
        return NULL;
    copy = mem_text(name);
    if (copy == NULL) {
        err_memory(err);
        return NULL;
    }
    added = &names->list[names->count++];
    *added = (struct sqlite_name){.name = copy, .id = id};
    return added;
}

/* The number of a name; a new one gets a number.  Borrowed until the next name. */
static struct sqlite_name *find_name(struct sqlite_store *store, struct sqlite_names *names,
                                     size_t statement, const char *name, struct err *err)
{
    struct sqlite_call call;
    int64_t id = 0;
    int row;

    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i].name, name) == 0)
            return &names->list[i];
    call = sqlite_call(&store->writer, statement);
    sqlite_text(&call, name);
    row = sqlite_step(&call, err);
    if (row == 1)
        id = sqlite_read_int(&call, 1, INT64_MAX);
    sqlite_end(&call);
    if (row == 0)
        err_set(err, ERR_SYSTEM, "%s: a name got no number", store->file);
    if (row < 1 || sqlite_row_check(&call, "name", id, err) < 0)
        return NULL;
    return add_name(names, name, id, err);
}

struct sqlite_name *sqlite_source(struct sqlite_store *store, const char *name, struct err *err)
{
    return find_name(store, &store->sources, SQL_NAME_SOURCE, name, err);
}

struct sqlite_name *sqlite_destination(struct sqlite_store *store, const char *name,
                                       struct err *err)
{
    return find_name(store, &store->destinations, SQL_NAME_DESTINATION, name, err);
}

struct sqlite_name *sqlite_word(struct sqlite_store *store, const char *word, struct err *err)
{
    return find_name(store, &store->words, SQL_NAME_WORD, word, err);
}

static void forget(struct sqlite_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        mem_free(names->list[i].name);
    mem_free(names->list);
    *names = (struct sqlite_names){0};
}

void sqlite_forget_names(struct sqlite_store *store)
{
    forget(&store->sources);
    forget(&store->destinations);
    forget(&store->words);
}

int sqlite_flush_counters(struct sqlite_store *store, struct err *err)
{
    for (size_t i = 0; i < store->destinations.count; i++) {
        struct sqlite_name *name = &store->destinations.list[i];
        struct sqlite_call call = sqlite_call(&store->writer, SQL_ADD_COUNTERS);
        if (!name->changed)
            continue;
        sqlite_int(&call, name->id);
        sqlite_int(&call, name->change.accepted);
        for (int state = 0; state < STORE_STATES; state++)
            sqlite_int(&call, name->change.by_state[state]);
        sqlite_int(&call, name->change.created);
        sqlite_int(&call, name->change.updated);
        sqlite_int(&call, name->change.dead_letters);
        if (sqlite_run(&call, err) < 0)
            return -1;
        store->waiting_more += name->change.by_state[STORE_WAITING];
        name->changed = false;
        name->change = (struct store_counters){0};
    }
    return 0;
}
