/* pause and resume: stop and continue delivery to one destination. */
#include <stdio.h>

#include "base/mem.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/options.h"
#include "programs/leadline/print.h"
#include "programs/leadline/running.h"

static const struct options_wanted wanted_pause = {
    .usage = "usage: leadline pause DESTINATION [--config FILE | --admin URL] [--json]\n"
             "\n"
             "Has the running server send nothing more to a destination, until \"leadline\n"
             "resume\" and over restarts.  Calls in flight are finished.  Events are still\n"
             "accepted, and wait.\n"
             "\n" OPTIONS_SERVER_USAGE "  --json         the answer, as JSON\n",
    .json = true,
    .server = true,
    .argument = true,
};

static const struct options_wanted wanted_resume = {
    .usage = "usage: leadline resume DESTINATION [--config FILE | --admin URL] [--json]\n"
             "\n"
             "Has the running server deliver to a destination again that was paused, has\n"
             "stopped or holds: it tries at once.\n"
             "\n" OPTIONS_SERVER_USAGE "  --json         the answer, as JSON\n",
    .json = true,
    .server = true,
    .argument = true,
};

static int post_action(int argc, char **argv, const struct options_wanted *wanted, const char *path,
                       const char *result)
{
    struct options options;
    struct err err = {0};
    char *full;
    json_t *answer = NULL;
    int rc = options_read(argc, argv, wanted, &options);

    if (rc >= 0)
        return rc;
    full = running_path(path, "destination", options.argument, &err);
    if (full != NULL)
        answer = running_post(&options, full, &err);
    if (answer == NULL)
        fprintf(stderr, "leadline %s: %s\n", argv[0], err.text);
    else if (options.json)
        print_json(answer);
    else
        printf("%s %s\n", options.argument, result);
    rc = answer != NULL ? 0 : 1;
    json_decref(answer);
    mem_free(full);
    return rc;
}

int cmd_pause(int argc, char **argv)
{
    return post_action(argc, argv, &wanted_pause, "/api/pause", "is paused; what comes in waits");
}

int cmd_resume(int argc, char **argv)
{
    return post_action(argc, argv, &wanted_resume, "/api/resume", "is delivered to again");
}
