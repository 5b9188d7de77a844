/* What real SDKs sent, as it was recorded; skipped where the recordings are not at hand. */
#include "ingest_rig.h"

#include <dirent.h>

#include "base/gzip.h"
#include "event/parse.h"

static char *element(const struct doc *doc, const struct doc_node *array, int index)
{
    const struct doc_node *node = doc_first(doc, array);
    size_t len;

    while (index-- > 0)
        node = doc_next(doc, node);
    return doc_text(doc, node, &len);
}

/* The recorded headers but those that frame the body.  True when it was gzip. */
static bool put_headers(const struct doc *doc, struct buf *out)
{
    const struct doc_node *all = doc_get(doc, doc_root(doc), "headers");
    bool gzip = false;

    for (const struct doc_node *n = doc_first(doc, all); n != NULL; n = doc_next(doc, n)) {
        char *name = element(doc, n, 0), *value = element(doc, n, 1);
        gzip |= strcasecmp(name, "Content-Encoding") == 0 && strcasecmp(value, "gzip") == 0;
        if (strcasecmp(name, "Content-Length") != 0 && strcasecmp(name, "Transfer-Encoding") != 0)
            buf_format(out, "%s: %s\r\n", name, value);
        mem_free(name);
        mem_free(value);
    }
    return gzip;
}

/* The request as it was recorded, with a body of the same coding. */
static void put_capture(const struct doc *doc, struct buf *out)
{
    char *method = value_at(doc->text, doc->len, "method");
    char *path = value_at(doc->text, doc->len, "path");
    char *body = value_at(doc->text, doc->len, "bodyText");
    size_t len = body == NULL ? 0 : strlen(body);
    struct err err = {0};
    struct buf coded;

    buf_init(&coded, 1 << 20);
    buf_format(out, "%s %s HTTP/1.1\r\n", method, path);
    if (put_headers(doc, out))
        CHECK_INT(gzip_deflate(body, len, &coded, &err), 0);
    else
        buf_put(&coded, body == NULL ? "" : body, len);
    buf_format(out, "Content-Length: %zu\r\n\r\n", coded.len);
    buf_put(out, buf_peek(&coded), coded.len);
    buf_done(&coded);
    mem_free(method);
    mem_free(path);
    mem_free(body);
}

static void read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "re");
    char part[4096];
    size_t len;

    CHECK(file != NULL);
    while ((len = fread(part, 1, sizeof part, file)) > 0)
        buf_put(out, part, len);
    fclose(file);
}

/* False when the file holds no request. */
static bool replay(const struct rig *rig, const char *folder, const char *name)
{
    char path[1000];
    struct err err = {0};
    struct doc doc;
    struct answer answer;
    struct buf file, text;
    int fd;
    bool is_request;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    buf_init(&file, 1 << 20);
    buf_init(&text, 1 << 20);
    read_file(path, &file);
    CHECK_INT(doc_parse(&doc, file.data, file.len, &err), 0);
    is_request = doc_get(&doc, doc_root(&doc), "path") != NULL;
    if (is_request) {
        put_capture(&doc, &text);
        fd = dial(rig->address);
        say_n(fd, text.data, text.len);
        answer = hear(fd);
        if (answer.status != 200)
            print_error("%s: %d %s\n", name, answer.status, answer.body);
        CHECK_INT(answer.status, 200);
        forget(&answer);
        close(fd);
    }
    doc_done(&doc);
    buf_done(&text);
    buf_done(&file);
    return is_request;
}

TEST(every_recorded_request_of_a_real_sdk_is_accepted)
{
    const char *shared = getenv("LEADLINE_SHARED");
    char folder[500];
    struct rig rig;
    struct ingest_counts counts;
    struct dirent *entry;
    int replayed = 0;
    DIR *dir;

    snprintf(folder, sizeof folder, "%s/reference/captures",
             shared == NULL ? TEST_DATA "/../../../shared" : shared);
    dir = opendir(folder);
    if (dir == NULL) {
        print_message("skipped: no %s\n", folder);
        skip();
    }
    rig = start();
    while ((entry = readdir(dir)) != NULL)
        if (strstr(entry->d_name, ".json") != NULL)
            replayed += replay(&rig, folder, entry->d_name);
    closedir(dir);
    counts = ingest_counts(rig.ingest);
    CHECK(replayed >= 50);
    CHECK_INT(counts.requests, replayed);
    CHECK_INT(counts.refused, 0);
    CHECK_INT(counts.bad, 0);
    CHECK(counts.accepted > 30);
    CHECK_INT(counts.messages, counts.accepted + counts.duplicates + counts.skipped);
    stop(&rig);
}

TEST_MAIN(TEST_CASE(every_recorded_request_of_a_real_sdk_is_accepted))
