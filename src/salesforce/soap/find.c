/* find: query() and queryMore(), rows out of their pages. */
#include "salesforce/soap/find.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "salesforce/soap/call.h"
#include "salesforce/soap/write.h"

#define MAX_ROWS  100000 /* no look-up of 200 keys finds more */
#define MAX_PAGES 1000
#define PAGE_ROWS "2000"

/* ---- writing ---- */

static void open_query(struct buf *out, const struct org_connection *connection)
{
    soap_open(out, connection->session.id, connection->org->config.client_name);
    buf_text(out, "<p:QueryOptions>");
    soap_partner(out, "batchSize", PAGE_ROWS);
    buf_text(out, "</p:QueryOptions>");
    soap_body(out);
}

void find_write_query(struct buf *out, const struct org_connection *connection, const void *what)
{
    open_query(out, connection);
    buf_text(out, "<p:query>");
    soap_partner(out, "queryString", what);
    buf_text(out, "</p:query>");
    soap_close(out);
}

void find_write_more(struct buf *out, const struct org_connection *connection, const void *what)
{
    open_query(out, connection);
    buf_text(out, "<p:queryMore>");
    soap_partner(out, "queryLocator", what);
    buf_text(out, "</p:queryMore>");
    soap_close(out);
}

/* ---- reading ---- */

/* A null is there as such: a field that is missing was lost on the way. */
static const struct soap_node *column(const struct soap_node *record, const char *name,
                                      struct err *err)
{
    const struct soap_node *field = soap_field(record, name);

    if (field == NULL)
        err_set(err, ERR_INVALID, "a row of the query lacks %s", name);
    return field;
}

static int read_values(const struct soap_node *record, const struct find *find, struct org_row *row,
                       struct err *err)
{
    const struct org_find *what = find->what;
    const struct soap_node *field;

    for (size_t i = 0; i < what->by_count; i++) {
        if ((field = column(record, what->by[i].field, err)) == NULL)
            return -1;
        if (!field->nil && (row->values[i] = mem_text(field->text)) == NULL)
            return err_memory(err);
    }
    for (enum soql_column i = 0; i < SOQL_COLUMNS; i++) {
        if (find->columns.names[i][0] == '\0')
            continue;
        if ((field = column(record, find->columns.names[i], err)) == NULL)
            return -1;
        if (soql_read_column(row, i, field->nil ? NULL : field->text) < 0)
            return err_memory(err);
    }
    return 0;
}

/* What it fills is freed with the rows, also on -1. */
static int read_row(const struct soap_node *record, const struct find *find, struct org_row *row,
                    struct err *err)
{
    const struct soap_node *id = soap_field(record, "Id"); /* it is there twice */
    const struct soap_node *type = soap_field(record, "type");

    if (id == NULL)
        return err_set(err, ERR_INVALID, "a row of the query has no Id");
    if (type == NULL || strcasecmp(type->text, find->what->object) != 0)
        return err_set(err, ERR_INVALID, "a row of the query is no %s", find->what->object);
    row->live = true;
    row->id = mem_text(id->text);
    row->values = mem_zero(find->what->by_count, sizeof *row->values);
    if (row->id == NULL || row->values == NULL)
        return err_memory(err);
    return read_values(record, find, row, err);
}

static size_t count_records(const struct soap_node *result)
{
    const struct soap_node *record = soap_child(result, SOAP_PARTNER, "records");
    size_t count = 0;

    for (; record != NULL; record = soap_again(record))
        count += !record->nil;
    return count;
}

/* Every page says how many rows all pages have together. */
static int read_size(const struct soap_node *result, size_t so_far, int64_t *size, struct err *err)
{
    int64_t says = soap_child_number(result, "size", INT64_MAX, -1);

    if (says < 0)
        return err_set(err, ERR_INVALID, "the query's answer does not say how many rows it has");
    if (*size >= 0 && says != *size)
        return err_set(err, ERR_INVALID, "the query has %lld rows and then %lld", (long long)*size,
                       (long long)says);
    if (so_far > (uint64_t)says)
        return err_set(err, ERR_INVALID, "the query has %lld rows and brings more",
                       (long long)says);
    *size = says;
    return 0;
}

/* *ret_locator: of the next page; NULL after the last one. */
static int read_end(const struct soap_node *result, size_t brought, const char **ret_locator,
                    struct err *err)
{
    const char *done = soap_child_text(result, "done");
    const char *locator = soap_child_text(result, "queryLocator");

    if (done == NULL || (!soap_says_true(done) && !soap_says_false(done)))
        return err_set(err, ERR_INVALID, "the query's answer does not say whether it is done");
    *ret_locator = NULL;
    if (soap_says_true(done))
        return 0;
    if (locator == NULL || locator[0] == '\0')
        return err_set(err, ERR_INVALID, "the query has further pages and no locator");
    if (brought == 0)
        return err_set(err, ERR_INVALID, "a page of the query has no rows and is not the last");
    *ret_locator = locator;
    return 0;
}

int find_read_page(const struct soap_node *response, struct find *find, const char **ret_locator,
                   struct err *err)
{
    const struct soap_node *result = soap_child(response, SOAP_PARTNER, "result");
    struct org_rows *rows = &find->rows;
    size_t more = count_records(result);
    const struct soap_node *record;
    struct org_row *grown;

    if (more > MAX_ROWS - rows->count)
        return err_set(err, ERR_FULL, "the query found more than %d rows", MAX_ROWS);
    if (read_end(result, more, ret_locator, err) < 0 ||
        read_size(result, rows->count + more, &find->size, err) < 0)
        return -1;
    grown = mem_resize(rows->rows, rows->count + more, sizeof *grown);
    if (grown == NULL)
        return err_memory(err);
    rows->rows = grown;
    for (record = soap_child(result, SOAP_PARTNER, "records"); record != NULL;
         record = soap_again(record)) {
        if (record->nil)
            continue;
        rows->rows[rows->count] = (struct org_row){0};
        if (read_row(record, find, &rows->rows[rows->count++], err) < 0)
            return -1;
    }
    return 0;
}

void find_begin(struct find *find, const struct org_find *what)
{
    *find = (struct find){.what = what, .size = -1, .rows.value_count = what->by_count};
    soql_columns(what, &find->columns);
}

int find_end(const struct find *find, struct err *err)
{
    if ((uint64_t)find->size == find->rows.count)
        return 0;
    return err_set(err, ERR_INVALID, "the query has %lld rows and brings %zu",
                   (long long)find->size, find->rows.count);
}

/* ---- asking ---- */

static int find_pages(struct org_connection *connection, struct find *find, const char *soql,
                      struct org_fault *fault)
{
    struct soap_call call = {
        .kind = REQUEST_FIND, .answer = "queryResponse", .what = soql, .write = find_write_query};
    struct soap_doc *page = soap_call_run(connection, &call, fault);
    int rc = page != NULL ? 0 : -1;

    for (int pages = 1; rc == 0; pages++) {
        struct soap_doc *next;
        const char *locator = NULL;
        struct err err = {0};

        rc = find_read_page(soap_doc_content(page), find, &locator, &err);
        if (rc == 0 && pages == MAX_PAGES && locator != NULL)
            rc = err_set(&err, ERR_FULL, "the query has more than %d pages", MAX_PAGES);
        if (rc == 0 && locator == NULL)
            rc = find_end(find, &err);
        if (rc < 0)
            soap_call_unreadable(connection, &call, &err, fault);
        if (rc < 0 || locator == NULL)
            break;
        call.answer = "queryMoreResponse";
        call.write = find_write_more;
        call.what = locator; /* lives in the page before */
        next = soap_call_run(connection, &call, fault);
        soap_doc_free(page);
        page = next;
        rc = page != NULL ? 0 : -1;
    }
    soap_doc_free(page);
    return rc;
}

int soap_find(struct org_connection *connection, const struct org_find *what, struct org_rows *ret,
              struct org_fault *fault)
{
    struct find find;
    struct buf soql;
    struct err err;
    int rc = 0;

    find_begin(&find, what);
    buf_init(&soql, 4 * (size_t)SOQL_MAX_CHARACTERS + 8 * (size_t)SOQL_MAX_STRING);
    if (soql_find(&soql, what, &find.columns, &find.rows.keys_used))
        rc = find_pages(connection, &find, buf_peek(&soql), fault);
    else if (buf_check(&soql, "look-up", &err) < 0)
        rc = fault_from_err(fault, &err);
    buf_done(&soql);
    *ret = find.rows;
    return rc;
}
