/* call: runs prepared statements, and translates the result codes of SQLite for the caller. */
#include "store/sqlite/call.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "store/rules.h"

/* ---- what a failure means ---- */

static const struct {
    int code;
    enum err_kind kind;
    const char *advice; /* NULL: nothing to add */
} meanings[] = {
    {SQLITE_FULL, ERR_FULL, "make room on the disk"},
    {SQLITE_BUSY, ERR_RETRY, "another program holds the file"},
    {SQLITE_LOCKED, ERR_RETRY, NULL},
    {SQLITE_NOMEM, ERR_MEMORY, NULL},
    {SQLITE_TOOBIG, ERR_INVALID, NULL},
    {SQLITE_READONLY, ERR_SYSTEM, "make the file and its folder writable"},
    {SQLITE_PERM, ERR_SYSTEM, "make the file and its folder writable"},
    {SQLITE_CANTOPEN, ERR_SYSTEM, "check that the folder exists and can be written"},
    {SQLITE_CORRUPT, ERR_SYSTEM,
     "the file is damaged: stop, copy it, and restore a backup or use sqlite3's .recover"},
    {SQLITE_NOTADB, ERR_SYSTEM, "this is not a Leadline database: choose another data_dir"},
};

/* What a result code of SQLite means for the caller.  Returns -1. */
static int sqlite_failed(const struct sqlite_link *link, int code, struct err *err)
{
    int system = errno; /* SQLite keeps it for some failures only, not for a commit */
    enum err_kind kind = ERR_SYSTEM;
    const char *advice = NULL;

    if (code == SQLITE_NOMEM)
        return err_memory(err);
    /* A quota or a file size limit is a full disk by another name. */
    if ((code & 0xff) == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT || system == EFBIG))
        code = SQLITE_FULL;
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].code == (code & 0xff)) {
            kind = meanings[i].kind;
            advice = meanings[i].advice;
        }
    return err_set(err, kind, "%s: %s%s%s%s%s", link->file, sqlite3_errstr(code),
                   (code & 0xff) == SQLITE_IOERR && system != 0 ? ": " : "",
                   (code & 0xff) == SQLITE_IOERR && system != 0 ? strerror(system) : "",
                   advice == NULL ? "" : "; ", advice == NULL ? "" : advice);
}

/* ---- links ---- */

int sqlite_link_open(struct sqlite_link *link, const char *file, int flags, struct err *err)
{
    int code;

    *link = (struct sqlite_link){.file = file};
    code = sqlite3_open_v2(file, &link->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(link->db, 1);
        sqlite3_busy_timeout(link->db, 5000);
        sqlite3_limit(link->db, SQLITE_LIMIT_LENGTH, 2 * STORE_BODY_MAX);
        return 0;
    }
    sqlite_failed(link, code, err);
    sqlite_link_close(link);
    return -1;
}

int sqlite_link_prepare(struct sqlite_link *link, const char *const *sql, size_t count,
                        struct err *err)
{
    link->statements = mem_zero(count, sizeof(sqlite3_stmt *));
    if (link->statements == NULL)
        return err_memory(err);
    for (; link->count < count; link->count++) {
        int code = sqlite3_prepare_v3(link->db, sql[link->count], -1, SQLITE_PREPARE_PERSISTENT,
                                      &link->statements[link->count], NULL);
        if (code == SQLITE_OK)
            continue;
        if ((code & 0xff) == SQLITE_ERROR) /* a table that is not as we created it */
            return err_set(err, ERR_SYSTEM,
                           "%s: the file is damaged (%s): stop, copy it, and restore a backup or "
                           "use sqlite3's .recover",
                           link->file, sqlite3_errmsg(link->db));
        return sqlite_failed(link, code, err);
    }
    return 0;
}

void sqlite_link_close(struct sqlite_link *link)
{
    for (size_t i = 0; i < link->count; i++)
        sqlite3_finalize(link->statements[i]);
    mem_free(link->statements);
    sqlite3_close(link->db);
    *link = (struct sqlite_link){0};
}

int sqlite_script(struct sqlite_link *link, const char *sql, struct err *err)
{
    int code;

    errno = 0;
    code = sqlite3_exec(link->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : sqlite_failed(link, code, err);
}

int sqlite_number(struct sqlite_link *link, const char *sql, int64_t *ret, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(link->db, sql, -1, &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *ret = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return code == SQLITE_ROW ? 0 : sqlite_failed(link, code, err);
}

/* ---- a call ---- */

struct sqlite_call sqlite_call(const struct sqlite_link *link, size_t statement)
{
    return (struct sqlite_call){.link = link, .statement = link->statements[statement]};
}

static void note(struct sqlite_call *call, int code)
{
    if (call->failure == SQLITE_OK)
        call->failure = code;
}

void sqlite_int(struct sqlite_call *call, int64_t value)
{
    note(call, sqlite3_bind_int64(call->statement, ++call->bound, value));
}

void sqlite_text(struct sqlite_call *call, const char *text)
{
    note(call, sqlite3_bind_text(call->statement, ++call->bound, text, -1, SQLITE_STATIC));
}

void sqlite_bytes(struct sqlite_call *call, const char *bytes, size_t len)
{
    note(call, sqlite3_bind_text64(call->statement, ++call->bound, bytes, len, SQLITE_STATIC,
                                   SQLITE_UTF8));
}

int sqlite_step(struct sqlite_call *call, struct err *err)
{
    int code;

    errno = 0;
    code = call->failure != SQLITE_OK ? call->failure : sqlite3_step(call->statement);
    call->column = 0;
    if (code == SQLITE_ROW)
        return 1;
    return code == SQLITE_DONE ? 0 : sqlite_failed(call->link, code, err);
}

void sqlite_end(struct sqlite_call *call)
{
    sqlite3_reset(call->statement);
}

int sqlite_run(struct sqlite_call *call, struct err *err)
{
    int more;

    do {
        more = sqlite_step(call, err);
    } while (more > 0);
    sqlite_end(call);
    return more;
}

/* ---- columns ---- */

int64_t sqlite_read_int(struct sqlite_call *call, int64_t min, int64_t max)
{
    int column = call->column++;
    int64_t value = sqlite3_column_int64(call->statement, column);

    if (sqlite3_column_type(call->statement, column) == SQLITE_INTEGER && value >= min &&
        value <= max)
        return value;
    call->bad = ERR_SYSTEM;
    return min;
}

enum store_state sqlite_read_state(struct sqlite_call *call, bool *ret_discarded)
{
    int64_t number = sqlite_read_int(call, 0, SQLITE_DISCARDED);

    *ret_discarded = number == SQLITE_DISCARDED;
    return *ret_discarded ? STORE_DEAD : (enum store_state)number;
}

char *sqlite_read_bytes(struct sqlite_call *call, size_t *ret_len)
{
    int column = call->column++;
    const unsigned char *text = sqlite3_column_text(call->statement, column);
    char *copy;

    *ret_len = 0;
    if (text == NULL || sqlite3_column_type(call->statement, column) != SQLITE_TEXT) {
        call->bad = ERR_SYSTEM;
        return NULL;
    }
    *ret_len = (size_t)sqlite3_column_bytes(call->statement, column);
    copy = mem_text_n((const char *)text, *ret_len);
    if (copy == NULL)
        call->bad = ERR_MEMORY;
    return copy;
}

char *sqlite_read_text(struct sqlite_call *call)
{
    size_t len;

    return sqlite_read_bytes(call, &len);
}

char *sqlite_read_optional(struct sqlite_call *call)
{
    if (sqlite3_column_type(call->statement, call->column) != SQLITE_NULL)
        return sqlite_read_text(call);
    call->column++;
    return NULL;
}

bool sqlite_read_damaged(struct sqlite_call *call, const char *body, size_t len,
                         int64_t received_ms, int64_t timestamp_ms)
{
    if (sqlite3_column_type(call->statement, call->column) == SQLITE_NULL) {
        call->column++;
        return false;
    }
    return sqlite_read_int(call, INT64_MIN, INT64_MAX) !=
               rules_checksum(body, len, received_ms, timestamp_ms) &&
           call->bad == ERR_NONE;
}

int sqlite_row_check(const struct sqlite_call *call, const char *what, int64_t id, struct err *err)
{
    if (call->bad == ERR_NONE)
        return 0;
    if (call->bad == ERR_MEMORY)
        return err_memory(err);
    return err_set(err, ERR_SYSTEM, "%s: %s %lld is damaged; restore a backup or delete the row",
                   call->link->file, what, (long long)id);
}
