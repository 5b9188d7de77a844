/*
 * leadline map: what would become of each event, without an org.
 *
 * Each line of stdin goes the way of a request's body: intake, event, mapping.
 */
#include "programs/leadline/commands.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_text.h"
#include "base/mem.h"
#include "event/intake.h"
#include "mapping/mapping.h"

#define MAX_LINE (INTAKE_MAX_BODY + 1)

static const char usage[] =
    "usage: leadline map [--config FILE] [--destination NAME] [--schema DIR|none]\n"
    "\n"
    "Reads one event (JSON) a line on standard input and writes what would become of\n"
    "it, one line of JSON each.  Nothing is sent anywhere.\n"
    "\n"
    "  --config FILE       settings to map by; without it, those of a new destination\n"
    "  --destination NAME  which destination of the file (default: its first)\n"
    "  --schema DIR        the objects as described, DIR/Lead.json, DIR/Account.json\n"
    "  --schema none       the standard fields, and custom ones as <trait>__c\n"
    "                      (default: what the destination's org said last, when the file's\n"
    "                      data_dir has that, else none)\n"
    "\n"
    "Exit status: 0 done, 1 a line could not be read, 2 wrong usage.\n";

struct options {
    const char *config, *destination, *schema;
};

struct mapper {
    const struct destination_settings *to;
    const struct schema *schema;
    bool untyped;
    size_t line;
    int status;
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

/* Says on both outputs that the line leads to nothing: so each line has its answer. */
static void print_unreadable(struct mapper *mapper, const char *reason, const char *detail)
{
    struct buf out;

    buf_init(&out, INTAKE_MAX_BODY);
    buf_text(&out, "{\"messageId\":\"\",\"outcome\":\"reject\"");
    json_text_key(&out, "reason");
    json_text_string(&out, reason, strlen(reason));
    json_text_key(&out, "detail");
    json_text_string(&out, detail, strlen(detail));
    buf_text(&out, "}");
    puts(buf_peek(&out));
    buf_done(&out);
    fprintf(stderr, "leadline map: line %zu: %s\n", mapper->line, detail);
    mapper->status = 1;
}

/* An event that came without a messageId gets none: the one intake makes differs each time. */
static bool has_message_id(const char *line, size_t len)
{
    struct json_doc doc;
    struct err err;
    bool has = false;

    if (json_parse(&doc, line, len, &err) == 0) {
        has = json_get(&doc, json_root(&doc), "messageId") != NULL;
        json_done(&doc);
    }
    return has;
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

static void map_line(struct mapper *mapper, const char *line, size_t len)
{
    struct intake intake;
    struct err err = {0};

    if (intake_read(&intake, line, len, EVENT_NONE, false, clock_wall(), &err) < 0) {
        print_unreadable(mapper, "unreadable", err.text);
        return;
    }
    bool has_id = has_message_id(line, len) || intake.count > 1;
    for (size_t i = 0; i < intake.count; i++) {
        const struct intake_message *message = &intake.messages[i];
        if (message->problem != NULL)
            print_unreadable(mapper, message->problem, "the server would refuse this event");
        else if (map_message(mapper, message, has_id, &err) < 0)
            print_unreadable(mapper, "unreadable", err.text);
    }
    intake_done(&intake);
}

/* One line without its end into line.  False at the end of the input.  A line past the
   bound leaves line failed. */
static bool read_line(FILE *in, struct buf *line)
{
    int c;
    bool any = false;

    buf_clear(line);
    while ((c = getc_unlocked(in)) != EOF && c != '\n') {
        any = true;
        buf_char(line, (char)c);
    }
    return any || c == '\n';
}

static int map_all(struct mapper *mapper)
{
    struct buf line;

    buf_init(&line, MAX_LINE);
    while (read_line(stdin, &line)) {
        mapper->line++;
        if (buf_failed(&line))
            print_unreadable(mapper, "too_large", "the line is too long");
        else if (strspn(buf_peek(&line), " \t\r") < line.len)
            map_line(mapper, line.data, line.len);
    }
    buf_done(&line);
    if (ferror(stdin) || fflush(stdout) != 0) {
        fprintf(stderr, "leadline map: %s\n", strerror(errno));
        return 1;
    }
    return mapper->status;
}

/* As options say; else as the org described itself to the server; else the standard. */
static struct schema *find_schema(const struct options *options, const struct settings *settings,
                                  struct mapper *mapper, struct err *err)
{
    struct schema *schema = NULL;
    char *kept;

    mapper->untyped = options->schema != NULL && strcmp(options->schema, "none") == 0;
    if (options->schema != NULL && !mapper->untyped)
        return schema_load(options->schema, err);
    if (options->schema == NULL && options->config != NULL) {
        kept = settings_schema_dir(settings, mapper->to);
        schema = kept != NULL ? schema_load(kept, err) : NULL;
        mem_free(kept);
    }
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
        options.config != NULL ? settings_read(options.config, &err) : settings_default(&err);
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
