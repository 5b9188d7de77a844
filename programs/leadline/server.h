/*
 * server: every part of "leadline serve", started in the order in which an event passes through
 * them and stopped in reverse.
 *
 * Threads: one thread starts, reloads, purges and stops.
 */
#ifndef PROGRAMS_LEADLINE_SERVER_H
#define PROGRAMS_LEADLINE_SERVER_H

#include "settings/settings.h"

struct server;

/* Opens the store (its folder is created, mode 0700, when missing), starts delivery, the tracking
   API and the admin.  Takes ownership of settings, also when it fails. */
MUST_USE struct server *server_start(struct settings *settings, struct err *err);

/* Prints on standard output where the tracking API and the admin listen. */
void server_announce(const struct server *server);

/* Takes ownership of settings.  Addresses, the data directory and max_connections stay as they are;
   a change to them is logged. */
void server_reload(struct server *server, struct settings *settings);

/* Starts deleting what the settings no longer keep; the store thread does it alongside its other
   work. */
void server_purge(struct server *server);

/* Stops accepting, answers what is committed, finishes calls in flight (grace_ms at most),
   closes. */
void server_stop(struct server *server, int64_t grace_ms);

#endif
