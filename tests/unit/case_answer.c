#include "case_answer.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

/* Notes as a person writes them in a case: ["title truncated"]. */
static json_t *short_notes(const json_t *notes)
{
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(notes); i++) {
        const json_t *note = json_array_get(notes, i);
        json_array_append_new(list, json_sprintf("%s %s",
                                                 json_string_value(json_object_get(note, "trait")),
                                                 json_string_value(json_object_get(note, "code"))));
    }
    return list;
}

bool case_answer_fits(const char *expected_text, const char *got_text)
{
    json_t *expected = json_loads(expected_text, JSON_DECODE_INT_AS_REAL, NULL);
    json_t *got = json_loads(got_text, JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, NULL);
    bool same = expected != NULL && got != NULL;
    const char *name;
    json_t *value;

    if (same) {
        json_object_set_new(got, "notes", short_notes(json_object_get(got, "notes")));
        if (json_object_get(expected, "notes") == NULL)
            json_object_set_new(expected, "notes", json_array());
        json_object_foreach(expected, name, value)
            same = same && json_equal(value, json_object_get(got, name));
    }
    json_decref(expected);
    json_decref(got);
    return same;
}
