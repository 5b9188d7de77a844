/* Searches and frees a merged record. */
#include "delivery/merged.h"

#include <string.h>

#include "base/mem.h"

void merged_done(struct merged *merged)
{
    mem_free(merged->list);
    mem_free(merged->fields);
    mapping_result_done(&merged->successor);
    *merged = (struct merged){0};
}

struct merged_field *merged_field(const struct merged *merged, const char *name)
{
    for (size_t i = 0; i < merged->count; i++)
        if (strcmp(merged->list[i].name, name) == 0)
            return &merged->list[i];
    return NULL;
}

bool merged_has(const struct merged *merged, const char *name)
{
    return merged_field(merged, name) != NULL;
}
