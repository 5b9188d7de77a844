/* The table of quirks: names, values and meanings. */
#include "fakeorg/api/quirks.h"

#include <stdio.h>
#include <string.h>

#include "base/buf_json.h"

#define MAX_VALUES 5

/* The first value is the default. */
static const struct {
    const char *name;
    const char *values[MAX_VALUES];
    const char *help;
} rows[QUIRKS] = {
    [QUIRK_PREFIXES] = {"prefixes",
                        {"recorded", "foreign", "default"},
                        "namespace prefixes of answers: as recorded; others for every namespace; "
                        "none, each element declares its own default namespace"},
    [QUIRK_ELEMENTS] = {"elements",
                        {"recorded", "extra", "missing"},
                        "extra: unknown elements and attributes of a later release; "
                        "missing: optional ones are left out"},
    [QUIRK_IDS] = {"ids", {"twice", "once"}, "how often Id appears in a record of a query"},
    [QUIRK_RESULTS] = {"results",
                       {"right", "fewer", "more"},
                       "number of results of create, update, upsert and delete"},
    [QUIRK_FAULTCODE] = {"faultcode",
                         {"recorded", "prefixed", "bare"},
                         "sf: before faultcode; recorded: everywhere but in refused sign-ins"},
    [QUIRK_FAULT_DETAIL] = {"fault-detail", {"yes", "no"}, "whether faults have a detail"},
    [QUIRK_ERROR_FIELDS] = {"error-fields",
                            {"yes", "no"},
                            "whether record errors name the fields they are about"},
    [QUIRK_ERRORS] = {"errors", {"one", "several"}, "several: each record error comes twice"},
    [QUIRK_MESSAGES] = {"messages",
                        {"english", "german", "japanese"},
                        "language of the messages of faults and record errors"},
    [QUIRK_LIMIT_INFO] = {"limit-info",
                          {"plain", "more", "none"},
                          "LimitInfoHeader; more: with a second and a third type before it"},
    [QUIRK_SESSION_ID] = {"session-id",
                          {"opaque", "jwt"},
                          "jwt: sign-ins return what looks like a JSON Web Token and, as in "
                          "versions below 68.0, is refused afterwards"},
    [QUIRK_SERVER_URL] = {"server-url",
                          {""},
                          "HOST:PORT of the serverUrl that a sign-in answers with; empty: the "
                          "one that was called"},
    [QUIRK_GZIP] =
        {"gzip",
         {"asked", "always", "never"},
         "compressed answers; asked: if the client accepts them and they are 1 KB or more"},
    [QUIRK_CHUNKED] = {"chunked", {"no", "yes"}, "chunked answers, without a length"},
    [QUIRK_ACTION] = {"soap-action",
                      {"needed", "optional"},
                      "a request without the HTTP header SOAPAction: a fault, or answered"},
    [QUIRK_HEADERS] = {"headers",
                       {"lax", "strict"},
                       "a header that the operation does not declare: ignored, or the fault "
                       "INVALID_SOAP_HEADER"},
    [QUIRK_REQUESTS] = {"requests",
                        {"lax", "strict"},
                        "elements of a request: matched by local name, in any order, optional "
                        "where not needed, as real clients send them; or exactly as in the WSDL"},
    [QUIRK_FIELD_ORDER] = {"field-order",
                           {"lax", "strict"},
                           "fieldsToNull and Id of a record: before its fields, or anywhere"},
    [QUIRK_FIELD_TWICE] = {"field-twice",
                           {"last", "fault"},
                           "a field that occurs twice in a record, or is both set and cleared"},
    [QUIRK_NIL] = {"nil",
                   {"ignored", "clears"},
                   "nil and empty elements of fields: ignored, or as in fieldsToNull"},
    [QUIRK_EMAILS] = {"emails",
                      {"lower", "kept"},
                      "e-mail addresses are stored in lower case, or as sent"},
    [QUIRK_TEXTS] = {"texts",
                     {"trimmed", "kept"},
                     "texts are stored without leading and trailing white space, or as sent"},
    [QUIRK_UPSERT_KEY] = {"upsert-key",
                          {"fault", "record"},
                          "an upsert by a field that is not a key: INVALID_FIELD for the call, or "
                          "INVALID_EXTERNAL_ID_FIELD_NAME for each record"},
    [QUIRK_UPSERT_MATCHES] = {"upsert-matches",
                              {"DUPLICATE_EXTERNAL_ID", "DUPLICATE_VALUE"},
                              "code for a record whose key matches several others"},
    [QUIRK_UPSERT_TWINS] = {"upsert-twins",
                            {"all", "later"},
                            "which of several records with the same key in an upsert fail"},
    [QUIRK_SHORT_IDS] = {"short-ids",
                         {"taken", "refused"},
                         "ids of 15 characters in update, upsert, delete and convertLead"},
    [QUIRK_CONVERTED] = {"converted-leads",
                         {"locked", "editable"},
                         "updates of converted leads: CANNOT_UPDATE_CONVERTED_LEAD, or saved, as "
                         "if the user may edit them"},
    [QUIRK_FAILED_ID] = {"failed-id",
                         {"nil", "sent"},
                         "id in the result of a record that was not updated or deleted"},
    [QUIRK_DUPLICATE_ID] = {"duplicate-id",
                            {"15", "18"},
                            "characters of the id in the message of DUPLICATE_VALUE"},
    [QUIRK_SAME_ID] =
        {"same-id",
         {"DUPLICATE_VALUE", "INVALID_ID_FIELD"},
         "code of all but the first of several records with the same Id in an update"},
    [QUIRK_DUPLICATES_ON_UPDATE] = {"duplicates-on-update",
                                    {"changed", "always"},
                                    "whether duplicate rules look at updates that change none of "
                                    "the fields they compare"},
    [QUIRK_UNSELECTED_ID] = {"unselected-id",
                             {"nil", "none"},
                             "a queried record whose Id was not asked for: an Id that is nil, or "
                             "none"},
    [QUIRK_PARENT_TYPE] = {"parent-type",
                           {"sObject", "none"},
                           "xsi:type of the element that contains a parent's fields"},
    [QUIRK_OFFSET] = {"offset", {"2000", "any"}, "the largest OFFSET of a query"},
    [QUIRK_FIELD_PLACE] = {"field-place",
                           {"-1", "1"},
                           "row and column of INVALID_FIELD in calls other than queries"},
    [QUIRK_FAULTS_LIMIT] = {"faults-limit", {"no", "yes"}, "whether faults carry LimitInfoHeader"},
    [QUIRK_LOCATORS] = {"locators",
                        {"once", "again"},
                        "whether a query locator may be used again within its two days"},
    [QUIRK_PAGE_DEFAULT] = {"page-default", {"2000", "500"}, "rows per page without QueryOptions"},
    [QUIRK_PAGES] = {"pages", {"asked", "fewer"}, "fewer: half the rows that were requested"},
    [QUIRK_SESSION_LIFE] = {"session-life",
                            {"use", "second-half", "login"},
                            "what a session's life counts from: its last use; a use in its second "
                            "half; the sign-in only"},
    [QUIRK_SESSION_TEXT] = {"session-text",
                            {"short", "hash"},
                            "text of INVALID_SESSION_ID; hash: with \"missing session hash\""},
    [QUIRK_EXPIRED_TEXT] = {"expired-text",
                            {"set", "reset"},
                            "which of the two texts comes with "
                            "INVALID_OPERATION_WITH_EXPIRED_PASSWORD"},
    [QUIRK_LOCKOUT] = {"lockout",
                       {"INVALID_LOGIN", "PASSWORD_LOCKOUT"},
                       "code of a sign-in that is refused because the user is locked out"},
    [QUIRK_LOGIN_RATE] =
        {"login-rate",
         {"INVALID_LOGIN", "REQUEST_LIMIT_EXCEEDED", "LOGIN_RATE_EXCEEDED"},
         "code of a sign-in beyond the hourly limit; the last one is not in the WSDL"},
    [QUIRK_COUNTED] = {"counted",
                       {"all", "work"},
                       "calls that the daily limit counts; work: not logout and "
                       "getServerTimestamp"},
};

static size_t count_values(enum quirk_id id)
{
    size_t count = 0;

    while (count < MAX_VALUES && rows[id].values[count] != NULL)
        count++;
    return count;
}

void quirks_init(struct quirks *quirks)
{
    memset(quirks, 0, sizeof *quirks);
}

const char *quirk_value(const struct quirks *quirks, enum quirk_id id)
{
    return id == QUIRK_SERVER_URL ? quirks->server_url : rows[id].values[quirks->at[id]];
}

bool quirk_is(const struct quirks *quirks, enum quirk_id id, const char *value)
{
    return strcmp(quirk_value(quirks, id), value) == 0;
}

enum quirk_id quirk_named(const char *name, size_t len)
{
    enum quirk_id id = 0;

    while (id < QUIRKS && (strlen(rows[id].name) != len || memcmp(rows[id].name, name, len) != 0))
        id++;
    return id;
}

static int set_text(char ret[QUIRK_TEXT_MAX], const char *name, const char *value, struct err *err)
{
    size_t len = strlen(value);

    if (len >= QUIRK_TEXT_MAX || strcspn(value, "/<>&\"' ") != len)
        return err_set(err, ERR_INVALID, "quirk %s: expected HOST:PORT", name);
    memcpy(ret, value, len + 1);
    return 0;
}

int quirk_set(struct quirks *quirks, enum quirk_id id, const char *value, struct err *err)
{
    char list[128] = "";
    size_t len = 0;

    if (id == QUIRK_SERVER_URL)
        return set_text(quirks->server_url, rows[id].name, value, err);
    for (size_t i = 0; i < count_values(id); i++) {
        if (strcmp(rows[id].values[i], value) == 0) {
            quirks->at[id] = (unsigned char)i;
            return 0;
        }
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i == 0 ? "" : ", ",
                                rows[id].values[i]);
    }
    return err_set(err, ERR_INVALID, "quirk %s: expected one of %s", rows[id].name, list);
}

int quirks_set(struct quirks *quirks, const char *text, struct err *err)
{
    size_t len = strcspn(text, "=");
    enum quirk_id id = quirk_named(text, len);

    if (id == QUIRKS)
        return err_set(err, ERR_INVALID, "there is no quirk %.*s", (int)len, text);
    return quirk_set(quirks, id, text[len] == '=' ? text + len + 1 : "", err);
}

static void show_text(struct buf *out, const char *key, const char *text)
{
    buf_json_key(out, key);
    buf_json_string(out, text, strlen(text));
}

void quirks_show(const struct quirks *quirks, struct buf *out)
{
    buf_char(out, '{');
    for (enum quirk_id id = 0; id < QUIRKS; id++) {
        buf_json_key(out, rows[id].name);
        buf_char(out, '{');
        show_text(out, "value", quirk_value(quirks, id));
        show_text(out, "default", rows[id].values[0]);
        buf_json_key(out, "values");
        buf_char(out, '[');
        for (size_t i = 0; i < count_values(id); i++) {
            buf_json_comma(out);
            buf_json_string(out, rows[id].values[i], strlen(rows[id].values[i]));
        }
        buf_char(out, ']');
        show_text(out, "help", rows[id].help);
        buf_char(out, '}');
    }
    buf_char(out, '}');
}
