/* event_stream: splits a stream of JSON events, however they are laid out. */
#include "programs/leadline/event_stream.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

void event_stream_init(struct event_stream *stream, FILE *in, size_t max)
{
    *stream = (struct event_stream){.in = in, .line = 1, .fresh = true};
    buf_init(&stream->value, max);
}

void event_stream_done(struct event_stream *stream)
{
    buf_done(&stream->value);
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int take(struct event_stream *stream)
{
    int c = getc_unlocked(stream->in);

    if (c == '\n') {
        stream->line++;
        stream->fresh = true;
    }
    return c;
}

static void put_back(struct event_stream *stream, int c)
{
    if (c == '\n')
        stream->line--;
    ungetc(c, stream->in);
}

/* The rest of a string, after its quote.  False when its line or the file ends first. */
static bool take_string(struct event_stream *stream)
{
    bool escaped = false;
    int c;

    while ((c = take(stream)) != EOF && c != '\n') {
        buf_char(&stream->value, (char)c);
        if (c == '"' && !escaped)
            return true;
        escaped = c == '\\' && !escaped;
    }
    return false;
}

/* True when an object or array can begin here, in what is open. */
static bool may_open(const struct event_stream *stream)
{
    bool in_object = stream->depth <= EVENT_STREAM_DEPTH && stream->open[stream->depth - 1] == '{';

    return in_object ? stream->last == ':' : stream->last == '[' || stream->last == ',';
}

static void open_one(struct event_stream *stream, char c)
{
    if (stream->depth < EVENT_STREAM_DEPTH)
        stream->open[stream->depth] = c;
    stream->depth++;
}

/* An object or array that begins with c, to its end. */
static void take_container(struct event_stream *stream, int c)
{
    stream->depth = 0;
    do {
        bool opens = c == '{' || c == '[';
        if (opens && stream->depth > 0 && stream->fresh && !may_open(stream)) {
            put_back(stream, c); /* start of the next event: this one has no end */
            return;
        }
        buf_char(&stream->value, (char)c);
        if (opens)
            open_one(stream, (char)c);
        else if (c == '}' || c == ']')
            stream->depth--;
        if (!is_space(c)) {
            stream->fresh = false;
            stream->last = (char)c;
        }
        if (c == '"' && !take_string(stream))
            return;
    } while (stream->depth > 0 && (c = take(stream)) != EOF);
}

/* Anything else, to the end of its line or element. */
static void take_other(struct event_stream *stream, int c)
{
    do {
        if (stream->in_array && (c == ',' || c == ']')) {
            put_back(stream, c);
            return;
        }
        buf_char(&stream->value, (char)c);
        if (c == '"' && !take_string(stream))
            return;
    } while ((c = take(stream)) != EOF && c != '\n');
}

static void skip_mark(struct event_stream *stream)
{
    for (const char *mark = BYTE_ORDER_MARK; *mark != '\0'; mark++) {
        int c = getc_unlocked(stream->in);
        if (c != (unsigned char)*mark) {
            ungetc(c, stream->in);
            return;
        }
    }
}

bool event_stream_next(struct event_stream *stream)
{
    int c;

    buf_clear(&stream->value);
    if (stream->first_line == 0)
        skip_mark(stream);
    for (;;) {
        c = take(stream);
        if (c == EOF)
            return false;
        if (c == '[' && !stream->in_array)
            stream->in_array = true;
        else if (c == ']' && stream->in_array)
            stream->in_array = false;
        else if (!is_space(c) && !(c == ',' && stream->in_array))
            break;
    }
    stream->first_line = stream->line;
    if (c == '{' || c == '[')
        take_container(stream, c);
    else
        take_other(stream, c);
    return true;
}
