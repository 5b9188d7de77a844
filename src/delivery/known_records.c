/* Applies what the store knows of records to the groups of their keys. */
#include "delivery/known_records.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "delivery/claim.h"

static bool plausible_id(const char *id)
{
    size_t len = strlen(id);

    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)id[i]))
            return false;
    return len == 15 || len == 18;
}

/* One written in the future was written while the clock was ahead: it is not trusted. */
static bool is_fresh(const struct destination *d, const struct store_known *known)
{
    int64_t age = clock_steady() - known->written_ms;

    return age >= 0 && age < d->settings->remember_ids_ms;
}

static int apply(struct destination *d, const struct store_known *known, struct err *err)
{
    const char *object;
    struct group *group = groups_find(&d->groups, known->key);
    bool joined; /* then it is now empty */

    if (group == NULL)
        return 0;
    times_done(&group->times);
    if (times_parse(&group->times, known->fields, err) < 0)
        return -1;
    times_bound(&group->times, clock_steady(), d->began_ms);
    object = binding_object(group->binding, known->object);
    if (intents_has(&d->intents, known->key) || object == NULL || !plausible_id(known->record_id) ||
        !is_fresh(d, known))
        return 0;
    return claim_record(&d->groups, group, object, known->record_id, &joined, err);
}

int known_records_read(struct destination *d, struct group *const *groups, size_t count,
                       struct err *err)
{
    const char **keys = mem_zero(count, sizeof *keys);
    struct store_known *known = NULL;
    size_t known_count = 0;
    int rc = -1;

    if (keys == NULL)
        return err_memory(err);
    for (size_t i = 0; i < count; i++)
        keys[i] = groups[i]->key;
    if (d->store->api->find_known(d->store, d->settings->name, keys, count, &known, &known_count,
                                  err) < 0)
        goto out;
    rc = 0;
    for (size_t i = 0; i < known_count && rc == 0; i++)
        rc = apply(d, &known[i], err);
out:
    store_known_free(known, known_count);
    mem_free(keys);
    return rc;
}
