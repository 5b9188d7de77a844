/* Formats an answer on the thread that answers; the loop sends it. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <time.h>

#include "base/clock.h"
#include "base/buf_json.h"
#include "http/request.h"

#define MAX_ERROR_BODY  4096
#define MAX_ANSWER_HEAD (16 * 1024)

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {204, "No Content"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

static const char *reason_of(int status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return ""; /* allowed, and clients ignore it */
}

/* ---- headers ---- */

static bool is_clean(const char *value)
{
    for (const char *c = value; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return true;
}

/* Removes an earlier header of that name, so that each occurs once. */
static void remove_header(struct buf *headers, const char *name)
{
    char *at = headers->data, *end = at + headers->len;

    while (at != end) {
        char *next = at + strlen(at) + 1;
        next += strlen(next) + 1;
        if (strcasecmp(at, name) == 0) {
            memmove(at, next, (size_t)(end - next));
            headers->len -= (size_t)(next - at);
            return;
        }
        at = next;
    }
}

void http_header_add(struct http_request *request, const char *name, const char *value)
{
    if (!is_clean(value))
        return;
    if (request->headers.len > 0)
        remove_header(&request->headers, name);
    buf_put(&request->headers, name, strlen(name) + 1);
    buf_put(&request->headers, value, strlen(value) + 1);
}

static void put_added_headers(struct buf *to, const struct buf *headers)
{
    const char *name = buf_peek(headers), *end = name + headers->len;

    while (name != end) {
        const char *value = name + strlen(name) + 1;
        buf_format(to, "%s: %s\r\n", name, value);
        name = value + strlen(value) + 1;
    }
}

/* As RFC 9110, section 5.6.7 wants it, whatever the locale. */
static void put_date(struct buf *to)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = (time_t)(clock_wall() / 1000);
    struct tm tm;

    if (gmtime_r(&now, &tm) == NULL)
        return;
    buf_format(to, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n", days[tm.tm_wday], tm.tm_mday,
               months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void put_connection(struct buf *to, struct http_request *request)
{
    struct http_server *server = request->server;

    pthread_mutex_lock(&server->mutex);
    request->close |= server->quiescing;
    pthread_mutex_unlock(&server->mutex);
    if (request->close)
        buf_text(to, "Connection: close\r\n");
    else if (request->head.http_1_0)
        buf_text(to, "Connection: keep-alive\r\n");
}

/* ---- answers ---- */

/* Fails as a whole when out of memory: an answer with half of its headers would mislead. */
static void make_answer(struct http_request *request, int status, const char *content_type,
                        const void *body, size_t len)
{
    struct buf *to = &request->answer;

    buf_init(to, MAX_ANSWER_HEAD + len);
    buf_format(to, "HTTP/1.1 %d %s\r\n", status, reason_of(status));
    put_date(to);
    put_connection(to, request);
    buf_format(to, "Content-Type: %s\r\nContent-Length: %zu\r\n", content_type, len);
    put_added_headers(to, &request->headers);
    buf_text(to, "\r\n");
    if (!request->head.no_body)
        buf_put(to, body, len);
    if (buf_failed(&request->headers) || buf_failed(to))
        buf_done(to); /* no bytes: the loop closes the connection */
}

void http_answer(struct http_request *request, int status, const char *content_type,
                 const void *body, size_t len)
{
    struct http_server *server = request->server;

    make_answer(request, status, content_type == NULL ? "application/json" : content_type, body,
                len);
    pthread_mutex_lock(&server->mutex);
    server->in_hand--;
    if (server->answered == NULL)
        eventfd_write(server->wake_fd, 1);
    request->next = server->answered;
    server->answered = request;
    /* From here on the request belongs to the loop, and the server may be gone. */
    pthread_mutex_unlock(&server->mutex);
}

void http_answer_error(struct http_request *request, int status, const char *code,
                       const char *message)
{
    struct buf body;

    buf_init(&body, MAX_ERROR_BODY);
    buf_text(&body, "{\"success\":false");
    buf_json_key(&body, "code");
    buf_json_string(&body, code, strlen(code));
    buf_json_key(&body, "message");
    buf_json_string(&body, message, strlen(message));
    buf_json_key(&body, "error");
    buf_json_string(&body, message, strlen(message));
    buf_char(&body, '}');
    http_answer(request, status, NULL, buf_peek(&body), body.len);
    buf_done(&body);
}
