/* Checks what a request has in its query. */
#include "admin/parameters.h"

#include <stdio.h>
#include <string.h>

#include "admin/views.h"

#define MAX_NAME 1000 /* of a source, destination, code or cursor */

bool parameters_read(struct http_request *request, const struct parameter *names, size_t count)
{
    char message[100];

    for (size_t i = 0; i < count; i++) {
        *names[i].ret = http_query(request, names[i].name);
        if (*names[i].ret == NULL || strlen(*names[i].ret) <= MAX_NAME)
            continue;
        snprintf(message, sizeof message, "the parameter %s is too long", names[i].name);
        http_answer_error(request, 400, "bad_request", message);
        return false;
    }
    return true;
}

bool parameters_count(struct http_request *request, const char *name, const char *text,
                      int64_t least, int64_t most, int64_t *ret)
{
    char message[100];
    const char *end = "";

    if (text == NULL)
        return true;
    if (view_number(text, &end, ret) && *end == '\0' && *ret >= least && *ret <= most)
        return true;
    snprintf(message, sizeof message, "the parameter %s is no number from %lld to %lld", name,
             (long long)least, (long long)most);
    http_answer_error(request, 400, "bad_request", message);
    return false;
}
