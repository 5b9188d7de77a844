#include "fakeorg/session.h"

#include <string.h>

#include "base/clock.h"
#include "base/random.h"

#define SECRET_LENGTH 96

static bool lives(const struct session *session)
{
    return session->id[0] != '\0' && clock_mono() < session->ends_ms;
}

static void prolong(struct session *session)
{
    session->ends_ms = clock_mono() + (int64_t)SESSION_LIFE_SECONDS * 1000;
}

const char *session_open(struct session *session, const char *org_id)
{
    static const char letters[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";

    if (!lives(session)) {
        memcpy(session->id, org_id, 15);
        session->id[15] = '!';
        for (size_t i = 16; i < 16 + SECRET_LENGTH; i++)
            session->id[i] = letters[random_below(sizeof letters - 1)];
        session->id[16 + SECRET_LENGTH] = '\0';
    }
    prolong(session);
    return session->id;
}

bool session_use(struct session *session, const char *id)
{
    if (!lives(session) || strcmp(session->id, id) != 0)
        return false;
    prolong(session);
    return true;
}

void session_expire(struct session *session)
{
    session->id[0] = '\0';
}
