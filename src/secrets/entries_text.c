/* entries_text: the list of sealed secrets as JSON, and back.  Nothing is passed over: a member
   that is unknown, missing or written otherwise than entries_print does is an error. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "base/buf_json.h"
#include "base/isotime.h"
#include "base/mem.h"
#include "secrets/entries.h"

#define FORMAT  "leadline_secrets"
#define VERSION 1

/* ---- writing ---- */

static void put_string(struct buf *out, const char *member, const char *text)
{
    buf_json_key(out, member);
    buf_json_string(out, text, strlen(text));
}

static void put_value(struct buf *out, const struct entry_value *value)
{
    size_t capacity = sodium_base64_ENCODED_LEN(value->sealed.len, sodium_base64_VARIANT_ORIGINAL);
    char set_at[ISOTIME_MAX], *base64 = mem_alloc(capacity);

    if (base64 == NULL) {
        buf_done(out);
        out->why = ERR_MEMORY;
        return;
    }
    isotime_format(value->set_ms, set_at);
    put_string(out, "set_at", set_at);
    sodium_bin2base64(base64, capacity, value->sealed.bytes, value->sealed.len,
                      sodium_base64_VARIANT_ORIGINAL);
    put_string(out, "sealed", base64);
    mem_free(base64);
}

void entries_print(const struct entries *entries, struct buf *out)
{
    buf_format(out, "{\"" FORMAT "\": %d, \"secrets\": [", VERSION);
    for (size_t i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->list[i];
        buf_text(out, i > 0 ? ",\n{" : "\n{");
        put_string(out, "name", entry->name);
        put_string(out, "kind", entry_kind_name(entry->kind));
        put_value(out, &entry->now);
        if (entry->previous.sealed.bytes != NULL) {
            buf_json_key(out, "previous");
            buf_char(out, '{');
            put_value(out, &entry->previous);
            buf_char(out, '}');
        }
        buf_char(out, '}');
    }
    buf_text(out, "\n]}\n");
}

/* ---- reading ---- */

static int bad(struct err *err, const char *what)
{
    return err_set(err, ERR_INVALID, "%s", what);
}

static const char *text_of(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

/* A time that is written as we write it, and no other way. */
static int take_time(const char *text, int64_t *ret_ms)
{
    enum isotime_kind kind;
    char again[ISOTIME_MAX];

    if (text == NULL || isotime_parse(text, strlen(text), ret_ms, &kind) < 0)
        return -1;
    isotime_format(*ret_ms, again);
    return strcmp(text, again) == 0 ? 0 : -1;
}

static int take_value(const json_t *object, struct entry_value *ret, struct err *err)
{
    const char *base64 = text_of(object, "sealed");
    size_t capacity = base64 != NULL ? strlen(base64) / 4 * 3 : 0;

    if (take_time(text_of(object, "set_at"), &ret->set_ms) < 0)
        return bad(err, "set_at is no time");
    if (capacity < SEAL_MIN_BYTES || capacity > SEAL_MAX_BYTES + 2)
        return bad(err, "sealed is too short or too long");
    ret->sealed.bytes = mem_alloc(capacity);
    if (ret->sealed.bytes == NULL)
        return err_memory(err);
    if (sodium_base642bin(ret->sealed.bytes, capacity, base64, strlen(base64), NULL,
                          &ret->sealed.len, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
        ret->sealed.len >= SEAL_MIN_BYTES && ret->sealed.len <= SEAL_MAX_BYTES)
        return 0;
    return bad(err, "sealed is not base64");
}

static int take_entry(const json_t *object, struct entries *entries, struct err *err)
{
    const json_t *previous = json_object_get(object, "previous");
    const char *name = text_of(object, "name"), *kind = text_of(object, "kind");
    struct entry *entry;

    if (name == NULL || !entry_is_name(name) ||
        (entries->count > 0 && strcmp(name, entries->list[entries->count - 1].name) <= 0))
        return bad(err, "a name is missing, is none, or is not in order");
    if (json_object_size(object) != (previous != NULL ? 5 : 4) ||
        (previous != NULL && json_object_size(previous) != 2))
        return bad(err, "there is a member that is unknown here");
    entry = entries_add(entries, name, err);
    if (entry == NULL)
        return -1;
    if (kind == NULL || !entry_kind_parse(kind, &entry->kind))
        return bad(err, "kind is unknown");
    if (take_value(object, &entry->now, err) < 0)
        return -1;
    return previous != NULL ? take_value(previous, &entry->previous, err) : 0;
}

static int take_all(const json_t *root, struct entries *entries, struct err *err)
{
    const json_t *list = json_object_get(root, "secrets"), *entry;
    const json_t *version = json_object_get(root, FORMAT);
    size_t i;

    if (!json_is_integer(version) || json_object_size(root) != 2 || !json_is_array(list))
        return bad(err, "it is no list of secrets");
    if (json_integer_value(version) != VERSION)
        return bad(err, "it was written by a newer leadline");
    json_array_foreach(list, i, entry) {
        if (take_entry(entry, entries, err) < 0)
            return err_wrap(err, "entry %zu", i + 1);
    }
    return 0;
}

/* Whoever writes the file again must lose nothing.  jansson leaves bytes out of a text when it runs
   out of memory, and does not report it; and nobody else has a reason to write this file. */
static int check_text(const struct entries *entries, const char *text, size_t len, struct err *err)
{
    struct buf again;
    int rc;

    buf_init(&again, ENTRIES_MAX_BYTES);
    entries_print(entries, &again);
    rc = buf_check(&again, "it", err);
    if (rc == 0 && (again.len != len || memcmp(buf_peek(&again), text, len) != 0))
        rc = bad(err, "it is not as leadline writes it");
    buf_done(&again);
    return rc;
}

int entries_parse(struct entries *ret, const char *text, size_t len, struct err *err)
{
    json_error_t error = {0};
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    int rc;

    *ret = (struct entries){0};
    if (root == NULL &&
        (error.text[0] == '\0' || json_error_code(&error) == json_error_out_of_memory))
        return err_memory(err);
    if (root == NULL)
        return err_set(err, ERR_INVALID, "line %d: %.100s", error.line, error.text);
    rc = take_all(root, ret, err);
    json_decref(root);
    if (rc == 0)
        rc = check_text(ret, text, len, err);
    if (rc < 0)
        entries_done(ret);
    return rc;
}
