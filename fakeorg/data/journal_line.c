/* Records as lines of the journal, and back. */
#include "fakeorg/data/journal_line.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define OPPORTUNITY "Opportunity"

/* Characters that would end a value, and their escapes. */
static const char ends[] = "\t\n\r\\", letters[] = "tnr\\";

static void write_value(struct buf *out, const char *value)
{
    for (;;) {
        size_t plain = strcspn(value, ends);
        buf_put(out, value, plain);
        if (value[plain] == '\0')
            return;
        buf_char(out, '\\');
        buf_char(out, letters[strchr(ends, value[plain]) - ends]);
        value += plain + 1;
    }
}

/* Undoes write_value, in place. */
static void read_value(char *value)
{
    char *to = strchr(value, '\\');

    for (const char *from = to; from != NULL && *from != '\0'; from++) {
        const char *letter = *from == '\\' && from[1] != '\0' ? strchr(letters, from[1]) : NULL;
        if (letter != NULL)
            from++;
        *to++ = letter == NULL ? *from : ends[letter - letters];
    }
    if (to != NULL)
        *to = '\0';
}

void journal_line_last(const struct orgdata *org, struct buf *out)
{
    for (size_t i = 0; i < ORGDATA_OBJECTS; i++)
        buf_format(out, "last\t%s\t%" PRIu64 "\n", org->objects[i].name, org->objects[i].last_id);
    buf_format(out, "last\t" OPPORTUNITY "\t%" PRIu64 "\n", org->last_opportunity);
}

void journal_line_record(const struct record *record, struct buf *out)
{
    const struct object *object = record->object;

    if (strcmp(object->prefix, USER_ID_PREFIX) == 0)
        return;
    buf_text(out, object->name);
    buf_char(out, '\t');
    buf_text(out, record->id);
    buf_text(out, record->deleted ? "\tdeleted" : "\tlive");
    for (size_t i = 0; i < record->capacity; i++) {
        if (record->values[i] == NULL)
            continue;
        buf_char(out, '\t');
        buf_text(out, object->fields[i]->fact.name);
        buf_char(out, '=');
        write_value(out, record->values[i]);
    }
    buf_char(out, '\n');
}

/* Takes the next field off *rest; NULL at its end. */
static char *cut(char **rest, char end)
{
    char *piece = *rest, *at = piece == NULL ? NULL : strchr(piece, end);

    if (at != NULL)
        *at = '\0';
    *rest = at == NULL ? NULL : at + 1;
    return piece;
}

static int unreadable(const char *what, struct err *err)
{
    return err_set(err, ERR_SYSTEM, "a line of it cannot be read: %s", what);
}

static int read_last(struct orgdata *org, char *rest, struct err *err)
{
    const char *name = cut(&rest, '\t'), *number = cut(&rest, '\t');
    struct object *object = name == NULL ? NULL : orgdata_any_object(org, name);

    if (number == NULL)
        return unreadable("no number", err);
    if (object != NULL)
        object->last_id = strtoull(number, NULL, 10);
    else if (strcmp(name, OPPORTUNITY) == 0)
        org->last_opportunity = strtoull(number, NULL, 10);
    else
        return unreadable(name, err);
    return 0;
}

/* The record with that id, created if missing. */
static struct record *place_of(struct orgdata *org, struct object *object, const char *id)
{
    struct record *record = orgdata_record(org, id);
    uint64_t last = object->last_id, number = id_number(id);

    if (record != NULL)
        return record;
    object->last_id = number - 1;
    record = record_new(object);
    object->last_id = last > number ? last : number;
    return record;
}

/* Sets the record's values to exactly those of the line. */
static int read_values(struct record *record, char *rest, const char **values, struct err *err)
{
    const struct object *object = record->object;
    char *piece;

    while ((piece = cut(&rest, '\t')) != NULL) {
        const char *name = cut(&piece, '=');
        const struct field *field = object_any_field(object, name);
        if (piece == NULL)
            return unreadable(name, err);
        if (field == NULL)
            return err_set(err, ERR_INVALID,
                           "it has records with the field %s.%s, which the org lacks: define it "
                           "with --field or --org",
                           object->name, name);
        read_value(piece);
        values[field->position] = piece;
    }
    for (size_t i = 0; i < object->field_count; i++)
        if (object->fields[i]->fact.type != FIELD_ID &&
            record_set(record, object->fields[i], values[i]) < 0)
            return err_memory(err);
    return 0;
}

static int read_record(struct orgdata *org, struct object *object, char *rest, struct err *err)
{
    const char *id = cut(&rest, '\t'), *state = cut(&rest, '\t');
    char checked[ID_MAX];

    if (state == NULL || !id_read(id, strlen(id), checked) ||
        orgdata_object_of_id(org, checked) != object)
        return unreadable(id == NULL ? "no id" : id, err);
    struct record *record = place_of(org, object, checked);
    const char **values = mem_zero(object->field_count, sizeof *values);
    int rc =
        record == NULL || values == NULL ? err_memory(err) : read_values(record, rest, values, err);
    mem_free(values);
    if (rc == 0 && strcmp(state, "deleted") == 0 && !record->deleted && record_delete(record) < 0)
        rc = err_memory(err);
    return rc;
}

int journal_lines_read(struct orgdata *org, char *text, size_t *records, struct err *err)
{
    char *line;

    while ((line = cut(&text, '\n')) != NULL) {
        if (line[0] == '\0')
            continue;
        const char *kind = cut(&line, '\t');
        struct object *object = orgdata_any_object(org, kind);
        bool is_users = object != NULL && strcmp(object->prefix, USER_ID_PREFIX) == 0;
        if (line == NULL || is_users || (object == NULL && strcmp(kind, "last") != 0))
            return unreadable(kind, err);
        *records += object != NULL;
        if ((object == NULL ? read_last(org, line, err) : read_record(org, object, line, err)) < 0)
            return -1;
    }
    return 0;
}
