/* page_soap: finds tags and texts in a document that may be cut off or not XML at all. */
#include "fakeorg/http/page_soap.h"

#include <string.h>

#include "fakeorg/org/transcript.h"
#include "fakeorg/soap/xml_write.h"

#define INDENT_MOST 40

/* Elements whose content must not be shown. */
static const char *const secrets[] = {"sessionId", "password"};

/* One tag or one run of text of a document, which may be incomplete or not XML at all. */
struct piece {
    const char *at;
    size_t len;
    enum { TEXT, OPENING, CLOSING, EMPTY } kind;
};

static struct piece piece_at(const char *at)
{
    struct piece piece = {at, strcspn(at, "<"), TEXT};

    if (piece.len > 0)
        return piece;
    piece.len = strcspn(at, ">");
    piece.len += at[piece.len] == '>';
    if (at[1] == '/')
        piece.kind = CLOSING;
    else if (at[1] == '?' || at[1] == '!' || (piece.len > 2 && at[piece.len - 2] == '/'))
        piece.kind = EMPTY;
    else
        piece.kind = OPENING;
    return piece;
}

static bool is_secret(const struct piece *tag)
{
    const char *name = tag->at + 1;
    size_t len = strcspn(name, " />\t\r\n");
    const char *colon = memchr(name, ':', len);

    if (colon != NULL) {
        len -= (size_t)(colon + 1 - name);
        name = colon + 1;
    }
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        if (strlen(secrets[i]) == len && memcmp(secrets[i], name, len) == 0)
            return true;
    return false;
}

static void write_piece(struct buf *out, const struct piece *piece)
{
    char part[512];

    for (size_t done = 0; done < piece->len;) {
        size_t len = piece->len - done < sizeof part - 1 ? piece->len - done : sizeof part - 1;
        memcpy(part, piece->at + done, len);
        part[len] = '\0';
        xml_text(out, part);
        done += len;
    }
}

static void new_line(struct buf *out, size_t depth)
{
    buf_char(out, '\n');
    for (size_t i = 0; i < depth && i < INDENT_MOST; i++)
        buf_text(out, "  ");
}

static bool is_blank(const struct piece *piece)
{
    return piece->kind == TEXT && strspn(piece->at, " \t\r\n") >= piece->len;
}

/* An element on its own line, with its text if it contains nothing else. */
static void write_document(struct buf *out, const char *text)
{
    struct piece before = {NULL, 0, EMPTY};
    size_t depth = 0;
    bool secret = false;

    while (*text != '\0') {
        struct piece piece = piece_at(text);
        text += piece.len;
        if (is_blank(&piece))
            continue;
        if (piece.kind == CLOSING && depth > 0)
            depth--;
        bool inside = piece.kind == TEXT ||
                      (piece.kind == CLOSING && before.kind != CLOSING && before.kind != EMPTY);
        if (!inside && before.at != NULL)
            new_line(out, depth);
        if (piece.kind == TEXT && secret)
            buf_text(out, "…");
        else
            write_piece(out, &piece);
        secret = piece.kind == OPENING && is_secret(&piece);
        depth += piece.kind == OPENING;
        before = piece;
    }
}

static void write_side(struct buf *out, const char *label, const char *text, size_t bytes)
{
    buf_format(out, "<h2>%s</h2><div class=\"card\"><pre class=\"soap\" tabindex=\"0\">", label);
    if (text == NULL || *text == '\0')
        buf_text(out, text == NULL ? "No longer kept." : "Nothing.");
    else
        write_document(out, text);
    buf_text(out, "</pre></div>");
    if (text != NULL && bytes > TRANSCRIPT_TEXT)
        buf_format(out, "<p class=\"dim\">The first %zu KB of it.</p>", TRANSCRIPT_TEXT / 1024);
}

void page_soap(struct buf *out, const struct service *service, const struct logged_call *call)
{
    const struct said *said = transcript_find(&service->transcript, call->number);

    write_side(out, "Request", said == NULL ? NULL : said->request, call->request_bytes);
    if (call->took_ms >= 0)
        write_side(out, "Answer", said == NULL ? NULL : said->answer, call->answer_bytes);
}
