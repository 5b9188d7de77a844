/* verify: rejects impossible answers, whichever back end has read them. */
#include "salesforce/verify.h"

#include "base/mem.h"
#include "salesforce/ids.h"

/* Takes over ids, which ids_repeat sorts. */
static int check_repeats(const char **ids, size_t count, const char *why, struct err *err)
{
    bool repeat = ids_repeat(ids, count);

    mem_free(ids);
    return repeat ? err_set(err, ERR_INVALID, "%s", why) : 0;
}

int verify_rows(const struct org_find *what, const struct org_rows *rows, struct err *err)
{
    const char **ids;

    if (rows->keys_used > what->key_count)
        return err_set(err, ERR_INVALID, "the look-up used more keys than it was given");
    for (size_t i = 0; i < rows->count; i++) {
        if (!ids_valid(rows->rows[i].id))
            return err_set(err, ERR_INVALID, "a row of the look-up has no Id");
        if (!ids_fit(rows->rows[i].id, what->object))
            return err_set(err, ERR_INVALID, "a row of the look-up is no %s", what->object);
    }
    if ((ids = mem_zero(rows->count, sizeof *ids)) == NULL)
        return err_memory(err);
    for (size_t i = 0; i < rows->count; i++)
        ids[i] = rows->rows[i].id;
    return check_repeats(ids, rows->count, "the look-up brings a record twice", err);
}

static const char *contradiction(const struct org_save *what, const struct org_record *record,
                                 const struct org_result *result)
{
    if (result->class != ORG_SAVED)
        return result->code == NULL ? "a result is neither saved nor in error" : NULL;
    if (!ids_valid(result->id))
        return "a result is saved and has no Id";
    if (!ids_fit(result->id, what->object))
        return "a saved record is of another object";
    if (what->operation == ORG_UPDATE && !ids_same(result->id, record->id))
        return "another record is saved than was sent";
    return NULL;
}

int verify_results(const struct org_save *what, const struct org_result *results, struct err *err)
{
    const char **ids;

    for (size_t i = 0; i < what->count; i++) {
        const char *wrong = contradiction(what, &what->records[i], &results[i]);

        if (wrong != NULL)
            return err_set(err, ERR_INVALID, "%s", wrong);
    }
    if ((ids = mem_zero(what->count, sizeof *ids)) == NULL)
        return err_memory(err);
    for (size_t i = 0; i < what->count; i++)
        ids[i] = results[i].id; /* NULL of those refused */
    return check_repeats(ids, what->count, "two results have one Id", err);
}
