/* The table of operations. */
#include "fakeorg/api/operation.h"

#include <string.h>

static const struct {
    const char *name;
    bool saves;
} rows[OPERATIONS + 1] = {
    [OPERATION_LOGIN] = {"login", false},
    [OPERATION_LOGOUT] = {"logout", false},
    [OPERATION_USER_INFO] = {"getUserInfo", false},
    [OPERATION_TIMESTAMP] = {"getServerTimestamp", false},
    [OPERATION_DESCRIBE_ALL] = {"describeGlobal", false},
    [OPERATION_DESCRIBE] = {"describeSObjects", false},
    [OPERATION_QUERY] = {"query", false},
    [OPERATION_QUERY_ALL] = {"queryAll", false},
    [OPERATION_QUERY_MORE] = {"queryMore", false},
    [OPERATION_RETRIEVE] = {"retrieve", false},
    [OPERATION_CREATE] = {"create", true},
    [OPERATION_UPDATE] = {"update", true},
    [OPERATION_UPSERT] = {"upsert", true},
    [OPERATION_DELETE] = {"delete", true},
    [OPERATION_CONVERT_LEAD] = {"convertLead", false},
    [OPERATIONS] = {"unknown", false},
};

const char *operation_name(enum operation operation)
{
    return rows[operation].name;
}

enum operation operation_named(const char *name)
{
    enum operation operation = 0;

    while (operation < OPERATIONS && strcmp(rows[operation].name, name) != 0)
        operation++;
    return operation;
}

bool operation_saves(enum operation operation)
{
    return rows[operation].saves;
}
