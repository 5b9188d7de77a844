/* Looks up `integrations` by the names that mean Salesforce. */
#include "event/optin.h"

#include <strings.h>

#include "event/traits.h"

#define NOTE_ALL   "\"All\" does not include this destination: integrations must name it"
#define NOTE_CASE  "integrations spells the destination's name in another way; case and blanks count"
#define NOTE_NULL  "null under the destination's name is taken as no"
#define NOTE_ZERO  "0 under the destination's name is taken as no"
#define NOTE_EMPTY "an empty text under the destination's name is taken as no"
#define NOTE_FALSE "the text \"false\" under the destination's name is taken as no"

/* What the value under the destination's name means.  Objects, arrays, other texts and
   other numbers mean yes, as with Segment. */
static struct optin read_answer(const struct doc *doc, const struct doc_node *value)
{
    static const char *const notes[] = {
        [DOC_NULL] = NOTE_NULL,
        [DOC_FALSE] = NULL,
        [DOC_NUMBER] = NOTE_ZERO,
        [DOC_STRING] = NOTE_EMPTY,
    };
    char text[sizeof "false"];

    if (!traits_truthy(doc, value))
        return (struct optin){.reason = "opted_out", .note = notes[value->type]};
    if (value->type == DOC_STRING && doc_text_into(doc, value, text, sizeof text) &&
        strcasecmp(text, "false") == 0)
        return (struct optin){.reason = "opted_out", .note = NOTE_FALSE};
    return (struct optin){.in = true};
}

static const struct doc_node *get_object(const struct doc *doc, const struct doc_node *parent,
                                         const char *name)
{
    const struct doc_node *node = doc_get(doc, parent, name);

    return node != NULL && node->type == DOC_OBJECT ? node : NULL;
}

/* The object that names destinations: integrations at the top; else those of the context;
   else the context's providers, as integrations once were called; else the context itself. */
static const struct doc_node *find_integrations(const struct event *event)
{
    const struct doc_node *found = event->integrations;

    if (found == NULL)
        found = get_object(&event->doc, event->context, "integrations");
    if (found == NULL)
        found = get_object(&event->doc, event->context, "providers");
    return found != NULL ? found : event->context;
}

/* No member has the exact name: the reason, as far as the other members show it. */
static struct optin explain(const struct doc *doc, const struct doc_node *integrations,
                            const char *name)
{
    struct optin result = {.reason = "not_opted_in"};

    for (const struct doc_node *m = doc_first(doc, integrations); m != NULL; m = doc_next(doc, m)) {
        if (traits_key_matches(doc, m, name))
            return read_answer(doc, m).in
                       ? (struct optin){.reason = "wrong_case", .note = NOTE_CASE}
                       : (struct optin){.reason = "opted_out", .note = NOTE_CASE};
        if (m->type == DOC_TRUE && traits_key_matches(doc, m, "all"))
            result.note = NOTE_ALL;
    }
    return result;
}

struct optin optin_read(const struct event *event, const char *name)
{
    const struct doc *doc = &event->doc;
    const struct doc_node *integrations = find_integrations(event);
    const struct doc_node *value;

    if (integrations == NULL)
        return (struct optin){.reason = "not_opted_in"};
    value = doc_get(doc, get_object(doc, integrations, "providers"), name);
    if (value == NULL)
        value = doc_get(doc, integrations, name);
    return value != NULL ? read_answer(doc, value) : explain(doc, integrations, name);
}
