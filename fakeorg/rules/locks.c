/* Reads locks, and decides which records they cover. */
#include "fakeorg/rules/locks.h"

#include <stddef.h>
#include <string.h>

#include "fakeorg/query/condition.h"

struct lock {
    struct rule_link link;
    const char *id_text, *object_name, *code;
    const struct yml_node *when;
    uint64_t tries, seconds;
    char id[ID_MAX]; /* "": by condition */
    struct object *object;
    struct condition *condition;
    int64_t ends_ms; /* by the org's clock; 0: no time limit */
    size_t answer;   /* index in codes */
    bool free;
};

#define AT(member) offsetof(struct lock, member)
static const struct yml_key keys[] = {
    {"id", WANT_TEXT, false, AT(id_text), 0},
    {"object", WANT_TEXT, false, AT(object_name), 0},
    {"when", WANT_NODE, false, AT(when), 0},
    {"code", WANT_TEXT, false, AT(code), 0},
    {"tries", WANT_COUNT64, false, AT(tries), 1000000000},
    {"seconds", WANT_COUNT64, false, AT(seconds), 1000000000},
};

/* The errors of a locked record: the first as recorded, the others by their meaning. */
static const struct {
    const char *code, *message;
    bool names_id; /* at the end of the message */
} codes[] = {
    {"UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record or 1 records: ", true},
    {"ENTITY_IS_LOCKED", "the entity is locked for editing", false},
    {"RECORD_LOCKED", "the record is locked", false},
};

static int read_code(struct lock *lock, const struct yml_node *node, struct err *err)
{
    for (lock->answer = 0; lock->answer < sizeof codes / sizeof codes[0]; lock->answer++)
        if (strcmp(codes[lock->answer].code, lock->code) == 0)
            return 0;
    return yml_fail(yml_member(node, "code"), err,
                    "expected UNABLE_TO_LOCK_ROW, ENTITY_IS_LOCKED or RECORD_LOCKED");
}

/* By id, or by object and a condition on its records. */
static int read_target(struct orgdata *org, struct lock *lock, const struct yml_node *node,
                       struct arena *arena, struct err *err)
{
    if ((lock->id_text == NULL) == (lock->object_name == NULL || lock->when == NULL))
        return yml_fail(node, err, "expected id, or object and when");
    if (lock->id_text != NULL) {
        if (!id_read(lock->id_text, strlen(lock->id_text), lock->id))
            return yml_fail(yml_member(node, "id"), err, "expected an id of 15 or 18 characters");
        return 0;
    }
    lock->object = rules_object(org, yml_member(node, "object"), err);
    if (lock->object == NULL)
        return -1;
    lock->condition = condition_read(lock->when, lock->object, arena, err);
    return lock->condition == NULL ? -1 : 0;
}

static int read_lock(struct orgdata *org, const struct yml_node *node, struct arena *arena,
                     const struct rule_link *earlier, struct rule_link *link, struct err *err)
{
    struct lock *lock = (struct lock *)link;

    lock->code = codes[0].code;
    if (yml_take(node, keys, sizeof keys / sizeof keys[0], lock, err) < 0 ||
        read_code(lock, node, err) < 0 || read_target(org, lock, node, arena, err) < 0)
        return -1;
    if (lock->seconds > 0)
        lock->ends_ms = orgclock_now(&org->clock) + (int64_t)lock->seconds * 1000;
    return 0;
}

int locks_read(struct rules *rules, const struct yml_node *list, struct err *err)
{
    static const struct rule_reader reader = {sizeof(struct lock), read_lock};

    return rules_read(rules, &rules->locks, &reader, list, err);
}

/* True when the lock covers the record, or a parent that the save names. */
static int concerns(const struct save_context *ctx, struct lock *lock, const struct save *save,
                    const struct record *record, bool *ret_concerns)
{
    *ret_concerns = false;
    if (lock->condition != NULL)
        return record->object != lock->object
                   ? 0
                   : condition_holds(lock->condition, record, ret_concerns, ctx->error);
    *ret_concerns = strcmp(record->id, lock->id) == 0;
    for (const struct save_value *value = save->values; value != NULL; value = value->next)
        if (value->text != NULL && field_type_info(value->field->fact.type)->kind == KIND_ID &&
            strncmp(value->text, lock->id, 15) == 0)
            *ret_concerns = true;
    return 0;
}

static int refuse(const struct save_context *ctx, struct save *save, const struct lock *lock,
                  const struct record *record)
{
    const char *id = lock->id[0] == '\0' ? record->id : lock->id;
    const char *named = codes[lock->answer].names_id ? id : "";

    return save_fail(ctx, save, codes[lock->answer].code, NULL, "%s%s", codes[lock->answer].message,
                     named);
}

int locks_check(const struct save_context *ctx, struct save *save, const struct record *record)
{
    int64_t now = orgclock_now(&ctx->org->clock);

    for (struct rule_link *at = ctx->rules->locks.first; at != NULL; at = at->next) {
        struct lock *lock = (struct lock *)at;
        bool concerned;
        lock->free = lock->free || (lock->ends_ms != 0 && now >= lock->ends_ms);
        if (lock->free)
            continue;
        if (concerns(ctx, lock, save, record, &concerned) < 0)
            return -1;
        if (!concerned)
            continue;
        if (lock->tries > 0 && --lock->tries == 0)
            lock->free = true; /* reused by the next lock */
        return refuse(ctx, save, lock, record);
    }
    return 0;
}
