/*
 * ingest_rig: the tracking API as it runs, on a memory store, and a way to read its JSON.
 */
#ifndef TESTS_INGEST_RIG_H
#define TESTS_INGEST_RIG_H

#include <stdatomic.h>

#include "raw_http.h"

#include "event/parse.h"
#include "ingest/ingest.h"

static const char rig_configuration[] =
    "listen: 127.0.0.1:0\n"
    "sources:\n"
    "  - {name: website, write_key: WK, destinations: [Salesforce]}\n"
    "  - {name: app, write_key: APP, destinations: [Salesforce, Resting]}\n"
    "  - {name: lonely, write_key: LONELY, destinations: []}\n"
    "  - {name: closed, write_key: CLOSED, destinations: [Salesforce], enabled: false}\n"
    "destinations:\n"
    "  - {name: Salesforce, account_email: a@example.com, account_password: p}\n"
    "  - {name: Resting, account_email: b@example.com, account_password: p, enabled: false}\n";

static const struct writer_limits rig_plenty = {.max_requests = 10000, .max_bytes = 256 << 20};

/* An opted-in identify of the source website. */
#define IDENTIFY(id)                                                                               \
    "{\"writeKey\":\"WK\",\"type\":\"identify\",\"messageId\":\"" id "\",\"userId\":\"u\","        \
    "\"traits\":{\"email\":\"u@example.com\"},\"integrations\":{\"Salesforce\":true}}"

struct rig {
    struct settings *settings;
    struct store *store;
    struct writer *writer;
    struct ingest *ingest;
    const char *address;
};

static inline struct settings *read_settings(const char *text)
{
    struct err err = {0};
    struct settings *settings = settings_parse(text, strlen(text), "test.yml", "/tmp", &err);

    if (settings == NULL)
        fail_msg("%s", err.text);
    return settings;
}

/* The rig's store, whose disk a test fills while its thread works. */
static atomic_bool disk_full;
static _Atomic int64_t disk_left; /* bytes free; 0: as the store in memory says */
static const struct store_api *sound_api;
static struct store_api rig_api;

static inline int begin_on_disk(struct store *store, struct err *err)
{
    if (atomic_load(&disk_full))
        return err_set(err, ERR_FULL, "no space left on device");
    return sound_api->begin(store, err);
}

static inline int usage_of_disk(struct store *store, struct store_usage *ret, struct err *err)
{
    int rc = sound_api->usage(store, ret, err);

    if (atomic_load(&disk_left) > 0) {
        ret->free_disk = atomic_load(&disk_left);
        ret->bytes = 1000;
    }
    return rc;
}

static inline void put_on_disk(struct store *store)
{
    atomic_store(&disk_full, false);
    atomic_store(&disk_left, 0);
    sound_api = store->api;
    rig_api = *sound_api;
    rig_api.begin = begin_on_disk;
    rig_api.usage = usage_of_disk;
    store->api = &rig_api;
}

static inline struct rig start_with(const char *text, struct writer_limits limits)
{
    struct err err = {0};
    struct rig rig = {.settings = read_settings(text), .store = store_open("memory", NULL, &err)};

    CHECK(rig.store != NULL);
    put_on_disk(rig.store);
    rig.writer = writer_start(rig.store, limits, &err);
    CHECK(rig.writer != NULL);
    rig.ingest = ingest_start(rig.settings, rig.writer, &err);
    if (rig.ingest == NULL)
        fail_msg("%s", err.text);
    rig.address = ingest_address(rig.ingest);
    return rig;
}

static inline struct rig start(void)
{
    return start_with(rig_configuration, rig_plenty);
}

static inline void stop(struct rig *rig)
{
    ingest_stop(rig->ingest);
    writer_stop(rig->writer);
    store_close(rig->store);
    settings_unref(rig->settings);
}

/* The value at a path like "traits/name", as text; NULL when there is none. */
static inline char *value_at(const char *json, size_t len, const char *path)
{
    struct doc doc;
    struct err err = {0};
    const struct doc_node *node;
    char *text, name[100];
    size_t size;

    if (doc_parse(&doc, json, len, &err) < 0)
        fail_msg("%s", err.text);
    node = doc_root(&doc);
    while (node != NULL && *path != '\0') {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(path, "/"), path);
        path += strcspn(path, "/");
        path += *path == '/';
        node = doc_get(&doc, node, name);
    }
    text = node == NULL ? NULL : doc_text(&doc, node, &size);
    doc_done(&doc);
    return text;
}

static inline void check_value(const char *json, const char *path, const char *expected)
{
    char *value = value_at(json, strlen(json), path);

    if (value == NULL || expected == NULL)
        CHECK(value == expected);
    else
        CHECK_STR(value, expected);
    mem_free(value);
}

#endif
