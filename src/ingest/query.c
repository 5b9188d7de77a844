/* Builds the JSON object from parameters, or decodes the one in data=. */
#include "ingest/query.h"

#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "ingest/base64.h"

struct query {
    json_t *fields;
    char *data; /* the parameter of that name */
};

struct query *query_new(struct err *err)
{
    struct query *query = mem_zero(1, sizeof *query);

    if (query != NULL)
        query->fields = json_object();
    if (query == NULL || query->fields == NULL) {
        err_memory(err);
        query_free(query);
        return NULL;
    }
    return query;
}

void query_free(struct query *query)
{
    if (query == NULL)
        return;
    json_decref(query->fields);
    mem_free(query->data);
    mem_free(query);
}

/* The object under name in parent, created if needed; NULL when something else is there. */
static json_t *child(json_t *parent, const char *name)
{
    json_t *found = json_object_get(parent, name);

    if (found == NULL && json_object_set_new(parent, name, json_object()) == 0)
        found = json_object_get(parent, name);
    return json_is_object(found) ? found : NULL;
}

/* Follows the dots; the first value of a field wins. */
static void set_field(json_t *fields, char *name, const char *value)
{
    char *dot;

    for (int depth = 0; (dot = strchr(name, '.')) != NULL; depth++) {
        *dot = '\0';
        fields = depth < QUERY_MAX_DEPTH ? child(fields, name) : NULL;
        if (fields == NULL)
            return;
        name = dot + 1;
    }
    if (json_object_get(fields, name) == NULL)
        json_object_set_new(fields, name, json_string(value));
}

void query_add(void *arg, const char *name, const char *value)
{
    struct query *query = arg;
    char *copy;

    if (strcmp(name, "data") == 0 && query->data == NULL) {
        query->data = mem_text(value);
        return;
    }
    if (strcmp(name, "callback") == 0)
        return;
    copy = mem_text(name);
    if (copy != NULL)
        set_field(query->fields, copy, value);
    mem_free(copy);
}

static int put_json(const char *bytes, size_t len, void *arg)
{
    buf_put(arg, bytes, len);
    return 0;
}

int query_message(const struct query *query, struct buf *out, struct err *err)
{
    char *message;
    size_t len;

    if (query->data == NULL) {
        if (json_dump_callback(query->fields, put_json, out, JSON_COMPACT) < 0)
            return err_memory(err);
        return buf_check(out, "query", err);
    }
    message = base64_decode(query->data, &len, err);
    if (message == NULL)
        return err_wrap(err, "data");
    buf_put(out, message, len);
    mem_free(message);
    return buf_check(out, "query", err);
}
