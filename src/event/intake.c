/* A body is parsed once; its messages are cut out of it, merged with the batch and checked. */
#include "event/intake.h"

#include <sodium.h>
#include <string.h>

#include "base/isotime.h"
#include "base/buf_json.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/utf8.h"
#include "event/members.h"
#include "event/parse.h"
#include "event/shared.h"

struct reader {
    struct doc doc;
    enum event_type path_type;
    char received_at[ISOTIME_MAX];
    const struct doc_node *sent_at; /* the batch's, or NULL */
    struct shared context, integrations;
    struct buf out; /* each message in turn; as large as one can become */
    size_t total;   /* bytes of all texts so far */
    struct err *err;
};

/* ---- writing a message ---- */

static void put_raw(struct reader *r, const struct doc_node *node)
{
    size_t len;
    const char *raw = doc_raw(&r->doc, node, &len);

    buf_put(&r->out, raw, len);
}

/* A member as written, key and value. */
static void put_member(struct reader *r, const struct doc_node *member)
{
    buf_json_comma(&r->out);
    buf_put(&r->out, r->doc.text + member->key - 1, member->key_len + 2);
    buf_char(&r->out, ':');
    put_raw(r, member);
}

static void put_text(struct reader *r, enum member member, const char *text, size_t len)
{
    buf_json_key(&r->out, members_name(member));
    buf_json_string(&r->out, text, len);
}

/* The message's own object, then what the batch has and it lacks. */
static int put_merged(struct reader *r, enum member member, const struct doc_node *own,
                      struct shared *shared)
{
    buf_json_key(&r->out, members_name(member));
    if (own == NULL) {
        put_raw(r, shared->object);
        return 0;
    }
    if (shared_hide(shared, &r->doc, own, r->err) < 0)
        return -1;
    buf_char(&r->out, '{');
    for (const struct doc_node *m = doc_first_written(&r->doc, own); m != NULL;
         m = doc_next_written(&r->doc, m))
        put_member(r, m);
    for (size_t i = 0; i < shared->count; i++)
        if (!shared->members[i].hidden)
            put_member(r, shared->members[i].node);
    buf_char(&r->out, '}');
    return 0;
}

/* "h-" and the hash of an id that is too long, or that a C string cannot represent. */
static char *hashed_id(const char *id, size_t len)
{
    unsigned char hash[crypto_generichash_BYTES];
    char text[2 + 2 * sizeof hash + 1] = "h-";

    crypto_generichash(hash, sizeof hash, (const unsigned char *)id, len, NULL, 0);
    sodium_bin2hex(text + 2, sizeof text - 2, hash, sizeof hash);
    return mem_text(text);
}

/* NULL: out of memory. */
static char *message_id_of(const struct reader *r, const struct doc_node *node)
{
    char uuid[RANDOM_UUID_MAX], *id;
    size_t len;

    if (!members_is_id(&r->doc, node)) {
        random_uuid(uuid);
        return mem_text(uuid);
    }
    id = doc_text(&r->doc, node, &len);
    if (id != NULL &&
        (utf8_utf16_length(id, len) > INTAKE_MAX_ID || memchr(id, '\0', len) != NULL)) {
        char *hashed = hashed_id(id, len);
        mem_free(id);
        return hashed;
    }
    return id;
}

/* Fills r->out with the message's text. */
static int write_message(struct reader *r, const struct doc_node *message, struct members *m,
                         const char *message_id)
{
    bool made[MEMBERS] = {
        [MEMBER_MESSAGE_ID] = true, [MEMBER_RECEIVED_AT] = true, [MEMBER_WRITE_KEY] = true};
    enum member context = members_context(m);

    made[MEMBER_TYPE] = r->path_type != EVENT_NONE;
    made[MEMBER_SENT_AT] = r->sent_at != NULL && !members_is_id(&r->doc, m->of[MEMBER_SENT_AT]);
    made[context] = r->context.object != NULL;
    made[MEMBER_INTEGRATIONS] = r->integrations.object != NULL;

    buf_clear(&r->out);
    buf_char(&r->out, '{');
    for (const struct doc_node *node = doc_first_written(&r->doc, message); node != NULL;
         node = doc_next_written(&r->doc, node)) {
        enum member which = members_which(&r->doc, node);
        if (which == MEMBER_NONE || (!made[which] && m->of[which] == node))
            put_member(r, node);
    }
    if (made[MEMBER_TYPE])
        put_text(r, MEMBER_TYPE, event_type_name(r->path_type),
                 strlen(event_type_name(r->path_type)));
    if (made[MEMBER_SENT_AT])
        put_member(r, r->sent_at);
    if (made[context] && put_merged(r, context, members_object(m, context), &r->context) < 0)
        return -1;
    if (made[MEMBER_INTEGRATIONS] &&
        put_merged(r, MEMBER_INTEGRATIONS, members_object(m, MEMBER_INTEGRATIONS),
                   &r->integrations) < 0)
        return -1;
    put_text(r, MEMBER_MESSAGE_ID, message_id, strlen(message_id));
    put_text(r, MEMBER_RECEIVED_AT, r->received_at, strlen(r->received_at));
    buf_char(&r->out, '}');
    return 0;
}

/* ---- reading ---- */

/* Why a message cannot be accepted, or NULL.  The rules are those of Segment's validator
   that the mapping depends on. */
static const char *find_problem(const struct reader *r, const struct doc_node *message,
                                const struct members *m)
{
    const struct doc *doc = &r->doc;
    enum event_type type = r->path_type;

    if (message->len > INTAKE_MAX_MESSAGE)
        return "too_large";
    if (type == EVENT_NONE)
        type = event_type_of(doc, m->of[MEMBER_TYPE]);
    if (type == EVENT_NONE)
        return "unknown_type";
    if (!members_is_id(doc, m->of[MEMBER_USER_ID]) &&
        !members_is_id(doc, m->of[MEMBER_ANONYMOUS_ID]))
        return "no_ids";
    if (type == EVENT_GROUP && !members_is_id(doc, m->of[MEMBER_GROUP_ID]))
        return "no_group_id";
    return NULL;
}

/* The body's key if it is text; the first message's that has one counts. */
static int read_write_key(struct intake *intake, const struct doc *doc, const struct doc_node *node,
                          struct err *err)
{
    size_t len;

    if (intake->write_key != NULL || node == NULL || node->type != DOC_STRING || node->len == 0)
        return 0;
    intake->write_key = doc_text(doc, node, &len);
    return intake->write_key != NULL ? 0 : err_memory(err);
}

/* What intake_event needs. */
static int note_event(const struct reader *r, const struct doc_node *node, const struct members *m,
                      struct intake_message *message)
{
    bool merged = r->context.object != NULL || r->integrations.object != NULL;

    message->type =
        r->path_type != EVENT_NONE ? r->path_type : event_type_of(&r->doc, m->of[MEMBER_TYPE]);
    message->node = merged ? NULL : node;
    if (!members_is_id(&r->doc, m->of[MEMBER_SENT_AT]))
        message->sent_at = r->sent_at;
    message->message_id = message_id_of(r, m->of[MEMBER_MESSAGE_ID]);
    return message->message_id != NULL ? 0 : err_memory(r->err);
}

static int read_message(struct reader *r, const struct doc_node *node, struct intake *intake)
{
    struct intake_message *message = &intake->messages[intake->count++];
    struct members m;

    if (node->type != DOC_OBJECT) {
        message->problem = "not_an_object";
        return 0;
    }
    m = members_read(&r->doc, node);
    if (read_write_key(intake, &r->doc, m.of[MEMBER_WRITE_KEY], r->err) < 0)
        return -1;
    message->problem = find_problem(r, node, &m);
    if (message->problem != NULL)
        return 0;
    if (note_event(r, node, &m, message) < 0 || write_message(r, node, &m, message->message_id) < 0)
        return -1;
    if (buf_check(&r->out, "message", r->err) < 0)
        return -1;
    r->total += r->out.len;
    if (r->total > INTAKE_MAX_TOTAL)
        return err_set(r->err, ERR_FULL,
                       "the messages with the batch's context are larger than %d bytes",
                       INTAKE_MAX_TOTAL);
    message->len = r->out.len;
    message->text = mem_text_n(r->out.data, r->out.len);
    return message->text != NULL ? 0 : err_memory(r->err);
}

static int read_batch(struct reader *r, const struct doc_node *batch, struct intake *intake)
{
    struct members m = members_read(&r->doc, doc_root(&r->doc));

    if (batch->type != DOC_ARRAY)
        return err_set(r->err, ERR_INVALID, "\"batch\" must be an array of messages");
    if (batch->count > INTAKE_MAX_MESSAGES)
        return err_set(r->err, ERR_FULL, "a batch may hold at most %d messages",
                       INTAKE_MAX_MESSAGES);
    if (members_is_id(&r->doc, m.of[MEMBER_SENT_AT]) && m.of[MEMBER_SENT_AT]->len < ISOTIME_MAX * 2)
        r->sent_at = m.of[MEMBER_SENT_AT];
    if (read_write_key(intake, &r->doc, m.of[MEMBER_WRITE_KEY], r->err) < 0 ||
        shared_read(&r->context, &r->doc, members_object(&m, MEMBER_CONTEXT), "context", r->err) <
            0 ||
        shared_read(&r->integrations, &r->doc, members_object(&m, MEMBER_INTEGRATIONS),
                    "integrations", r->err) < 0)
        return -1;
    intake->messages = mem_zero(batch->count, sizeof *intake->messages);
    if (intake->messages == NULL)
        return err_memory(r->err);
    for (const struct doc_node *node = doc_first(&r->doc, batch); node != NULL;
         node = doc_next(&r->doc, node))
        if (read_message(r, node, intake) < 0)
            return -1;
    return 0;
}

static int read_single(struct reader *r, struct intake *intake)
{
    intake->messages = mem_zero(1, sizeof *intake->messages);
    if (intake->messages == NULL)
        return err_memory(r->err);
    return read_message(r, doc_root(&r->doc), intake);
}

static int read_body(struct reader *r, bool is_batch_path, struct intake *intake)
{
    const struct doc_node *root = doc_root(&r->doc);
    const struct doc_node *batch = NULL;

    if (root->type != DOC_OBJECT)
        return err_set(r->err, ERR_INVALID, "the body must be a JSON object");
    if (r->path_type == EVENT_NONE)
        batch = doc_get(&r->doc, root, "batch");
    if (batch != NULL)
        return read_batch(r, batch, intake);
    if (is_batch_path)
        return err_set(r->err, ERR_INVALID, "the body must have \"batch\", an array of messages");
    return read_single(r, intake);
}

int intake_read(struct intake *intake, const char *body, size_t len, enum event_type path_type,
                bool is_batch_path, int64_t received_ms, struct err *err)
{
    struct reader r = {.path_type = path_type, .err = err};
    struct intake made = {0};
    int rc = -1;

    if (len > INTAKE_MAX_BODY)
        return err_set(err, ERR_FULL, "a body may hold at most %d bytes", INTAKE_MAX_BODY);
    if (sodium_init() < 0)
        return err_set(err, ERR_SYSTEM, "libsodium cannot start");
    buf_init(&r.out, INTAKE_MAX_TEXT);
    isotime_format(received_ms, r.received_at);
    if (doc_parse(&r.doc, body, len, err) < 0)
        return err_wrap(err, "read the body");
    if (read_body(&r, is_batch_path, &made) < 0)
        goto out;
    made.doc = r.doc; /* its nodes stay where they are */
    made.received_ms = received_ms;
    r.doc = (struct doc){0};
    *intake = made;
    made = (struct intake){0};
    rc = 0;
out:
    intake_done(&made);
    shared_done(&r.context);
    shared_done(&r.integrations);
    buf_done(&r.out);
    doc_done(&r.doc);
    return rc;
}

int intake_event(const struct intake *intake, const struct intake_message *message,
                 struct event *ret, struct err *err)
{
    if (message->node == NULL)
        return event_read(ret, message->text, message->len, err);
    return event_read_part(ret,
                           &(struct event_part){.doc = &intake->doc,
                                                .message = message->node,
                                                .type = message->type,
                                                .message_id = message->message_id,
                                                .received_ms = intake->received_ms,
                                                .sent_at = message->sent_at},
                           err);
}

void intake_forget_body(struct intake *intake)
{
    doc_done(&intake->doc);
    for (size_t i = 0; i < intake->count; i++) {
        mem_free(intake->messages[i].message_id);
        intake->messages[i].message_id = NULL;
        intake->messages[i].node = intake->messages[i].sent_at = NULL;
    }
}

void intake_done(struct intake *intake)
{
    intake_forget_body(intake);
    for (size_t i = 0; i < intake->count; i++)
        mem_free(intake->messages[i].text);
    mem_free(intake->messages);
    mem_free(intake->write_key);
    *intake = (struct intake){0};
}
