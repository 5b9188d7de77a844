/*
 * fuzz_event: any bytes as a request body, and what is made of them.
 *
 * The first byte chooses the path, the rest is the body.  Every message that intake passes
 * must be read by event_read, with ids, times and a size within their bounds.
 */
#include <stdlib.h>
#include <string.h>

#include "event/intake.h"
#include "event/optin.h"
#include "event/traits.h"

#include "../unit/same_event.h"

#define RECEIVED_MS 1795435200000

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void check_that(bool holds)
{
    if (!holds)
        abort();
}

static void check_optin(const struct event *event)
{
    struct optin optin = optin_read(event, "Salesforce");

    check_that(optin.in == (optin.reason == NULL));
    check_that(!optin.in || optin.note == NULL);
}

/* Every trait is found by its own key, unless an earlier one has the same letters. */
static void check_traits(const struct event *event)
{
    static const char *const paths[] = {"email", "company.name", "address.postalCode", ""};

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        const struct doc_node *found = traits_find(&event->doc, event->traits, paths[i]);
        check_that(found == NULL || paths[i][0] != '\0');
        traits_truthy(&event->doc, found);
    }
    if (event->traits == NULL)
        return;
    for (const struct doc_node *m = doc_first(&event->doc, event->traits); m != NULL;
         m = doc_next(&event->doc, m))
        if (traits_key_matches(&event->doc, m, "email"))
            check_that(traits_find(&event->doc, event->traits, "email") != NULL);
}

static void check_message(const struct intake *intake, const struct intake_message *message,
                          enum event_type path_type)
{
    struct err err = {0};
    struct event event, of_body;

    check_that((message->text == NULL) == (message->problem != NULL));
    if (message->text == NULL)
        return;
    check_that(strlen(message->text) == message->len && message->len <= INTAKE_MAX_TEXT);
    check_that(event_read(&event, message->text, message->len, &err) == 0);
    check_that(intake_event(intake, message, &of_body, &err) == 0);
    check_that(same_event(&event, &of_body));
    event_done(&of_body);
    check_that(path_type == EVENT_NONE || event.type == path_type);
    check_that(strlen(event.message_id) > 0 && strlen(event.message_id) <= 4 * INTAKE_MAX_ID);
    check_that(event.received_ms == RECEIVED_MS && event.timestamp_ms <= RECEIVED_MS);
    check_optin(&event);
    check_traits(&event);
    event_done(&event);
}

/* The bytes as a stored event, which a damaged file may hold. */
static void read_stored(const char *text, size_t len)
{
    struct err err = {0};
    struct event event;

    if (event_read(&event, text, len, &err) < 0) {
        check_that(err.kind == ERR_INVALID);
        return;
    }
    check_that(event.timestamp_ms <= event.received_ms);
    check_optin(&event);
    check_traits(&event);
    event_done(&event);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
    const char *body = (const char *)data + 1;
    struct err err = {0};
    struct intake intake;
    enum event_type path_type;
    bool is_batch_path;

    if (len == 0)
        return 0;
    len--;
    path_type = (enum event_type)(data[0] % (EVENT_TYPES + 1));
    is_batch_path = path_type == EVENT_NONE && data[0] >= 128;
    read_stored(body, len);
    if (intake_read(&intake, body, len, path_type, is_batch_path, RECEIVED_MS, &err) < 0) {
        check_that(err.kind == ERR_INVALID || err.kind == ERR_FULL);
        return 0;
    }
    for (size_t i = 0; i < intake.count; i++)
        check_message(&intake, &intake.messages[i], path_type);
    intake_done(&intake);
    return 0;
}
