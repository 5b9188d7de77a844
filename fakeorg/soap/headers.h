/*
 * headers: reads the SOAP headers of a request and checks them against the WSDL:
 * names, order of children, required ones.
 *
 * Threads: any.  Memory: texts belong to the request's tree.
 * Sources: SOAP API guide, "SOAP API headers"; element orders from the WSDL.
 */
#ifndef FAKEORG_SOAP_HEADERS_H
#define FAKEORG_SOAP_HEADERS_H

#include <stdbool.h>
#include <stddef.h>

#include "fakeorg/api/error.h"
#include "fakeorg/soap/xml_read.h"

/* All headers; the WSDL's binding declares some of them for each operation. */
enum header_bit {
    H_SESSION = 1 << 0,
    H_CALL = 1 << 1,
    H_QUERY = 1 << 2,
    H_ALL_OR_NONE = 1 << 3,
    H_ASSIGNMENT = 1 << 4,
    H_TRUNCATION = 1 << 5,
    H_DUPLICATE = 1 << 6,
    H_EMAIL = 1 << 7,
    H_MRU = 1 << 8,
    H_FEED = 1 << 9,
    H_STREAMING = 1 << 10,
    H_LOCALE = 1 << 11,
    H_OWNER_CHANGE = 1 << 12,
    H_PACKAGE = 1 << 13,
    H_DEBUGGING = 1 << 14,
    H_LOGIN_SCOPE = 1 << 15,
    H_TERRITORY = 1 << 16,

    H_ANY_CALL = H_SESSION | H_CALL,
    H_ANY_CHANGE = H_ANY_CALL | H_TRUNCATION | H_FEED | H_STREAMING | H_DUPLICATE | H_LOCALE |
                   H_DEBUGGING | H_PACKAGE,
    H_CREATE = H_ANY_CHANGE | H_ALL_OR_NONE | H_ASSIGNMENT | H_MRU | H_EMAIL,
    H_UPDATE = H_CREATE | H_OWNER_CHANGE,
    H_DELETE = H_ANY_CHANGE | H_ALL_OR_NONE | H_EMAIL | H_TERRITORY,
    H_DESCRIBE = H_ANY_CALL | H_PACKAGE
};

struct headers {
    const char *session_id; /* SessionHeader; or NULL */
    bool all_or_none;       /* AllOrNoneHeader */
    bool truncate;          /* AllowFieldTruncationHeader */
    bool allow_save;        /* DuplicateRuleHeader */
    bool include_record_details;
    bool use_default_rule; /* AssignmentRuleHeader */
    const char *assignment_rule_id;
    size_t batch_size;      /* QueryOptions, clamped to its bounds; 0: none */
    const char *client;     /* CallOptions */
    const char *undeclared; /* a known header that the operation does not declare; or NULL */
};

/* header is the Header element, or NULL; declared (of enum header_bit) are those that
   count, others are only checked.  With an arena, children may be in any order and
   namespace, or missing (arrange.h); with NULL only as in the WSDL. */
MUST_USE int headers_read(struct xml_node *header, unsigned declared, struct arena *arena,
                          struct headers *ret_headers, struct api_error *error);

#endif
