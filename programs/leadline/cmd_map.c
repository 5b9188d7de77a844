/*
 * leadline map: what would become of each event, without an org.
 *
 * Each event on stdin goes the way of a request's body: intake, event, mapping.
 */
#include "programs/leadline/commands.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/buf_json.h"
#include "base/mem.h"
#include "event/intake.h"
#include "event/parse.h"
#include "mapping/mapping.h"
#include "programs/leadline/config.h"
#include "programs/leadline/event_stream.h"

#define MAX_VALUE    (INTAKE_MAX_BODY + 1)
#define MAX_SHOWN_ID 400 /* bytes; a messageId has 100 characters */

static const char usage[] =
    "usage: leadline map [--config FILE] [--destination NAME] [--schema DIR|none]\n"
    "\n"
    "Reads events (JSON) on standard input: one a line, over several lines, or an array\n"
    "of them, and writes what would become of each, one line of JSON each.  Nothing is\n"
    "sent anywhere.\n"
    "\n"
    "  --config FILE       settings to map by; without it, those of a new destination\n"
    "  --destination NAME  which destination of the file (default: its first)\n"
    "  --schema DIR        the objects as described, DIR/Lead.json, DIR/Account.json\n"
    "  --schema none       the standard fields, and custom ones as <trait>__c\n"
    "                      (default: what the destination's org said last, when the file's\n"
    "                      data_dir has that, else none)\n"
    "\n"
    "Exit status: 0 done, 1 an event was refused, 2 wrong usage.\n";

struct options {
    const char *config, *destination, *schema;
};

struct mapper {
    const struct destination_settings *to;
    const struct schema *schema;
    bool untyped;
    size_t line; /* where the event begins */
    size_t refused;
};

/* 0, or the exit status to leave with (help leaves with 0 and *done). */
static int read_options(int argc, char **argv, struct options *ret, bool *done)
{
    static const struct option longs[] = {
        {"config", required_argument, NULL, 'c'},
        {"destination", required_argument, NULL, 'd'},
        {"schema", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int c;

    *done = false;
    optind = 1;
    while ((c = getopt_long(argc, argv, "c:d:s:h", longs, NULL)) != -1) {
        switch (c) {
        case 'c':
            ret->config = optarg;
            break;
        case 'd':
            ret->destination = optarg;
            break;
        case 's':
            ret->schema = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            *done = true;
            return 0;
        default:
            fputs(usage, stderr);
            return 2;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "leadline map: \"%s\" is not understood\n%s", argv[optind], usage);
        return 2;
    }
    return 0;
}

static const struct destination_settings *choose(const struct settings *settings, const char *name,
                                                 struct err *err)
{
    const struct destination_settings *to = NULL;

    if (name != NULL)
        to = settings_destination(settings, name);
    else if (settings->destination_count > 0)
        to = &settings->destinations[0];
    if (to == NULL)
        err_set(err, ERR_NOT_FOUND, "the settings have no destination%s%s",
                name == NULL ? "" : " named ", name == NULL ? "" : name);
    return to;
}

/* Why the tracking API would reject a message, as a sentence. */
static const char *explain(const char *problem)
{
    static const char *const problems[][2] = {
        {"too_large", "a message may have 64 KiB"},
        {"unknown_type", "its type is missing or none of Segment's"},
        {"no_ids", "it has neither userId nor anonymousId"},
        {"no_group_id", "a group call needs a groupId"},
        {"not_an_object", "an event is a JSON object"},
    };

    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        if (strcmp(problems[i][0], problem) == 0)
            return problems[i][1];
    return "the server would refuse this event";
}

/* The answer for an event that is not delivered; id may be NULL. */
static void print_refused(struct mapper *mapper, const char *id, const char *reason,
                          const char *detail)
{
    struct buf out;

    buf_init(&out, INTAKE_MAX_BODY);
    buf_text(&out, "{\"messageId\":");
    buf_json_string(&out, id != NULL ? id : "", id != NULL ? strlen(id) : 0);
    buf_text(&out, ",\"outcome\":\"reject\"");
    buf_json_key(&out, "reason");
    buf_json_string(&out, reason, strlen(reason));
    buf_json_key(&out, "detail");
    buf_json_string(&out, detail, strlen(detail));
    buf_json_key(&out, "line");
    buf_format(&out, "%zu}", mapper->line);
    puts(buf_peek(&out));
    buf_done(&out);
    mapper->refused++;
}

/* The index-th message of a body that intake has read, as received. */
static const struct doc_node *message_at(const struct doc *doc, size_t index)
{
    const struct doc_node *batch = doc_get(doc, doc_root(doc), "batch");
    const struct doc_node *message = batch == NULL ? doc_root(doc) : doc_first(doc, batch);

    while (message != NULL && index-- > 0)
        message = doc_next(doc, message);
    return message;
}

/* The messageId that came with a message, or NULL. */
static const struct doc_node *id_that_came(const struct doc *doc, size_t index)
{
    const struct doc_node *id = doc_get(doc, message_at(doc, index), "messageId");

    return id != NULL && (id->type == DOC_STRING || id->type == DOC_NUMBER) ? id : NULL;
}

static int map_message(struct mapper *mapper, const struct intake_message *message, bool has_id,
                       struct err *err)
{
    struct event event;
    struct mapping_result result;
    struct buf out;
    int rc;

    if (event_read(&event, message->text, message->len, err) < 0)
        return -1;
    if (!has_id)
        event.message_id[0] = '\0';
    buf_init(&out, 16 * INTAKE_MAX_BODY);
    rc = mapping_map(&event, mapper->to, mapper->schema, mapper->untyped, &result, err);
    if (rc == 0) {
        mapping_print(&event, &result, &out);
        rc = buf_check(&out, "answer", err);
        if (rc == 0)
            puts(buf_peek(&out));
        mapping_result_done(&result);
    }
    buf_done(&out);
    event_done(&event);
    return rc;
}

static void map_messages(struct mapper *mapper, const struct intake *intake, const struct doc *doc)
{
    char text[MAX_SHOWN_ID];

    for (size_t i = 0; i < intake->count; i++) {
        const struct intake_message *message = &intake->messages[i];
        const struct doc_node *id = id_that_came(doc, i);
        const char *shown = id != NULL && doc_text_into(doc, id, text, sizeof text) ? text : NULL;
        struct err err = {0};
        if (message->problem != NULL)
            print_refused(mapper, shown, message->problem, explain(message->problem));
        else if (map_message(mapper, message, id != NULL, &err) < 0)
            print_refused(mapper, shown, "unreadable", err.text);
    }
}

static void map_value(struct mapper *mapper, const char *text, size_t len)
{
    struct intake intake;
    struct doc doc;
    struct err err = {0};

    if (intake_read(&intake, text, len, EVENT_NONE, false, clock_wall(), &err) < 0) {
        print_refused(mapper, NULL, "unreadable", err.text);
        return;
    }
    if (doc_parse(&doc, text, len, &err) < 0) {
        print_refused(mapper, NULL, "unreadable", err.text);
    } else {
        map_messages(mapper, &intake, &doc);
        doc_done(&doc);
    }
    intake_done(&intake);
}

static int map_all(struct mapper *mapper)
{
    struct event_stream stream;

    event_stream_init(&stream, stdin, MAX_VALUE);
    while (event_stream_next(&stream)) {
        mapper->line = stream.first_line;
        if (buf_failed(&stream.value))
            print_refused(mapper, NULL, "too_large", "no request may have more than 1 MiB");
        else
            map_value(mapper, stream.value.data, stream.value.len);
    }
    event_stream_done(&stream);
    if (ferror(stdin) || fflush(stdout) != 0) {
        fprintf(stderr, "leadline map: %s\n", strerror(errno));
        return 1;
    }
    return mapper->refused > 0 ? 1 : 0;
}

/* The last description of the destination's org that the server has saved; NULL when there is none.
   A saved description that cannot be read is reported. */
static struct schema *kept_schema(const struct settings *settings, const struct mapper *mapper)
{
    char *dir = settings_schema_dir(settings, mapper->to);
    struct err err = {0};
    struct schema *schema = dir != NULL ? schema_load(dir, &err) : NULL;

    if (schema == NULL && err.kind != ERR_NOT_FOUND)
        fprintf(stderr, "leadline map: the standard fields are used: %s\n",
                dir != NULL ? err.text : "out of memory");
    mem_free(dir);
    return schema;
}

/* From the options; else as the org described itself to the server; else the standard one. */
static struct schema *find_schema(const struct options *options, const struct settings *settings,
                                  struct mapper *mapper, struct err *err)
{
    struct schema *schema = NULL;

    mapper->untyped = options->schema != NULL && strcmp(options->schema, "none") == 0;
    if (options->schema != NULL && !mapper->untyped)
        return schema_load(options->schema, err);
    if (options->schema == NULL && options->config != NULL)
        schema = kept_schema(settings, mapper);
    mapper->untyped = schema == NULL;
    return schema != NULL ? schema : schema_standard(err);
}

int cmd_map(int argc, char **argv)
{
    struct options options = {0};
    struct mapper mapper = {0};
    struct settings *settings = NULL;
    struct schema *schema = NULL;
    struct err err = {0};
    bool done;
    int status = read_options(argc, argv, &options, &done);

    if (status != 0 || done)
        return status;
    status = 1;
    settings =
        options.config != NULL ? config_read("map", options.config, false) : settings_default(&err);
    if (settings == NULL)
        goto out;
    mapper.to = choose(settings, options.destination, &err);
    if (mapper.to == NULL)
        goto out;
    schema = find_schema(&options, settings, &mapper, &err);
    if (schema == NULL)
        goto out;
    mapper.schema = schema;
    status = map_all(&mapper);
out:
    if (err.kind != ERR_NONE)
        fprintf(stderr, "leadline map: %s\n", err.text);
    schema_unref(schema);
    settings_unref(settings);
    return status;
}
