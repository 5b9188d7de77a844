/* entries: the list of sealed secrets by name. */
#include "secrets/entries.h"

#include <stdio.h>
#include <string.h>

#include "base/isotime.h"
#include "base/mem.h"

static const char *const kind_names[KINDS] = {
    [KIND_PASSWORD] = "password",           [KIND_SECURITY_TOKEN] = "security_token",
    [KIND_CLIENT_SECRET] = "client_secret", [KIND_REFRESH_TOKEN] = "refresh_token",
    [KIND_PRIVATE_KEY] = "private_key",
};

const char *entry_kind_name(enum entry_kind kind)
{
    return kind_names[kind];
}

bool entry_kind_parse(const char *name, enum entry_kind *ret)
{
    for (int i = 0; i < KINDS; i++)
        if (strcmp(name, kind_names[i]) == 0) {
            *ret = (enum entry_kind)i;
            return true;
        }
    return false;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool entry_is_name(const char *text)
{
    if (strlen(text) > ENTRY_NAME_MAX || !is_letter_or_digit(text[0]))
        return false;
    for (; *text != '\0'; text++)
        if (!is_letter_or_digit(*text) && strchr("._-:", *text) == NULL)
            return false;
    return true;
}

int entry_check_name(const char *text, struct err *err)
{
    return entry_is_name(text)
               ? 0
               : err_set(err, ERR_INVALID,
                         "a name is up to %d letters, digits and . _ - :, the first a letter or "
                         "digit",
                         ENTRY_NAME_MAX);
}

/* No part holds a newline, so two different values never have the same label. */
void entry_label(const struct entry *entry, const struct entry_value *value,
                 char ret[ENTRY_LABEL_MAX])
{
    char set_at[ISOTIME_MAX];

    isotime_format(value->set_ms, set_at);
    snprintf(ret, ENTRY_LABEL_MAX, "leadline secret\n%s\n%s\n%s\n%s", entry->name,
             entry_kind_name(entry->kind), set_at, value == &entry->previous ? "previous" : "now");
}

void entry_value_done(struct entry_value *value)
{
    mem_free(value->sealed.bytes);
    *value = (struct entry_value){0};
}

static void entry_done(struct entry *entry)
{
    mem_free(entry->name);
    entry_value_done(&entry->now);
    entry_value_done(&entry->previous);
}

void entries_done(struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        entry_done(&entries->list[i]);
    mem_free(entries->list);
    *entries = (struct entries){0};
}

/* Where name is, or where it would be. */
static size_t position(const struct entries *entries, const char *name)
{
    size_t i = 0;

    while (i < entries->count && strcmp(entries->list[i].name, name) < 0)
        i++;
    return i;
}

struct entry *entries_find(const struct entries *entries, const char *name)
{
    size_t at = position(entries, name);

    return at < entries->count && strcmp(entries->list[at].name, name) == 0 ? &entries->list[at]
                                                                            : NULL;
}

struct entry *entries_add(struct entries *entries, const char *name, struct err *err)
{
    struct entry *entry = entries_find(entries, name);
    size_t at = position(entries, name);
    char *copy;

    if (entry != NULL)
        return entry;
    if (entries->count == ENTRIES_MAX) {
        err_set(err, ERR_FULL, "there are %d secrets already; delete one that is not needed",
                ENTRIES_MAX);
        return NULL;
    }
    if (mem_grow((void **)&entries->list, entries->count, &entries->capacity, sizeof *entries->list,
                 err) < 0)
        return NULL;
    copy = mem_text(name);
    if (copy == NULL) {
        err_memory(err);
        return NULL;
    }
    entry = &entries->list[at];
    memmove(entry + 1, entry, (entries->count - at) * sizeof *entry);
    entries->count++;
    *entry = (struct entry){.name = copy};
    return entry;
}

void entries_remove(struct entries *entries, struct entry *entry)
{
    size_t after = entries->count - (size_t)(entry - entries->list) - 1;

    entry_done(entry);
    memmove(entry, entry + 1, after * sizeof *entry);
    entries->count--;
}

static int value_copy(struct entry_value *ret, const struct entry_value *from, struct err *err)
{
    ret->set_ms = from->set_ms;
    if (from->sealed.bytes == NULL)
        return 0;
    ret->sealed.bytes = mem_alloc(from->sealed.len);
    if (ret->sealed.bytes == NULL)
        return err_memory(err);
    memcpy(ret->sealed.bytes, from->sealed.bytes, from->sealed.len);
    ret->sealed.len = from->sealed.len;
    return 0;
}

int entries_copy(struct entries *ret, const struct entries *from, struct err *err)
{
    *ret = (struct entries){0};
    for (size_t i = 0; i < from->count; i++) {
        struct entry *entry = entries_add(ret, from->list[i].name, err);
        if (entry != NULL)
            entry->kind = from->list[i].kind;
        if (entry == NULL || value_copy(&entry->now, &from->list[i].now, err) < 0 ||
            value_copy(&entry->previous, &from->list[i].previous, err) < 0) {
            entries_done(ret);
            return -1;
        }
    }
    return 0;
}
