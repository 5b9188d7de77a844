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
#define MAX_API_NAME 40   /* characters of a custom field's name without __c */

/* Standard fields that no flag, reference or Id protects. */
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

/* Segment's libraries add the message's id to the traits. */
static bool is_copy_of_id(const struct event *event, const struct doc_node *member)
{
    size_t len = 0;
    char *text;
    bool same;

    if (!doc_key_is(&event->doc, member, "id") ||
        (member->type != DOC_STRING && member->type != DOC_NUMBER))
        return false;
    text = doc_text(&event->doc, member, &len);
    same = text != NULL && ((event->user_id != NULL && strcmp(text, event->user_id) == 0) ||
                            (event->group_id != NULL && strcmp(text, event->group_id) == 0));
    mem_free(text);
    return same;
}

/* The standard field that the trait is named after. */
static const struct schema_field *namesake(const struct work *work, const struct doc_node *member)
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

static void note_missing(struct work *work, const struct doc_node *member, const char *trait,
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
                    standard->name, object, work_rows_key(work));
    else if (standard != NULL)
        record_note(&work->record, trait, "unknown_field",
                    "%s has no custom field of this name; a row in %s opens %s.", object,
                    work_rows_key(work), standard->name);
    else
        record_note(&work->record, trait, "unknown_field",
                    "%s has no custom field of this name that this user can see.", object);
}

/* Without a schema: a field of the trait's name, or NULL after a note. */
static const struct schema_field *make_field(struct work *work, const struct doc_node *member,
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
static const struct schema_field *find_field(struct work *work, const struct doc_node *member,
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
                    "%s refers to a record; a row in %s opens it.", field->name,
                    work_rows_key(work));
        return NULL;
    }
    if (field != NULL && record_has(&work->record, field->name)) {
        record_note(&work->record, trait, "field_set_twice",
                    "%s was set by something that came first.", field->name);
        return NULL;
    }
    return field;
}

static void take_one(struct work *work, const struct doc_node *member, const char *trait)
{
    struct schema_field made;
    char name[MAX_API_NAME + 4];
    const struct schema_field *field;
    struct found found = {0};

    if (member->count == 0 && (member->type == DOC_OBJECT || member->type == DOC_ARRAY)) {
        record_note(&work->record, trait, "blank_left_out", "There is nothing in it.");
        return;
    }
    if (member->type == DOC_STRING &&
        text_is_blank(work->event->doc.text + member->start, member->len)) {
        record_note(&work->record, trait, "blank_left_out", "There is nothing in it.");
        return;
    }
    if (member->type == DOC_OBJECT) {
        record_note(&work->record, trait, "wrong_type",
                    "No field takes an object; a row in %s can name a part of it.",
                    work_rows_key(work));
        return;
    }
    field = find_field(work, member, trait, &made, name);
    if (field == NULL)
        return;
    place_read(&work->record, work->event, member, trait, field->type == FIELD_MULTIPICKLIST,
               &found);
    work_put(work, field, &found);
    found_done(&found);
}

static void take_member(struct work *work, const struct doc_node *member)
{
    char *name = work_name(&work->event->doc, member);

    if (name == NULL) {
        work->record.no_memory = true;
        return;
    }
    struct work_use use = work_use(work, name);
    if (use.use.value || use.use.parts) {
        left_over(work, member, name);
    } else {
        name[utf8_cut(name, strlen(name), WORK_MAX_SHOWN)] = '\0';
        take_one(work, member, name);
    }
    mem_free(name);
}

void custom_take(struct work *work)
{
    const struct event *event = work->event;
    const struct doc_node *first =
        event->traits == NULL ? NULL : doc_first(&event->doc, event->traits);
    size_t count = 0;

    for (const struct doc_node *m = first; m != NULL && !work->record.no_memory;
         m = doc_next(&event->doc, m)) {
        if (!record_saw(&work->record, m) && !is_copy_of_id(event, m) && ++count <= MAX_TRAITS)
            take_member(work, m);
    }
    if (count > MAX_TRAITS)
        record_note(&work->record, "", "too_many_traits",
                    "%zu traits after the first %d are left out.", count - MAX_TRAITS, MAX_TRAITS);
}
