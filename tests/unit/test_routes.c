#include "check.h"

#include "ingest/routes.h"

TEST(every_path_of_every_sdk_leads_somewhere)
{
    static const struct {
        const char *method, *path;
        enum route_action action;
        enum event_type type;
    } paths[] = {
        {"POST", "/v1/identify", ROUTE_MESSAGE, EVENT_IDENTIFY},
        {"POST", "/v1/group", ROUTE_MESSAGE, EVENT_GROUP},
        {"POST", "/v1/track", ROUTE_MESSAGE, EVENT_TRACK},
        {"POST", "/v1/page", ROUTE_MESSAGE, EVENT_PAGE},
        {"POST", "/v1/screen", ROUTE_MESSAGE, EVENT_SCREEN},
        {"POST", "/v1/alias", ROUTE_MESSAGE, EVENT_ALIAS},
        {"POST", "/v1/i", ROUTE_MESSAGE, EVENT_IDENTIFY},
        {"POST", "/v1/g", ROUTE_MESSAGE, EVENT_GROUP},
        {"POST", "/v1/t", ROUTE_MESSAGE, EVENT_TRACK},
        {"POST", "/v1/p", ROUTE_MESSAGE, EVENT_PAGE},
        {"POST", "/v1/s", ROUTE_MESSAGE, EVENT_SCREEN},
        {"POST", "/v1/a", ROUTE_MESSAGE, EVENT_ALIAS},
        {"POST", "/v1/batch", ROUTE_BATCH, EVENT_NONE},
        {"POST", "/v1/b", ROUTE_BATCH, EVENT_NONE},
        {"POST", "/v1/import", ROUTE_BATCH, EVENT_NONE},
        {"POST", "/v1/import/", ROUTE_BATCH, EVENT_NONE},
        {"POST", "/b", ROUTE_BATCH, EVENT_NONE},
        {"POST", "/v1/batch/b", ROUTE_BATCH, EVENT_NONE},
        {"POST", "/beacon/v1/batch", ROUTE_BATCH, EVENT_NONE},
        {"POST", "/", ROUTE_MESSAGE, EVENT_NONE},
        {"POST", "/v1", ROUTE_MESSAGE, EVENT_NONE},
        {"POST", "/v1/", ROUTE_MESSAGE, EVENT_NONE},
        {"POST", "/v1/m", ROUTE_DROP, EVENT_NONE},
        {"GET", "/v1/g", ROUTE_JSONP, EVENT_GROUP},
        {"GET", "/v1/pixel/page", ROUTE_PIXEL, EVENT_PAGE},
        {"GET", "/v1/projects/K/settings", ROUTE_SETTINGS, EVENT_NONE},
        {"GET", "/projects/K/settings", ROUTE_SETTINGS, EVENT_NONE},
        {"GET", "/v1/projects/projects/K/settings/", ROUTE_SETTINGS, EVENT_NONE},
        {"OPTIONS", "/v1/i", ROUTE_PREFLIGHT, EVENT_NONE},
        {"HEAD", "/v1/i", ROUTE_NONE, EVENT_NONE},
        {"PUT", "/v1/batch", ROUTE_NONE, EVENT_NONE},
        {"GET", "/", ROUTE_NONE, EVENT_NONE},
        {"GET", "/v1/batch", ROUTE_NONE, EVENT_NONE},
        {"GET", "/v1/projects//settings", ROUTE_NONE, EVENT_NONE},
        {"GET", "/v1/projects/a/b/settings", ROUTE_NONE, EVENT_NONE},
        {"POST", "/v1batch", ROUTE_NONE, EVENT_NONE},
        {"POST", "/v2/batch", ROUTE_NONE, EVENT_NONE},
        {"POST", "/v1/identity", ROUTE_NONE, EVENT_NONE},
    };

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct route route = route_find(paths[i].method, paths[i].path);
        if (route.action != paths[i].action)
            print_error("%s %s\n", paths[i].method, paths[i].path);
        CHECK_INT(route.action, paths[i].action);
        if (route.action == ROUTE_MESSAGE || route.action == ROUTE_BATCH)
            CHECK_INT(route.type, paths[i].type);
        if (route.action == ROUTE_SETTINGS)
            CHECK(route.key_len == 1 && *route.key == 'K');
    }
}

TEST_MAIN(TEST_CASE(every_path_of_every_sdk_leads_somewhere))
