/* Asks the server for one page of dead letters after another. */
#include "programs/leadline/dead_letter_pages.h"

#include <string.h>

#include "base/mem.h"
#include "programs/leadline/running.h"

static char *page_path(const struct options *options, const char *destination, bool bodies,
                       json_int_t before, struct err *err)
{
    char *base = running_path("/api/dead-letters", "destination", destination, err);
    char *narrow = base, *path = NULL;

    if (base != NULL && options->own[DEAD_LETTERS_CODE] != NULL)
        narrow = running_path(base, "code", options->own[DEAD_LETTERS_CODE], err);
    if (narrow != NULL)
        path = mem_format("%s&before=%lld%s", narrow, (long long)before, bodies ? "&body=1" : "");
    if (narrow != NULL && path == NULL)
        err_memory(err);
    if (narrow != base)
        mem_free(narrow);
    mem_free(base);
    return path;
}

static int visit_destination(const struct options *options, const char *destination, bool bodies,
                             size_t max, dead_letters_visit *each, void *arg, struct err *err)
{
    json_int_t before = 0;
    size_t count = 0;

    do {
        char *path = page_path(options, destination, bodies, before, err);
        json_t *page = path != NULL ? running_ask(options, path, err) : NULL, *receipt;
        size_t i;
        mem_free(path);
        if (page == NULL)
            return -1;
        json_array_foreach(json_object_get(page, "receipts"), i, receipt)
            each(receipt, arg);
        count += json_array_size(json_object_get(page, "receipts"));
        before = json_integer_value(json_object_get(page, "next"));
        json_decref(page);
    } while (before > 0 && count < max);
    return 0;
}

int dead_letters_each_destination(const struct options *options, dead_letters_act *act, void *arg,
                                  struct err *err)
{
    json_t *status = running_ask(options, "/api/status", err), *to;
    const char *wanted = options->own[DEAD_LETTERS_DESTINATION];
    size_t i, met = 0;
    int rc = status != NULL ? 0 : -1;

    json_array_foreach(json_object_get(status, "destinations"), i, to) {
        const char *name = json_string_value(json_object_get(to, "name"));
        if (rc < 0 || name == NULL || (wanted != NULL && strcmp(name, wanted) != 0))
            continue;
        met++;
        rc = act(name, to, arg, err);
    }
    json_decref(status);
    if (rc == 0 && met == 0 && wanted != NULL)
        return err_set(err, ERR_NOT_FOUND, "there is no destination \"%s\"", wanted);
    return rc;
}

static int walk_one(const char *name, const json_t *status, void *arg, struct err *err)
{
    const struct dead_letters_walk *walk = arg;

    (void)status;
    return visit_destination(walk->options, name, walk->bodies, walk->max, walk->each, walk->arg,
                             err);
}

int dead_letters_walk(struct dead_letters_walk *walk, struct err *err)
{
    return dead_letters_each_destination(walk->options, walk_one, walk, err);
}
