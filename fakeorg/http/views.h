/*
 * views: the handlers of everything except the SOAP API: pages for people, and what tests read
 * and change.
 *
 * Each appends its answer to out and returns the HTTP status.  rest is the path after the
 * route's; body is the body of a POST ("" if empty) or, for a GET, its arguments
 * (arguments.h).
 *
 * Threads: any; each takes the service's lock for as long as it reads or writes.
 * Memory:  all arguments are borrowed for the call.
 */
#ifndef FAKEORG_HTTP_VIEWS_H
#define FAKEORG_HTTP_VIEWS_H

#include "base/buf.h"
#include "fakeorg/org/service.h"

/* page_*.c: HTML */
unsigned page_home(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned page_records(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned page_calls(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned page_call(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned page_faults(struct service *service, const char *rest, const char *body, struct buf *out);

/* views.c: JSON */
unsigned view_records(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned view_calls(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned view_calls_log(struct service *service, const char *rest, const char *body,
                        struct buf *out);

/* control.c: JSON in (control_org: also YAML) and out */
unsigned control_fields(struct service *service, const char *rest, const char *body,
                        struct buf *out);
unsigned control_reset(struct service *service, const char *rest, const char *body,
                       struct buf *out);
unsigned control_convert(struct service *service, const char *rest, const char *body,
                         struct buf *out);
unsigned control_merge(struct service *service, const char *rest, const char *body,
                       struct buf *out);
unsigned control_delete(struct service *service, const char *rest, const char *body,
                        struct buf *out);
unsigned control_org(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned control_expire_sessions(struct service *service, const char *rest, const char *body,
                                 struct buf *out);

/* control_limits.c: JSON in and out */
unsigned view_limits(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned control_limits(struct service *service, const char *rest, const char *body,
                        struct buf *out);
unsigned control_clear_limits(struct service *service, const char *rest, const char *body,
                              struct buf *out);
unsigned view_clock(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned control_clock(struct service *service, const char *rest, const char *body,
                       struct buf *out);

/* control_faults.c: JSON in and out */
unsigned view_faults(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned control_faults(struct service *service, const char *rest, const char *body,
                        struct buf *out);
unsigned control_clear_faults(struct service *service, const char *rest, const char *body,
                              struct buf *out);
unsigned view_quirks(struct service *service, const char *rest, const char *body, struct buf *out);
unsigned control_quirks(struct service *service, const char *rest, const char *body,
                        struct buf *out);
unsigned control_clear_quirks(struct service *service, const char *rest, const char *body,
                              struct buf *out);

#endif
