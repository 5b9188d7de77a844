/* Lines are split first and read one by one; each is rewritten in place, which never needs more
   space. */
#include "http/head.h"

#include <string.h>
#include <strings.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS  "0123456789"
#define TOKEN   LETTERS DIGITS "!#$%&'*+-.^_`|~"
#define BLANKS  " \t"

#define NO_REQUEST_LINE "the request line is not METHOD TARGET HTTP/1.1"

void head_refuse(struct head *head, int status, const char *code, const char *problem)
{
    if (head->status != 0)
        return;
    head->status = status;
    head->code = code;
    head->problem = problem;
}

static void bad_line(struct head *head, const char *problem)
{
    head_refuse(head, 400, "bad_request", problem);
}

static void bad_field(struct head *head, const char *problem)
{
    head_refuse(head, 400, "bad_framing", problem);
}

size_t head_length(const char *text, size_t len, size_t *scanned)
{
    const char *end = text + len, *at = text + *scanned, *lf;

    while ((lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        const char *next = lf + 1;
        if (next < end && *next == '\r')
            next++;
        if (next == end) {
            *scanned = (size_t)(lf - text); /* look at this line end again */
            return 0;
        }
        if (*next == '\n')
            return (size_t)(next + 1 - text);
        at = lf + 1;
    }
    *scanned = len;
    return 0;
}

/* ---- the request line ---- */

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *at = c == '\0' ? NULL : strchr(digits, c | 0x20);

    return at == NULL ? -1 : (int)(at - digits);
}

/* Decodes "%41" and the like; anything else stays as it is.  The length, or -1: there is a %00 in
   it, which would end the text early. */
static long decode(char *text, size_t len, bool plus)
{
    char *to = text;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '%' && i + 2 < len && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            c = (char)(hex(text[i + 1]) << 4 | hex(text[i + 2]));
            i += 2;
            if (c == '\0')
                return -1;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        *to++ = c;
    }
    return to - text;
}

static bool is_host(const char *host)
{
    return host[0] != '\0' && host[strcspn(host, " \t/\\@?#,")] == '\0';
}

/* http://host/path: the host moves one place to the front, so that it can end in a NUL. */
static char *split_absolute(struct head *head, char *target)
{
    size_t scheme = strncasecmp(target, "http://", 7) == 0    ? 7
                    : strncasecmp(target, "https://", 8) == 0 ? 8
                                                              : 0;
    size_t len = strcspn(target + scheme, "/?");
    char *host = target + scheme - 1;

    if (scheme == 0)
        return NULL;
    memmove(host, target + scheme, len);
    host[len] = '\0';
    if (!is_host(host))
        return NULL;
    head->host = host;
    return target + scheme + len;
}

static void read_target(struct head *head, char *target)
{
    char *path = target, *query;
    long len;

    if (target[strcspn(target, "\x7f")] != '\0') {
        bad_line(head, "the request line has a control character in it");
        return;
    }
    if (*target != '/' && !(strcmp(target, "*") == 0 && strcmp(head->method, "OPTIONS") == 0))
        path = split_absolute(head, target);
    if (path == NULL) {
        bad_line(head, "the request's target is neither a path nor an http address");
        return;
    }
    query = path + strcspn(path, "?");
    len = decode(path, (size_t)(query - path), false);
    if (len < 0 || strstr(query, "%00") != NULL) {
        bad_line(head, "the request's target has a NUL in it");
        return;
    }
    head->query = *query == '\0' ? query : query + 1;
    head->path = len == 0 ? "/" : path;
    path[len] = '\0';
}

/* Any 1.x is read as 1.1 (RFC 9110, section 2.5). */
static void read_version(struct head *head, const char *version)
{
    if (strlen(version) != 8 || strncmp(version, "HTTP/", 5) != 0 || version[6] != '.' ||
        strspn(version + 5, DIGITS) != 1 || strspn(version + 7, DIGITS) != 1)
        bad_line(head, NO_REQUEST_LINE);
    else if (version[5] != '1')
        head_refuse(head, 505, "unknown_version", "this server speaks HTTP/1.1");
    head->http_1_0 = strcmp(version, "HTTP/1.0") == 0;
}

/* line ends in a NUL and has no control character in it. */
static void read_request_line(struct head *head, char *line)
{
    size_t method = strspn(line, TOKEN);
    char *target = line + method + 1, *version;

    if (method == 0 || line[method] != ' ' || (version = strchr(target, ' ')) == NULL ||
        version == target) {
        bad_line(head, NO_REQUEST_LINE);
        return;
    }
    line[method] = '\0';
    *version++ = '\0';
    head->method = line;
    head->no_body = strcmp(line, "HEAD") == 0;
    if (head->no_body)
        head->method = "GET";
    read_version(head, version);
    read_target(head, target);
}

/* ---- the headers ---- */

/* One of the words in a list with commas. */
static bool has_word(const char *list, const char *word)
{
    size_t len = strlen(word);

    while (*list != '\0') {
        list += strspn(list, BLANKS ",");
        if (strncasecmp(list, word, len) == 0 && strchr(BLANKS ",", list[len]) != NULL)
            return true;
        list += strcspn(list, ",");
    }
    return false;
}

static void note_field(struct head *head, struct framing_state *state, const char *name,
                       const char *value)
{
    framing_header(state, name, value, strlen(value));
    if (strcasecmp(name, "Host") == 0) {
        if (!is_host(value))
            head_refuse(head, 400, "bad_host", "the Host header is no host name");
        if (head->host == NULL)
            head->host = value;
    } else if (strcasecmp(name, "Connection") == 0) {
        if (has_word(value, "close"))
            head->keep_alive = false;
        else if (has_word(value, "keep-alive") && head->http_1_0)
            head->keep_alive = true;
    } else if (strcasecmp(name, "Expect") == 0) {
        head->expects = strcasecmp(value, "100-continue") == 0;
    }
}

/* "Name: value" becomes Name NUL value NUL at to; returns its end, or to when it is not a header.
   The line ends in a NUL and has no control character but tabs. */
static char *read_field(struct head *head, struct framing_state *state, char *line, char *to)
{
    size_t name = strspn(line, TOKEN), len;
    char *value = line + name + 1;

    if (*line == ' ' || *line == '\t') {
        bad_field(head, "a header line begins with a blank");
        return to;
    }
    if (name == 0 || line[name] != ':') {
        bad_field(head, "a header line is not NAME: VALUE");
        return to;
    }
    value += strspn(value, BLANKS);
    len = strlen(value);
    while (len > 0 && strchr(BLANKS, value[len - 1]) != NULL)
        len--;
    memmove(to, line, name);
    to[name] = '\0';
    memmove(to + name + 1, value, len);
    to[name + 1 + len] = '\0';
    note_field(head, state, to, to + name + 1);
    return to + name + 1 + len + 1;
}

/* ---- lines ---- */

/* What is wrong with the bytes of a line, or NULL. */
static const char *wrong_bytes(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)line[i];
        if (c == '\0')
            return "a header line has a NUL in it";
        if (c == '\r')
            return "a header line has a CR in it that no LF follows";
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return "a header line has a control character in it";
    }
    return NULL;
}

/* Ends the line at *at with a NUL, and moves *at past it; NULL: no complete line is left. */
static char *next_line(char **at, char *end, size_t *ret_len)
{
    char *line = *at, *lf = memchr(line, '\n', (size_t)(end - line));
    size_t len;

    if (lf == NULL)
        return NULL;
    *at = lf + 1;
    len = (size_t)(lf - line);
    if (len > 0 && line[len - 1] == '\r')
        len--;
    line[len] = '\0';
    *ret_len = len;
    return line;
}

static void read_fields(struct head *head, char *at, char *end)
{
    struct framing_state state = {0};
    char *to = at, *line;
    size_t len;

    head->fields = at;
    while ((line = next_line(&at, end, &len)) != NULL && len > 0) {
        const char *wrong = wrong_bytes(line, len);
        if (wrong != NULL)
            bad_field(head, wrong);
        else
            to = read_field(head, &state, line, to);
    }
    head->fields_end = to;
    head->framing = framing_result(&state);
    if (head->framing.problem != NULL)
        bad_field(head, head->framing.problem);
    else if (head->http_1_0 && state.encodings > 0)
        bad_field(head, "Transfer-Encoding in a request of HTTP/1.0");
    else if (state.hosts == 0 && !head->http_1_0)
        head_refuse(head, 400, "bad_host", "the Host header is missing");
}

void head_read(struct head *ret, char *text, size_t len)
{
    char *at = text, *line;
    size_t line_len;

    ret->method = ret->path = ret->query = "";
    ret->keep_alive = true;
    ret->fields = ret->fields_end = text + len;
    line = next_line(&at, text + len, &line_len);
    if (line == NULL) {
        bad_line(ret, "there is no request line");
        return;
    }
    if (wrong_bytes(line, line_len) != NULL || strchr(line, '\t') != NULL)
        bad_line(ret, "the request line has a control character in it");
    else
        read_request_line(ret, line);
    ret->keep_alive = !ret->http_1_0;
    read_fields(ret, at, text + len);
}

const char *head_field(const struct head *head, const char *name)
{
    const char *at = head->fields;

    if (head->host != NULL && strcasecmp(name, "Host") == 0)
        return head->host;
    while (at != head->fields_end) {
        const char *value = at + strlen(at) + 1;
        if (strcasecmp(at, name) == 0)
            return value;
        at = value + strlen(value) + 1;
    }
    return NULL;
}

/* ---- the query ---- */

static void put_decoded(struct buf *to, const char *text, size_t len)
{
    size_t before = to->len;

    buf_put(to, text, len);
    if (!buf_failed(to) && len > 0) {
        long decoded = decode(to->data + before, len, true);
        to->len = before + (decoded > 0 ? (size_t)decoded : 0);
    }
    buf_char(to, '\0');
}

void head_arguments(const char *query, struct buf *to)
{
    while (*query != '\0') {
        size_t len = strcspn(query, "&"), name = strcspn(query, "&=");
        if (len > 0) {
            put_decoded(to, query, name);
            put_decoded(to, query + name + 1, name < len ? len - name - 1 : 0);
        }
        query += len + (query[len] == '&');
    }
}
