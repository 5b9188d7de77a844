#include "fakeorg/views.h"

#include <string.h>

#include <jansson.h>

#include "base/json_text.h"

static unsigned refuse(struct buf *out, const char *why)
{
    buf_clear(out);
    buf_text(out, "{\"error\":");
    json_text_string(out, why, strlen(why));
    buf_char(out, '}');
    return 400;
}

unsigned view_switches(struct service *service, const char *rest, const char *body, struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    struct switches switches = service->switches;
    pthread_mutex_unlock(&service->lock);
    switches_show(&switches, out);
    return 200;
}

/* {"ids":"once","prefixes":"foreign"}: all of them or none. */
static int set_switches(struct switches *switches, const json_t *json, struct err *err)
{
    const char *name;
    json_t *value;

    if (!json_is_object(json))
        return err_set(err, ERR_INVALID, "expected {\"NAME\":\"VALUE\"}");
    json_object_foreach((json_t *)json, name, value)
    {
        enum switch_id id = switch_named(name, strlen(name));
        if (id == SWITCHES)
            return err_set(err, ERR_INVALID, "there is no switch %.100s", name);
        if (!json_is_string(value))
            return err_set(err, ERR_INVALID, "switch %s: expected a text", name);
        if (switch_set(switches, id, json_string_value(value), err) < 0)
            return -1;
    }
    return 0;
}

unsigned control_switches(struct service *service, const char *rest, const char *body,
                          struct buf *out)
{
    struct err err = {0};
    json_t *json = json_loads(body, JSON_REJECT_DUPLICATES, NULL);

    pthread_mutex_lock(&service->lock);
    struct switches switches = service->switches;
    int rc = set_switches(&switches, json, &err);
    if (rc == 0)
        service->switches = switches;
    pthread_mutex_unlock(&service->lock);
    json_decref(json);
    return rc < 0 ? refuse(out, err.text) : view_switches(service, rest, body, out);
}

unsigned control_clear_switches(struct service *service, const char *rest, const char *body,
                                struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    switches_init(&service->switches);
    pthread_mutex_unlock(&service->lock);
    return view_switches(service, rest, body, out);
}
