/* wire: sends answers through libmicrohttpd, compressed, in chunks or cut off. */
#include "fakeorg/http/wire.h"

#include <string.h>
#include <sys/socket.h>

#include "base/gzip.h"
#include "base/mem.h"

#define WORTH_A_GZIP 1024 /* bytes */
#define BLOCK        4096

static const char page[] = "<!DOCTYPE html><html><head><title>Salesforce</title></head><body>"
                           "<h1>We are down for maintenance</h1><p>Sorry for the inconvenience.<br>"
                           "We'll be back shortly.</p></body></html>\n";

static const char garbage[] = "<?xml version=\"1.0\"?><soapenv:Envelope \x01\x02 & no XML at all";

int wire_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info == NULL ? 0 : info->connect_fd;
}

/* The client sees the end now; the library closes the socket a little later. */
static enum MHD_Result cut(struct MHD_Connection *connection, const char *last_words)
{
    int fd = wire_socket(connection);

    if (fd <= 0)
        return MHD_NO;
    if (last_words != NULL)
        (void)!send(fd, last_words, strlen(last_words), MSG_NOSIGNAL);
    shutdown(fd, SHUT_RDWR);
    return MHD_NO;
}

/* An answer that ends before its length, or that is sent in chunks. */
struct stream {
    char *bytes;
    size_t len, end; /* end < len: the connection breaks there */
};

static ssize_t read_stream(void *context, uint64_t position, char *place, size_t capacity)
{
    struct stream *stream = context;
    size_t left = position < stream->end ? stream->end - (size_t)position : 0;

    if (left == 0)
        return stream->end < stream->len ? MHD_CONTENT_READER_END_WITH_ERROR
                                         : MHD_CONTENT_READER_END_OF_STREAM;
    if (left > capacity)
        left = capacity;
    memcpy(place, stream->bytes + position, left);
    return (ssize_t)left;
}

static void free_stream(void *context)
{
    struct stream *stream = context;

    mem_free(stream->bytes);
    mem_free(stream);
}

static struct MHD_Response *make_stream(char *bytes, size_t len, const struct response_mode *mode)
{
    struct stream *stream = mem_alloc(sizeof *stream);

    if (stream == NULL) {
        mem_free(bytes);
        return NULL;
    }
    *stream = (struct stream){bytes, len, mode->form == RESPONSE_HALF ? len / 2 : len};
    struct MHD_Response *response = MHD_create_response_from_callback(
        mode->chunked ? MHD_SIZE_UNKNOWN : len, BLOCK, read_stream, stream, free_stream);
    if (response == NULL)
        free_stream(stream);
    return response;
}

static struct MHD_Response *make_response(char *bytes, size_t len, const struct response_mode *mode)
{
    if (mode->chunked || (mode->form == RESPONSE_HALF && len > 0))
        return make_stream(bytes, len, mode);
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(len, bytes, mem_free);
    if (response == NULL)
        mem_free(bytes);
    return response;
}

static bool is_packed(struct MHD_Connection *connection, const struct buf *body,
                      const struct response_mode *mode)
{
    const char *accepted =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");

    if (mode->packing != PACK_IF_ASKED)
        return mode->packing == PACK_ALWAYS;
    return body->len >= WORTH_A_GZIP && accepted != NULL && strstr(accepted, "gzip") != NULL;
}

/* Compresses body in place if wanted; true when it did. */
static bool pack(struct MHD_Connection *connection, struct buf *body,
                 const struct response_mode *mode)
{
    struct buf packed;
    struct err err = {0};

    if (buf_failed(body) || !is_packed(connection, body, mode))
        return false;
    buf_init(&packed, body->len + 1024);
    if (gzip_deflate(buf_peek(body), body->len, &packed, &err) < 0) {
        buf_done(&packed);
        return false;
    }
    buf_done(body);
    *body = packed;
    return true;
}

static void replace(struct buf *body, const char *text)
{
    buf_clear(body);
    buf_text(body, text);
}

/* Changes body as the mode asks. */
static void spoil(struct buf *body, const struct response_mode *mode)
{
    if (mode->form == RESPONSE_PAGE)
        replace(body, page);
    else if (mode->form == RESPONSE_GARBAGE)
        replace(body, garbage);
    else if (mode->form == RESPONSE_EMPTY)
        replace(body, "");
    else if (mode->form == RESPONSE_TRUNCATED && body->len > 1 && !buf_failed(body))
        body->data[body->len /= 2] = '\0';
}

static enum MHD_Result queue(struct MHD_Connection *connection, struct MHD_Response *response,
                             unsigned status, const char *type, bool packed)
{
    MHD_add_response_header(response, "Content-Type", type);
    if (packed)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    if (status >= 300 && status < 400)
        MHD_add_response_header(response, "Location",
                                "http://login.elsewhere.example/services/Soap/u/64.0");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result wire_send(struct MHD_Connection *connection, unsigned status, const char *type,
                          struct buf *body, const struct response_mode *mode)
{
    size_t len = 0;

    if (mode->form == RESPONSE_CUT || mode->form == RESPONSE_NO_HTTP) {
        buf_done(body);
        return cut(connection, mode->form == RESPONSE_CUT ? NULL : "220 this is no web server\r\n");
    }
    spoil(body, mode);
    if (mode->form == RESPONSE_PAGE) {
        status = mode->status;
        type = "text/html; charset=utf-8";
    }
    bool packed = pack(connection, body, mode);
    char *bytes = buf_take(body, &len);
    buf_done(body);
    if (bytes == NULL)
        return MHD_NO;
    struct MHD_Response *response = make_response(bytes, len, mode);
    return response == NULL ? MHD_NO : queue(connection, response, status, type, packed);
}
