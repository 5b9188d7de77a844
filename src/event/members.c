/* The table of the members that are read, and one pass over a message by it. */
#include "event/members.h"

#include <string.h>

#include "event/traits.h"

#define NAME(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const struct {
    const char *text;
    size_t len;
} names[MEMBERS] = {
    [MEMBER_TYPE] = NAME("type"),
    [MEMBER_MESSAGE_ID] = NAME("messageId"),
    [MEMBER_USER_ID] = NAME("userId"),
    [MEMBER_ANONYMOUS_ID] = NAME("anonymousId"),
    [MEMBER_GROUP_ID] = NAME("groupId"),
    [MEMBER_TIMESTAMP] = NAME("timestamp"),
    [MEMBER_ORIGINAL_TIMESTAMP] = NAME("originalTimestamp"),
    [MEMBER_SENT_AT] = NAME("sentAt"),
    [MEMBER_RECEIVED_AT] = NAME("receivedAt"),
    [MEMBER_TRAITS] = NAME("traits"),
    [MEMBER_PROPERTIES] = NAME("properties"),
    [MEMBER_CONTEXT] = NAME("context"),
    [MEMBER_OPTIONS] = NAME("options"),
    [MEMBER_INTEGRATIONS] = NAME("integrations"),
    [MEMBER_WRITE_KEY] = NAME("writeKey"),
};

enum member members_which(const struct doc *doc, const struct doc_node *node)
{
    const char *key = doc->text + node->key;
    size_t len = node->key_len;
    char decoded[sizeof "originalTimestamp"]; /* the longest name */

    if (node->key_escaped) {
        if (!doc_key_into(doc, node, decoded, sizeof decoded))
            return MEMBER_NONE;
        key = decoded;
        len = strlen(decoded);
    }
    for (unsigned i = 0; i < MEMBERS; i++)
        if (names[i].len == len && memcmp(names[i].text, key, len) == 0)
            return (enum member)i;
    return MEMBER_NONE;
}

const char *members_name(enum member member)
{
    return names[member].text;
}

struct members members_read(const struct doc *doc, const struct doc_node *object)
{
    struct members found = {0};

    for (const struct doc_node *m = doc_first(doc, object); m != NULL; m = doc_next(doc, m)) {
        enum member which = members_which(doc, m);
        if (which != MEMBER_NONE)
            found.of[which] = m;
    }
    return found;
}

const struct doc_node *members_object(const struct members *members, enum member member)
{
    const struct doc_node *node = members->of[member];

    return node != NULL && node->type == DOC_OBJECT ? node : NULL;
}

enum member members_context(const struct members *members)
{
    return members_object(members, MEMBER_OPTIONS) != NULL ? MEMBER_OPTIONS : MEMBER_CONTEXT;
}

bool members_is_id(const struct doc *doc, const struct doc_node *node)
{
    return node != NULL && (node->type == DOC_STRING || node->type == DOC_NUMBER) &&
           traits_truthy(doc, node);
}
