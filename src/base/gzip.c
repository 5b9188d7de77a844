/* Inflating and deflating with zlib, piece by piece up to the bound. */
#include "base/gzip.h"

#include <limits.h>
#include <stdint.h>

#include <zlib.h>

#define WINDOW_GZIP (15 + 16) /* zlib: 15 bits, gzip framing */
#define CHUNK       16384

int gzip_inflate(const void *bytes, size_t len, struct buf *out, struct err *err)
{
    unsigned char chunk[CHUNK];
    z_stream z = {0};
    int status = Z_OK, rc;

    if (len > UINT_MAX)
        return err_set(err, ERR_FULL, "compressed body is too large");
    if (inflateInit2(&z, WINDOW_GZIP) != Z_OK)
        return err_memory(err);
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    z.avail_in = (unsigned)len;
    do {
        z.next_out = chunk;
        z.avail_out = sizeof chunk;
        status = inflate(&z, Z_NO_FLUSH);
        buf_put(out, chunk, sizeof chunk - z.avail_out);
        if (status == Z_STREAM_END && z.avail_in > 0) /* a further member */
            status = inflateReset(&z);
    } while (status == Z_OK && !buf_failed(out));
    rc = buf_check(out, "decompressed body", err);
    if (rc == 0 && status != Z_STREAM_END)
        rc = status == Z_MEM_ERROR
                 ? err_memory(err)
                 : err_set(err, ERR_INVALID, "body is not valid gzip, or is cut short");
    inflateEnd(&z);
    return rc;
}

int gzip_deflate(const void *bytes, size_t len, struct buf *out, struct err *err)
{
    unsigned char chunk[CHUNK];
    z_stream z = {0};
    int status;

    if (len > UINT_MAX)
        return err_set(err, ERR_FULL, "body is too large to compress");
    if (deflateInit2(&z, 6, Z_DEFLATED, WINDOW_GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return err_memory(err);
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    z.avail_in = (unsigned)len;
    do {
        z.next_out = chunk;
        z.avail_out = sizeof chunk;
        status = deflate(&z, Z_FINISH);
        buf_put(out, chunk, sizeof chunk - z.avail_out);
    } while (status == Z_OK && !buf_failed(out));
    deflateEnd(&z);
    return buf_check(out, "compressed body", err);
}
