/* tables: hash tables of rows with drafts, for transactions. */
#include "store/memory/tables.h"

#include <string.h>

static void mark_dirty(struct memory_tables *tables, struct memory_slot *slot)
{
    if (slot->dirty)
        return;
    slot->dirty = true;
    slot->next_dirty = tables->dirty;
    tables->dirty = slot;
}

static void row_free(struct memory_tables *tables, enum memory_table table, void *row)
{
    if (row != NULL)
        tables->row_free[table](row);
}

static void slot_free(struct memory_tables *tables, struct memory_slot *slot)
{
    HASH_DEL(tables->slots[slot->table], slot);
    mem_free(slot);
}

void memory_tables_done(struct memory_tables *tables)
{
    memory_rollback(tables);
    for (int table = 0; table < MEMORY_TABLES; table++)
        while (tables->slots[table] != NULL) {
            row_free(tables, table, tables->slots[table]->committed);
            slot_free(tables, tables->slots[table]);
        }
}

static struct memory_slot *find(struct memory_tables *tables, enum memory_table table,
                                const void *key, size_t len)
{
    struct memory_slot *slot;

    HASH_FIND(hh, tables->slots[table], key, (unsigned)len, slot);
    return slot;
}

static struct memory_slot *add(struct memory_tables *tables, enum memory_table table,
                               const void *key, size_t len)
{
    struct memory_slot *slot = mem_alloc(sizeof *slot + len);

    if (slot == NULL)
        return NULL;
    *slot = (struct memory_slot){.table = table, .key_len = len};
    memcpy(slot->key, key, len);
    HASH_ADD_KEYPTR(hh, tables->slots[table], slot->key, (unsigned)len, slot);
    if (slot->hh.tbl == NULL) {
        mem_free(slot);
        return NULL;
    }
    return slot;
}

/* Parts joined with their NULs, so that no two keys look alike. */
static char *join(const char *a, const char *b, const char *c, size_t *ret_len)
{
    const char *const parts[] = {a, b, c};
    size_t len = 0;
    char *key;

    for (size_t i = 0; i < 3 && parts[i] != NULL; i++)
        len += strlen(parts[i]) + 1;
    key = mem_alloc(len);
    if (key == NULL)
        return NULL;
    *ret_len = len;
    len = 0;
    for (size_t i = 0; i < 3 && parts[i] != NULL; i++) {
        size_t part = strlen(parts[i]) + 1;
        memcpy(key + len, parts[i], part);
        len += part;
    }
    return key;
}

int memory_find(struct memory_tables *tables, enum memory_table table, const char *a, const char *b,
                const char *c, struct memory_slot **ret, struct err *err)
{
    size_t len = 0;
    char *key = join(a, b, c, &len);

    if (key == NULL)
        return err_memory(err);
    *ret = find(tables, table, key, len);
    mem_free(key);
    return 0;
}

struct memory_slot *memory_find_number(struct memory_tables *tables, enum memory_table table,
                                       int64_t number)
{
    return find(tables, table, &number, sizeof number);
}

struct memory_slot *memory_find_seq(struct memory_tables *tables, int64_t seq)
{
    return find(tables, DELIVERIES, &seq, sizeof seq);
}

struct memory_slot *memory_first(struct memory_tables *tables, enum memory_table table)
{
    return tables->slots[table];
}

struct memory_slot *memory_next(struct memory_slot *slot)
{
    return slot->hh.next;
}

void *memory_peek(const struct memory_slot *slot)
{
    return slot->dirty ? slot->draft : slot->committed;
}

static int put(struct memory_tables *tables, enum memory_table table, const void *key, size_t len,
               void *row, struct err *err)
{
    struct memory_slot *slot = row == NULL ? NULL : find(tables, table, key, len);

    if (row != NULL && slot == NULL)
        slot = add(tables, table, key, len);
    if (slot == NULL) {
        row_free(tables, table, row);
        return err_memory(err);
    }
    if (slot->dirty)
        row_free(tables, table, slot->draft);
    slot->draft = row;
    mark_dirty(tables, slot);
    return 0;
}

int memory_put(struct memory_tables *tables, enum memory_table table, const char *a, const char *b,
               const char *c, void *row, struct err *err)
{
    size_t len = 0;
    char *key = join(a, b, c, &len);
    int rc;

    if (key == NULL) {
        row_free(tables, table, row);
        return err_memory(err);
    }
    rc = put(tables, table, key, len, row, err);
    mem_free(key);
    return rc;
}

int memory_put_number(struct memory_tables *tables, enum memory_table table, int64_t number,
                      void *row, struct err *err)
{
    return put(tables, table, &number, sizeof number, row, err);
}

int memory_put_seq(struct memory_tables *tables, int64_t seq, void *row, struct err *err)
{
    return memory_put_number(tables, DELIVERIES, seq, row, err);
}

void memory_delete(struct memory_tables *tables, struct memory_slot *slot)
{
    if (slot->dirty)
        row_free(tables, slot->table, slot->draft);
    slot->draft = NULL;
    mark_dirty(tables, slot);
}

static void end(struct memory_tables *tables, bool keep)
{
    for (struct memory_slot *slot = tables->dirty, *next; slot != NULL; slot = next) {
        void *dropped = keep ? slot->committed : slot->draft;
        next = slot->next_dirty;
        if (keep)
            slot->committed = slot->draft;
        slot->draft = NULL;
        slot->dirty = false;
        row_free(tables, slot->table, dropped);
        if (slot->committed == NULL)
            slot_free(tables, slot);
    }
    tables->dirty = NULL;
}

void memory_commit(struct memory_tables *tables)
{
    end(tables, true);
}

void memory_rollback(struct memory_tables *tables)
{
    end(tables, false);
}
