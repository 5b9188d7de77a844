/* The traits that no rule names: <trait>__c, as far as the org has such a field. */
#include "mapping/work.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "event/traits.h"
#include "mapping/text.h"

#define MAX_TRAITS   1000 /* of one event; an object has fewer fields */
#define MAX_SHOWN    100  /* characters of a trait's name in a note */
#define MAX_API_NAME 40   /* characters of a custom field's name without __c */

/* Standard fields that would be protected by no flag, reference or Id of theirs. */
static const char *const protected_names[] = {"Status"};

static bool is_protected(const struct schema_field *field)
{
    if (field->type == FIELD_ID || field->type == FIELD_REFERENCE || field->type == FIELD_BOOLEAN)
        return true;
    for (size_t i = 0; i < sizeof(protected_names) / sizeof(protected_names[0]); i++) {
        if (strcasecmp(field->name, protected_names[i]) == 0)
            return true;
    }
    return false;
}

/* What the rules and the settings make of a top-level trait. */
static enum source_use use_of(const struct work *work, const struct json_node *member)
{
    enum source_use use = USE_NONE, one;
    const struct settings_row *rows[2];
    size_t counts[2];

    rows[0] = work_rows(work, &counts[0]);
    rows[1] = work_lookup_rows(work, &counts[1]);
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < counts[k] && use != USE_VALUE; i++) {
            struct source from[RULE_SOURCES];
            source_named(rows[k][i].trait, from);
            one = source_uses(work->event, from, member);
            use = one > use ? one : use;
        }
    }
    for (size_t i = 0; i < work->rules->count && use != USE_VALUE; i++) {
        one = source_uses(work->event, work->rules->rows[i].from, member);
        use = one > use ? one : use;
    }
    return use;
}

/* Segment's libraries add the message's id to the traits. */
static bool is_copy_of_id(const struct event *event, const struct json_node *member)
{
    size_t len = 0;
    char *text;
    bool same;

    if (!json_key_is(&event->doc, member, "id") ||
        (member->type != JSON_STRING && member->type != JSON_NUMBER))
        return false;
    text = json_text(&event->doc, member, &len);
    same = text != NULL && ((event->user_id != NULL && strcmp(text, event->user_id) == 0) ||
                            (event->group_id != NULL && strcmp(text, event->group_id) == 0));
    mem_free(text);
    return same;
}

/* The standard field that the trait is named after. */
static const struct schema_field *namesake(const struct work *work, const struct json_node *member)
{
    for (size_t i = 0; i < work->object->count; i++) {
        const struct schema_field *field = &work->object->fields[i];
        if (!field->custom && traits_key_matches(&work->event->doc, member, field->name))
            return field;
    }
    return NULL;
}

/* Letters, digits and single underscores, a letter first and no underscore last
   (Salesforce, "Field API name"). */
static bool is_api_name(const char *name, size_t len)
{
    if (len == 0 || len > MAX_API_NAME || !isalpha((unsigned char)name[0]) || name[len - 1] == '_')
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!isalnum((unsigned char)name[i]) && name[i] != '_')
            return false;
        if (name[i] == '_' && name[i + 1] == '_')
            return false;
    }
    return true;
}

/* <trait>__c into ret when that can be a field's name. */
static bool make_name(const char *trait, char ret[MAX_API_NAME + 4])
{
    size_t len = strlen(trait);

    if (len > 3 && strcasecmp(trait + len - 3, "__c") == 0)
        len -= 3;
    if (len > MAX_API_NAME)
        return false;
    memcpy(ret, trait, len);
    memcpy(ret + len, "__c", 4);
    return is_api_name(ret, len);
}

static const char *rows_key(const struct work *work)
{
    return work->rules == &rules_lead ? "lead_fields" : "account_fields";
}

static void note_missing(struct work *work, const struct json_node *member, const char *trait,
                         bool ambiguous)
{
    const struct schema_field *standard = namesake(work, member);
    const char *object = work->object->name;

    if (ambiguous)
        record_note(&work->record, trait, "ambiguous_field",
                    "Several custom fields of %s fit this name.", object);
    else if (standard != NULL && is_protected(standard))
        record_note(&work->record, trait, "protected_field",
                    "%s of %s is not set by a trait of its name; a row in %s opens it.",
                    standard->name, object, rows_key(work));
    else if (standard != NULL)
        record_note(&work->record, trait, "unknown_field",
                    "%s has no custom field of this name; a row in %s opens %s.", object,
                    rows_key(work), standard->name);
    else
        record_note(&work->record, trait, "unknown_field",
                    "%s has no custom field of this name that this user can see.", object);
}

/* Without a schema: a field of the trait's name, or NULL after a note. */
static const struct schema_field *make_field(struct work *work, const struct json_node *member,
                                             const char *trait, struct schema_field *made,
                                             char name[MAX_API_NAME + 4])
{
    const struct schema_field *standard = namesake(work, member);

    if (!make_name(trait, name)) {
        record_note(
            &work->record, trait, "unknown_field",
            "No field can have this name: letters, digits and single underscores make one.");
        return NULL;
    }
    if (standard != NULL && is_protected(standard))
        note_missing(work, member, trait, false);
    return work_field(work, name, made);
}

/* The field to write, or NULL after a note. */
static const struct schema_field *find_field(struct work *work, const struct json_node *member,
                                             const char *trait, struct schema_field *made,
                                             char name[MAX_API_NAME + 4])
{
    bool ambiguous;
    const struct schema_field *field = schema_custom_field(work->object, trait, &ambiguous);

    if (field == NULL && !ambiguous && work->untyped_custom)
        field = make_field(work, member, trait, made, name);
    else if (field == NULL)
        note_missing(work, member, trait, ambiguous);
    if (field != NULL && (field->type == FIELD_REFERENCE || field->type == FIELD_ID)) {
        record_note(&work->record, trait, "protected_field",
                    "%s refers to a record; a row in %s opens it.", field->name, rows_key(work));
        return NULL;
    }
    if (field != NULL && record_has(&work->record, field->name)) {
        record_note(&work->record, trait, "field_set_twice",
                    "%s was set by something that came first.", field->name);
        return NULL;
    }
    return field;
}

static bool is_blank(const struct event *event, const struct json_node *member)
{
    return member->type == JSON_STRING &&
           text_is_blank(event->doc.text + member->start, member->len);
}

static void take_one(struct work *work, const struct json_node *member, const char *trait)
{
    struct schema_field made;
    char name[MAX_API_NAME + 4];
    const struct schema_field *field;
    struct found found = {0};

    if (member->type == JSON_OBJECT) {
        record_note(&work->record, trait, "wrong_type",
                    "No field takes an object; a row in %s can name a part of it.", rows_key(work));
        return;
    }
    field = find_field(work, member, trait, &made, name);
    if (field == NULL)
        return;
    source_read(&work->record, work->event, member, trait, field->type == FIELD_MULTIPICKLIST,
                &found);
    work_put(work, field, &found);
    found_done(&found);
}

void custom_take(struct work *work)
{
    const struct event *event = work->event;
    const struct json_node *first =
        event->traits == NULL ? NULL : json_first(&event->doc, event->traits);
    size_t count = 0;

    for (const struct json_node *m = first; m != NULL && !work->record.no_memory;
         m = json_next(&event->doc, m)) {
        enum source_use use = use_of(work, m);
        bool removed;
        size_t len = 0;
        char *key, *trait;

        if (use == USE_VALUE || (use == USE_PARTS && m->type == JSON_OBJECT) ||
            (use == USE_PARTS && m->type == JSON_NULL) || is_blank(event, m) ||
            is_copy_of_id(event, m))
            continue;
        if (++count > MAX_TRAITS) {
            record_note(&work->record, "", "too_many_traits",
                        "Traits after the first %d are left out.", MAX_TRAITS);
            return;
        }
        key = json_key(&event->doc, m, &len);
        trait = key == NULL ? NULL : text_clean(key, len, TEXT_ONE_LINE, &removed);
        mem_free(key);
        if (trait == NULL) {
            work->record.no_memory = true;
            return;
        }
        trait[utf8_cut(trait, strlen(trait), MAX_SHOWN)] = '\0';
        if (use == USE_PARTS)
            record_note(&work->record, trait, "wrong_type",
                        "An object with its parts was expected.");
        else
            take_one(work, m, trait);
        mem_free(trait);
    }
}
