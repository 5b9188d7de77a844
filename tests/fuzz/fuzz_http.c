/*
 * fuzz_http: any bytes as a request head, and as a chunked body.
 *
 * The head: what is taken for good holds what head.h promises of it, and nothing else.  The
 * body: where it is cut changes nothing of it.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "http/chunked.h"
#include "http/head.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void check_that(bool holds)
{
    if (!holds)
        abort();
}

static bool is_printable(const char *text, bool blanks)
{
    for (; *text != '\0'; text++)
        if (*text == 0x7f || ((unsigned char)*text < '!' && !(blanks && strchr(" \t", *text))))
            return false;
    return true;
}

static void check_good(const struct head *head)
{
    int hosts = 0;

    check_that(head->method[0] != '\0' && is_printable(head->method, false));
    check_that(head->path[0] == '/' || strcmp(head->path, "*") == 0);
    check_that(is_printable(head->query, false));
    check_that(head->framing.problem == NULL);
    check_that(!head->framing.chunked || !head->framing.announced);
    for (const char *at = head->fields; at != head->fields_end;) {
        const char *value = at + strlen(at) + 1;
        check_that(at < head->fields_end && at[0] != '\0');
        check_that(is_printable(at, false) && is_printable(value, true));
        check_that(head_field(head, at) != NULL);
        hosts += strcasecmp(at, "Host") == 0;
        at = value + strlen(value) + 1;
    }
    check_that(hosts == 1 || (hosts == 0 && head->http_1_0));
}

static void read_head(const char *data, size_t len)
{
    char *text = mem_text_n(data, len);
    size_t scanned = 0, dripped = 0, whole, length = 0;
    struct head head = {0};
    struct buf arguments;

    check_that(text != NULL);
    whole = head_length(text, len, &scanned);
    for (size_t come = 0; come <= len && length == 0; come++)
        length = head_length(text, come, &dripped);
    check_that(length == whole);
    head_read(&head, text, whole > 0 ? whole : len);
    check_that((head.status == 0) == (head.code == NULL) &&
               (head.code == NULL) == (head.problem == NULL));
    if (head.status == 0)
        check_good(&head);
    buf_init(&arguments, 4 * len + 100);
    head_arguments(head.query, &arguments);
    check_that(!buf_failed(&arguments));
    buf_done(&arguments);
    mem_free(text);
}

static void read_chunks(const char *data, size_t len)
{
    struct chunked whole = {0}, cut = {0};
    struct buf body, pieces;
    size_t used, at = 0;

    buf_init(&body, len + 1);
    buf_init(&pieces, len + 1);
    used = chunked_read(&whole, data, len, &body);
    while (at < len && cut.state != CHUNKED_DONE && cut.state != CHUNKED_BAD) {
        size_t piece = 1 + (unsigned char)data[at] % 5;
        at += chunked_read(&cut, data + at, piece < len - at ? piece : len - at, &pieces);
    }
    check_that(at == used && whole.state == cut.state && body.len == pieces.len);
    check_that(body.len == 0 || memcmp(body.data, pieces.data, body.len) == 0);
    check_that(used == len || whole.state == CHUNKED_DONE || whole.state == CHUNKED_BAD);
    buf_done(&body);
    buf_done(&pieces);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
    if (len == 0)
        return 0;
    if (data[0] == 'c')
        read_chunks((const char *)data + 1, len - 1);
    else
        read_head((const char *)data, len);
    return 0;
}
