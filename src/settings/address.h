/*
 * address: is a text of the configuration file an address to listen on, a host, or the URL of an
 * org?
 *
 * Threads: any; nothing is kept.
 * Errors:  ERR_MEMORY, or ERR_INVALID with text "" (not what is expected) or a sentence that says
 *          more.
 */
#ifndef SETTINGS_ADDRESS_H
#define SETTINGS_ADDRESS_H

#include <stdbool.h>

#include "base/err.h"

/* "127.0.0.1:8080" or "[::1]:0": a numeric address with a port. */
bool address_is_listen(const char *text);

/* "host" or "host:port", checked only by its characters. */
bool address_is_host(const char *text);

/* https://HOST[:PORT], or http on loopback, followed by nothing but slashes; text is one line. */
MUST_USE int address_check_url(const char *text, struct err *err);

#endif
