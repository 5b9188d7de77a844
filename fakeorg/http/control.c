/* control: what tests can change: fields, records, sessions, and sections of the org's file. */
#include "fakeorg/http/views.h"

#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "fakeorg/data/recycle_bin.h"
#include "fakeorg/data/convert.h"
#include "fakeorg/http/control_answer.h"
#include "fakeorg/org/org_file.h"

/* The options after a type, as in --field. */
static const char *marks_of(const json_t *json)
{
    static const char *const marks[] = {"",
                                        ",external",
                                        ",unique",
                                        ",external,unique",
                                        ",caseSensitive",
                                        ",external,caseSensitive",
                                        ",unique,caseSensitive",
                                        ",external,unique,caseSensitive"};

    return marks[(json_is_true(json_object_get(json, "external")) ? 1 : 0) +
                 (json_is_true(json_object_get(json, "unique")) ? 2 : 0) +
                 (json_is_true(json_object_get(json, "caseSensitive")) ? 4 : 0)];
}

/* {"object":"Lead","name":"x__c","type":"string","length":50}; type may also be written
   as in --field; "external", "unique" and "caseSensitive" may be true. */
static int add_field(struct service *service, const json_t *json, struct err *err)
{
    const char *object_name = json_string_value(json_object_get(json, "object"));
    const char *name = json_string_value(json_object_get(json, "name"));
    const char *type = json_string_value(json_object_get(json, "type"));
    json_int_t length = json_integer_value(json_object_get(json, "length"));
    int rc = -1;

    if (object_name == NULL || name == NULL || type == NULL)
        return err_set(err, ERR_INVALID, "expected object, name and type");
    char *spec = length > 0 ? mem_format("%s:%lld%s", type, (long long)length, marks_of(json))
                            : mem_format("%s%s", type, marks_of(json));
    if (spec == NULL)
        return err_memory(err);
    pthread_mutex_lock(&service->lock);
    struct object *object = orgdata_any_object(service->org, object_name);
    struct field *field = object == NULL ? NULL : field_new_custom(name, spec, err);
    if (object == NULL)
        err_set(err, ERR_INVALID, "there is no such object");
    else if (field != NULL)
        rc = object_add_field(object, field, err);
    pthread_mutex_unlock(&service->lock);
    mem_free(spec);
    return rc;
}

unsigned control_fields(struct service *service, const char *rest, const char *body,
                        struct buf *out)
{
    struct err err = {0};
    json_t *json = json_loads(body, 0, NULL);
    int rc = add_field(service, json, &err);

    json_decref(json);
    return rc < 0 ? control_refuse(out, err.text) : control_done(out);
}

unsigned control_reset(struct service *service, const char *rest, const char *body, struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    cursors_clear(&service->cursors);
    orgdata_reset(service->org);
    calllog_clear(&service->log);
    transcript_clear(&service->transcript);
    quota_reset(&service->access.quota);
    signin_reset(&service->access.signin);
    pthread_mutex_unlock(&service->lock);
    return control_done(out);
}

/* The record named by {"id":"..."}, or another key.  Call with the lock held. */
static struct record *named_record(struct service *service, const char *body, const char *key,
                                   struct err *err)
{
    json_t *json = json_loads(body, 0, NULL);
    const char *text = json_string_value(json_object_get(json, key));
    struct record *record = NULL;
    char id[ID_MAX];

    if (text == NULL || !id_read(text, strlen(text), id))
        err_set(err, ERR_INVALID, "%s: expected an id of 15 or 18 characters", key);
    else if ((record = orgdata_record(service->org, id)) == NULL || record->deleted)
        err_set(err, ERR_INVALID, "there is no record %s", id);
    json_decref(json);
    return record != NULL && record->deleted ? NULL : record;
}

unsigned control_convert(struct service *service, const char *rest, const char *body,
                         struct buf *out)
{
    static const struct convert_wish plain = {0};
    struct conversion done = {0};
    struct err err = {0};
    int rc = -1;

    pthread_mutex_lock(&service->lock);
    struct record *lead = named_record(service, body, "id", &err);
    if (lead != NULL && lead->object != orgdata_any_object(service->org, "Lead"))
        err_set(&err, ERR_INVALID, "%s is not a lead", lead->id);
    else if (lead != NULL && convert_done(lead))
        err_set(&err, ERR_INVALID, "%s is converted already", lead->id);
    else if (lead != NULL)
        rc = convert_lead(service->org, lead, &plain, &done) < 0 ? err_memory(&err) : 0;
    if (rc == 0)
        buf_format(out, "{\"leadId\":\"%s\",\"accountId\":\"%s\",\"contactId\":\"%s\"}", lead->id,
                   done.account->id, done.contact->id);
    pthread_mutex_unlock(&service->lock);
    return rc < 0 ? control_refuse(out, err.text) : 200;
}

unsigned control_delete(struct service *service, const char *rest, const char *body,
                        struct buf *out)
{
    struct err err = {0};
    int rc = -1;

    pthread_mutex_lock(&service->lock);
    struct record *record = named_record(service, body, "id", &err);
    if (record != NULL)
        rc = recycle_bin_put(service->org, record) < 0 ? err_memory(&err) : 0;
    pthread_mutex_unlock(&service->lock);
    return rc < 0 ? control_refuse(out, err.text) : control_done(out);
}

/* {"id":"...","master":"..."}: the first is merged into the second. */
unsigned control_merge(struct service *service, const char *rest, const char *body, struct buf *out)
{
    struct record *loser, *master = NULL;
    struct err err = {0};
    int rc = -1;

    pthread_mutex_lock(&service->lock);
    loser = named_record(service, body, "id", &err);
    if (loser != NULL)
        master = named_record(service, body, "master", &err);
    if (master != NULL && (master == loser || master->object != loser->object))
        err_set(&err, ERR_INVALID, "expected two records of one object");
    else if (master != NULL)
        rc = recycle_bin_merge(service->org, loser, master) < 0 ? err_memory(&err) : 0;
    pthread_mutex_unlock(&service->lock);
    return rc < 0 ? control_refuse(out, err.text) : control_done(out);
}

/* Sections of an org's file, as YAML or JSON. */
unsigned control_org(struct service *service, const char *rest, const char *body, struct buf *out)
{
    struct err err = {0};

    pthread_mutex_lock(&service->lock);
    int rc = org_file_post(service, body, &err);
    pthread_mutex_unlock(&service->lock);
    return rc < 0 ? control_refuse(out, err.text) : control_done(out);
}

unsigned control_expire_sessions(struct service *service, const char *rest, const char *body,
                                 struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    session_expire(&service->access.session);
    pthread_mutex_unlock(&service->lock);
    return control_done(out);
}
