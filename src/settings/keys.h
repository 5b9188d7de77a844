/*
 * keys: every key of the configuration file, in one table: its section, what it
 * takes, its bounds, its default and what it is for.  To add a key, add a member to
 * settings.h and a row to keys.c; reading, messages, defaults, freeing and
 * docs/configuration.md follow.
 *
 * Threads: any; the table is constant.
 */
#ifndef SETTINGS_KEYS_H
#define SETTINGS_KEYS_H

#include "settings/settings.h"

enum section { SECTION_TOP, SECTION_SOURCE, SECTION_DESTINATION, SECTIONS };

enum key_kind {
    KEY_TEXT,        /* char *: one line of text */
    KEY_SECRET,      /* char *: the same, never shown, overwritten when freed */
    KEY_SECRET_FILE, /* char *: a file whose first line is the secret */
    KEY_NAME,        /* char *: letters, digits, space . _ - */
    KEY_WRITE_KEY,   /* char *: visible ASCII without colon, as Basic auth requires */
    KEY_PATH,        /* char *: made absolute or relative to the file's folder */
    KEY_ADDRESS,     /* char *: ADDRESS:PORT to listen on */
    KEY_HOST,        /* char *: host[:port] */
    KEY_URL,         /* char *: https, or http on loopback */
    KEY_BOOL,        /* bool */
    KEY_INT,         /* int, min to max */
    KEY_COUNT,       /* int64_t, min to max */
    KEY_DURATION,    /* int64_t, milliseconds, min to max */
    KEY_SIZE,        /* int64_t, bytes, min to max */
    KEY_CHOICE,      /* an enum whose values are listed in choices, in order */
    KEY_NAMES,       /* char **: a list of names, with a count */
    KEY_ROWS,        /* struct settings_row *: trait: Field, with a count of max at most */
    KEY_SECTIONS     /* structs of section, with a count of max at most */
};

struct settings_key {
    enum section section;
    const char *name;
    enum key_kind kind;
    size_t member; /* offsets in the section's struct */
    size_t count_member;
    bool required;
    const char *default_text; /* as it would be written in the file; NULL: none */
    int64_t min, max;
    const char *choices;   /* "newest|oldest|reject" */
    enum section elements; /* of KEY_SECTIONS */
    const char *help;
};

extern const struct settings_key settings_keys[];
extern const size_t settings_key_count;

/* The key of that name in a section, or NULL. */
const struct settings_key *settings_key(enum section section, const char *name);

/* The key of the section that was probably meant by name, or NULL. */
const struct settings_key *settings_key_like(enum section section, const char *name);

size_t section_size(enum section section);
const char *section_title(enum section section); /* "sources" */

/* What a key takes, for messages and documents: "1 to 200", "true or false", ... */
void settings_key_expects(const struct settings_key *key, struct buf *out);

#endif
