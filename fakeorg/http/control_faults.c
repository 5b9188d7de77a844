/* control_faults: shows, sets and resets faults on demand and quirks. */
#include "fakeorg/http/views.h"

#include <string.h>

#include <jansson.h>

#include "fakeorg/http/control_answer.h"

unsigned view_faults(struct service *service, const char *rest, const char *body, struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    faults_show(&service->faults, out);
    pthread_mutex_unlock(&service->lock);
    return 200;
}

/* ["create:cut-after-save,nth=3", ...] adds faults; {"clear":true} removes all;
   {"clear":true,"faults":[...]} replaces them atomically. */
static int change_faults(struct faults *faults, const json_t *json, struct err *err)
{
    const json_t *list = json_is_array(json) ? json : json_object_get(json, "faults");
    bool clear = json_is_true(json_object_get(json, "clear"));
    const char *specs[FAULT_RULES];
    size_t count = json_array_size(list), before = faults->count;

    if ((list == NULL && !clear) || (list != NULL && !json_is_array(list)) || count > FAULT_RULES)
        return err_set(err, ERR_INVALID, "expected a list of at most %d texts, or {\"clear\":true}",
                       FAULT_RULES);
    for (size_t i = 0; i < count; i++) {
        specs[i] = json_string_value(json_array_get(list, i));
        if (specs[i] == NULL)
            return err_set(err, ERR_INVALID, "expected a list of texts");
    }
    if (faults_add(faults, specs, count, err) < 0)
        return -1;
    if (clear)
        faults_drop(faults, before);
    return 0;
}

unsigned control_faults(struct service *service, const char *rest, const char *body,
                        struct buf *out)
{
    struct err err = {0};
    json_t *json = json_loads(body, 0, NULL);

    pthread_mutex_lock(&service->lock);
    int rc = change_faults(&service->faults, json, &err);
    pthread_mutex_unlock(&service->lock);
    json_decref(json);
    return rc < 0 ? control_refuse(out, err.text) : view_faults(service, rest, body, out);
}

unsigned control_clear_faults(struct service *service, const char *rest, const char *body,
                              struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    faults_clear(&service->faults);
    pthread_mutex_unlock(&service->lock);
    return view_faults(service, rest, body, out);
}

unsigned view_quirks(struct service *service, const char *rest, const char *body, struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    struct quirks quirks = service->quirks;
    pthread_mutex_unlock(&service->lock);
    quirks_show(&quirks, out);
    return 200;
}

/* {"ids":"once","prefixes":"foreign"}: sets sets all of them or none. */
static int set_quirks(struct quirks *quirks, const json_t *json, struct err *err)
{
    const char *name;
    json_t *value;

    if (!json_is_object(json))
        return err_set(err, ERR_INVALID, "expected {\"NAME\":\"VALUE\"}");
    json_object_foreach((json_t *)json, name, value) {
        enum quirk_id id = quirk_named(name, strlen(name));
        if (id == QUIRKS)
            return err_set(err, ERR_INVALID, "there is no quirk %.100s", name);
        if (!json_is_string(value))
            return err_set(err, ERR_INVALID, "quirk %s: expected a text", name);
        if (quirk_set(quirks, id, json_string_value(value), err) < 0)
            return -1;
    }
    return 0;
}

unsigned control_quirks(struct service *service, const char *rest, const char *body,
                        struct buf *out)
{
    struct err err = {0};
    json_t *json = json_loads(body, JSON_REJECT_DUPLICATES, NULL);

    pthread_mutex_lock(&service->lock);
    struct quirks quirks = service->quirks;
    int rc = set_quirks(&quirks, json, &err);
    if (rc == 0)
        service->quirks = quirks;
    pthread_mutex_unlock(&service->lock);
    json_decref(json);
    return rc < 0 ? control_refuse(out, err.text) : view_quirks(service, rest, body, out);
}

unsigned control_clear_quirks(struct service *service, const char *rest, const char *body,
                              struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    quirks_init(&service->quirks);
    pthread_mutex_unlock(&service->lock);
    return view_quirks(service, rest, body, out);
}
