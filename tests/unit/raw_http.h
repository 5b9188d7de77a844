/*
 * raw_http: a client of bare sockets, for what no well-behaved client would send and for
 * reading answers to the byte.
 */
#ifndef TESTS_RAW_HTTP_H
#define TESTS_RAW_HTTP_H

#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

#include "base/buf.h"
#include "base/mem.h"

static inline void dial_with(int fd, const char *address)
{
    struct sockaddr_in to = {.sin_family = AF_INET};

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)strtol(strrchr(address, ':') + 1, NULL, 10));
    CHECK_INT(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
}

static inline int dial(const char *address)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    CHECK(fd >= 0);
    dial_with(fd, address);
    return fd;
}

/* False when the server has hung up; what it said can still be read. */
static inline bool say_n(int fd, const void *bytes, size_t len)
{
    const char *from = bytes;

    while (len > 0) {
        ssize_t sent = send(fd, from, len, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        from += sent;
        len -= (size_t)sent;
    }
    return true;
}

static inline void say(int fd, const char *text)
{
    say_n(fd, text, strlen(text));
}

struct answer {
    int status; /* 0: the connection ended without one */
    char *head;
    char *body;
    size_t len;
};

/* Reads one byte; -1 at the end of the connection, fails after 10 s of silence. */
static inline int read_byte(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    unsigned char byte;

    CHECK_INT(poll(&wait, 1, 10000), 1);
    return recv(fd, &byte, 1, 0) == 1 ? byte : -1;
}

static inline struct answer hear(int fd)
{
    struct answer answer = {0};
    struct buf head, body;
    const char *length;
    size_t left;
    int byte;

    buf_init(&head, 100000);
    buf_init(&body, 1000000);
    while ((head.len < 4 || strcmp(head.data + head.len - 4, "\r\n\r\n") != 0) &&
           (byte = read_byte(fd)) >= 0)
        buf_char(&head, (char)byte);
    if (head.len > 0) {
        CHECK_INT(sscanf(head.data, "HTTP/1.1 %d", &answer.status), 1);
        length = strcasestr(head.data, "Content-Length: ");
        left = length == NULL ? 0 : strtoul(length + 16, NULL, 10);
        while (left-- > 0 && (byte = read_byte(fd)) >= 0)
            buf_char(&body, (char)byte);
    }
    answer.len = body.len;
    answer.head = head.len > 0 ? buf_take(&head, NULL) : mem_text("");
    answer.body = body.len > 0 ? buf_take(&body, NULL) : mem_text("");
    buf_done(&head);
    buf_done(&body);
    return answer;
}

static inline void forget(struct answer *answer)
{
    mem_free(answer->head);
    mem_free(answer->body);
}

/* One request on a connection of its own. */
static inline struct answer ask(const char *address, const char *text)
{
    int fd = dial(address);
    struct answer answer;

    say(fd, text);
    answer = hear(fd);
    close(fd);
    return answer;
}

/* len bytes in chunks of at most size. */
static inline void say_chunks(int fd, const char *bytes, size_t len, size_t size)
{
    char line[32];

    while (len > 0) {
        size_t now = len < size ? len : size;
        snprintf(line, sizeof line, "%zx\r\n", now);
        say(fd, line);
        say_n(fd, bytes, now);
        say(fd, "\r\n");
        bytes += now;
        len -= now;
    }
    say(fd, "0\r\n\r\n");
}

#endif
