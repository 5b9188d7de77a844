/* Makes the session id and decides when it expires. */
#include "fakeorg/access/session.h"

#include <string.h>

#include "base/random.h"

#define SECRET_LENGTH 96

static bool lives(const struct session *session, int64_t now_ms)
{
    return session->id[0] != '\0' && now_ms < session->ends_ms;
}

const char *session_open(struct session *session, const char *org_id, int64_t now_ms,
                         int64_t life_ms)
{
    static const char letters[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";

    if (!lives(session, now_ms)) {
        memcpy(session->id, org_id, 15);
        session->id[15] = '!';
        for (size_t i = 16; i < 16 + SECRET_LENGTH; i++)
            session->id[i] = letters[random_below(sizeof letters - 1)];
        session->id[16 + SECRET_LENGTH] = '\0';
    }
    session->ends_ms = now_ms + life_ms;
    return session->id;
}

bool session_use(struct session *session, const char *id, int64_t now_ms, int64_t life_ms,
                 enum session_life life)
{
    if (!lives(session, now_ms) || strcmp(session->id, id) != 0)
        return false;
    if (life == SESSION_ANY_USE ||
        (life == SESSION_LATE_USE && session->ends_ms - now_ms < life_ms / 2))
        session->ends_ms = now_ms + life_ms;
    return true;
}

void session_expire(struct session *session)
{
    session->id[0] = '\0';
}
