/* The table of paths, and the look-up in it. */
#include "ingest/routes.h"

#include <string.h>

/* Without /v1 in front, which may be there or not, and without slashes at the end.  A *
   is a write key.  React Native makes "", /batch/b and /projects/projects, depending on its
   version; /beacon is RudderStack's for a page that closes. */
static const struct {
    const char *path;
    enum route_action post, get;
    enum event_type type;
} routes[] = {
    /* clang-format off */
    /* path                             POST           GET             type */
    {"",                                ROUTE_MESSAGE, ROUTE_NONE,     EVENT_NONE    },
    {"/identify",                       ROUTE_MESSAGE, ROUTE_NONE,     EVENT_IDENTIFY},
    {"/group",                          ROUTE_MESSAGE, ROUTE_NONE,     EVENT_GROUP   },
    {"/track",                          ROUTE_MESSAGE, ROUTE_NONE,     EVENT_TRACK   },
    {"/page",                           ROUTE_MESSAGE, ROUTE_NONE,     EVENT_PAGE    },
    {"/screen",                         ROUTE_MESSAGE, ROUTE_NONE,     EVENT_SCREEN  },
    {"/alias",                          ROUTE_MESSAGE, ROUTE_NONE,     EVENT_ALIAS   },
    {"/i",                              ROUTE_MESSAGE, ROUTE_JSONP,    EVENT_IDENTIFY},
    {"/g",                              ROUTE_MESSAGE, ROUTE_JSONP,    EVENT_GROUP   },
    {"/t",                              ROUTE_MESSAGE, ROUTE_JSONP,    EVENT_TRACK   },
    {"/p",                              ROUTE_MESSAGE, ROUTE_JSONP,    EVENT_PAGE    },
    {"/s",                              ROUTE_MESSAGE, ROUTE_JSONP,    EVENT_SCREEN  },
    {"/a",                              ROUTE_MESSAGE, ROUTE_JSONP,    EVENT_ALIAS   },
    {"/batch",                          ROUTE_BATCH,   ROUTE_NONE,     EVENT_NONE    },
    {"/b",                              ROUTE_BATCH,   ROUTE_NONE,     EVENT_NONE    },
    {"/import",                         ROUTE_BATCH,   ROUTE_NONE,     EVENT_NONE    },
    {"/batch/b",                        ROUTE_BATCH,   ROUTE_NONE,     EVENT_NONE    },
    {"/beacon/v1/batch",                ROUTE_BATCH,   ROUTE_NONE,     EVENT_NONE    },
    {"/m",                              ROUTE_DROP,    ROUTE_NONE,     EVENT_NONE    },
    {"/pixel/identify",                 ROUTE_NONE,    ROUTE_PIXEL,    EVENT_IDENTIFY},
    {"/pixel/group",                    ROUTE_NONE,    ROUTE_PIXEL,    EVENT_GROUP   },
    {"/pixel/track",                    ROUTE_NONE,    ROUTE_PIXEL,    EVENT_TRACK   },
    {"/pixel/page",                     ROUTE_NONE,    ROUTE_PIXEL,    EVENT_PAGE    },
    {"/pixel/screen",                   ROUTE_NONE,    ROUTE_PIXEL,    EVENT_SCREEN  },
    {"/pixel/alias",                    ROUTE_NONE,    ROUTE_PIXEL,    EVENT_ALIAS   },
    {ROUTES_HEALTH_PATH,                ROUTE_NONE,    ROUTE_HEALTH,   EVENT_NONE    },
    {"/projects/*/settings",            ROUTE_NONE,    ROUTE_SETTINGS, EVENT_NONE    },
    {"/projects/projects/*/settings",   ROUTE_NONE,    ROUTE_SETTINGS, EVENT_NONE    },
    /* clang-format on */
};

/* True when path is pattern; a * takes one piece that is not empty. */
static bool matches(const char *pattern, const char *path, size_t len, struct route *route)
{
    const char *star = strchr(pattern, '*'), *slash;
    size_t before, after;

    if (star == NULL)
        return strlen(pattern) == len && memcmp(pattern, path, len) == 0;
    before = (size_t)(star - pattern);
    after = strlen(star + 1);
    if (len <= before + after || memcmp(pattern, path, before) != 0 ||
        memcmp(star + 1, path + len - after, after) != 0)
        return false;
    slash = memchr(path + before, '/', len - before - after);
    if (slash != NULL)
        return false;
    route->key = path + before;
    route->key_len = len - before - after;
    return true;
}

struct route route_find(const char *method, const char *path)
{
    struct route route = {ROUTE_NONE, EVENT_NONE, NULL, 0};
    bool post = strcmp(method, "POST") == 0, get = strcmp(method, "GET") == 0;
    size_t len;

    if (strcmp(method, "OPTIONS") == 0) {
        route.action = ROUTE_PREFLIGHT; /* a page then reads the 404 of what follows */
        return route;
    }
    if (strncmp(path, "/v1", 3) == 0 && (path[3] == '/' || path[3] == '\0'))
        path += 3;
    len = strlen(path);
    while (len > 0 && path[len - 1] == '/')
        len--;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (!matches(routes[i].path, path, len, &route))
            continue;
        route.action = post ? routes[i].post : get ? routes[i].get : ROUTE_NONE;
        route.type = routes[i].type;
        break;
    }
    return route;
}
