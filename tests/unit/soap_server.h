/*
 * soap_server: a scripted HTTP server on a free loopback port, for testing who calls it.
 *
 * The script is asked for each request and fills the reply.  It runs under the server's
 * mutex, so it may keep plain state in user; soap_server_await lets go of it while waiting.
 * Uses malloc, not base/mem, so that a test may make the caller's allocations fail.
 */
#ifndef TESTS_SOAP_SERVER_H
#define TESTS_SOAP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct soap_server;

struct soap_request {
    const char *operation; /* name of the first element in the Body */
    const char *path;
    const char *body; /* unpacked */
    bool gzipped;
    int number; /* of this operation, from 1 */
};

enum soap_manner {
    SOAP_WHOLE,
    SOAP_GZIPPED,
    SOAP_CHUNKED,
    SOAP_CUT,    /* closes the connection instead of answering */
    SOAP_HALF,   /* closes it in the middle of the answer */
    SOAP_SILENT, /* keeps it open and says nothing until the server stops */
    SOAP_BABBLE  /* sends header lines without end */
};

struct soap_reply {
    int status; /* 200 at first */
    enum soap_manner manner;
    const char *headers; /* further lines, each with \r\n; static */
    char *body;          /* from malloc; freed by the server */
};

typedef void (*soap_script)(struct soap_server *server, void *user,
                            const struct soap_request *request, struct soap_reply *reply);

struct soap_server *soap_server_start(soap_script script, void *user);
void soap_server_stop(struct soap_server *server);

const char *soap_server_url(const struct soap_server *server); /* "http://127.0.0.1:NNNN" */

/* Requests seen so far; NULL: of every operation. */
int soap_server_count(struct soap_server *server, const char *operation);
int soap_server_connections(struct soap_server *server);

/* From a script: waits until count requests of the operation have come. */
void soap_server_await(struct soap_server *server, const char *operation, int count);

/* The same from a test. */
void soap_server_wait_for(struct soap_server *server, const char *operation, int count);

#endif
