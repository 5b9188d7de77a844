/* Parses a finished answer and writes it again, changed according to the quirks. */
#include "fakeorg/soap/rewrite.h"

#include <stdio.h>
#include <string.h>

#include <expat.h>

#include "base/mem.h"
#include "fakeorg/soap/xml_write.h"

#define MAX_DEPTH    64
#define MAX_PREFIXES 8

struct prefix {
    char name[16]; /* "" for the default namespace */
    char space[64];
};

struct frame {
    const char *space; /* in the prefix table; "" for none */
    char name[64];
    char tag[96];        /* as written */
    size_t begin, body;  /* offsets of it and its contents in out */
    size_t ids;          /* children called Id so far */
    size_t result_begin; /* of its last result */
    bool any_result, nil;
};

struct rewriter {
    const struct quirks *quirks;
    struct buf *out;
    struct prefix prefixes[MAX_PREFIXES];
    size_t prefix_count;
    struct frame frames[MAX_DEPTH];
    size_t depth;
};

static const struct {
    const char *space, *prefix;
} foreign[] = {{NS_ENVELOPE, "SOAP-ENV"},
               {NS_PARTNER, "ns1"},
               {NS_SOBJECT, "urn"},
               {NS_FAULT, "fns"},
               {NS_XSI, "sf"}};

/* Elements that older releases do not send, or that are optional in the schema. */
static const char *const optional[] = {
    "chatterExternal",        "metadataServerUrl",   "userUiSkin",        "calculatedFormula",
    "compoundFieldName",      "defaultValueFormula", "inlineHelpText",    "relationshipName",
    "dataTranslationEnabled", "extraTypeInfo",       "aiPredictionField", "validFor"};

static const struct {
    const char *language, *text;
} messages[] = {
    {"german", "Das ließ sich nicht ausführen: Prüfen Sie die Angaben & versuchen Sie es erneut."},
    {"japanese", "要求を処理できませんでした。値を確認してください。"}};

static bool is(const struct rewriter *style, enum quirk_id id, const char *value)
{
    return quirk_is(style->quirks, id, value);
}

static const char *space_of(const struct rewriter *style, const char *prefix, size_t len)
{
    for (size_t i = 0; i < style->prefix_count; i++)
        if (strlen(style->prefixes[i].name) == len &&
            memcmp(style->prefixes[i].name, prefix, len) == 0)
            return style->prefixes[i].space;
    return "";
}

/* A qualified name in the chosen style: of an element (which may declare its own default
   namespace), or of an attribute or value. */
static void write_name(struct rewriter *style, const char *name, bool element)
{
    const char *colon = strchr(name, ':');
    const char *local = colon == NULL ? name : colon + 1;
    const char *space = space_of(style, name, colon == NULL ? 0 : (size_t)(colon - name));

    if (is(style, QUIRK_PREFIXES, "foreign") && space[0] != '\0') {
        for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
            if (strcmp(foreign[i].space, space) == 0)
                buf_format(style->out, "%s:%s", foreign[i].prefix, local);
    } else {
        buf_text(style->out, element && is(style, QUIRK_PREFIXES, "default") ? local : name);
    }
}

static void read_prefixes(struct rewriter *style, const char **attributes)
{
    for (; attributes[0] != NULL; attributes += 2) {
        if (strncmp(attributes[0], "xmlns", 5) != 0 || style->prefix_count == MAX_PREFIXES)
            continue;
        struct prefix *prefix = &style->prefixes[style->prefix_count++];
        const char *name = attributes[0] + 5 + (attributes[0][5] == ':');
        snprintf(prefix->name, sizeof prefix->name, "%s", name);
        snprintf(prefix->space, sizeof prefix->space, "%s", attributes[1]);
    }
}

/* The root's declarations of all namespaces under the chosen prefixes. */
static void write_prefixes(struct rewriter *style)
{
    for (size_t i = 0; i < style->prefix_count; i++) {
        const struct prefix *prefix = &style->prefixes[i];
        const char *name = prefix->name;
        for (size_t k = 0; k < sizeof foreign / sizeof foreign[0]; k++)
            if (is(style, QUIRK_PREFIXES, "foreign") &&
                strcmp(foreign[k].space, prefix->space) == 0)
                name = foreign[k].prefix;
        if (name[0] != '\0')
            buf_format(style->out, " xmlns:%s=\"%s\"", name, prefix->space);
        else if (!is(style, QUIRK_PREFIXES, "default"))
            buf_format(style->out, " xmlns=\"%s\"", prefix->space);
    }
}

static void write_attributes(struct rewriter *style, struct frame *frame, const char **attributes)
{
    for (; attributes[0] != NULL; attributes += 2) {
        if (strncmp(attributes[0], "xmlns", 5) == 0)
            continue;
        buf_char(style->out, ' ');
        write_name(style, attributes[0], false);
        buf_text(style->out, "=\"");
        if (strcmp(attributes[0], "xsi:type") == 0)
            write_name(style, attributes[1], false);
        else
            xml_text(style->out, attributes[1]);
        buf_char(style->out, '"');
        frame->nil = frame->nil || strcmp(attributes[0], "xsi:nil") == 0;
    }
}

static void begin_element(struct rewriter *style, const char *name, const char **attributes)
{
    const struct frame *parent = style->depth == 0 ? NULL : &style->frames[style->depth - 1];
    struct frame *frame = &style->frames[style->depth++];
    const char *colon = strchr(name, ':');

    *frame = (struct frame){.begin = style->out->len};
    if (parent == NULL)
        read_prefixes(style, attributes);
    frame->space = space_of(style, name, colon == NULL ? 0 : (size_t)(colon - name));
    snprintf(frame->name, sizeof frame->name, "%s", colon == NULL ? name : colon + 1);
    buf_char(style->out, '<');
    size_t begin = style->out->len;
    write_name(style, name, true);
    snprintf(frame->tag, sizeof frame->tag, "%s", buf_peek(style->out) + begin);
    if (is(style, QUIRK_PREFIXES, "default") &&
        strcmp(frame->space, parent == NULL ? "" : parent->space) != 0)
        buf_format(style->out, " xmlns=\"%s\"", frame->space);
    if (parent == NULL)
        write_prefixes(style);
    write_attributes(style, frame, attributes);
    if (is(style, QUIRK_ELEMENTS, "extra") && strcmp(frame->name, "result") == 0)
        buf_text(style->out, " release=\"99\"");
    buf_char(style->out, '>');
    frame->body = style->out->len;
}

/* What a future release may send: in a known namespace, and in an unknown one. */
static void write_extra(struct rewriter *style, const struct frame *frame)
{
    static const char *const places[] = {"Header", "result", "userInfo",       "errors",
                                         "fields", "detail", "LimitInfoHeader"};
    bool meant = false;

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        meant = meant || strcmp(frame->name, places[i]) == 0;
    /* A field of a record, or the text of an error's field, is left unchanged. */
    if (!meant || strcmp(frame->space, NS_SOBJECT) == 0 || frame->nil ||
        (strcmp(frame->name, "fields") == 0 && buf_peek(style->out)[frame->body] != '<'))
        return;
    buf_text(style->out, "<x:later xmlns:x=\"urn:later.example\"><x:id>1</x:id>"
                         "<x:success>true</x:success></x:later><!-- later -->");
    if (strcmp(frame->space, NS_PARTNER) != 0)
        return;
    buf_format(style->out, "<inALaterRelease xmlns=\"%s\">1</inALaterRelease>", NS_PARTNER);
}

static void cut_to(struct buf *out, size_t len)
{
    if (buf_failed(out) || out->data == NULL)
        return;
    out->len = len;
    out->data[len] = '\0';
}

static void write_again(struct buf *out, size_t begin)
{
    size_t len = out->len - begin;

    if (buf_failed(out))
        return;
    char *copy = mem_text_n(out->data + begin, len);
    if (copy != NULL)
        buf_put(out, copy, len);
    mem_free(copy);
}

/* Replaces the contents of frame, which are text. */
static void replace_text(struct rewriter *style, const struct frame *frame, const char *before,
                         const char *text)
{
    cut_to(style->out, frame->body);
    buf_text(style->out, before);
    xml_text(style->out, text);
}

static void translate(struct rewriter *style, const struct frame *frame)
{
    char code[128] = "";

    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (!is(style, QUIRK_MESSAGES, messages[i].language))
            continue;
        const char *old = buf_peek(style->out) + frame->body, *end = strstr(old, ": ");
        if (strcmp(frame->name, "faultstring") == 0 && end != NULL &&
            strspn(old, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == (size_t)(end - old) && end - old < 120)
            memcpy(code, old, (size_t)(end - old) + 2);
        replace_text(style, frame, code, messages[i].text);
    }
}

/* "sf:CODE" with or without its prefix, in the prefixes of the answer. */
static void write_faultcode(struct rewriter *style, const struct frame *frame)
{
    char code[128] = "";
    const char *old = buf_peek(style->out) + frame->body;
    const char *colon = strchr(old, ':'), *local = colon == NULL ? old : colon + 1;
    bool client = strncmp(old, "soapenv:", 8) == 0;

    if (!client && is(style, QUIRK_FAULTCODE, "bare"))
        snprintf(code, sizeof code, "%s", local);
    else if (colon == NULL && is(style, QUIRK_FAULTCODE, "prefixed"))
        snprintf(code, sizeof code, "sf:%s", local);
    else
        snprintf(code, sizeof code, "%s", old);
    cut_to(style->out, frame->body);
    if (strchr(code, ':') != NULL)
        write_name(style, code, false);
    else
        buf_text(style->out, code);
}

/* "http://HOST/rest" with another host. */
static void write_server_url(struct rewriter *style, const struct frame *frame)
{
    char url[1024];
    const char *old = buf_peek(style->out) + frame->body;
    const char *path = strstr(old, "/services/");

    if (path == NULL)
        return;
    snprintf(url, sizeof url, "http://%s%s", style->quirks->server_url, path);
    cut_to(style->out, frame->body);
    buf_text(style->out, url);
}

/* Other types come before the one that counts. */
static void write_more_limits(struct rewriter *style, const struct frame *frame)
{
    char *rest = mem_text(buf_peek(style->out) + frame->body);

    if (rest == NULL)
        return;
    cut_to(style->out, frame->body);
    buf_text(style->out, "<limitInfo xmlns=\"" NS_PARTNER "\"><current>17</current>"
                         "<limit>250</limit><type>API REQUESTS PER APP</type></limitInfo>"
                         "<limitInfo xmlns=\"" NS_PARTNER "\"><current>1</current>"
                         "<limit>1</limit><type>API BURSTS</type></limitInfo>");
    buf_text(style->out, rest);
    mem_free(rest);
}

static void change_text(struct rewriter *style, const struct frame *frame)
{
    static const char token[] =
        "eyJ0bmsiOiJjb3JlL3Byb2QiLCJraWQiOiJDT1JFX0FUSldUIiwidHlwIjoiSldUIiwiYWxnIjoiUlMyNTYifQ"
        ".eyJzdWIiOiJ1aWQ6MDA1MDAwMDAwMDAwMDAxIiwiaXNzIjoiaHR0cHM6Ly9mYWtlb3JnLmV4YW1wbGUifQ"
        ".c2lnbmF0dXJlLXRoYXQtbm9ib2R5LWNoZWNrcw";

    if (!is(style, QUIRK_MESSAGES, "english") &&
        (strcmp(frame->name, "message") == 0 || strcmp(frame->name, "exceptionMessage") == 0 ||
         strcmp(frame->name, "faultstring") == 0))
        translate(style, frame);
    else if (strcmp(frame->name, "faultcode") == 0)
        write_faultcode(style, frame);
    else if (strcmp(frame->name, "sessionId") == 0 && is(style, QUIRK_SESSION_ID, "jwt"))
        replace_text(style, frame, "", token);
    else if (style->quirks->server_url[0] != '\0' && strcmp(frame->name, "serverUrl") == 0)
        write_server_url(style, frame);
    else if (strcmp(frame->name, "LimitInfoHeader") == 0 && is(style, QUIRK_LIMIT_INFO, "more"))
        write_more_limits(style, frame);
}

static bool is_left_out(const struct rewriter *style, const struct frame *frame,
                        struct frame *parent)
{
    bool in_record = strcmp(frame->space, NS_SOBJECT) == 0;

    if (is(style, QUIRK_IDS, "once") && in_record && strcmp(frame->name, "Id") == 0 &&
        ++parent->ids > 1)
        return true;
    if (is(style, QUIRK_FAULT_DETAIL, "no") && strcmp(frame->name, "detail") == 0)
        return true;
    if (is(style, QUIRK_ERROR_FIELDS, "no") && strcmp(frame->name, "fields") == 0 &&
        strcmp(parent->name, "errors") == 0)
        return true;
    if (is(style, QUIRK_LIMIT_INFO, "none") && strcmp(frame->name, "LimitInfoHeader") == 0)
        return true;
    if (!is(style, QUIRK_ELEMENTS, "missing") || in_record)
        return false;
    for (size_t i = 0; i < sizeof optional / sizeof optional[0]; i++)
        if (strcmp(optional[i], frame->name) == 0)
            return true;
    return frame->nil;
}

/* After a save's response: a result too few or one too many. */
static void miscount(struct rewriter *style, const struct frame *frame)
{
    size_t len = strlen(frame->name);

    if (!frame->any_result || len < 8 || strcmp(frame->name + len - 8, "Response") != 0 ||
        strstr("createResponse updateResponse upsertResponse deleteResponse", frame->name) == NULL)
        return;
    if (is(style, QUIRK_RESULTS, "fewer"))
        cut_to(style->out, frame->result_begin);
    else if (is(style, QUIRK_RESULTS, "more"))
        write_again(style->out, frame->result_begin);
}

static void on_begin(void *context, const char *name, const char **attributes)
{
    struct rewriter *style = context;

    if (style->depth < MAX_DEPTH)
        begin_element(style, name, attributes);
}

static void on_end(void *context, const char *name)
{
    struct rewriter *style = context;
    struct frame none = {0}, *frame = &style->frames[style->depth - 1];
    struct frame *parent = style->depth < 2 ? &none : frame - 1;

    style->depth--;
    if (is_left_out(style, frame, parent)) {
        cut_to(style->out, frame->begin);
        return;
    }
    change_text(style, frame);
    miscount(style, frame);
    if (is(style, QUIRK_ELEMENTS, "extra"))
        write_extra(style, frame);
    buf_format(style->out, "</%s>", frame->tag);
    if (strcmp(frame->name, "errors") == 0 && is(style, QUIRK_ERRORS, "several"))
        write_again(style->out, frame->begin);
    if (strcmp(frame->name, "result") == 0) {
        parent->any_result = true;
        parent->result_begin = frame->begin;
    }
}

static void on_text(void *context, const char *text, int len)
{
    struct rewriter *style = context;
    char piece[256];

    while (len > 0) {
        int part = len < 255 ? len : 255;
        memcpy(piece, text, (size_t)part);
        piece[part] = '\0';
        xml_text(style->out, piece);
        text += part;
        len -= part;
    }
}

static bool any_style(const struct quirks *quirks)
{
    for (enum quirk_id id = 0; id <= LAST_QUIRK_OF_STYLE; id++)
        if (quirks->at[id] != 0)
            return true;
    return quirks->server_url[0] != '\0';
}

void rewrite(const struct quirks *quirks, struct buf *out)
{
    struct buf styled;
    struct rewriter *style = NULL;
    XML_Parser parser = NULL;

    if (!any_style(quirks) || out->len == 0)
        return;
    buf_init(&styled, out->max);
    style = mem_zero(1, sizeof *style);
    parser = XML_ParserCreate(NULL);
    if (style == NULL || parser == NULL)
        goto out;
    style->quirks = quirks;
    style->out = &styled;
    buf_text(&styled, XML_DECLARATION);
    XML_SetUserData(parser, style);
    XML_SetElementHandler(parser, on_begin, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    if (XML_Parse(parser, buf_peek(out), (int)out->len, 1) == XML_STATUS_OK &&
        !buf_failed(&styled)) {
        buf_done(out);
        *out = styled;
        buf_init(&styled, 0);
    }
out:
    if (parser != NULL)
        XML_ParserFree(parser);
    mem_free(style);
    buf_done(&styled);
}
