/* Creates an org from its options, its file and its journal. */
#include "fakeorg/org/setup.h"

#include <string.h>

#include "base/mem.h"
#include "fakeorg/data/journal.h"
#include "fakeorg/data/users.h"
#include "fakeorg/org/org_file.h"
#include "fakeorg/rules/rules.h"

/* "Lead.testProp__c=string:50" */
static int add_field(struct orgdata *org, const char *spec, struct err *err)
{
    const char *dot = strchr(spec, '.'), *equals = strchr(spec, '=');
    char *object_name = NULL, *field_name = NULL;
    int rc = -1;

    if (dot == NULL || equals == NULL || equals < dot)
        return err_set(err, ERR_INVALID, "field %s: expected Object.Name__c=type", spec);
    object_name = mem_text_n(spec, (size_t)(dot - spec));
    field_name = mem_text_n(dot + 1, (size_t)(equals - dot - 1));
    if (object_name == NULL || field_name == NULL) {
        err_memory(err);
        goto out;
    }
    struct object *object = orgdata_any_object(org, object_name);
    if (object == NULL) {
        err_set(err, ERR_INVALID, "there is no object %s", object_name);
        goto out;
    }
    struct field *field = field_new_custom(field_name, equals + 1, err);
    if (field != NULL)
        rc = object_add_field(object, field, err);
out:
    mem_free(object_name);
    mem_free(field_name);
    return rc < 0 ? err_wrap(err, "field %s", spec) : 0;
}

/* Defaults for what neither the command line nor the org's file set. */
static void fill_in_defaults(struct fakeorg_options *options)
{
    const struct fakeorg_options defaults = fakeorg_defaults();

    if (options->username == NULL)
        options->username = defaults.username;
    if (options->password == NULL)
        options->password = defaults.password;
    if (options->token == NULL)
        options->token = defaults.token;
    if (options->latency_seed == 0)
        options->latency_seed = defaults.latency_seed;
}

/* Objects, fields, rules and records.  root is the org's file, or NULL. */
static int define_org(struct service *service, const struct yml_node *root, struct err *err)
{
    const struct fakeorg_options *options = &service->options;

    if (calllog_init(&service->log) < 0)
        return err_memory(err);
    service->org = orgdata_new(err);
    if (service->org == NULL)
        return -1;
    service->rules = rules_new(service->org);
    if (service->rules == NULL || users_rename(service->org, options->username) < 0)
        return err_memory(err);
    for (size_t i = 0; i < options->field_count; i++)
        if (add_field(service->org, options->fields[i], err) < 0)
            return -1;
    if (root != NULL && org_file_apply(service, root, STAGE_DEFINITION, err) < 0)
        return -1;
    if (options->data_file != NULL) {
        service->journal = journal_open(options->data_file, service->org, err);
        if (service->journal == NULL)
            return -1;
        orgdata_begin_history(service->org);
    }
    if (root == NULL || (service->journal != NULL && !journal_is_new(service->journal)))
        return 0;
    if (org_file_apply(service, root, STAGE_RECORDS, err) < 0)
        return -1;
    return journal_commit(service->journal, err);
}

/* Limits, quirks and faults: the command line takes precedence over the file. */
static int set_knobs(struct service *service, const struct yml_node *root, struct err *err)
{
    const struct fakeorg_options *options = &service->options;

    limits_init(&service->access.limits);
    quirks_init(&service->quirks);
    if (root != NULL && org_file_apply(service, root, STAGE_SETTINGS, err) < 0)
        return -1;
    if (options->daily_limit != 0)
        service->access.limits.at[LIMIT_DAILY_CALLS] = (int64_t)options->daily_limit;
    if (options->max_concurrent != 0)
        service->access.limits.at[LIMIT_CONCURRENT_CALLS] = options->max_concurrent;
    for (size_t i = 0; i < options->limit_count; i++)
        if (limits_set(&service->access.limits, options->limits[i], err) < 0)
            return -1;
    service->access.first_limits = service->access.limits;
    for (size_t i = 0; i < options->quirk_count; i++)
        if (quirks_set(&service->quirks, options->quirks[i], err) < 0)
            return -1;
    return faults_add(&service->faults, options->faults, options->fault_count, err);
}

static int set_up(struct service *service, struct err *err)
{
    struct fakeorg_options *options = &service->options;
    const struct yml_node *root = NULL;
    struct arena arena;
    int rc = 0;

    arena_init(&arena, 20 * ORG_FILE_BYTES);
    arena_init(&service->texts, ORG_FILE_BYTES);
    if (options->org_file != NULL) {
        root = org_file_read(options->org_file, &arena, err);
        rc = root == NULL ? -1 : org_file_options(root, options, &service->texts, err);
    }
    fill_in_defaults(options);
    quota_reset(&service->access.quota);
    signin_reset(&service->access.signin);
    latency_init(&service->latency, options->latency_seed);
    if (rc == 0)
        rc = set_knobs(service, root, err);
    if (rc == 0)
        rc = define_org(service, root, err);
    arena_done(&arena);
    return rc;
}

struct service *service_new(const struct fakeorg_options *options, struct err *err)
{
    struct service *service = mem_zero(1, sizeof *service);

    if (service == NULL) {
        err_memory(err);
        return NULL;
    }
    service->options = *options;
    pthread_mutex_init(&service->lock, NULL);
    if (set_up(service, err) == 0)
        return service;
    service_free(service);
    return NULL;
}
