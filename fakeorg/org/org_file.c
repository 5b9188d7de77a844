/* The table of sections. */
#include "fakeorg/org/org_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fakeorg/data/users.h"
#include "fakeorg/org/org_fields.h"
#include "fakeorg/org/org_records.h"
#include "fakeorg/rules/assignment.h"
#include "fakeorg/rules/duplicates.h"
#include "fakeorg/rules/locks.h"
#include "fakeorg/rules/validation.h"

#define MAX_SETTING 256
#define AT(member)  offsetof(struct fakeorg_options, member)

static const struct yml_key user_keys[] = {
    {"username", WANT_TEXT, false, AT(username), 0},
    {"password", WANT_TEXT, false, AT(password), 0},
    {"token", WANT_TEXT, false, AT(token), 0},
};

static const struct yml_key latency_keys[] = {
    {"ms", WANT_COUNT, false, AT(latency_ms), 1000000000},
    {"per_record_us", WANT_COUNT, false, AT(latency_per_record_us), 1000000000},
    {"jitter_percent", WANT_COUNT, false, AT(latency_jitter_percent), 100},
};

static const struct {
    const char *name;
    const struct yml_key *keys;
    size_t key_count;
} option_sections[] = {
    {"user", user_keys, sizeof user_keys / sizeof user_keys[0]},
    {"latency", latency_keys, sizeof latency_keys / sizeof latency_keys[0]},
};

/* Writes "name=value", as the tables of limits and quirks read it, to text. */
static int write_setting(const struct yml_node *node, char *text, size_t size, struct err *err)
{
    const char *value;

    if (yml_text(node, &value, err) < 0)
        return -1;
    if ((size_t)snprintf(text, size, "%s=%s", node->key, value) >= size)
        return yml_fail(node, err, "text is too long");
    return 0;
}

static int explain(const struct yml_node *node, const struct err *why, struct err *err)
{
    return why->kind == ERR_MEMORY ? err_memory(err) : yml_fail(node, err, "%s", why->text);
}

static int read_limits(struct service *service, const struct yml_node *map, struct err *err)
{
    char text[MAX_SETTING];
    struct err why = {0};

    if (yml_is(map, YML_MAP, err) < 0)
        return -1;
    for (const struct yml_node *node = map->first; node != NULL; node = node->next) {
        if (write_setting(node, text, sizeof text, err) < 0)
            return -1;
        if (limits_set(&service->access.limits, text, &why) < 0)
            return explain(node, &why, err);
    }
    return 0;
}

static int read_quirks(struct service *service, const struct yml_node *map, struct err *err)
{
    char text[MAX_SETTING];
    struct err why = {0};

    if (yml_is(map, YML_MAP, err) < 0)
        return -1;
    for (const struct yml_node *node = map->first; node != NULL; node = node->next) {
        if (write_setting(node, text, sizeof text, err) < 0)
            return -1;
        if (quirks_set(&service->quirks, text, &why) < 0)
            return explain(node, &why, err);
    }
    return 0;
}

static int read_faults(struct service *service, const struct yml_node *list, struct err *err)
{
    struct err why = {0};
    const char *text;

    if (yml_is(list, YML_LIST, err) < 0)
        return -1;
    for (const struct yml_node *node = list->first; node != NULL; node = node->next) {
        if (yml_text(node, &text, err) < 0)
            return -1;
        if (faults_add(&service->faults, &text, 1, &why) < 0)
            return explain(node, &why, err);
    }
    return 0;
}

/* One of the three functions reads the section.  An old name is accepted for one more release. */
static const struct {
    const char *name, *old_name;
    enum org_stage stage;
    int (*settings)(struct service *service, const struct yml_node *node, struct err *err);
    int (*tables)(struct orgdata *org, const struct yml_node *node, struct err *err);
    int (*rules)(struct rules *rules, const struct yml_node *node, struct err *err);
} sections[] = {
    {"limits", NULL, STAGE_SETTINGS, .settings = read_limits},
    {"quirks", "switches", STAGE_SETTINGS, .settings = read_quirks},
    {"faults", NULL, STAGE_SETTINGS, .settings = read_faults},
    {"fields", NULL, STAGE_DEFINITION, .tables = org_fields_read},
    {"picklists", NULL, STAGE_DEFINITION, .tables = org_picklists_read},
    {"permissions", NULL, STAGE_DEFINITION, .tables = org_permissions_read},
    {"validation_rules", NULL, STAGE_DEFINITION, .rules = validation_read},
    {"duplicate_rules", NULL, STAGE_DEFINITION, .rules = duplicates_read},
    {"assignment_rules", NULL, STAGE_DEFINITION, .rules = assignment_read},
    {"locks", NULL, STAGE_DEFINITION, .rules = locks_read},
    {"records", NULL, STAGE_RECORDS, .tables = org_records_read},
};

#define OPTION_SECTIONS (sizeof option_sections / sizeof option_sections[0])
#define SECTIONS        (sizeof sections / sizeof sections[0])

static int read_all(int fd, struct buf *text, const char *path, struct err *err)
{
    char piece[64 * 1024];
    ssize_t len;

    while ((len = read(fd, piece, sizeof piece)) != 0) {
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0)
            return err_set(err, ERR_INVALID, "%s: %s", path, strerror(errno));
        buf_put(text, piece, (size_t)len);
    }
    return buf_check(text, path, err);
}

struct yml_node *org_file_read(const char *path, struct arena *arena, struct err *err)
{
    struct yml_node *root = NULL;
    struct buf text;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        err_set(err, ERR_INVALID, "%s: %s", path, strerror(errno));
        return NULL;
    }
    buf_init(&text, ORG_FILE_BYTES);
    if (read_all(fd, &text, path, err) == 0)
        root = yml_read(buf_peek(&text), text.len, path, arena, err);
    buf_done(&text);
    close(fd);
    return root;
}

static bool is_section(const char *name)
{
    for (size_t i = 0; i < OPTION_SECTIONS; i++)
        if (strcmp(option_sections[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < SECTIONS; i++)
        if (strcmp(sections[i].name, name) == 0 ||
            (sections[i].old_name != NULL && strcmp(sections[i].old_name, name) == 0))
            return true;
    return false;
}

/* "user, latency, limits, ..." */
static int unknown_section(const struct yml_node *node, struct err *err)
{
    char names[MAX_SETTING] = "";

    for (size_t i = 0; i < OPTION_SECTIONS + SECTIONS; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i == 0 ? "" : ", ",
                 i < OPTION_SECTIONS ? option_sections[i].name
                                     : sections[i - OPTION_SECTIONS].name);
    return yml_fail(node, err, "unknown section; expected one of %s", names);
}

static int check_sections(const struct yml_node *root, struct err *err)
{
    if (yml_is(root, YML_MAP, err) < 0)
        return -1;
    for (const struct yml_node *node = root->first; node != NULL; node = node->next)
        if (!is_section(node->key))
            return unknown_section(node, err);
    return 0;
}

/* Takes the value of the file if the options have none. */
static int fill_in(const struct yml_key *key, const struct fakeorg_options *said,
                   struct fakeorg_options *options, struct arena *arena, struct err *err)
{
    const char *from = (const char *)said + key->at;
    char *to = (char *)options + key->at;

    if (key->want == WANT_TEXT) {
        const char *text = *(const char *const *)from, **place = (const char **)to;
        if (*place != NULL || text == NULL)
            return 0;
        *place = arena_text(arena, text, strlen(text));
        return *place == NULL ? err_memory(err) : 0;
    }
    if (key->want == WANT_COUNT64 && *(uint64_t *)to == 0)
        *(uint64_t *)to = *(const uint64_t *)from;
    if (key->want == WANT_COUNT && *(unsigned *)to == 0)
        *(unsigned *)to = *(const unsigned *)from;
    return 0;
}

int org_file_options(const struct yml_node *root, struct fakeorg_options *options,
                     struct arena *arena, struct err *err)
{
    struct fakeorg_options said = {0};

    if (check_sections(root, err) < 0)
        return -1;
    for (size_t i = 0; i < OPTION_SECTIONS; i++) {
        const struct yml_node *node = yml_member(root, option_sections[i].name);
        const struct yml_key *keys = option_sections[i].keys;
        size_t key_count = option_sections[i].key_count;
        if (node == NULL)
            continue;
        if (yml_take(node, keys, key_count, &said, err) < 0)
            return -1;
        for (size_t k = 0; k < key_count; k++)
            if (fill_in(&keys[k], &said, options, arena, err) < 0)
                return -1;
    }
    return 0;
}

static int apply_section(struct service *service, size_t section, const struct yml_node *node,
                         struct err *err)
{
    if (sections[section].settings != NULL)
        return sections[section].settings(service, node, err);
    if (sections[section].tables != NULL)
        return sections[section].tables(service->org, node, err);
    return sections[section].rules(service->rules, node, err);
}

int org_file_apply(struct service *service, const struct yml_node *root, enum org_stage stage,
                   struct err *err)
{
    if (check_sections(root, err) < 0)
        return -1;
    for (size_t i = 0; i < SECTIONS; i++) {
        const struct yml_node *node = yml_member(root, sections[i].name);
        if (node == NULL && sections[i].old_name != NULL)
            node = yml_member(root, sections[i].old_name);
        if (node != NULL && sections[i].stage == stage && apply_section(service, i, node, err) < 0)
            return -1;
    }
    return 0;
}

/* Applies user and latency of a posted text. */
static int post_options(struct service *service, const struct yml_node *root, struct err *err)
{
    for (size_t i = 0; i < OPTION_SECTIONS; i++) {
        const struct yml_node *node = yml_member(root, option_sections[i].name);
        for (size_t k = 0; node != NULL && k < option_sections[i].key_count; k++) {
            const struct yml_key *key = &option_sections[i].keys[k];
            if (yml_member(node, key->name) == NULL)
                continue;
            memset((char *)&service->options + key->at, 0,
                   key->want == WANT_COUNT ? sizeof(unsigned) : sizeof(uint64_t));
        }
    }
    struct fakeorg_options options = service->options;
    if (org_file_options(root, &options, &service->texts, err) < 0)
        return -1;
    service->options = options;
    return users_rename(service->org, options.username) < 0 ? err_memory(err) : 0;
}

int org_file_post(struct service *service, const char *text, struct err *err)
{
    struct arena arena;
    int rc = -1;

    arena_init(&arena, 20 * strlen(text) + 1024 * 1024);
    const struct yml_node *root = yml_read(text, strlen(text), "org", &arena, err);
    if (root != NULL && check_sections(root, err) == 0)
        rc = post_options(service, root, err);
    for (enum org_stage stage = STAGE_SETTINGS; stage <= STAGE_RECORDS && rc == 0; stage++)
        rc = org_file_apply(service, root, stage, err);
    arena_done(&arena);
    return rc;
}
