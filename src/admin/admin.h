/*
 * admin: status, traces and metrics over HTTP, for people and for the command line.
 *
 *   GET  /                           a page for people
 *   GET  /api/status                 everything at a glance
 *   GET  /api/trace?messageId=ID     the receipts of one event
 *   GET  /api/trace?q=WHAT           the same by userId, anonymousId, groupId, e-mail, record Id
 *   GET  /api/dead-letters?destination=NAME&code=CODE&before=SEQ&body=1
 *                                    those of a destination; with the events when body=1
 *   GET  /api/dead-letters?messageId=ID
 *                                    the receipts of one event, with the event
 *   POST /api/dead-letters/retry?destination=NAME&messageId=ID&code=CODE
 *                                    they wait again; all of them without messageId and code
 *   POST /api/dead-letters/discard?destination=NAME&messageId=ID&code=CODE
 *                                    likewise: they are dropped for good
 *   GET  /api/events?source=S&destination=D&outcome=STATE&lines=N
 *                                    the newest events, and a cursor
 *   GET  /api/events?after=CURSOR    what came in or changed since, and the next cursor
 *   POST /api/retry?destination=NAME ends a stop or a hold
 *   GET  /healthz                    200 while events can be stored, else 503
 *   GET  /metrics                    Prometheus text
 *
 * It asks for no password.  Cross-site requests from a browser are refused.
 *
 * Threads: its own HTTP server's loop thread; admin_reload may be called from any other.
 */
#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include "admin/sources.h"

struct admin;

MUST_USE struct admin *admin_start(const struct admin_sources *sources, struct err *err);

/* False when others than this machine can reach it: worth a warning. */
bool admin_is_loopback(const struct settings *settings);

/* Shows the destinations of these settings from now on; admin_listen stays as it is. */
void admin_reload(struct admin *admin, struct settings *settings);

const char *admin_address(const struct admin *admin);
void admin_stop(struct admin *admin); /* NULL is allowed */

#endif
