/* What a binding means under the settings of a destination. */
#include "mapping/binding.h"

#include <string.h>
#include <strings.h>

static const void *member(const struct destination_settings *to, size_t at)
{
    return (const char *)to + at;
}

bool binding_is_on(const struct binding *binding, const struct destination_settings *to)
{
    return to->version >= binding->version.least;
}

const struct settings_row *binding_rows(const struct setting_rows *rows,
                                        const struct destination_settings *to, size_t *ret_count)
{
    if (rows->at == 0) {
        *ret_count = 0;
        return NULL;
    }
    *ret_count = *(const size_t *)member(to, rows->count_at);
    return *(struct settings_row *const *)member(to, rows->at);
}

bool rule_is_on(const struct field_rule *rule, const struct destination_settings *to)
{
    return rule->when.key == NULL || *(const bool *)member(to, rule->when.at);
}

const struct field_rule *binding_rule(const struct binding *binding, const char *field)
{
    for (size_t i = 0; i < binding->rule_count; i++)
        if (strcasecmp(binding->rules[i].field, field) == 0)
            return &binding->rules[i];
    return NULL;
}

bool binding_looks_up_by(const struct binding *binding, const struct destination_settings *to,
                         const char *field)
{
    size_t count;

    binding_rows(&binding->lookup_rows, to, &count);
    for (size_t i = 0; count == 0 && binding->lookup[i] != NULL; i++)
        if (strcmp(binding->lookup[i], field) == 0)
            return true;
    return false;
}

enum converted_lead binding_succession(const struct binding *binding,
                                       const struct destination_settings *to)
{
    if (binding->successor == NULL)
        return CONVERTED_REJECT;
    return *(const enum converted_lead *)member(to, binding->successor->policy_at);
}

const char *binding_object(const struct binding *binding, const char *name)
{
    if (strcmp(binding->object, name) == 0)
        return binding->object;
    if (binding->successor != NULL && strcmp(binding->successor->object, name) == 0)
        return binding->successor->object;
    return NULL;
}

const char *object_article(const char *object)
{
    return strchr("AEIOU", object[0]) != NULL ? "an" : "a";
}
