/* read: an answer of the org as a tree, read with expat. */
#include "salesforce/soap/read.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <expat.h>

#include "base/buf.h"
#include "base/mem.h"

#define MAX_DEPTH 40      /* a duplicate error, the deepest answer, needs 10 */
#define MAX_NODES 1000000 /* a describe of objects with 800 fields each has a tenth of it */
#define CHUNK     65536
#define SEPARATOR ' ' /* cannot be in a namespace name */

struct chunk {
    struct chunk *older;
    size_t used, room;
    max_align_t bytes[];
};

struct soap_doc {
    struct chunk *chunks;
    const struct soap_node *root;
};

struct reader {
    struct soap_doc *doc;
    XML_Parser parser;
    struct soap_node *open[MAX_DEPTH]; /* from the root to the element being read */
    struct soap_node *last[MAX_DEPTH]; /* the newest child of each */
    size_t depth, nodes;
    struct buf text; /* of the innermost element so far */
    struct err *err;
    bool failed;
};

static const struct {
    const char *name;
    enum soap_space space;
} spaces[] = {
    {"urn:partner.soap.sforce.com", SOAP_PARTNER},
    {"urn:sobject.partner.soap.sforce.com", SOAP_SOBJECT},
    {"http://schemas.xmlsoap.org/soap/envelope/", SOAP_ENVELOPE},
    {"urn:fault.partner.soap.sforce.com", SOAP_FAULT},
};

#define XSI_NIL "http://www.w3.org/2001/XMLSchema-instance nil"

/* ---- memory: a tree is kept in a few chunks ---- */

static void *take(struct soap_doc *doc, size_t size)
{
    size_t need = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct chunk *chunk = doc->chunks;
    char *block;

    if (chunk == NULL || chunk->room - chunk->used < need) {
        size_t room = need > CHUNK ? need : CHUNK;

        chunk = mem_alloc(sizeof *chunk + room);
        if (chunk == NULL)
            return NULL;
        *chunk = (struct chunk){.older = doc->chunks, .room = room};
        doc->chunks = chunk;
    }
    block = (char *)chunk->bytes + chunk->used;
    chunk->used += need;
    return block;
}

static const char *keep(struct soap_doc *doc, const char *bytes, size_t len)
{
    char *copy = len > 0 ? take(doc, len + 1) : NULL;

    if (len == 0)
        return "";
    if (copy != NULL) {
        memcpy(copy, bytes, len);
        copy[len] = '\0';
    }
    return copy;
}

void soap_doc_free(struct soap_doc *doc)
{
    if (doc == NULL)
        return;
    while (doc->chunks != NULL) {
        struct chunk *older = doc->chunks->older;

        mem_free(doc->chunks);
        doc->chunks = older;
    }
    mem_free(doc);
}

/* ---- what expat calls ---- */

static void stop(struct reader *reader)
{
    reader->failed = true;
    XML_StopParser(reader->parser, XML_FALSE);
}

static void refuse(struct reader *reader, enum err_kind kind, const char *why)
{
    err_set(reader->err, kind, "%s", why);
    stop(reader);
}

static void refuse_memory(struct reader *reader)
{
    err_memory(reader->err);
    stop(reader);
}

/* Splits "namespace name" as expat hands it over. */
static const char *split_name(const char *full, enum soap_space *ret_space)
{
    const char *cut = strrchr(full, SEPARATOR);

    *ret_space = cut == NULL ? SOAP_NONE : SOAP_OTHER;
    if (cut == NULL)
        return full;
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        if (strlen(spaces[i].name) == (size_t)(cut - full) &&
            memcmp(spaces[i].name, full, (size_t)(cut - full)) == 0)
            *ret_space = spaces[i].space;
    return cut + 1;
}

bool soap_says_true(const char *text)
{
    return strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
}

bool soap_says_false(const char *text)
{
    return strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

static void on_start(void *user, const XML_Char *full, const XML_Char **attributes)
{
    struct reader *reader = user;
    struct soap_node *node;
    const char *name;

    if (reader->failed)
        return;
    if (reader->depth == MAX_DEPTH || reader->nodes == MAX_NODES) {
        refuse(reader, ERR_FULL, "answer has too many elements, or too deep ones");
        return;
    }
    node = take(reader->doc, sizeof *node);
    if (node == NULL) {
        refuse_memory(reader);
        return;
    }
    *node = (struct soap_node){.text = ""};
    name = split_name(full, &node->space);
    node->name = keep(reader->doc, name, strlen(name));
    if (node->name == NULL) {
        refuse_memory(reader);
        return;
    }
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(attributes[i], XSI_NIL) == 0)
            node->nil = soap_says_true(attributes[i + 1]);
    if (reader->depth == 0) {
        reader->doc->root = node;
    } else {
        size_t parent = reader->depth - 1;

        if (reader->last[parent] != NULL)
            reader->last[parent]->next = node;
        else
            reader->open[parent]->first = node;
        reader->last[parent] = node;
    }
    reader->open[reader->depth] = node;
    reader->last[reader->depth] = NULL;
    reader->depth++;
    reader->nodes++;
    buf_clear(&reader->text); /* text before a child is white space */
}

static void on_end(void *user, const XML_Char *full)
{
    struct reader *reader = user;
    struct soap_node *node;
    const char *text;

    if (reader->failed)
        return;
    reader->depth--;
    node = reader->open[reader->depth];
    if (node->first == NULL) {
        text = keep(reader->doc, buf_peek(&reader->text), reader->text.len);
        if (text == NULL || buf_failed(&reader->text)) {
            refuse_memory(reader);
            return;
        }
        node->text = text;
    }
    buf_clear(&reader->text);
}

static void on_text(void *user, const XML_Char *bytes, int len)
{
    struct reader *reader = user;

    if (!reader->failed)
        buf_put(&reader->text, bytes, (size_t)len);
}

static void on_doctype(void *user, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int internal)
{
    refuse(user, ERR_INVALID, "answer has a document type, which SOAP forbids");
}

/* ---- reading ---- */

static void *expat_resize(void *block, size_t size)
{
    return mem_resize(block, size, 1);
}

static bool parse(struct reader *reader, const char *bytes, size_t len)
{
    enum XML_Status status = XML_STATUS_OK;

    /* In pieces, because expat counts in int. */
    for (size_t at = 0, piece; status == XML_STATUS_OK && at <= len; at += piece) {
        piece = len - at > INT_MAX / 4 ? INT_MAX / 4 : len - at;
        status = XML_Parse(reader->parser, bytes + at, (int)piece, at + piece == len);
        if (at + piece == len)
            break;
    }
    if (status == XML_STATUS_OK)
        return true;
    if (reader->failed)
        return false;
    if (XML_GetErrorCode(reader->parser) == XML_ERROR_NO_MEMORY)
        err_memory(reader->err);
    else
        err_set(reader->err, ERR_INVALID, "answer is not XML: %s, line %lu",
                XML_ErrorString(XML_GetErrorCode(reader->parser)),
                (unsigned long)XML_GetCurrentLineNumber(reader->parser));
    return false;
}

struct soap_doc *soap_read(const char *bytes, size_t len, struct err *err)
{
    static const XML_Memory_Handling_Suite memory = {mem_alloc, expat_resize, mem_free};
    static const XML_Char separator[] = {SEPARATOR, '\0'};
    struct reader reader = {.err = err};
    bool good = false;

    buf_init(&reader.text, len);
    reader.doc = mem_zero(1, sizeof *reader.doc);
    reader.parser = XML_ParserCreate_MM(NULL, &memory, separator);
    if (reader.doc == NULL || reader.parser == NULL) {
        err_memory(err);
        goto out;
    }
    XML_SetUserData(reader.parser, &reader);
    XML_SetElementHandler(reader.parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader.parser, on_text);
    XML_SetStartDoctypeDeclHandler(reader.parser, on_doctype);
    if (!parse(&reader, bytes, len))
        goto out;
    if (reader.doc->root->space != SOAP_ENVELOPE ||
        strcmp(reader.doc->root->name, "Envelope") != 0) {
        err_set(err, ERR_INVALID, "answer is XML, but no SOAP envelope");
        goto out;
    }
    good = true;
out:
    if (reader.parser != NULL)
        XML_ParserFree(reader.parser);
    buf_done(&reader.text);
    if (good)
        return reader.doc;
    soap_doc_free(reader.doc);
    return NULL;
}

/* ---- asking ---- */

static bool is(const struct soap_node *node, enum soap_space space, const char *name)
{
    return (space == SOAP_ANY || node->space == space) && strcmp(node->name, name) == 0;
}

const struct soap_node *soap_child(const struct soap_node *node, enum soap_space space,
                                   const char *name)
{
    const struct soap_node *child = node != NULL ? node->first : NULL;

    while (child != NULL && !is(child, space, name))
        child = child->next;
    return child;
}

const struct soap_node *soap_again(const struct soap_node *node)
{
    const struct soap_node *next = node->next;

    while (next != NULL && !is(next, node->space, node->name))
        next = next->next;
    return next;
}

const struct soap_node *soap_doc_header(const struct soap_doc *doc)
{
    return soap_child(doc->root, SOAP_ENVELOPE, "Header");
}

const struct soap_node *soap_doc_content(const struct soap_doc *doc)
{
    const struct soap_node *body = soap_child(doc->root, SOAP_ENVELOPE, "Body");

    return body != NULL ? body->first : NULL;
}

const char *soap_child_text(const struct soap_node *node, const char *name)
{
    const struct soap_node *child = soap_child(node, SOAP_PARTNER, name);

    return child != NULL && !child->nil ? child->text : NULL;
}

bool soap_child_true(const struct soap_node *node, const char *name)
{
    const char *text = soap_child_text(node, name);

    return text != NULL && soap_says_true(text);
}

int64_t soap_child_number(const struct soap_node *node, const char *name, int64_t max,
                          int64_t fallback)
{
    const char *text = soap_child_text(node, name);
    char *end;
    long long value;

    if (text == NULL || text[0] == '\0')
        return fallback;
    value = strtoll(text, &end, 10); /* past its range it gives the range's end */
    if (*end != '\0')
        return fallback;
    return value < 0 ? 0 : value > max ? max : value;
}

const struct soap_node *soap_field(const struct soap_node *sobject, const char *name)
{
    const struct soap_node *field = sobject->first;

    while (field != NULL && (field->space != SOAP_SOBJECT || strcasecmp(field->name, name) != 0))
        field = field->next;
    return field;
}
