/* Reads --config, --json and the other shared options with getopt_long. */
#include "programs/leadline/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static int misused(const char *name, const char *what, const char *which, const char *usage)
{
    fprintf(stderr, "leadline %s: %s%s\n%s", name, what, which, usage);
    return 2;
}

#define SHARED 4
#define OWN    1000 /* above every character that getopt_long knows */

static const struct option shared[SHARED] = {
    {"config", required_argument, NULL, 'c'},
    {"admin", required_argument, NULL, 'a'},
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
};

static void list_options(const struct options_own *own, struct option *ret)
{
    memcpy(ret, shared, sizeof shared);
    ret += SHARED;
    for (int i = 0; own != NULL && own[i].name != NULL && i < OPTIONS_OWN_MAX; i++)
        *ret++ = (struct option){own[i].name, own[i].flag ? no_argument : required_argument, NULL,
                                 OWN + i};
    *ret = (struct option){0};
}

/* False when the command does not take it. */
static bool take_option(int c, const struct options_wanted *wanted, struct options *ret)
{
    if (c == 'c')
        ret->config = optarg;
    else if (c == 'a' && wanted->server)
        ret->admin = optarg;
    else if (c == 'j' && wanted->json)
        ret->json = true;
    else if (c >= OWN)
        ret->own[c - OWN] = optarg != NULL ? optarg : "";
    else
        return false;
    return true;
}

int options_read(int argc, char **argv, const struct options_wanted *wanted, struct options *ret)
{
    struct option longs[SHARED + OPTIONS_OWN_MAX + 1];
    int c;

    *ret = (struct options){.config = OPTIONS_DEFAULT_CONFIG};
    list_options(wanted->own, longs);
    optind = 1;
    opterr = 0;
    while ((c = getopt_long(argc, argv, ":c:h", longs, NULL)) != -1) {
        if (c == 'h') {
            fputs(wanted->usage, stdout);
            return 0;
        }
        if (!take_option(c, wanted, ret))
            return misused(argv[0], c == ':' ? "a value is missing after " : "unknown option ",
                           argv[optind - 1], wanted->usage);
    }
    ret->arguments = argv + optind;
    ret->argument_count = argc - optind;
    if (wanted->argument && optind == argc)
        return misused(argv[0], "an argument is missing", "", wanted->usage);
    if (wanted->argument || (wanted->optional && optind < argc))
        ret->argument = argv[optind++];
    if (optind < argc && !wanted->many)
        return misused(argv[0], "unknown argument ", argv[optind], wanted->usage);
    return -1;
}
