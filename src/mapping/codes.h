/*
 * codes: what the codes of notes, skips and rejects mean, in a sentence for people.
 */
#ifndef MAPPING_CODES_H
#define MAPPING_CODES_H

#include <stddef.h>

struct mapping_code {
    const char *code;
    const char *meaning;
};

extern const struct mapping_code mapping_note_codes[];
extern const size_t mapping_note_code_count;

/* Reasons of skips, then of rejects. */
extern const struct mapping_code mapping_skip_codes[];
extern const size_t mapping_skip_code_count;
extern const struct mapping_code mapping_reject_codes[];
extern const size_t mapping_reject_code_count;

#endif
