/* control_answer: the two answers of the control interface. */
#include "fakeorg/http/control_answer.h"

#include <string.h>

#include "base/buf_json.h"

unsigned control_refuse(struct buf *out, const char *why)
{
    buf_clear(out);
    buf_text(out, "{\"error\":");
    buf_json_string(out, why, strlen(why));
    buf_char(out, '}');
    return 400;
}

unsigned control_done(struct buf *out)
{
    buf_text(out, "{\"ok\":true}");
    return 200;
}
