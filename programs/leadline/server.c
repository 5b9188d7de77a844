/* Opens store, writer, delivery, tracking API and admin in this order; closes them in reverse. */
#include "programs/leadline/server.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/delivery.h"
#include "ingest/ingest.h"
#include "programs/leadline/ages.h"
#include "programs/leadline/files.h"
#include "programs/leadline/running.h"

struct server {
    struct settings *settings;
    struct store *store;
    struct writer *writer;
    struct delivery *delivery;
    struct ingest *ingest;
    struct admin *admin;
};

static struct writer_bounds bounds(const struct settings *settings)
{
    return (struct writer_bounds){
        .max_waiting = settings->max_queue_events,
        .max_store = settings->max_store_size,
        .min_free_disk = settings->min_free_disk,
    };
}

static void on_waiting(void *arg)
{
    delivery_wake(arg);
}

static void warn_about_data_dir(const char *dir)
{
    struct stat st;

    if (stat(dir, &st) == 0 && (st.st_mode & S_IRWXO))
        log_line(LOG_WARN, "settings.data_dir_open",
                 "data_dir=%s advice=\"others on this machine can look in: chmod o-rwx\"",
                 LOG_TEXT(dir));
}

/* A full disk, say: the commands can be given the address instead. */
static void note_address(const struct server *server)
{
    struct err err = {0};

    if (running_note(server->settings, admin_address(server->admin), &err) < 0)
        log_line(LOG_WARN, "server.address_not_noted",
                 "why=%s advice=\"give commands --admin http://%s\"", LOG_TEXT(err.text),
                 admin_address(server->admin));
}

static int open_parts(struct server *server, struct err *err)
{
    struct settings *settings = server->settings;

    server->store = store_open("sqlite", settings->data_dir, err);
    if (server->store == NULL)
        return err_wrap(err, "data_dir");
    warn_about_data_dir(settings->data_dir);
    server->writer = writer_start(server->store,
                                  (struct writer_limits){
                                      .max_requests = 10000,
                                      .max_bytes = (size_t)256 * 1024 * 1024,
                                      .bounds = bounds(settings),
                                  },
                                  err);
    if (server->writer == NULL)
        return -1;
    server->delivery = delivery_start(settings, server->store, server->writer, NULL, err);
    if (server->delivery == NULL)
        return -1;
    writer_on_waiting(server->writer, on_waiting, server->delivery);
    server->ingest = ingest_start(settings, server->writer, err);
    if (server->ingest == NULL)
        return -1;
    struct admin_sources sources = {
        .settings = settings,
        .store = server->store,
        .writer = server->writer,
        .delivery = server->delivery,
        .ingest = server->ingest,
    };
    server->admin = admin_start(&sources, err);
    if (server->admin == NULL)
        return -1;
    note_address(server);
    return 0;
}

/* What is allowed, but probably a mistake. */
static void warn_about(const struct settings *settings)
{
    if (!admin_is_loopback(settings))
        log_line(LOG_WARN, "settings.admin_open",
                 "admin_listen=%s advice=\"everybody who reaches this address sees events and may "
                 "act: keep it on loopback\"",
                 settings->admin_listen);
    if (settings->source_count == 0)
        log_line(LOG_WARN, "settings.no_sources", "advice=\"no event can come in\"");
    if (settings->destination_count == 0)
        log_line(LOG_WARN, "settings.no_destinations", "advice=\"no event can be delivered\"");
}

struct server *server_start(struct settings *settings, struct err *err)
{
    struct server *server = mem_zero(1, sizeof *server);

    if (server == NULL) {
        settings_unref(settings);
        err_memory(err);
        return NULL;
    }
    server->settings = settings;
    log_set_level(settings->log_level);
    settings->max_connections = files_for_connections(settings->max_connections);
    warn_about(settings);
    if (open_parts(server, err) < 0) {
        server_stop(server, 0);
        return NULL;
    }
    return server;
}

void server_announce(const struct server *server)
{
    printf("leadline: tracking API on http://%s\n", ingest_address(server->ingest));
    printf("leadline: admin on http://%s\n", admin_address(server->admin));
    fflush(stdout);
}

/* Keeps what cannot change while the server runs, and logs a change to it. */
static void keep(const char *key, char **now, char **wanted)
{
    char *kept;

    if (strcmp(*now, *wanted) == 0)
        return;
    kept = mem_text(*now);
    log_line(LOG_WARN, "settings.needs_restart", "key=%s", key);
    if (kept == NULL)
        return;
    mem_free(*wanted);
    *wanted = kept;
}

void server_reload(struct server *server, struct settings *settings)
{
    struct settings *before = server->settings;

    keep("listen", &before->listen, &settings->listen);
    keep("admin_listen", &before->admin_listen, &settings->admin_listen);
    keep("data_dir", &before->data_dir, &settings->data_dir);
    settings->max_connections = files_for_connections(settings->max_connections);
    if (before->max_connections != settings->max_connections)
        log_line(LOG_WARN, "settings.needs_restart", "key=max_connections");
    log_set_level(settings->log_level);
    warn_about(settings);
    writer_set_bounds(server->writer, bounds(settings));
    delivery_reload(server->delivery, settings);
    ingest_reload(server->ingest, settings);
    admin_reload(server->admin, settings);
    server->settings = settings;
    settings_unref(before);
    log_line(LOG_INFO, "settings.reloaded", "%s", "");
}

/* On the store thread. */
static void purged(void *arg, int64_t count, const struct err *err)
{
    (void)arg;
    if (err != NULL)
        log_line(LOG_WARN, "store.purge_failed", "forgotten=%lld why=%s", (long long)count,
                 LOG_TEXT(err->text));
    else if (count > 0)
        log_line(LOG_INFO, "store.purged", "forgotten=%lld", (long long)count);
}

void server_purge(struct server *server)
{
    const struct store_ages ages = ages_of(server->settings, clock_steady());

    if (!writer_purge(server->writer, &ages, purged, NULL))
        log_line(LOG_DEBUG, "store.purge_goes_on", "%s", "");
}

void server_stop(struct server *server, int64_t grace_ms)
{
    if (server == NULL)
        return;
    if (server->admin != NULL)
        running_forget(server->settings);
    admin_stop(server->admin); /* it shows all the others */
    if (server->ingest != NULL)
        ingest_stop(server->ingest);
    if (server->delivery != NULL)
        delivery_stop(server->delivery, grace_ms);
    writer_stop(server->writer);
    store_close(server->store);
    settings_unref(server->settings);
    mem_free(server);
}
