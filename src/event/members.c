#include "event/members.h"

#include "event/traits.h"

static const char *const names[MEMBERS] = {
    [MEMBER_TYPE] = "type",
    [MEMBER_MESSAGE_ID] = "messageId",
    [MEMBER_USER_ID] = "userId",
    [MEMBER_ANONYMOUS_ID] = "anonymousId",
    [MEMBER_GROUP_ID] = "groupId",
    [MEMBER_TIMESTAMP] = "timestamp",
    [MEMBER_ORIGINAL_TIMESTAMP] = "originalTimestamp",
    [MEMBER_SENT_AT] = "sentAt",
    [MEMBER_RECEIVED_AT] = "receivedAt",
    [MEMBER_TRAITS] = "traits",
    [MEMBER_PROPERTIES] = "properties",
    [MEMBER_CONTEXT] = "context",
    [MEMBER_OPTIONS] = "options",
    [MEMBER_INTEGRATIONS] = "integrations",
    [MEMBER_WRITE_KEY] = "writeKey",
};

enum member members_which(const struct json_doc *doc, const struct json_node *node)
{
    for (unsigned i = 0; i < MEMBERS; i++)
        if (json_key_is(doc, node, names[i]))
            return (enum member)i;
    return MEMBER_NONE;
}

const char *members_name(enum member member)
{
    return names[member];
}

struct members members_read(const struct json_doc *doc, const struct json_node *object)
{
    struct members found = {0};

    for (const struct json_node *m = json_first(doc, object); m != NULL; m = json_next(doc, m)) {
        enum member which = members_which(doc, m);
        if (which != MEMBER_NONE && found.of[which] == NULL)
            found.of[which] = m;
    }
    return found;
}

const struct json_node *members_object(const struct members *members, enum member member)
{
    const struct json_node *node = members->of[member];

    return node != NULL && node->type == JSON_OBJECT ? node : NULL;
}

enum member members_context(const struct members *members)
{
    return members_object(members, MEMBER_OPTIONS) != NULL ? MEMBER_OPTIONS : MEMBER_CONTEXT;
}

bool members_is_id(const struct json_doc *doc, const struct json_node *node)
{
    return node != NULL && (node->type == JSON_STRING || node->type == JSON_NUMBER) &&
           traits_truthy(doc, node);
}
