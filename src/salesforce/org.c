/* org: the life of an org and its connections, and the part of a request that every back end
   shares: names, capacity, impossible answers, counts of records. */
#include "salesforce/org.h"

#include <string.h>

#include "base/locked.h"
#include "base/mem.h"
#include "salesforce/address.h"
#include "salesforce/counts.h"
#include "salesforce/faults.h"
#include "salesforce/names.h"
#include "salesforce/org_state.h"
#include "salesforce/session.h"
#include "salesforce/soap/soap.h"
#include "salesforce/verify.h"

/* ---- life ---- */

static void config_done(struct org_config *config)
{
    mem_free((char *)config->login_url);
    mem_free((char *)config->username);
    locked_free((char *)config->password);
    locked_free((char *)config->security_token);
    mem_free((char *)config->client_name);
}

static int config_copy(struct org_config *to, const struct org_config *from, struct err *err)
{
    *to = *from;
    to->login_url = mem_text(from->login_url);
    to->username = mem_text(from->username);
    to->password = locked_text(from->password);
    to->security_token = locked_text(from->security_token != NULL ? from->security_token : "");
    to->client_name = mem_text(from->client_name);
    if (to->login_url == NULL || to->username == NULL || to->password == NULL ||
        to->security_token == NULL || to->client_name == NULL)
        return err_memory(err);
    return 0;
}

struct org *org_new(const struct org_config *config, struct err *err)
{
    struct org *org = mem_zero(1, sizeof *org);

    if (org == NULL) {
        err_memory(err);
        return NULL;
    }
    pthread_mutex_init(&org->mutex, NULL);
    pthread_cond_init(&org->changed, NULL);
    org->backend = config->backend != NULL ? config->backend : &soap_backend;
    org->counts.limit_used = -1;
    org->counts.limit_max = -1;
    org->counts.last_fault.advice = "";
    if (config_copy(&org->config, config, err) == 0) {
        if (address_allowed(config->login_url))
            return org;
        err_set(err, ERR_INVALID,
                "login_url must begin with https:// (http:// is accepted for "
                "this machine only)");
    }
    org_free(org);
    return NULL;
}

void org_free(struct org *org)
{
    if (org == NULL)
        return;
    session_reset(org);
    pthread_cond_destroy(&org->changed);
    pthread_mutex_destroy(&org->mutex);
    config_done(&org->config);
    mem_free(org);
}

void org_reset(struct org *org)
{
    atomic_store(&org->interrupted, false);
    session_reset(org);
}

void org_interrupt(struct org *org)
{
    atomic_store(&org->interrupted, true);
}

const struct org_capacity *org_capacity(const struct org *org)
{
    return &org->backend->capacity;
}

void org_read_counts(struct org *org, struct org_counts *ret)
{
    pthread_mutex_lock(&org->mutex);
    *ret = org->counts;
    pthread_mutex_unlock(&org->mutex);
}

void org_print_reference(struct buf *out)
{
    faults_print(out);
}

struct org_connection *org_connection_open(struct org *org, struct err *err)
{
    struct org_connection *connection = mem_zero(1, sizeof *connection);

    if (connection == NULL) {
        err_memory(err);
        return NULL;
    }
    connection->org = org;
    if (transport_init(&connection->transport, org->config.call_timeout_ms, &org->interrupted,
                       err) == 0)
        return connection;
    mem_free(connection);
    return NULL;
}

void org_connection_close(struct org_connection *connection)
{
    if (connection == NULL)
        return;
    transport_done(&connection->transport);
    session_done(&connection->session);
    mem_free(connection);
}

int org_sign_in(struct org_connection *connection, struct org_fault *fault)
{
    return session_take(connection, fault);
}

/* ---- describe ---- */

/* One more object for schema, hidden when the user cannot see it. */
static int describe_one(struct org_connection *connection, const char *object,
                        struct schema *schema, size_t *hidden, struct org_fault *fault)
{
    struct schema *one = NULL;
    struct schema_object *unseen;
    struct err err;
    int rc = 0;

    if (connection->org->backend->describe(connection, &object, 1, &one, fault) == 0) {
        rc = schema_move(schema, one, &err);
        schema->described_ms = one->described_ms;
        schema_unref(one);
    } else if (fault->class == ORG_STALE_SCHEMA) {
        unseen = schema_add_object(schema, object);
        if (unseen != NULL)
            unseen->hidden = true;
        else
            rc = err_memory(&err);
        ++*hidden;
    } else {
        return -1;
    }
    return rc == 0 ? 0 : fault_from_err(fault, &err);
}

static int describe_each(struct org_connection *connection, const char *const *objects,
                         size_t count, struct schema **ret, struct org_fault *fault)
{
    struct schema *schema = schema_new();
    size_t hidden = 0;
    struct err err;
    int rc = 0;

    if (schema == NULL) {
        err_memory(&err);
        return fault_from_err(fault, &err);
    }
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = describe_one(connection, objects[i], schema, &hidden, fault);
    if (rc == 0 && hidden < count) {
        *ret = schema;
        return 0;
    }
    schema_unref(schema);
    return -1;
}

int org_describe(struct org_connection *connection, const char *const *objects, size_t count,
                 struct schema **ret, struct org_fault *fault)
{
    if (connection->org->backend->describe(connection, objects, count, ret, fault) == 0)
        return 0;
    if (fault->class != ORG_STALE_SCHEMA || count < 2)
        return -1;
    return describe_each(connection, objects, count, ret, fault); /* one hidden fails all */
}

/* ---- find ---- */

/* An answer that was read but is impossible. */
static int untrue(struct org_connection *connection, enum fault_reading reading,
                  const struct err *err, struct org_fault *fault)
{
    fault_from_reading(fault, reading, err);
    counts_fault(connection->org, fault);
    return -1;
}

int org_foreign_row(struct org_fault *fault, const char *why)
{
    return fault_set(fault, FAULT_FROM_CALL, FAULT_FOREIGN_ROW, "%s", why);
}

/* An invalid name could end the text around it. */
static bool find_names_valid(const struct org_find *what)
{
    for (size_t i = 0; i < what->by_count; i++)
        if (!names_valid(what->by[i].field))
            return false;
    return names_valid(what->object) && what->by_count > 0 &&
           (what->successor == NULL || names_valid(what->successor));
}

int org_find(struct org_connection *connection, const struct org_find *what, struct org_rows *ret,
             struct org_fault *fault)
{
    const struct org_backend *backend = connection->org->backend;
    struct org_rows rows = {.value_count = what->by_count};
    struct org_find some = *what;
    struct err err;
    int rc;

    if (!find_names_valid(what))
        return fault_set(fault, FAULT_FROM_CALL, FAULT_NAME,
                         "the object or a field of the look-up has no API name");
    if (some.key_count > backend->capacity.keys_a_find)
        some.key_count = backend->capacity.keys_a_find;
    rc = backend->find(connection, &some, &rows, fault);
    if (rc == 0 && verify_rows(&some, &rows, &err) < 0)
        rc = untrue(connection, FAULT_READING_FIND, &err, fault);
    if (rc == 0)
        *ret = rows;
    else
        org_rows_done(&rows);
    return rc;
}

/* ---- save ---- */

static bool save_names_valid(const struct org_save *what)
{
    for (size_t i = 0; i < what->count; i++)
        for (size_t k = 0; k < what->records[i].field_count; k++)
            if (!names_valid(what->records[i].fields[k].name))
                return false;
    return names_valid(what->object);
}

static int check_saves(const struct org_capacity *capacity, const struct org_save *saves,
                       size_t count, struct org_fault *fault)
{
    if (count > capacity->saves_a_call)
        return fault_set(fault, FAULT_FROM_CALL, FAULT_REQUEST_TOO_LARGE,
                         "at most %zu saves in one call", capacity->saves_a_call);
    for (size_t i = 0; i < count; i++) {
        if (saves[i].count > capacity->records_a_save)
            return fault_set(fault, FAULT_FROM_CALL, FAULT_REQUEST_TOO_LARGE,
                             "at most %zu records in one call", capacity->records_a_save);
        if (!save_names_valid(&saves[i]))
            return fault_set(fault, FAULT_FROM_CALL, FAULT_NAME,
                             "the object or a field of a record has no API name");
    }
    return 0;
}

/* Accepts the results of one save, or turns them into a fault of it. */
static void take_results(struct org_connection *connection, const struct org_save *save,
                         struct org_saved *saved)
{
    struct err err;

    if (saved->fault.class != ORG_OK)
        return;
    if (verify_results(save, saved->results, &err) == 0) {
        counts_saved(connection->org, save, saved->results);
        return;
    }
    org_results_done(saved->results, save->count);
    untrue(connection, FAULT_READING_SAVE, &err, &saved->fault);
}

int org_save_together(struct org_connection *connection, const struct org_save *saves, size_t count,
                      struct org_saved *saved, struct org_fault *fault)
{
    const struct org_backend *backend = connection->org->backend;

    if (check_saves(&backend->capacity, saves, count, fault) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        saved[i].fault = (struct org_fault){.advice = ""};
    if (backend->save(connection, saves, count, saved, fault) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        take_results(connection, &saves[i], &saved[i]);
    return 0;
}

int org_save(struct org_connection *connection, const struct org_save *what,
             struct org_result *results, struct org_fault *fault)
{
    struct org_saved saved = {.results = results};

    if (org_save_together(connection, what, 1, &saved, fault) < 0)
        return -1;
    if (saved.fault.class == ORG_OK)
        return 0;
    *fault = saved.fault;
    return -1;
}
