/*
 * server: every part of "leadline serve", opened in the order of the way of an event and
 * closed against it.
 *
 * Threads: one thread starts, reloads, purges and stops.
 */
#ifndef PROGRAMS_LEADLINE_SERVER_H
#define PROGRAMS_LEADLINE_SERVER_H

#include "settings/settings.h"

struct server;

/* Opens the store (its folder is made, mode 0700, when missing), starts delivery, the tracking
   API and the admin.  Takes over settings, also when it fails. */
MUST_USE struct server *server_start(struct settings *settings, struct err *err);

/* Says on standard output where the tracking API and the admin listen. */
void server_announce(const struct server *server);

/* Takes over settings.  Addresses, the data directory and max_connections stay what they
   are; a change of them is said in the log. */
void server_reload(struct server *server, struct settings *settings);

/* Begins to forget what the settings keep no longer; the store thread does it beside its
   other work. */
void server_purge(struct server *server);

/* Stops accepting, answers what is committed, finishes calls in flight (grace_ms at most),
   closes. */
void server_stop(struct server *server, int64_t grace_ms);

#endif
