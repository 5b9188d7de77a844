#include "scripted_org.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "salesforce/counts.h"
#include "salesforce/execute.h"

static struct scripted_org the_org = {.mutex = PTHREAD_MUTEX_INITIALIZER};

struct scripted_org *scripted(void)
{
    return &the_org;
}

void scripted_reset(void)
{
    pthread_mutex_lock(&the_org.mutex);
    /* The records are megabytes, and each is cleared when it is added. */
    size_t skip = offsetof(struct scripted_org, record_count);
    memset((char *)&the_org + skip, 0, sizeof the_org - skip);
    pthread_mutex_unlock(&the_org.mutex);
}

static void set(struct scripted_record *record, const char *name, const char *value)
{
    int i = 0;

    while (i < record->field_count && strcmp(record->names[i], name) != 0)
        i++;
    if (i == SCRIPTED_FIELDS)
        return;
    if (i == record->field_count)
        record->field_count++;
    snprintf(record->names[i], sizeof record->names[i], "%s", name);
    snprintf(record->values[i], sizeof record->values[i], "%s", value != NULL ? value : "");
    record->modified = ++the_org.clock;
}

void scripted_set(struct scripted_record *record, const char *field, const char *value)
{
    pthread_mutex_lock(&the_org.mutex);
    set(record, field, value);
    pthread_mutex_unlock(&the_org.mutex);
}

static const char *prefix_of(const char *object)
{
    return strcmp(object, "Account") == 0 ? "001" : strcmp(object, "Contact") == 0 ? "003" : "00Q";
}

static struct scripted_record *add(const char *object)
{
    struct scripted_record *record = &the_org.records[the_org.record_count];

    *record = (struct scripted_record){0};
    snprintf(record->id, sizeof record->id, "%s%012dAAA", prefix_of(object),
             ++the_org.record_count);
    snprintf(record->object, sizeof record->object, "%s", object);
    record->modified = ++the_org.clock;
    return record;
}

struct scripted_record *scripted_add(const char *object, const char *field, const char *value)
{
    struct scripted_record *record;

    pthread_mutex_lock(&the_org.mutex);
    record = add(object);
    set(record, field, value);
    pthread_mutex_unlock(&the_org.mutex);
    return record;
}

const char *scripted_value(const struct scripted_record *record, const char *field)
{
    for (int i = 0; record != NULL && i < record->field_count; i++)
        if (strcmp(record->names[i], field) == 0)
            return record->values[i];
    return NULL;
}

static bool fits(const struct scripted_record *record, const char *object, const char *field,
                 const char *value)
{
    const char *has;

    if (record->deleted || strcmp(record->object, object) != 0)
        return false;
    if (field == NULL)
        return true;
    has = scripted_value(record, field);
    if (has != NULL && the_org.equal != NULL && strcmp(field, "X__c") == 0)
        return the_org.equal(has, value);
    return has != NULL && strcasecmp(has, value) == 0;
}

int scripted_count(const char *object, const char *field, const char *value)
{
    int count = 0;

    pthread_mutex_lock(&the_org.mutex);
    for (int i = 0; i < the_org.record_count; i++)
        count += fits(&the_org.records[i], object, field, value);
    pthread_mutex_unlock(&the_org.mutex);
    return count;
}

struct scripted_record *scripted_find(const char *object, const char *field, const char *value)
{
    struct scripted_record *found = NULL;

    pthread_mutex_lock(&the_org.mutex);
    for (int i = 0; i < the_org.record_count && found == NULL; i++)
        if (fits(&the_org.records[i], object, field, value))
            found = &the_org.records[i];
    pthread_mutex_unlock(&the_org.mutex);
    return found;
}

/* ---- the org's table ---- */

static int fault(struct org_fault *ret, enum org_class class, const char *code, bool unknown)
{
    *ret = (struct org_fault){.class = class, .advice = "", .outcome_unknown = unknown};
    snprintf(ret->code, sizeof ret->code, "%s", code);
    snprintf(ret->message, sizeof ret->message, "as the script says");
    return -1;
}

/* The script's fault of that step, if one is due. */
static const struct scripted_fault *due(struct scripted_org *org, enum scripted_step step)
{
    if (org->calls[step] < SCRIPTED_TIMES)
        org->called_ms[step][org->calls[step]] = clock_mono();
    org->calls[step]++;
    if (step != STEP_SIGN_IN && ++org->all_calls == org->turn_at)
        clock_step_wall(org->turn_ms);
    if (org->faults[step].times == 0)
        return NULL;
    org->faults[step].times--;
    return &org->faults[step];
}

static int add_extra(struct schema *schema, const struct schema_field *extra)
{
    struct schema_object *lead = (struct schema_object *)(uintptr_t)schema_object(schema, "Lead");
    struct schema_field *field = schema_add_field(lead, "X__c");
    char *name;

    if (field == NULL)
        return -1;
    name = field->name;
    *field = *extra;
    field->name = name;
    field->custom = field->nillable = field->createable = field->updateable = true;
    field->filterable = true;
    schema_object_sort(lead);
    return 0;
}

static int sign_in(struct session *ret, struct org_fault *ret_fault)
{
    struct scripted_org *org = &the_org;
    const struct scripted_fault *f;

    pthread_mutex_lock(&org->mutex);
    f = due(org, STEP_SIGN_IN);
    pthread_mutex_unlock(&org->mutex);
    if (f != NULL)
        return fault(ret_fault, f->class, f->code, false);
    *ret = (struct session){.id = mem_text("S1"),
                            .server_url = mem_text("https://scripted.my.salesforce.com")};
    return 0;
}

static bool is_gone(const struct scripted_org *org, const char *field)
{
    for (int i = 0; i < 2; i++) {
        const char *gone = org->gone_fields[i];
        if (gone != NULL && strcmp(gone, field) == 0)
            return true;
    }
    return false;
}

/* Only what was asked for, and what there is of it. */
static void tell(const struct scripted_org *org, struct schema *schema, const char *const *objects,
                 size_t count)
{
    const char *gone_object = org->gone_object, *new_field = org->new_field;

    for (size_t i = 0; i < schema->count; i++) {
        struct schema_object *object = &schema->objects[i];
        bool asked = false;
        for (size_t k = 0; k < count; k++)
            asked |= strcmp(object->name, objects[k]) == 0;
        object->hidden = gone_object != NULL && strcmp(object->name, gone_object) == 0;
        for (size_t k = 0; k < object->count; k++)
            if (is_gone(org, object->fields[k].name))
                object->fields[k].name[0] = '-';
        if (new_field != NULL && strcmp(object->name, "Lead") == 0) {
            struct schema_field *field = schema_add_field(object, new_field);
            field->type = FIELD_STRING;
            field->length = 80;
            field->custom = field->createable = field->updateable = field->nillable = true;
        }
        schema_object_sort(object);
        if (!asked)
            object->name[0] = '-';
    }
}

static int describe(const char *const *objects, size_t count, struct schema **ret,
                    struct org_fault *ret_fault)
{
    struct scripted_org *org = &the_org;
    const struct scripted_fault *f;
    struct schema *schema;
    struct err err;

    pthread_mutex_lock(&org->mutex);
    f = due(org, STEP_DESCRIBE);
    pthread_mutex_unlock(&org->mutex);
    while (atomic_load(&org->holds_describes))
        usleep(1000);
    if (f != NULL)
        return fault(ret_fault, f->class, f->code, false);
    schema = schema_standard(&err);
    if (schema == NULL)
        return fault(ret_fault, ORG_RETRY, "MEMORY", false);
    tell(org, schema, objects, count);
    while (atomic_load(&org->holds_answers))
        usleep(1000);
    const struct schema_field *extra = org->extra;
    if (extra != NULL && add_extra(schema, extra) < 0) {
        schema_unref(schema);
        return fault(ret_fault, ORG_RETRY, "MEMORY", false);
    }
    schema->described_ms = clock_steady();
    *ret = schema;
    return 0;
}

static void fill_row(const struct scripted_record *record, const struct org_find *what,
                     struct org_row *row)
{
    row->id = mem_text(record->id);
    row->live = !record->converted;
    if (what->successor != NULL && record->contact_id[0] != '\0')
        row->successor_id = mem_text(record->contact_id);
    row->modified_ms = record->modified;
    row->created_ms = 1 + (record - the_org.records);
    row->values = mem_zero(what->by_count, sizeof *row->values);
    for (size_t i = 0; i < what->by_count; i++) {
        const char *value = scripted_value(record, what->by[i].field);
        row->values[i] = value != NULL ? mem_text(value) : NULL;
    }
}

static bool wanted(const struct scripted_record *record, const struct org_find *what)
{
    for (size_t k = 0; k < what->key_count; k++) {
        bool all = true;
        for (size_t j = 0; j < what->by_count && all; j++)
            all =
                fits(record, what->object, what->by[j].field, what->values[k * what->by_count + j]);
        if (all)
            return true;
    }
    return false;
}

static bool asks_for_poison(const struct scripted_org *org, const struct org_find *what)
{
    for (size_t i = 0; org->poison_key != NULL && i < what->key_count * what->by_count; i++)
        if (strcmp(what->values[i], org->poison_key) == 0)
            return true;
    return false;
}

static bool is_gone_object(const struct scripted_org *org, const char *object)
{
    const char *gone = org->gone_object;

    return gone != NULL && strcmp(gone, object) == 0;
}

static bool finds_what_is_gone(const struct scripted_org *org, const struct org_find *what)
{
    for (size_t i = 0; i < what->by_count; i++)
        if (is_gone(org, what->by[i].field))
            return true;
    return is_gone_object(org, what->object);
}

static int find(const struct org_find *what, struct org_rows *ret, struct org_fault *ret_fault)
{
    struct scripted_org *org = &the_org;
    const struct scripted_fault *f;
    int rc = 0;

    pthread_mutex_lock(&org->mutex);
    f = due(org, STEP_FIND);
    if (f != NULL) {
        rc = fault(ret_fault, f->class, f->code, false);
        goto out;
    }
    if (asks_for_poison(org, what)) {
        org->poisoned++;
        rc = fault(ret_fault, ORG_BISECT, "POISON", false);
        goto out;
    }
    if (finds_what_is_gone(org, what)) {
        rc = fault(ret_fault, ORG_STALE_SCHEMA, "INVALID_FIELD", false);
        goto out;
    }
    ret->keys_used = what->key_count;
    ret->rows = mem_zero((size_t)org->record_count, sizeof *ret->rows);
    for (int i = 0; i < org->record_count; i++) {
        const struct scripted_record *record = &org->records[i];
        if (wanted(record, what) || (record == org->stray && org->strays > 0))
            fill_row(record, what, &ret->rows[ret->count++]);
    }
    org->strays -= org->strays > 0;
out:
    pthread_mutex_unlock(&org->mutex);
    return rc;
}

static const char *value_of(const struct org_record *record, const char *field)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (strcmp(record->fields[i].name, field) == 0)
            return record->fields[i].value;
    return NULL;
}

static struct scripted_refusal *refusal_of(struct scripted_org *org,
                                           const struct org_record *record)
{
    for (int i = 0; i < 4; i++) {
        struct scripted_refusal *refusal = &org->refusals[i];
        const char *value = refusal->times > 0 ? value_of(record, refusal->field) : NULL;
        if (value != NULL && strcmp(value, refusal->value) == 0) {
            refusal->times--;
            return refusal;
        }
    }
    return NULL;
}

static struct scripted_record *by_id(struct scripted_org *org, const char *id)
{
    for (int i = 0; i < org->record_count; i++)
        if (strcmp(org->records[i].id, id) == 0)
            return &org->records[i];
    return NULL;
}

static void refuse(struct org_result *result, enum org_record_class class, const char *code,
                   const char *field, const char *matched_id)
{
    result->class = class;
    result->code = mem_text(code);
    result->message = mem_text("as the script says");
    result->advice = "";
    if (field != NULL) {
        result->fields = mem_zero(1, sizeof *result->fields);
        result->fields[0] = mem_text(field);
        result->field_count = 1;
    }
    if (matched_id != NULL)
        result->matched_id = mem_text(matched_id);
}

static void save_one(struct scripted_org *org, const struct org_save *what,
                     const struct org_record *record, struct org_result *result)
{
    const struct scripted_refusal *refusal = refusal_of(org, record);
    struct scripted_record *target;

    if (refusal != NULL) {
        refuse(result, refusal->class, refusal->code, refusal->names, refusal->matched_id);
        return;
    }
    target = what->operation == ORG_CREATE ? add(what->object) : by_id(org, record->id);
    if (target == NULL || target->deleted) {
        refuse(result, ORG_RECORD_LOST, "ENTITY_IS_DELETED", NULL, NULL);
        return;
    }
    if (target->converted && strcmp(target->object, "Lead") == 0) {
        refuse(result, ORG_RECORD_CONVERTED, "CANNOT_UPDATE_CONVERTED_LEAD", NULL, NULL);
        return;
    }
    for (size_t i = 0; i < record->field_count; i++)
        set(target, record->fields[i].name, record->fields[i].value);
    *result = (struct org_result){.class = ORG_SAVED, .id = mem_text(target->id)};
}

static bool holds_poison(const struct scripted_org *org, const struct org_save *what)
{
    for (size_t i = 0; org->poison != NULL && i < what->count; i++) {
        const char *name = value_of(&what->records[i], "LastName");
        if (name != NULL && strcmp(name, org->poison) == 0)
            return true;
    }
    return false;
}

static bool sets_unknown_field(const struct scripted_org *org, const struct org_save *what)
{
    for (size_t i = 0; i < what->count; i++)
        for (size_t k = 0; k < what->records[i].field_count; k++)
            if (is_gone(org, what->records[i].fields[k].name))
                return true;
    if (is_gone_object(org, what->object))
        return true;
    for (size_t i = 0; org->unknown_field != NULL && i < what->count; i++)
        if (value_of(&what->records[i], org->unknown_field) != NULL)
            return true;
    return false;
}

static void set_busy(struct scripted_org *org, const struct org_save *what, bool busy)
{
    for (size_t i = 0; what->operation == ORG_UPDATE && i < what->count; i++) {
        struct scripted_record *record = by_id(org, what->records[i].id);
        if (record == NULL)
            continue;
        org->overlaps += busy && record->busy;
        record->busy = busy;
    }
}

/* Others may call meanwhile. */
static void take_time(struct scripted_org *org, const struct org_save *what)
{
    int ms = org->save_ms;

    if (ms == 0)
        return;
    set_busy(org, what, true);
    org->saving++;
    pthread_mutex_unlock(&org->mutex);
    usleep((useconds_t)ms * 1000);
    pthread_mutex_lock(&org->mutex);
    org->saving--;
    set_busy(org, what, false);
}

static int save(const struct org_save *what, struct org_result *results,
                struct org_fault *ret_fault)
{
    struct scripted_org *org = &the_org;
    const struct scripted_fault *f;
    int rc = 0;

    pthread_mutex_lock(&org->mutex);
    take_time(org, what);
    f = due(org, what->operation == ORG_CREATE ? STEP_CREATE : STEP_UPDATE);
    if (f == NULL && holds_poison(org, what)) {
        org->poisoned++;
        rc = fault(ret_fault, org->poison_class, "POISON", false);
    } else if (f == NULL && sets_unknown_field(org, what))
        rc = fault(ret_fault, ORG_STALE_SCHEMA, "INVALID_FIELD", false);
    else if (f != NULL)
        rc = fault(ret_fault, f->class, f->code, f->outcome_unknown);
    for (size_t i = 0; (rc == 0 || (f != NULL && f->saves_first)) && i < what->count; i++)
        save_one(org, what, &what->records[i], &results[i]);
    if (rc < 0 && f != NULL && f->saves_first) {
        org_results_done(results, what->count);
        memset(results, 0, what->count * sizeof *results);
    }
    pthread_mutex_unlock(&org->mutex);
    return rc;
}

/* ---- the script's own memory does not run out ---- */

/* From the first answer of the step on. */
static void begin_failing(enum scripted_step step)
{
    size_t nth = 0;

    pthread_mutex_lock(&the_org.mutex);
    if (the_org.fail_memory_after == step && the_org.fail_memory_at > 0) {
        nth = the_org.fail_memory_at;
        the_org.fail_memory_at = 0;
    }
    pthread_mutex_unlock(&the_org.mutex);
    if (nth > 0)
        mem_fail_at(nth);
}

static int spared_sign_in(struct org_connection *connection, struct session *ret,
                          struct org_fault *ret_fault)
{
    int rc;

    counts_request(connection->org, REQUEST_SIGN_IN);
    mem_fail_spare(true);
    rc = sign_in(ret, ret_fault);
    mem_fail_spare(false);
    return rc;
}

/* A request as it comes from org.c. */
struct request {
    enum scripted_step step;
    const char *const *objects;
    size_t count;
    struct schema **ret_schema;
    const struct org_find *find;
    struct org_rows *ret_rows;
    const struct org_save *save;
    struct org_result *results;
};

static const enum request_kind kinds[] = {
    [STEP_FIND] = REQUEST_FIND,       [STEP_CREATE] = REQUEST_CREATE,
    [STEP_UPDATE] = REQUEST_UPDATE,   [STEP_DESCRIBE] = REQUEST_DESCRIBE,
    [STEP_SIGN_IN] = REQUEST_SIGN_IN,
};

static int answer(struct org_connection *connection, void *user, struct org_fault *ret_fault)
{
    struct request *request = user;
    int rc = 0;

    counts_request(connection->org, kinds[request->step]);
    mem_fail_spare(true);
    if (request->step == STEP_DESCRIBE)
        rc = describe(request->objects, request->count, request->ret_schema, ret_fault);
    else if (request->step == STEP_FIND)
        rc = find(request->find, request->ret_rows, ret_fault);
    else
        rc = save(request->save, request->results, ret_fault);
    begin_failing(request->step);
    mem_fail_spare(false);
    return rc;
}

static int answer_describe(struct org_connection *connection, const char *const *objects,
                           size_t count, struct schema **ret, struct org_fault *ret_fault)
{
    struct request request = {
        .step = STEP_DESCRIBE, .objects = objects, .count = count, .ret_schema = ret};

    return execute(connection, answer, &request, ret_fault);
}

static int answer_find(struct org_connection *connection, const struct org_find *what,
                       struct org_rows *ret, struct org_fault *ret_fault)
{
    struct request request = {.step = STEP_FIND, .find = what, .ret_rows = ret};

    return execute(connection, answer, &request, ret_fault);
}

/* A save alone fails as the call; of several each fails by itself. */
static int answer_save(struct org_connection *connection, const struct org_save *saves,
                       size_t count, struct org_saved *saved, struct org_fault *ret_fault)
{
    for (size_t i = 0; i < count; i++) {
        struct request request = {.step =
                                      saves[i].operation == ORG_CREATE ? STEP_CREATE : STEP_UPDATE,
                                  .save = &saves[i],
                                  .results = saved[i].results};
        struct org_fault *fault = count == 1 ? ret_fault : &saved[i].fault;

        if (execute(connection, answer, &request, fault) < 0 && count == 1)
            return -1;
    }
    return 0;
}

static const struct signin_method sign_in_as_scripted = {.name = "scripted", .run = spared_sign_in};

const struct org_backend scripted_backend = {
    .name = "scripted",
    .capacity = {.records_a_save = 200, .keys_a_find = 1000, .saves_a_call = 1},
    .sign_in = &sign_in_as_scripted,
    .describe = answer_describe,
    .find = answer_find,
    .save = answer_save,
};
