#include "soap_server.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/gzip.h"

#define MAX_CONNECTIONS 64
#define MAX_OPERATIONS  16
#define MAX_REQUEST     4000000

struct connection {
    struct soap_server *server;
    pthread_t thread;
    int fd;
};

struct soap_server {
    soap_script script;
    void *user;
    int listener;
    char url[64];
    pthread_t acceptor;
    pthread_mutex_t mutex; /* guards everything below */
    pthread_cond_t seen;
    bool stopping;
    struct connection connections[MAX_CONNECTIONS];
    int connection_count;
    struct {
        char name[64];
        int count;
    } operations[MAX_OPERATIONS];
};

static int *count_of(struct soap_server *server, const char *operation)
{
    int i = 0;

    while (i < MAX_OPERATIONS - 1 && server->operations[i].name[0] != '\0' &&
           strcmp(server->operations[i].name, operation) != 0)
        i++;
    snprintf(server->operations[i].name, sizeof server->operations[i].name, "%s", operation);
    return &server->operations[i].count;
}

static void send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        bytes += sent;
        len -= (size_t)sent;
    }
}

static void send_reply(int fd, const struct soap_reply *reply)
{
    const char *body = reply->body != NULL ? reply->body : "";
    size_t len = strlen(body);
    struct buf packed;
    struct err err;
    char head[1024];

    buf_init(&packed, 1000000);
    if (reply->manner == SOAP_GZIPPED && gzip_deflate(body, len, &packed, &err) == 0) {
        body = packed.data;
        len = packed.len;
    }
    snprintf(head, sizeof head, "HTTP/1.1 %d Text\r\nContent-Type: text/xml;charset=UTF-8\r\n%s%s",
             reply->status, reply->headers != NULL ? reply->headers : "",
             reply->manner == SOAP_GZIPPED ? "Content-Encoding: gzip\r\n" : "");
    send_all(fd, head, strlen(head));
    if (reply->manner == SOAP_CHUNKED) {
        send_all(fd, "Transfer-Encoding: chunked\r\n\r\n", 30);
        for (size_t at = 0; at < len; at += 7) {
            size_t piece = len - at < 7 ? len - at : 7;

            snprintf(head, sizeof head, "%zx\r\n%.*s\r\n", piece, (int)piece, body + at);
            send_all(fd, head, strlen(head));
        }
        send_all(fd, "0\r\n\r\n", 5);
    } else {
        snprintf(head, sizeof head, "Content-Length: %zu\r\n\r\n", len);
        send_all(fd, head, strlen(head));
        send_all(fd, body, reply->manner == SOAP_HALF ? len / 2 : len);
    }
    buf_done(&packed);
}

/* The name behind "Body><p:". */
static void find_operation(const char *body, char *ret, size_t size)
{
    const char *at = strstr(body, "Body><");
    size_t len;

    ret[0] = '\0';
    if (at == NULL)
        return;
    at += strlen("Body><");
    len = strcspn(at, "> /");
    if (memchr(at, ':', len) != NULL) {
        len -= (size_t)(strchr(at, ':') + 1 - at);
        at = strchr(at, ':') + 1;
    }
    snprintf(ret, size, "%.*s", (int)len, at);
}

/* False when the connection is to be closed. */
static bool answer(struct connection *connection, const char *path, const char *body, bool gzipped)
{
    struct soap_server *server = connection->server;
    struct soap_reply reply = {.status = 200};
    struct soap_request request = {.path = path, .body = body, .gzipped = gzipped};
    char operation[64];

    find_operation(body, operation, sizeof operation);
    request.operation = operation;
    pthread_mutex_lock(&server->mutex);
    request.number = ++*count_of(server, operation);
    pthread_cond_broadcast(&server->seen);
    server->script(server, server->user, &request, &reply);
    while (reply.manner == SOAP_SILENT && !server->stopping)
        pthread_cond_wait(&server->seen, &server->mutex);
    pthread_mutex_unlock(&server->mutex);
    if (reply.manner == SOAP_BABBLE) {
        send_all(connection->fd, "HTTP/1.1 200 OK\r\n", 17);
        for (int i = 0; i < 100000; i++)
            send_all(connection->fd, "X-Babble: and so on and so on and so on\r\n", 41);
    } else if (reply.manner != SOAP_CUT && reply.manner != SOAP_SILENT) {
        send_reply(connection->fd, &reply);
    }
    free(reply.body);
    return reply.manner < SOAP_CUT;
}

/* Receives until len bytes stand in text, or, with len 0, a whole head does. */
static bool receive(int fd, char *text, size_t *have, size_t len)
{
    while (len == 0 ? strstr(text, "\r\n\r\n") == NULL : *have < len) {
        ssize_t got = recv(fd, text + *have, MAX_REQUEST - 1 - *have, 0);

        if (got <= 0)
            return false;
        *have += (size_t)got;
        text[*have] = '\0';
    }
    return true;
}

static bool serve_one(struct connection *connection, char *text, size_t *have)
{
    const char *length, *head_end;
    char path[256] = "";
    size_t head_len, body_len;
    bool gzipped, good;
    struct buf unpacked;
    struct err err;

    if (!receive(connection->fd, text, have, 0))
        return false;
    head_end = strstr(text, "\r\n\r\n");
    head_len = (size_t)(head_end - text) + 4;
    length = strcasestr(text, "\r\nContent-Length:");
    gzipped = strcasestr(text, "\r\nContent-Encoding: gzip") != NULL;
    body_len = length != NULL ? strtoul(length + 17, NULL, 10) : 0;
    sscanf(text, "POST %255s", path);
    if (head_len + body_len >= MAX_REQUEST ||
        !receive(connection->fd, text, have, head_len + body_len))
        return false;
    buf_init(&unpacked, MAX_REQUEST);
    if (gzipped && gzip_inflate(text + head_len, body_len, &unpacked, &err) < 0)
        return false;
    good = answer(connection, path, gzipped ? buf_peek(&unpacked) : text + head_len, gzipped);
    buf_done(&unpacked);
    *have -= head_len + body_len;
    memmove(text, text + head_len + body_len, *have + 1);
    return good;
}

static void *serve(void *user)
{
    struct connection *connection = user;
    char *text = malloc(MAX_REQUEST);
    size_t have = 0;

    text[0] = '\0';
    while (serve_one(connection, text, &have))
        ;
    shutdown(connection->fd, SHUT_RDWR);
    free(text);
    return NULL;
}

static void *accept_all(void *user)
{
    struct soap_server *server = user;

    for (;;) {
        int fd = accept(server->listener, NULL, NULL);
        struct connection *connection;
        int at_once = 1;

        if (fd < 0)
            return NULL;
        /* A reply goes out in pieces; each would wait 40 ms for the client's delayed ACK. */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
        pthread_mutex_lock(&server->mutex);
        if (server->stopping || server->connection_count == MAX_CONNECTIONS) {
            pthread_mutex_unlock(&server->mutex);
            close(fd);
            continue;
        }
        connection = &server->connections[server->connection_count++];
        *connection = (struct connection){.server = server, .fd = fd};
        pthread_create(&connection->thread, NULL, serve, connection);
        pthread_mutex_unlock(&server->mutex);
    }
}

struct soap_server *soap_server_start(soap_script script, void *user)
{
    struct soap_server *server = calloc(1, sizeof *server);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;

    server->script = script;
    server->user = user;
    pthread_mutex_init(&server->mutex, NULL);
    pthread_cond_init(&server->seen, NULL);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(server->listener, (struct sockaddr *)&address, len) < 0 ||
        listen(server->listener, 64) < 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &len) < 0)
        abort();
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    pthread_create(&server->acceptor, NULL, accept_all, server);
    return server;
}

void soap_server_stop(struct soap_server *server)
{
    pthread_mutex_lock(&server->mutex);
    server->stopping = true;
    pthread_cond_broadcast(&server->seen);
    for (int i = 0; i < server->connection_count; i++)
        shutdown(server->connections[i].fd, SHUT_RDWR);
    pthread_mutex_unlock(&server->mutex);
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->acceptor, NULL);
    for (int i = 0; i < server->connection_count; i++) {
        pthread_join(server->connections[i].thread, NULL);
        close(server->connections[i].fd);
    }
    close(server->listener);
    pthread_cond_destroy(&server->seen);
    pthread_mutex_destroy(&server->mutex);
    free(server);
}

const char *soap_server_url(const struct soap_server *server)
{
    return server->url;
}

int soap_server_count(struct soap_server *server, const char *operation)
{
    int count = 0;

    pthread_mutex_lock(&server->mutex);
    if (operation != NULL)
        count = *count_of(server, operation);
    for (int i = 0; operation == NULL && i < MAX_OPERATIONS; i++)
        count += server->operations[i].count;
    pthread_mutex_unlock(&server->mutex);
    return count;
}

int soap_server_connections(struct soap_server *server)
{
    int count;

    pthread_mutex_lock(&server->mutex);
    count = server->connection_count;
    pthread_mutex_unlock(&server->mutex);
    return count;
}

void soap_server_await(struct soap_server *server, const char *operation, int count)
{
    while (*count_of(server, operation) < count && !server->stopping)
        pthread_cond_wait(&server->seen, &server->mutex);
}

void soap_server_wait_for(struct soap_server *server, const char *operation, int count)
{
    pthread_mutex_lock(&server->mutex);
    soap_server_await(server, operation, count);
    pthread_mutex_unlock(&server->mutex);
}
