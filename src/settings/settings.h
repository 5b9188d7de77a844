/*
 * settings: the configuration file as checked values.
 *
 * One table in keys.c names every key with its type, bounds, default and help
 * text; reading, error messages, docs/configuration.md and "leadline help settings"
 * all use it.
 *
 * Threads:  read-only once read; shared by reference count.
 * Memory:   settings_unref frees with the last reference; secrets are in locked memory.
 */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"

enum several_matches { SEVERAL_NEWEST, SEVERAL_OLDEST, SEVERAL_REJECT };
enum converted_lead { CONVERTED_CONTACT, CONVERTED_CREATE, CONVERTED_REJECT };
enum assignment_rules { ASSIGN_ON_CREATE, ASSIGN_NEVER, ASSIGN_ALWAYS };

/* trait -> field, from custom_lead_lookup_fields and fields */
struct settings_row {
    char *trait;
    char *field;
};

struct binding; /* mapping/binding.h */

struct destination_settings {
    char *name;
    bool enabled;
    char *login_url; /* never NULL: derived from sandbox when left out; no trailing slash */
    char *account_email;
    char *account_password;
    char *security_token; /* "" when left out */
    bool sandbox;
    int version; /* 1: identify only; 2: group too */
    bool always_enabled;
    bool send_address_as_billing;
    bool send_address_as_shipping;
    struct settings_row *lead_lookup; /* empty: by Email */
    size_t lead_lookup_count;
    struct settings_row *lead_fields; /* extra mapping rows that open a field by name */
    size_t lead_fields_count;
    struct settings_row *account_fields;
    size_t account_fields_count;
    bool null_clears;
    enum several_matches several_matches;
    enum converted_lead converted_lead;
    enum assignment_rules assignment_rules;
    bool save_past_duplicate_alerts;
    int64_t linger_ms;               /* 1000 */
    int max_concurrent_calls;        /* 4 */
    int batch_size;                  /* 200, the most Salesforce takes */
    int64_t renew_every_ms;          /* 30 min: session and describe */
    int64_t remember_ids_ms;         /* 15 min */
    int64_t unknown_outcome_wait_ms; /* 10 min: Salesforce's longest call */
    int64_t call_timeout_ms;         /* 2 min */
    int64_t retry_first_ms;          /* 1 s */
    int64_t retry_longest_ms;        /* 10 min */
    int64_t refused_window_ms;       /* 1 h */
    int64_t reserve_calls;           /* API calls of the day left for others; 0 */
    /* Bindings of this destination only; NULL: the built-in ones.  Borrowed: they must live as
       long as the settings. */
    const struct binding *bindings;
    size_t binding_count;
};

struct source_settings {
    char *name;
    char *write_key;
    bool enabled;
    char **destinations; /* names, each known */
    size_t destination_count;
    /* 0: no limit */
    int64_t max_events_per_second, max_bytes_per_day;
    int64_t max_events_per_second_per_address, max_bytes_per_day_per_address;
};

struct settings {
    char *listen;       /* "127.0.0.1:8080" */
    char *admin_listen; /* "127.0.0.1:8081" */
    char *public_host;  /* for the SDKs' settings answer, "host[:port]"; NULL: from the request */
    char *data_dir;     /* absolute, or relative to the configuration file's folder: resolved */
    char *secrets_key_file; /* opens the sealed secrets of data_dir; NULL: as key_find says */
    enum log_level log_level;
    int64_t keep_receipts_ms;     /* at least 7 days: the time in which a messageId counts once */
    int64_t keep_dead_letters_ms; /* then they are deleted */
    int64_t keep_known_ms;    /* what was last written to a record, and the time of those values */
    int64_t max_queue_events; /* waiting deliveries */
    int64_t max_store_size;   /* bytes */
    int64_t min_free_disk;    /* bytes */
    int max_connections;
    int trusted_proxies; /* 0: a client's address is that of its connection */
    struct source_settings *sources;
    size_t source_count;
    struct destination_settings *destinations;
    size_t destination_count;
    int references;
};

#define SETTINGS_MAX_FINDINGS 50

/* Everything that is wrong with a file, and what is allowed but probably not meant, by
   line. */
struct settings_finding {
    bool error;     /* else a warning */
    int line;       /* 0: of the file as a whole */
    char text[512]; /* "FILE:LINE: PLACE: what" */
};
struct settings_findings {
    struct settings_finding list[SETTINGS_MAX_FINDINGS];
    size_t count;
    size_t errors;   /* all of them */
    size_t left_out; /* errors and warnings beyond the list's capacity */
    bool secrets;    /* the file itself contains a password or a token */
};

/* Reads and checks a file.  *findings is always filled, with every mistake up to its end: naming
   file, line, key, what was found and what was expected.  Reading stops at text that is not
   YAML, or YAML that is not supported.  NULL: *err is the first mistake, or ERR_MEMORY.
   Environment: LEADLINE_ACCOUNT_PASSWORD, LEADLINE_SECURITY_TOKEN fill in what a single
   destination leaves out. */
MUST_USE struct settings *settings_examine(const char *path, struct settings_findings *findings,
                                           struct err *err);

/* The same from text; base_dir is what relative paths start from, name is for messages. */
MUST_USE struct settings *settings_parse(const char *text, size_t len, const char *name,
                                         const char *base_dir, struct err *err);

/* The same with everything that was found. */
MUST_USE struct settings *settings_parse_all(const char *text, size_t len, const char *name,
                                             const char *base_dir,
                                             struct settings_findings *findings, struct err *err);

/* Only the file's admin_listen, data_dir and secrets_key_file, for commands that ask the
   running server or manage its secrets: sources and destinations are left empty, and no secret is
   read or required. */
MUST_USE struct settings *settings_read_admin(const char *path, struct err *err);

struct settings *settings_ref(struct settings *settings);
void settings_unref(struct settings *settings);

const struct source_settings *settings_source(const struct settings *settings,
                                              const char *write_key);
const struct destination_settings *settings_destination(const struct settings *settings,
                                                        const char *name);

/* True when both would deliver alike: every key the same, secrets included. */
bool settings_destination_equal(const struct destination_settings *a,
                                const struct destination_settings *b);

/* The folder in data_dir that keeps the schema of the destination's org; another org under
   the same name has its own.  mem_free it; NULL: no memory. */
MUST_USE char *settings_schema_dir(const struct settings *settings,
                                   const struct destination_settings *destination);

/* A destination with every default, for commands that run without a file. */
MUST_USE struct settings *settings_default(struct err *err);

/* The reference tables as Markdown, printed from the table. */
void settings_print_reference(struct buf *out);

#endif
