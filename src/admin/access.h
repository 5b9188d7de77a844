/*
 * access: may this request reach the admin?
 *
 * The admin asks for no password, so a web page elsewhere must not reach it through the browser of
 * somebody on this machine: neither by DNS rebinding (a name of its own that points to 127.0.0.1),
 * nor by cross-site requests.
 *
 * Threads: any; nothing is kept.
 */
#ifndef ADMIN_ACCESS_H
#define ADMIN_ACCESS_H

#include "http/http.h"

/* loopback: the admin listens only on this machine, so a Host must be an address or localhost. */
bool access_is_allowed(const struct http_request *request, bool loopback);

#endif
