/* fakeorg: the HTTP server: its routes, reading requests, and answering SOAP and everything
   else. */
#include "fakeorg/http/fakeorg.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <microhttpd.h>

#include "base/gzip.h"
#include "base/mem.h"
#include "fakeorg/data/journal.h"
#include "fakeorg/org/setup.h"
#include "fakeorg/soap/soap.h"
#include "fakeorg/http/views.h"
#include "fakeorg/http/wire.h"

#define MAX_CONNECTIONS 512
#define IDLE_SECONDS    120
#define MAX_VIEW        ((size_t)2 * 1024 * 1024 * 1024)
#define HOST_MAX        256
#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define HTML            "text/html; charset=utf-8"
#define JSON            "application/json; charset=utf-8"
#define XML             "text/xml;charset=UTF-8"

struct fakeorg {
    struct service *service;
    struct MHD_Daemon *daemon;
    struct fakeorg_options options;
    uint16_t port;
};

/* A request whose body is still arriving. */
struct upload {
    struct buf body;
};

/* A route that ends in / matches every path below it; "/" only itself. */
static const struct {
    const char *method, *path, *type;
    unsigned (*answer)(struct service *, const char *rest, const char *body, struct buf *out);
} routes[] = {
    {"GET", "/", HTML, page_home},
    {"GET", "/records/", HTML, page_records},
    {"GET", "/calls", HTML, page_calls},
    {"GET", "/calls/", HTML, page_call},
    {"GET", "/faults", HTML, page_faults},
    {"GET", "/_fakeorg/records/", JSON, view_records},
    {"GET", "/_fakeorg/calls", JSON, view_calls},
    {"GET", "/_fakeorg/calls/log", JSON, view_calls_log},
    {"POST", "/_fakeorg/fields", JSON, control_fields},
    {"POST", "/_fakeorg/org", JSON, control_org},
    {"POST", "/_fakeorg/reset", JSON, control_reset},
    {"POST", "/_fakeorg/convert", JSON, control_convert},
    {"POST", "/_fakeorg/merge", JSON, control_merge},
    {"POST", "/_fakeorg/delete", JSON, control_delete},
    {"POST", "/_fakeorg/sessions/expire", JSON, control_expire_sessions},
    {"GET", "/_fakeorg/faults", JSON, view_faults},
    {"POST", "/_fakeorg/faults", JSON, control_faults},
    {"DELETE", "/_fakeorg/faults", JSON, control_clear_faults},
    {"GET", "/_fakeorg/limits", JSON, view_limits},
    {"POST", "/_fakeorg/limits", JSON, control_limits},
    {"DELETE", "/_fakeorg/limits", JSON, control_clear_limits},
    {"GET", "/_fakeorg/clock", JSON, view_clock},
    {"POST", "/_fakeorg/clock", JSON, control_clock},
    {"GET", "/_fakeorg/quirks", JSON, view_quirks},
    {"POST", "/_fakeorg/quirks", JSON, control_quirks},
    {"DELETE", "/_fakeorg/quirks", JSON, control_clear_quirks},
    /* The old address, for one more release. */
    {"GET", "/_fakeorg/switches", JSON, view_quirks},
    {"POST", "/_fakeorg/switches", JSON, control_quirks},
    {"DELETE", "/_fakeorg/switches", JSON, control_clear_quirks},
};

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, unsigned status,
                                   const char *type, struct buf *body)
{
    const struct response_mode plain = {.form = RESPONSE_WHOLE};

    return wire_send(connection, status, type, body, &plain);
}

static enum MHD_Result send_text(struct MHD_Connection *connection, unsigned status,
                                 const char *text)
{
    struct buf body;

    buf_init(&body, 1024);
    buf_text(&body, text);
    return send_answer(connection, status, "text/plain; charset=utf-8", &body);
}

/* Undoes Content-Encoding: gzip, in place.  0, or the status of the refusal. */
static unsigned unpack(struct MHD_Connection *connection, struct buf *body)
{
    const char *encoding = header(connection, "Content-Encoding");
    struct buf plain;
    struct err err = {0};

    if (encoding == NULL || strcasecmp(encoding, "identity") == 0)
        return 0;
    if (strcasecmp(encoding, "gzip") != 0)
        return MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
    buf_init(&plain, SOAP_MAX_REQUEST);
    if (gzip_inflate(buf_peek(body), body->len, &plain, &err) < 0) {
        buf_done(&plain);
        return err.kind == ERR_FULL ? MHD_HTTP_CONTENT_TOO_LARGE : MHD_HTTP_BAD_REQUEST;
    }
    buf_done(body);
    *body = plain;
    return 0;
}

static enum MHD_Result answer_soap(struct fakeorg *fakeorg, struct MHD_Connection *connection,
                                   const char *path, const char *host, const struct buf *body)
{
    struct response_mode mode;
    struct soap_request request = {.path = path,
                                   .host = host,
                                   .content_type = header(connection, "Content-Type"),
                                   .has_action = header(connection, "SOAPAction") != NULL,
                                   .body = buf_peek(body),
                                   .len = body->len,
                                   .socket = wire_socket(connection),
                                   .mode = &mode};
    struct buf out;

    buf_init(&out, SOAP_MAX_ANSWER);
    unsigned status = soap_answer(fakeorg->service, &request, &out);
    return wire_send(connection, status, XML, &out, &mode);
}

/* Writes the changes of a POST to the file of --data. */
static void keep_changes(struct service *service)
{
    struct err err = {0};

    pthread_mutex_lock(&service->lock);
    if (journal_commit(service->journal, &err) < 0)
        fprintf(stderr, "fakeorg: %s\n", err.text);
    pthread_mutex_unlock(&service->lock);
}

/* The text of a posted file, without the byte order mark that some editors add. */
static const char *posted_text(const struct buf *body)
{
    const char *text = buf_peek(body);

    return strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0
               ? text + strlen(BYTE_ORDER_MARK)
               : text;
}

static bool fits(const char *route, const char *path)
{
    size_t len = strlen(route);

    return strcmp(route, path) == 0 ||
           (len > 1 && route[len - 1] == '/' && strncmp(route, path, len) == 0);
}

/* A GET has no body; its arguments take the place of one, one per line. */
static enum MHD_Result add_argument(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    struct buf *arguments = context;

    buf_format(arguments, "%s=%s\n", name, value == NULL ? "" : value);
    return MHD_YES;
}

static enum MHD_Result answer(struct fakeorg *fakeorg, struct MHD_Connection *connection,
                              const char *method, const char *path, const char *host,
                              struct buf *body)
{
    unsigned refused = buf_failed(body) ? MHD_HTTP_CONTENT_TOO_LARGE : unpack(connection, body);
    bool known_path = fits(SOAP_PATH, path);
    struct buf out;

    if (refused != 0)
        return send_text(connection, refused, "the body cannot be read\n");
    if (known_path && strcmp(method, "POST") == 0)
        return answer_soap(fakeorg, connection, path, host, body);
    if (strcmp(method, "GET") == 0) {
        buf_clear(body);
        MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_argument, body);
    }
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (!fits(routes[i].path, path))
            continue;
        known_path = true;
        if (strcmp(routes[i].method, method) != 0)
            continue;
        buf_init(&out, MAX_VIEW);
        unsigned status = routes[i].answer(fakeorg->service, path + strlen(routes[i].path),
                                           posted_text(body), &out);
        keep_changes(fakeorg->service);
        return send_answer(connection, status, routes[i].type, &out);
    }
    return known_path ? send_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "wrong method\n")
                      : send_text(connection, MHD_HTTP_NOT_FOUND, "there is nothing here\n");
}

/* A target may be a whole address ("POST http://host/path HTTP/1.1", RFC 9112; Beatbox
   writes it so).  Returns its path, and its host, which overrides the Host header, or "". */
static const char *path_of(const char *target, char ret_host[HOST_MAX])
{
    const char *host = strncasecmp(target, "http://", 7) == 0 ? target + 7 : NULL;

    ret_host[0] = '\0';
    if (host == NULL)
        return target;
    size_t len = strcspn(host, "/");
    snprintf(ret_host, HOST_MAX, "%.*s", (int)len, host);
    return host[len] == '\0' ? "/" : host + len;
}

static bool ends_early(struct service *service, const char *path)
{
    pthread_mutex_lock(&service->lock);
    bool ends = fits(SOAP_PATH, path) && faults_inject_early(&service->faults);
    pthread_mutex_unlock(&service->lock);
    return ends;
}

/* Called by the library: first with the headers, then with each chunk of the body,
   finally with none. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *target, const char *method, const char *version,
                                  const char *piece, size_t *piece_len, void **state)
{
    struct fakeorg *fakeorg = context;
    struct upload *upload = *state;
    char target_host[HOST_MAX];
    const char *path = path_of(target, target_host), *host = target_host;

    if (upload == NULL) {
        if (ends_early(fakeorg->service, path))
            return MHD_NO;
        upload = mem_alloc(sizeof *upload);
        if (upload == NULL)
            return MHD_NO;
        buf_init(&upload->body, SOAP_MAX_REQUEST);
        *state = upload;
        return MHD_YES;
    }
    if (*piece_len > 0) {
        buf_put(&upload->body, piece, *piece_len);
        *piece_len = 0;
        return MHD_YES;
    }
    if (host[0] == '\0')
        host = header(connection, "Host");
    if (host == NULL) { /* HTTP/1.0 */
        snprintf(target_host, sizeof target_host, "%s:%d", fakeorg->options.address, fakeorg->port);
        host = target_host;
    }
    return answer(fakeorg, connection, method, path, host, &upload->body);
}

static void on_done(void *context, struct MHD_Connection *connection, void **state,
                    enum MHD_RequestTerminationCode why)
{
    struct upload *upload = *state;

    if (upload != NULL) {
        buf_done(&upload->body);
        mem_free(upload);
        *state = NULL;
    }
}

static int listen_on(struct fakeorg *fakeorg, struct err *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(fakeorg->options.port)};

    if (inet_pton(AF_INET, fakeorg->options.address, &address.sin_addr) != 1)
        return err_set(err, ERR_INVALID, "%s is not an IPv4 address", fakeorg->options.address);
    errno = 0;
    fakeorg->daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL,
        NULL, on_request, fakeorg, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_END);
    if (fakeorg->daemon == NULL)
        return err_set(err, ERR_SYSTEM, "listen on %s:%d: %s", fakeorg->options.address,
                       fakeorg->options.port, strerror(errno));
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(fakeorg->daemon, MHD_DAEMON_INFO_BIND_PORT);
    fakeorg->port = info->port;
    return 0;
}

struct fakeorg *fakeorg_start(const struct fakeorg_options *options, struct err *err)
{
    struct fakeorg *fakeorg = mem_zero(1, sizeof *fakeorg);

    if (fakeorg == NULL) {
        err_memory(err);
        return NULL;
    }
    fakeorg->options = *options;
    fakeorg->service = service_new(options, err);
    if (fakeorg->service == NULL || listen_on(fakeorg, err) < 0) {
        fakeorg_stop(fakeorg);
        return NULL;
    }
    return fakeorg;
}

uint16_t fakeorg_port(const struct fakeorg *fakeorg)
{
    return fakeorg->port;
}

void fakeorg_stop(struct fakeorg *fakeorg)
{
    if (fakeorg == NULL)
        return;
    if (fakeorg->service != NULL)
        latency_end(&fakeorg->service->latency); /* or stopping would wait for it */
    if (fakeorg->daemon != NULL)
        MHD_stop_daemon(fakeorg->daemon);
    service_free(fakeorg->service);
    mem_free(fakeorg);
}
