/* Sign-in and sign-out. */
#include "fakeorg/org/login.h"

const char *login(struct request *request, const char *username, const char *password)
{
    struct service *service = request->service;
    struct access *access = &service->access;
    const struct credentials user = {service->options.username, service->options.password,
                                     service->options.token};
    const struct signin_attempt attempt = {.username = username,
                                           .password = password,
                                           .quirks = &request->quirks,
                                           .now_ms = orgclock_now(&service->org->clock),
                                           .error = request->error};

    if (signin_check(&access->signin, &access->limits, &user, &attempt) < 0)
        return NULL;
    return access_open_session(access, service->org->id, attempt.now_ms);
}

void logout(struct request *request)
{
    session_expire(&request->service->access.session);
}
