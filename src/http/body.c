/* Reads a body, plain or chunked, and inflates it when it is complete. */
#include "http/body.h"

#include "base/gzip.h"

int body_decode(struct buf *body, bool gzip, struct err *err)
{
    struct buf inflated;
    int rc;

    if (!gzip || body->len == 0)
        return 0;
    buf_init(&inflated, body->max);
    rc = gzip_inflate(body->data, body->len, &inflated, err);
    buf_done(body);
    if (rc == 0)
        *body = inflated;
    else
        buf_done(&inflated);
    return rc;
}
