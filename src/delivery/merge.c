/* The rule that turns the events of a group into one record. */
#include "delivery/merge.h"

#include <string.h>

#include <utlist.h>

#include "base/mem.h"

static bool leaves_out(const struct group *group, const struct item *item,
                       const struct mapping_write *write, bool create)
{
    if (group_drops(group, write->field))
        return true;
    if (create)
        return write->value.kind == VALUE_NULL; /* nothing there to clear */
    return write->create_only || times_get(&group->times, write->field) > item->row.timestamp_ms ||
           (strcmp(group->record_object, group->object) == 0 &&
            group_looks_up_by(group, write->field));
}

static size_t count_writes(const struct group *group)
{
    const struct item *item;
    size_t count = 0;

    DL_FOREACH(group->items, item)
        count += item->mapped.write_count;
    return count;
}

/* A value replaces an older one; a default replaces only another default. */
static void put(struct merged *merged, const struct item *item, const struct mapping_write *write)
{
    bool is_default = mapping_is_default(write);
    struct merged_field *field = merged_field(merged, write->field);

    if (field == NULL)
        field = &merged->list[merged->count++];
    else if (is_default && !field->is_default)
        return;
    *field = (struct merged_field){write->field, &write->value, item->row.timestamp_ms, is_default};
}

static void set_fields(struct merged *merged)
{
    for (size_t i = 0; i < merged->count; i++)
        merged->fields[i] = (struct org_field){merged->list[i].name, merged->list[i].value->text};
    merged->field_count = merged->count;
}

/* The record is now of another object (a Lead that became a Contact): the same values under the
   field names of that object. */
static int rename_for_successor(struct merged *merged, const struct binding *binding,
                                const struct schema *schema, struct err *err)
{
    struct mapping_write *writes = mem_zero(merged->count, sizeof *writes);
    char no_trait[] = "";
    int rc = -1;

    if (writes == NULL)
        return err_memory(err);
    for (size_t i = 0; i < merged->count; i++) {
        writes[i].field = (char *)(uintptr_t)merged->list[i].name;
        writes[i].value = *merged->list[i].value;
        writes[i].trait = no_trait;
    }
    if (mapping_to_successor(binding, writes, merged->count, schema, &merged->successor, err) < 0)
        goto out;
    /* mapping_to_successor never returns more fields than it got. */
    for (size_t i = 0; i < merged->successor.write_count && i < merged->count; i++)
        merged->fields[merged->field_count++] = (struct org_field){
            merged->successor.writes[i].field, merged->successor.writes[i].value.text};
    rc = 0;
out:
    mem_free(writes);
    return rc;
}

int merge_group(struct group *group, bool create, const struct schema *schema, struct err *err)
{
    struct merged *merged = &group->merged;
    size_t most = count_writes(group);
    const struct item *item;

    merged_done(merged);
    merged->list = mem_zero(most, sizeof *merged->list);
    merged->fields = mem_zero(most, sizeof *merged->fields);
    if (merged->list == NULL || merged->fields == NULL)
        return err_memory(err);
    DL_FOREACH(group->items, item) {
        for (size_t i = 0; i < item->mapped.write_count; i++) {
            const struct mapping_write *write = &item->mapped.writes[i];
            if (!leaves_out(group, item, write, create))
                put(merged, item, write);
        }
    }
    if (!create && strcmp(group->record_object, group->object) != 0)
        return rename_for_successor(merged, group->binding, schema, err);
    set_fields(merged);
    return 0;
}
