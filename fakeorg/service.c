#include "fakeorg/service.h"

#include <string.h>

#include "base/mem.h"
#include "fakeorg/users.h"

struct fakeorg_options fakeorg_defaults(void)
{
    return (struct fakeorg_options){.address = "127.0.0.1",
                                    .username = "integration@example.com",
                                    .password = "secret",
                                    .token = "token",
                                    .daily_limit = 100000,
                                    .latency_seed = 1};
}

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

struct service *service_new(const struct fakeorg_options *options, struct err *err)
{
    struct service *service = mem_zero(1, sizeof *service);

    if (service == NULL) {
        err_memory(err);
        return NULL;
    }
    service->options = *options;
    pthread_mutex_init(&service->lock, NULL);
    quota_init(&service->quota, options->daily_limit);
    latency_init(&service->latency, options->latency_seed);
    switches_init(&service->switches);
    if (mishaps_add(&service->mishaps, options->faults, options->fault_count, err) < 0)
        goto out;
    for (size_t i = 0; i < options->switch_count; i++)
        if (switches_set(&service->switches, options->switches[i], err) < 0)
            goto out;
    service->org = orgdata_new(err);
    if (service->org == NULL)
        goto out;
    if (users_rename(service->org, options->username) < 0) {
        err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < options->field_count; i++)
        if (add_field(service->org, options->fields[i], err) < 0)
            goto out;
    return service;
out:
    service_free(service);
    return NULL;
}

void service_free(struct service *service)
{
    if (service == NULL)
        return;
    mishaps_clear(&service->mishaps);
    latency_done(&service->latency);
    cursors_clear(&service->cursors);
    orgdata_free(service->org);
    pthread_mutex_destroy(&service->lock);
    mem_free(service);
}
