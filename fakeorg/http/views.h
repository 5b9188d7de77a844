/*
 * views: what people and tests see and turn beside the SOAP API.
 *
 * Threads: any; each takes the service's lock for as long as it reads.
 * Each appends its answer to out and returns the HTTP status; rest is what stands
 * behind the route's path, body what was posted ("" for none) or, of a GET, what
 * stands behind the ?: name=value, one a line, read with views_argument.
 */
#ifndef FAKEORG_HTTP_VIEWS_H
#define FAKEORG_HTTP_VIEWS_H

#include "base/buf.h"
#include "fakeorg/org/service.h"

/* The value of an argument, cut to room; false (and "") when it is not there. */
bool views_argument(const char *arguments, const char *name, char *ret, size_t room);

/* The number that an argument says, from 1 to most; else fallback. */
size_t views_number(const char *arguments, const char *name, size_t fallback, size_t most);

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

/* control.c: JSON in and out */
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
unsigned view_switches(struct service *service, const char *rest, const char *body,
                       struct buf *out);
unsigned control_switches(struct service *service, const char *rest, const char *body,
                          struct buf *out);
unsigned control_clear_switches(struct service *service, const char *rest, const char *body,
                                struct buf *out);

#endif
