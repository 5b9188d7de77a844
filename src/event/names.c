/* Picks the names of an event and folds them. */
#include "event/names.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "event/event.h"
#include "event/traits.h"

bool event_names_have(const struct event_names *names, const char *folded)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i], folded) == 0)
            return true;
    return false;
}

static int add(struct event_names *names, const char *text, struct err *err)
{
    size_t len = text == NULL ? 0 : strlen(text);
    char *folded;

    if (len == 0 || len > EVENT_NAME_MAX)
        return 0;
    if ((folded = utf8_fold(text, len)) == NULL)
        return err_memory(err);
    if (folded[0] == '\0' || event_names_have(names, folded))
        mem_free(folded);
    else
        names->list[names->count++] = folded;
    return 0;
}

static int add_email(struct event_names *names, const struct event *event,
                     const struct doc_node *traits, struct err *err)
{
    const struct doc_node *email = traits_find(&event->doc, traits, "email");
    char *text;
    size_t len;
    int rc;

    if (email == NULL || email->type != DOC_STRING)
        return 0;
    if ((text = doc_text(&event->doc, email, &len)) == NULL)
        return err_memory(err);
    rc = add(names, text, err);
    mem_free(text);
    return rc;
}

int event_names(const struct event *event, struct event_names *ret, struct err *err)
{
    const struct doc_node *traits = doc_get(&event->doc, event->context, "traits");

    *ret = (struct event_names){0};
    if (add(ret, event->user_id, err) == 0 && add(ret, event->anonymous_id, err) == 0 &&
        add(ret, event->group_id, err) == 0 && add_email(ret, event, event->traits, err) == 0 &&
        add_email(ret, event, traits, err) == 0)
        return 0;
    event_names_done(ret);
    return -1;
}

int event_names_of_text(const char *text, size_t len, struct event_names *ret, struct err *err)
{
    struct event event;
    int rc;

    *ret = (struct event_names){0};
    if (event_read(&event, text, len, err) < 0)
        return err->kind == ERR_MEMORY ? -1 : 0;
    rc = event_names(&event, ret, err);
    event_done(&event);
    return rc;
}

void event_names_done(struct event_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        mem_free(names->list[i]);
    names->count = 0;
}
