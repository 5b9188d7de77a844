/* Appends writes and notes to a result, and finds the parts of an event that were not looked at. */
#include "mapping/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define NOTES_LEFT_OUT "notes_left_out"
#define MAX_DETAIL     400 /* bytes of a note's text; names of fields and traits fit */

/* Only items are counted: the capacity is the next power of two. */
void *record_grow(struct record *record, void *items, size_t count, size_t size)
{
    if (count > 0 && (count & (count - 1)) != 0)
        return items;
    void *moved = mem_resize(items, count == 0 ? 1 : count * 2, size);
    if (moved == NULL)
        record->no_memory = true;
    return moved;
}

PRINTF_LIKE(1, 0) static char *format_text(const char *format, va_list args)
{
    char text[MAX_DETAIL];

    vsnprintf(text, sizeof(text), format, args);
    return mem_text(text);
}

static bool noted(const struct mapping_result *result, const char *trait, const char *code,
                  const char *detail)
{
    for (size_t i = 0; i < result->note_count; i++) {
        const struct mapping_note *note = &result->notes[i];
        if (strcmp(note->code, code) == 0 && strcmp(note->trait, trait) == 0 &&
            strcmp(note->detail, detail) == 0)
            return true;
    }
    return false;
}

void record_note(struct record *record, const char *trait, const char *code, const char *format,
                 ...)
{
    struct mapping_result *result = record->result;
    struct mapping_note *notes;
    va_list args;
    char *detail, *name;

    if (record->no_memory)
        return;
    if (result->note_count >= RECORD_MAX_NOTES && strcmp(code, NOTES_LEFT_OUT) != 0) {
        record->notes_left_out++;
        return;
    }
    va_start(args, format);
    detail = format_text(format, args);
    va_end(args);
    name = mem_text(trait);
    if (detail != NULL && name != NULL && noted(result, trait, code, detail))
        goto out;
    notes = record_grow(record, result->notes, result->note_count, sizeof(*notes));
    if (notes != NULL)
        result->notes = notes;
    if (notes == NULL || detail == NULL || name == NULL) {
        record->no_memory = true;
        goto out;
    }
    result->notes[result->note_count++] = (struct mapping_note){name, code, detail};
    return;
out:
    mem_free(detail);
    mem_free(name);
}

void record_finish(struct record *record)
{
    if (record->notes_left_out > 0)
        record_note(record, "", NOTES_LEFT_OUT, "%zu more notes about this event are left out.",
                    record->notes_left_out);
}

void record_see(struct record *record, const struct doc_node *node, bool seen)
{
    if (record->seen != NULL)
        record->seen[node - record->doc->nodes] = seen;
}

bool record_saw(const struct record *record, const struct doc_node *node)
{
    return record->seen != NULL && record->seen[node - record->doc->nodes];
}

bool record_has(const struct record *record, const char *field)
{
    for (size_t i = 0; i < record->result->write_count; i++) {
        if (strcasecmp(record->result->writes[i].field, field) == 0)
            return true;
    }
    return false;
}

void record_write(struct record *record, const char *field, struct mapping_value value,
                  const char *trait, bool create_only)
{
    struct mapping_result *result = record->result;
    struct mapping_write *writes = NULL;
    struct mapping_write write = {NULL, value, NULL, create_only};

    if (record->no_memory)
        goto out;
    if (result->write_count == RECORD_MAX_WRITES) {
        record_note(record, trait, "too_many_fields", "No more than %d fields are written at once.",
                    RECORD_MAX_WRITES);
        goto out;
    }
    writes = record_grow(record, result->writes, result->write_count, sizeof(*writes));
    if (writes == NULL)
        goto out;
    result->writes = writes;
    write.field = mem_text(field);
    write.trait = mem_text(trait);
    if (write.field == NULL || write.trait == NULL) {
        record->no_memory = true;
        goto out;
    }
    writes[result->write_count++] = write;
    return;
out:
    mem_free(write.field);
    mem_free(write.trait);
    mem_free(value.text);
}

void record_reject(struct record *record, const char *reason, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    record->result->detail = format_text(format, args);
    va_end(args);
    if (record->result->detail == NULL)
        record->no_memory = true;
    record->result->outcome = MAPPING_REJECT;
    record->result->reason = reason;
}

void mapping_result_done(struct mapping_result *result)
{
    for (size_t i = 0; i < result->lookup_count; i++) {
        mem_free(result->lookups[i].field);
        mem_free(result->lookups[i].value.text);
    }
    for (size_t i = 0; i < result->write_count; i++) {
        mem_free(result->writes[i].field);
        mem_free(result->writes[i].value.text);
        mem_free(result->writes[i].trait);
    }
    for (size_t i = 0; i < result->note_count; i++) {
        mem_free(result->notes[i].trait);
        mem_free(result->notes[i].detail);
    }
    mem_free(result->lookups);
    mem_free(result->writes);
    mem_free(result->notes);
    mem_free(result->detail);
    mem_free(result->key);
    memset(result, 0, sizeof(*result));
}
