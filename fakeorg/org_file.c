#include "fakeorg/org_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fakeorg/rules.h"
#include "fakeorg/users.h"

#define AT(member) offsetof(struct fakeorg_options, member)

static const struct outline_key user_keys[] = {
    {"username", WANT_TEXT, false, AT(username), 0},
    {"password", WANT_TEXT, false, AT(password), 0},
    {"token", WANT_TEXT, false, AT(token), 0},
};

static const struct outline_key limit_keys[] = {
    {"daily_calls", WANT_COUNT64, false, AT(daily_limit), 1000000000000},
    {"concurrent_calls", WANT_COUNT, false, AT(max_concurrent), 1000000000},
    {"latency_ms", WANT_COUNT, false, AT(latency_ms), 1000000000},
    {"latency_per_record_us", WANT_COUNT, false, AT(latency_per_record_us), 1000000000},
    {"latency_jitter_percent", WANT_COUNT, false, AT(latency_jitter_percent), 100},
};

static const struct {
    const char *name;
    const struct outline_key *keys;
    size_t key_count;
} option_sections[] = {
    {"user", user_keys, sizeof user_keys / sizeof user_keys[0]},
    {"limits", limit_keys, sizeof limit_keys / sizeof limit_keys[0]},
};

/* One of the first two is set. */
static const struct {
    const char *name;
    int (*read)(struct orgdata *org, const struct outline_node *node, struct err *err);
    int (*read_rules)(struct rules *rules, struct orgdata *org, const struct outline_node *node,
                      struct err *err);
    bool is_records;
} sections[] = {
    {"fields", org_fields_read, NULL, false},
    {"picklists", org_picklists_read, NULL, false},
    {"permissions", org_permissions_read, NULL, false},
    {"records", org_records_read, NULL, true},
    {"validation_rules", NULL, validation_read, false},
    {"duplicate_rules", NULL, duplicates_read, false},
    {"assignment_rules", NULL, assignment_read, false},
    {"locks", NULL, locks_read, false},
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

struct outline_node *org_file_read(const char *path, struct arena *arena, struct err *err)
{
    struct outline_node *root = NULL;
    struct buf text;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        err_set(err, ERR_INVALID, "%s: %s", path, strerror(errno));
        return NULL;
    }
    buf_init(&text, ORG_FILE_BYTES);
    if (read_all(fd, &text, path, err) == 0)
        root = outline_read(buf_peek(&text), text.len, path, arena, err);
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
        if (strcmp(sections[i].name, name) == 0)
            return true;
    return false;
}

static int check_sections(const struct outline_node *root, struct err *err)
{
    if (outline_is(root, OUTLINE_MAP, err) < 0)
        return -1;
    for (const struct outline_node *node = root->first; node != NULL; node = node->next)
        if (!is_section(node->key))
            return outline_fail(node, err,
                                "unknown section; expected user, limits, fields, picklists, "
                                "permissions, validation_rules, duplicate_rules, "
                                "assignment_rules, locks or records");
    return 0;
}

/* Takes over what the file says and the options do not. */
static int fill_in(const struct outline_key *key, const struct fakeorg_options *said,
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

int org_file_options(const struct outline_node *root, struct fakeorg_options *options,
                     struct arena *arena, struct err *err)
{
    struct fakeorg_options said = {0};

    if (check_sections(root, err) < 0)
        return -1;
    for (size_t i = 0; i < OPTION_SECTIONS; i++) {
        const struct outline_node *node = outline_member(root, option_sections[i].name);
        const struct outline_key *keys = option_sections[i].keys;
        size_t key_count = option_sections[i].key_count;
        if (node == NULL)
            continue;
        if (outline_take(node, keys, key_count, &said, err) < 0)
            return -1;
        for (size_t k = 0; k < key_count; k++)
            if (fill_in(&keys[k], &said, options, arena, err) < 0)
                return -1;
    }
    return 0;
}

int org_file_apply(struct service *service, const struct outline_node *root, bool records,
                   struct err *err)
{
    if (check_sections(root, err) < 0)
        return -1;
    for (size_t i = 0; i < SECTIONS; i++) {
        const struct outline_node *node = outline_member(root, sections[i].name);
        if (node == NULL || sections[i].is_records != records)
            continue;
        int rc = sections[i].read != NULL
                     ? sections[i].read(service->org, node, err)
                     : sections[i].read_rules(service->rules, service->org, node, err);
        if (rc < 0)
            return -1;
    }
    return 0;
}

/* What a posted text says of the user and limits holds from now on. */
static int post_options(struct service *service, const struct outline_node *root, struct err *err)
{
    for (size_t i = 0; i < OPTION_SECTIONS; i++) {
        const struct outline_node *node = outline_member(root, option_sections[i].name);
        for (size_t k = 0; node != NULL && k < option_sections[i].key_count; k++) {
            const struct outline_key *key = &option_sections[i].keys[k];
            if (outline_member(node, key->name) == NULL)
                continue;
            memset((char *)&service->options + key->at, 0,
                   key->want == WANT_COUNT ? sizeof(unsigned) : sizeof(uint64_t));
        }
    }
    struct fakeorg_options options = service->options;
    if (org_file_options(root, &options, &service->texts, err) < 0)
        return -1;
    service->options = options;
    service->limits.at[LIMIT_DAILY_CALLS] = (int64_t)options.daily_limit;
    service->limits.at[LIMIT_CONCURRENT_CALLS] = options.max_concurrent;
    return users_rename(service->org, options.username) < 0 ? err_memory(err) : 0;
}

int org_file_post(struct service *service, const char *text, struct err *err)
{
    struct arena arena;
    int rc = -1;

    arena_init(&arena, 20 * strlen(text) + 1024 * 1024);
    const struct outline_node *root = outline_read(text, strlen(text), "org", &arena, err);
    if (root != NULL && check_sections(root, err) == 0 && post_options(service, root, err) == 0)
        rc = org_file_apply(service, root, false, err);
    if (rc == 0)
        rc = org_file_apply(service, root, true, err);
    arena_done(&arena);
    return rc;
}
