/* leadline serve: runs the server until a signal ends it, and reloads the settings on SIGHUP. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/config.h"
#include "programs/leadline/options.h"
#include "programs/leadline/server.h"

#define PURGE_EVERY_MS   (INT64_C(10) * 60 * 1000)
#define GRACE_MS         30000 /* for calls in flight at the end */
#define MAX_WAIT_SECONDS 60

static const struct options_wanted wanted = {
    .usage = "usage: leadline serve [--config FILE]\n"
             "\n"
             "Takes events in on the tracking API, keeps them on disk, and delivers them.  Prints\n"
             "where it listens when it is ready, and runs until SIGTERM or SIGINT: then it stops\n"
             "accepting, finishes calls in flight, and ends with status 0; a second signal ends\n"
             "it at once.  SIGHUP reads the configuration again.\n"
             "\n"
             "  --config FILE  the configuration (" OPTIONS_DEFAULT_CONFIG ")\n",
};

/* Every thread inherits the mask, so signals wait for the main thread to take them. */
static void hold_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGHUP);
    sigprocmask(SIG_BLOCK, signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a full disk, and answered as one */
}

/* From here on a signal that would end the program ends it at once. */
static void release_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_UNBLOCK, &signals, NULL);
}

/* Connections are files: as many as the system lets us have. */
static void raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void reload(struct server *server, const char *config)
{
    struct settings *settings = config_read("serve", config, true);

    if (settings == NULL)
        fputs("leadline serve: the settings in use stay\n", stderr);
    else
        server_reload(server, settings);
}

/* Starts a round of purging when it is due; returns when the next one is due. */
static int64_t purge(struct server *server, int64_t due_ms)
{
    if (clock_mono() < due_ms)
        return due_ms;
    server_purge(server);
    return clock_mono() + PURGE_EVERY_MS;
}

static void run(struct server *server, const char *config, const sigset_t *signals)
{
    int64_t purge_due = clock_mono();
    int signal_number = 0;

    while (signal_number != SIGTERM && signal_number != SIGINT) {
        purge_due = purge(server, purge_due);
        int64_t wait_ms = purge_due - clock_mono();
        struct timespec wait = {.tv_sec = MAX_WAIT_SECONDS};
        if (wait_ms < MAX_WAIT_SECONDS * 1000)
            wait = (struct timespec){.tv_sec = wait_ms > 0 ? wait_ms / 1000 : 0,
                                     .tv_nsec = wait_ms > 0 ? wait_ms % 1000 * 1000000 : 0};
        signal_number = sigtimedwait(signals, NULL, &wait);
        if (signal_number == SIGHUP)
            reload(server, config);
    }
    log_line(LOG_INFO, "server.stopping", "signal=%d", signal_number);
}

int cmd_serve(int argc, char **argv)
{
    struct options options;
    struct server *server = NULL;
    struct settings *settings;
    struct err err = {0};
    sigset_t signals;
    int status = options_read(argc, argv, &wanted, &options);

    if (status >= 0)
        return status;
    umask(0077); /* events are personal data */
    hold_signals(&signals);
    raise_file_limit();
    settings = config_read("serve", options.config, true);
    if (settings == NULL)
        return 1;
    server = server_start(settings, &err);
    if (server == NULL) {
        fprintf(stderr, "leadline serve: %s\n", err.text);
        return 1;
    }
    server_announce(server);
    run(server, options.config, &signals);
    release_signals();
    server_stop(server, GRACE_MS);
    log_line(LOG_INFO, "server.stopped", "%s", "");
    return 0;
}
