/*
 * headers: the SOAP headers of a request, read and checked against what the WSDL
 * declares: names, order of children, which must stand.
 *
 * Threads: any.  Memory: texts are lent by the request's tree.
 * Sources: SOAP API guide, "SOAP API headers"; element orders from the WSDL.
 */
#ifndef FAKEORG_HEADERS_H
#define FAKEORG_HEADERS_H

#include <stdbool.h>
#include <stddef.h>

#include "fakeorg/fault.h"
#include "fakeorg/xml_read.h"

struct headers {
    const char *session_id; /* SessionHeader; NULL without */
    bool all_or_none;       /* AllOrNoneHeader */
    bool truncate;          /* AllowFieldTruncationHeader */
    bool allow_save;        /* DuplicateRuleHeader */
    bool use_default_rule;  /* AssignmentRuleHeader */
    const char *assignment_rule_id;
    size_t batch_size;  /* QueryOptions, brought within its bounds */
    const char *client; /* CallOptions */
};

/* header is the Header element, or NULL. */
MUST_USE int headers_read(const struct xml_node *header, struct headers *ret_headers,
                          struct fault *fault);

#endif
