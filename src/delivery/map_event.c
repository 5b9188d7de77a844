/* From a stored delivery to the values to write, with the current schema. */
#include "delivery/map_event.h"

#include <string.h>

#include <utlist.h>

#include "base/mem.h"

static int map(const struct destination *d, const struct store_delivery *row,
               struct mapping_result *ret, struct err *err)
{
    struct event event;
    int rc;

    if (event_read(&event, row->body, row->body_len, err) < 0)
        return -1;
    rc = mapping_map(&event, d->settings, d->schema, false, ret, err);
    event_done(&event);
    return rc;
}

static const char *advice_on(const char *reason)
{
    if (strcmp(reason, "object_not_visible") == 0)
        return "give the user's profile access to it, then retry";
    return "mend the event's source or the destination's look-up settings, then retry";
}

/* Whether a mapped delivery can be written.  Takes the detail of one that cannot. */
static struct map_refusal check(struct mapping_result *mapped)
{
    struct map_refusal ret = {.refused = true, .text = mapped->detail};

    if (mapped->outcome == MAPPING_REJECT) {
        ret.why = (struct reason){mapped->reason, mapped->detail, advice_on(mapped->reason)};
    } else if (mapped->outcome == MAPPING_SKIP) {
        ret.why = (struct reason){mapped->reason, "the settings have changed since it was accepted",
                                  "change the settings back and retry, or discard it"};
    } else {
        return (struct map_refusal){0};
    }
    mapped->detail = NULL;
    return ret;
}

static int refuse_unreadable(struct map_refusal *ret, struct err *err)
{
    char *text = mem_text(err->text);

    if (text == NULL)
        return err_memory(err);
    *ret = (struct map_refusal){
        true, {"unreadable_event", text, "the stored event is damaged; discard it"}, text};
    return 0;
}

static struct map_refusal refuse_damaged(void)
{
    return (struct map_refusal){
        .refused = true,
        .why = {"damaged_event",
                "the stored event is not the one that was taken in: it has changed "
                "on the disk",
                "check the disk; send the event again from its source, or discard it"}};
}

void map_refusal_done(struct map_refusal *refusal)
{
    mem_free(refusal->text);
    *refusal = (struct map_refusal){0};
}

int map_event(const struct destination *d, struct item *item, struct map_refusal *ret,
              struct err *err)
{
    if (item->row.damaged) {
        *ret = refuse_damaged();
        return 0;
    }
    if (map(d, &item->row, &item->mapped, err) < 0)
        return err->kind == ERR_MEMORY ? -1 : refuse_unreadable(ret, err);
    item->schema_number = d->schema_number;
    *ret = check(&item->mapped);
    return 0;
}

int map_event_again(const struct destination *d, struct item *item, struct map_refusal *ret,
                    struct err *err)
{
    struct mapping_result again = {0};

    *ret = (struct map_refusal){0};
    if (item->schema_number == d->schema_number)
        return 0;
    if (map(d, &item->row, &again, err) < 0)
        return -1;
    *ret = check(&again);
    item->schema_number = d->schema_number;
    /* With a different key it belongs to another group: it keeps its mapping until it is read
       again. */
    if (!ret->refused && strcmp(again.key, item->mapped.key) == 0) {
        struct mapping_result old = item->mapped;
        item->mapped = again;
        again = old;
    }
    mapping_result_done(&again);
    return 0;
}

bool map_event_outdated(const struct destination *d, const struct group *group)
{
    const struct item *item;

    DL_FOREACH(group->items, item) {
        if (item->schema_number != d->schema_number)
            return true;
    }
    return false;
}
