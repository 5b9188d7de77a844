/* Reads duplicate rules, and finds the records that match. */
#include "fakeorg/rules/duplicates.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "fakeorg/data/index.h"

#define MAX_FIELDS    10
#define MAX_SHOWN     100 /* records listed per match */
#define MAX_KEY_BYTES ((size_t)1024 * 1024)

enum action { ACTION_OFF, ACTION_ALERT, ACTION_BLOCK };

static const char *const action_names[] = {
    [ACTION_OFF] = "off", [ACTION_ALERT] = "alert", [ACTION_BLOCK] = "block"};

/* What to look up: records of one object with equal values in all fields. */
struct match {
    const char *object_name, *rule;
    const struct yml_node *field_list;
    struct object *object;
    struct field *own[MAX_FIELDS], *theirs[MAX_FIELDS];
    size_t field_count;
    struct match *next;
};

struct duplicate_rule {
    struct rule_link link;
    const char *name, *object_name, *message, *on_create, *on_update;
    const struct yml_node *match_list;
    bool active;
    enum action create_action, update_action;
    struct object *object;
    struct match *matches;
};

#define AT(member) offsetof(struct duplicate_rule, member)
static const struct yml_key rule_keys[] = {
    {"name", WANT_TEXT, true, AT(name), 0},
    {"object", WANT_TEXT, true, AT(object_name), 0},
    {"match", WANT_NODE, true, AT(match_list), 0},
    {"on_create", WANT_TEXT, false, AT(on_create), 0},
    {"on_update", WANT_TEXT, false, AT(on_update), 0},
    {"message", WANT_TEXT, false, AT(message), 0},
    {"active", WANT_FLAG, false, AT(active), 0},
};

static const struct yml_key match_keys[] = {
    {"object", WANT_TEXT, true, offsetof(struct match, object_name), 0},
    {"fields", WANT_NODE, true, offsetof(struct match, field_list), 0},
    {"rule", WANT_TEXT, false, offsetof(struct match, rule), 0},
};

/* "Email", or {Company: Name} if the field names differ. */
static int read_pair(const struct duplicate_rule *rule, const struct yml_node *node,
                     struct match *match, struct err *err)
{
    bool is_pair = node->kind == YML_MAP && node->count == 1;
    const char *own = is_pair ? node->first->key : node->text;
    const char *theirs = is_pair ? node->first->text : node->text;

    if (match->field_count == MAX_FIELDS)
        return yml_fail(node, err, "expected at most %d fields", MAX_FIELDS);
    match->own[match->field_count] = object_any_field(rule->object, own);
    match->theirs[match->field_count] = object_any_field(match->object, theirs);
    if (match->own[match->field_count] == NULL || match->theirs[match->field_count] == NULL)
        return yml_fail(node, err, "expected a field of %s and %s, or {field of %s: field of %s}",
                        rule->object->name, match->object->name, rule->object->name,
                        match->object->name);
    match->field_count++;
    return 0;
}

static int read_match(struct orgdata *org, const struct duplicate_rule *rule,
                      const struct yml_node *node, struct arena *arena, struct match **ret_match,
                      struct err *err)
{
    struct match *match = arena_take(arena, sizeof *match);

    if (match == NULL)
        return err_memory(err);
    match->rule = rule->name;
    if (yml_take(node, match_keys, sizeof match_keys / sizeof match_keys[0], match, err) < 0 ||
        rules_keep_text(arena, &match->rule, err) < 0 ||
        yml_is(match->field_list, YML_LIST, err) < 0)
        return -1;
    match->object = rules_object(org, yml_member(node, "object"), err);
    if (match->object == NULL)
        return -1;
    for (const struct yml_node *pair = match->field_list->first; pair != NULL; pair = pair->next)
        if (read_pair(rule, pair, match, err) < 0)
            return -1;
    if (match->field_count == 0)
        return yml_fail(match->field_list, err, "expected at least one field");
    *ret_match = match;
    return 0;
}

static int read_action(const struct yml_node *node, const char *text, enum action *ret_action,
                       struct err *err)
{
    for (size_t i = 0; i < sizeof action_names / sizeof action_names[0]; i++) {
        if (strcmp(action_names[i], text) == 0) {
            *ret_action = (enum action)i;
            return 0;
        }
    }
    return yml_fail(node, err, "expected alert, block or off");
}

static int read_rule(struct orgdata *org, const struct yml_node *node, struct arena *arena,
                     const struct rule_link *earlier, struct rule_link *link, struct err *err)
{
    struct duplicate_rule *rule = (struct duplicate_rule *)link;

    *rule = (struct duplicate_rule){.active = true,
                                    .on_create = "alert",
                                    .on_update = "alert",
                                    .message = "Use one of these records?"};
    if (yml_take(node, rule_keys, sizeof rule_keys / sizeof rule_keys[0], rule, err) < 0 ||
        read_action(yml_member(node, "on_create"), rule->on_create, &rule->create_action, err) <
            0 ||
        read_action(yml_member(node, "on_update"), rule->on_update, &rule->update_action, err) <
            0 ||
        rules_keep_text(arena, &rule->name, err) < 0 ||
        rules_keep_text(arena, &rule->message, err) < 0 ||
        yml_is(rule->match_list, YML_LIST, err) < 0)
        return -1;
    rule->object = rules_object(org, yml_member(node, "object"), err);
    if (rule->object == NULL)
        return -1;
    struct match **place = &rule->matches;
    for (const struct yml_node *child = rule->match_list->first; child != NULL;
         child = child->next) {
        if (read_match(org, rule, child, arena, place, err) < 0)
            return -1;
        place = &(*place)->next;
    }
    return 0;
}

int duplicates_read(struct rules *rules, const struct yml_node *list, struct err *err)
{
    static const struct rule_reader reader = {sizeof(struct duplicate_rule), read_rule};

    return rules_read(rules, &rules->duplicates, &reader, list, err);
}

/* The records that one match found. */
struct found {
    const struct match *match;
    const struct record *shown[MAX_SHOWN];
    size_t count;
};

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

/* Equal ignoring case, like the index that the candidates come from. */
static int same_text(const struct field *field, const char *left, const char *right, bool *ret_same)
{
    enum field_kind kind = field_type_info(field->fact.type)->kind;
    struct buf a, b;
    int rc = 0;

    if (kind != KIND_ID && is_plain(left) && is_plain(right)) {
        *ret_same = strcasecmp(left, right) == 0;
        return 0;
    }
    buf_init(&a, MAX_KEY_BYTES);
    buf_init(&b, MAX_KEY_BYTES);
    if (index_key(kind, left, &a) < 0 || index_key(kind, right, &b) < 0)
        rc = -1;
    *ret_same = strcmp(buf_peek(&a), buf_peek(&b)) == 0;
    buf_done(&a);
    buf_done(&b);
    return rc;
}

/* All fields except the one at known, which the index has compared. */
static int same_record(const struct match *match, size_t known, const struct record *preview,
                       const struct record *other, bool *ret_same)
{
    const char *converted = record_value_named(other, "IsConverted");

    *ret_same = !other->deleted && strcmp(other->id, preview->id) != 0 &&
                (converted == NULL || strcmp(converted, "true") != 0);
    for (size_t i = 0; i < match->field_count && *ret_same; i++) {
        const char *value = record_value(other, match->theirs[i]);
        if (i == known)
            continue;
        if (value == NULL)
            *ret_same = false;
        else if (same_text(match->own[i], record_value(preview, match->own[i]), value, ret_same) <
                 0)
            return -1;
    }
    return 0;
}

/* The field whose value the fewest records share; sets ret to those records. */
static int find_candidates(const struct match *match, const struct record *preview,
                           size_t *ret_field, struct record *const **ret_records, size_t *ret_count)
{
    *ret_count = (size_t)-1;
    for (size_t i = 0; i < match->field_count; i++) {
        const char *value = record_value(preview, match->own[i]);
        struct record *const *records;
        size_t count;
        if (value == NULL) {
            *ret_count = 0; /* null does not match null */
            return 0;
        }
        if (object_find(match->object, match->theirs[i], value, &records, &count) < 0)
            return -1;
        if (count >= *ret_count)
            continue;
        *ret_field = i;
        *ret_records = records;
        *ret_count = count;
    }
    return 0;
}

static int run_match(const struct match *match, const struct record *preview, struct found *found)
{
    struct record *const *records = NULL;
    size_t count, field = 0;

    found->match = match;
    found->count = 0;
    if (find_candidates(match, preview, &field, &records, &count) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        bool same;
        if (same_record(match, field, preview, records[i], &same) < 0)
            return -1;
        if (same && found->count < MAX_SHOWN)
            found->shown[found->count] = records[i];
        found->count += same;
    }
    return 0;
}

/* Copies its values: the request may still change the record. */
static int show_value(const struct save_context *ctx, const struct record *record,
                      const struct field *field, struct duplicate_record *ret)
{
    const char *text = record_value(record, field);

    if (text != NULL && (text = arena_text(ctx->arena, text, strlen(text))) == NULL)
        return api_error_memory(ctx->error);
    ret->values[ret->value_count++] = (struct duplicate_value){field, text};
    return 0;
}

static int show_record(const struct save_context *ctx, const struct match *match,
                       const struct record *record, struct duplicate_record *ret)
{
    const struct field *name = object_field(record->object, "Name");

    ret->object = record->object;
    memcpy(ret->id, record->id, sizeof ret->id);
    ret->values = arena_take(ctx->arena, (match->field_count + 1) * sizeof *ret->values);
    if (ret->values == NULL)
        return api_error_memory(ctx->error);
    if (name != NULL && show_value(ctx, record, name, ret) < 0)
        return -1;
    for (size_t i = 0; i < match->field_count; i++)
        if (match->theirs[i] != name && !field_has(match->theirs[i], HIDDEN) &&
            show_value(ctx, record, match->theirs[i], ret) < 0)
            return -1;
    return 0;
}

static int show_match(const struct save_context *ctx, const struct found *found,
                      struct duplicate_match **ret_match)
{
    size_t shown = found->count < MAX_SHOWN ? found->count : MAX_SHOWN;
    struct duplicate_match *match = arena_take(ctx->arena, sizeof *match);

    if (match == NULL)
        return api_error_memory(ctx->error);
    *match = (struct duplicate_match){.rule = found->match->rule,
                                      .object = found->match->object,
                                      .fields = found->match->theirs,
                                      .field_count = found->match->field_count,
                                      .found = found->count};
    match->records = arena_take(ctx->arena, shown * sizeof *match->records);
    if (match->records == NULL)
        return api_error_memory(ctx->error);
    for (; match->record_count < shown; match->record_count++)
        if (show_record(ctx, found->match, found->shown[match->record_count],
                        &match->records[match->record_count]) < 0)
            return -1;
    *ret_match = match;
    return 0;
}

/* Whether an update changes a field that the rule compares. */
static bool is_touched(const struct duplicate_rule *rule, const struct save *save,
                       const struct record *preview)
{
    for (const struct match *match = rule->matches; match != NULL; match = match->next) {
        for (size_t i = 0; i < match->field_count; i++) {
            const char *before = record_value(save->record, match->own[i]);
            const char *after = record_value(preview, match->own[i]);
            if ((before == NULL) != (after == NULL) ||
                (before != NULL && strcmp(before, after) != 0))
                return true;
        }
    }
    return false;
}

static bool applies(const struct save_context *ctx, const struct duplicate_rule *rule,
                    enum action action, const struct save *save, const struct record *preview)
{
    if (!rule->active || rule->object != save->object || action == ACTION_OFF)
        return false;
    if (action == ACTION_ALERT && ctx->allow_save)
        return false;
    return save->create || quirk_is(ctx->quirks, QUIRK_DUPLICATES_ON_UPDATE, "always") ||
           is_touched(rule, save, preview);
}

static int run_rule(const struct save_context *ctx, const struct duplicate_rule *rule,
                    enum action action, struct save *save, const struct record *preview)
{
    struct duplicate_result *result = arena_take(ctx->arena, sizeof *result);
    struct found found;

    if (result == NULL)
        return api_error_memory(ctx->error);
    *result = (struct duplicate_result){.rule = rule->name,
                                        .message = rule->message,
                                        .object = rule->object,
                                        .allow_save = action == ACTION_ALERT};
    struct duplicate_match **place = &result->matches;
    for (const struct match *match = rule->matches; match != NULL; match = match->next) {
        if (run_match(match, preview, &found) < 0)
            return api_error_memory(ctx->error);
        if (found.count == 0)
            continue;
        if (show_match(ctx, &found, place) < 0)
            return -1;
        place = &(*place)->next;
    }
    if (result->matches == NULL)
        return 0;
    if (save_fail(ctx, save, "DUPLICATES_DETECTED", NULL, "%s", rule->message) < 0)
        return -1;
    save_last_error(save)->duplicates = result;
    return 0;
}

int duplicates_check(const struct save_context *ctx, struct save *save,
                     const struct record *preview)
{
    for (struct rule_link *at = ctx->rules->duplicates.first; at != NULL; at = at->next) {
        const struct duplicate_rule *rule = (const struct duplicate_rule *)at;
        enum action action = save->create ? rule->create_action : rule->update_action;
        if (applies(ctx, rule, action, save, preview) &&
            run_rule(ctx, rule, action, save, preview) < 0)
            return -1;
    }
    return 0;
}
