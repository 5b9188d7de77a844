/* A hash table from a normalized value to its records, oldest first. */
#include "fakeorg/data/index.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "fakeorg/data/tables.h"

#define KEY_MAX_BYTES ((size_t)1 << 20)

struct entry {
    UT_hash_handle hh;
    struct record **records; /* the oldest first */
    size_t count, capacity;
    char key[];
};

struct index {
    enum field_kind kind;
    struct entry *entries;
    struct buf key;
};

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

int index_key(enum field_kind kind, const char *text, struct buf *key)
{
    buf_clear(key);
    if (kind == KIND_ID) {
        buf_put(key, text, strnlen(text, 15));
    } else if (kind == KIND_NUMBER) {
        buf_format(key, "%.17g", strtod(text, NULL));
    } else if (!is_plain(text)) {
        char *folded = utf8_fold(text, strlen(text));
        if (folded == NULL)
            return -1;
        buf_text(key, folded);
        mem_free(folded);
    } else {
        size_t len = strlen(text);
        while (len > 0 && isspace((unsigned char)text[len - 1]))
            len--;
        while (len > 0 && isspace((unsigned char)*text)) {
            text++;
            len--;
        }
        buf_put(key, text, len);
        for (size_t i = 0; i < key->len; i++)
            key->data[i] = (char)tolower((unsigned char)key->data[i]);
    }
    return buf_failed(key) ? -1 : 0;
}

struct index *index_new(enum field_kind kind)
{
    struct index *index = mem_zero(1, sizeof *index);

    if (index != NULL) {
        index->kind = kind;
        buf_init(&index->key, KEY_MAX_BYTES);
    }
    return index;
}

static void entry_free(struct index *index, struct entry *entry)
{
    HASH_DELETE(hh, index->entries, entry);
    mem_free(entry->records);
    mem_free(entry);
}

void index_free(struct index *index)
{
    struct entry *entry, *next;

    if (index == NULL)
        return;
    HASH_ITER(hh, index->entries, entry, next) {
        entry_free(index, entry);
    }
    buf_done(&index->key);
    mem_free(index);
}

static struct entry *find(struct index *index, const char *text)
{
    struct entry *entry = NULL;

    if (index_key(index->kind, text, &index->key) == 0)
        HASH_FIND(hh, index->entries, buf_peek(&index->key), index->key.len, entry);
    return entry;
}

/* Adds an entry for the key that find just missed. */
static struct entry *add_entry(struct index *index)
{
    if (buf_failed(&index->key))
        return NULL;
    struct entry *entry = mem_zero(1, sizeof *entry + index->key.len + 1);
    if (entry == NULL)
        return NULL;
    memcpy(entry->key, buf_peek(&index->key), index->key.len);
    HASH_ADD_KEYPTR(hh, index->entries, entry->key, index->key.len, entry);
    if (!hash_entered(&entry->hh)) {
        mem_free(entry);
        return NULL;
    }
    return entry;
}

/* The position of the record in the entry, or where to insert it. */
static size_t place_of(const struct entry *entry, const struct record *record)
{
    size_t low = 0, high = entry->count;

    /* Usually it is the newest one. */
    if (high > 0 && entry->records[high - 1]->number < record->number)
        return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (entry->records[middle]->number < record->number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int index_add(struct index *index, const char *text, struct record *record)
{
    struct entry *entry = find(index, text);

    if (entry == NULL)
        entry = add_entry(index);
    if (entry == NULL)
        return -1;
    if (entry->count == entry->capacity) {
        size_t capacity = entry->capacity == 0 ? 1 : 2 * entry->capacity;
        struct record **records = mem_resize(entry->records, capacity, sizeof *records);
        if (records == NULL)
            return -1;
        entry->records = records;
        entry->capacity = capacity;
    }
    size_t place = place_of(entry, record);
    memmove(entry->records + place + 1, entry->records + place,
            (entry->count - place) * sizeof(struct record *));
    entry->records[place] = record;
    entry->count++;
    return 0;
}

void index_remove(struct index *index, const char *text, struct record *record)
{
    struct entry *entry = find(index, text);
    size_t place = entry == NULL ? 0 : place_of(entry, record);

    if (entry == NULL || place == entry->count || entry->records[place] != record)
        return;
    entry->count--;
    memmove(entry->records + place, entry->records + place + 1,
            (entry->count - place) * sizeof(struct record *));
    if (entry->count == 0)
        entry_free(index, entry);
}

struct record *const *index_find(struct index *index, const char *text, size_t *ret_count)
{
    struct entry *entry = find(index, text);

    *ret_count = entry == NULL ? 0 : entry->count;
    return entry == NULL ? NULL : entry->records;
}
