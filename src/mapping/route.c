/* The entry point at intake: there is no schema yet, so keys are made of the values as texts. */
#include "mapping/mapping.h"

#include <string.h>

#include "base/mem.h"
#include "mapping/work.h"

/* Hands the result's detail over. */
static void take_reject(struct mapping_result *result, struct mapping_route *ret)
{
    ret->outcome = MAPPING_REJECT;
    ret->reason = result->reason;
    ret->detail = result->detail;
    result->detail = NULL;
}

int mapping_route(const struct event *event, const struct destination_settings *to,
                  struct mapping_route *ret, struct err *err)
{
    struct choice choice = work_choose(event, to);
    struct mapping_result result = {.outcome = choice.outcome};
    struct mapping_route route = {.outcome = choice.outcome, .reason = choice.reason};
    struct work work = {
        .event = event,
        .to = to,
        .binding = choice.binding,
        .integration = choice.integration,
        .record = {.result = &result},
    };

    if (choice.outcome == MAPPING_SKIP) {
        if (choice.detail != NULL && (route.detail = mem_text(choice.detail)) == NULL)
            work.record.no_memory = true;
    } else {
        route.binding = choice.binding;
        route.object = choice.binding->object;
        if (lookup_take(&work)) {
            route.key = mapping_key(route.object, result.lookups, result.lookup_count);
            work.record.no_memory = route.key == NULL;
        } else {
            take_reject(&result, &route);
        }
    }
    mapping_result_done(&result);
    if (work.record.no_memory) {
        mapping_route_done(&route);
        return err_memory(err);
    }
    *ret = route;
    return 0;
}

void mapping_route_done(struct mapping_route *route)
{
    mem_free(route->key);
    mem_free(route->detail);
    memset(route, 0, sizeof(*route));
}
