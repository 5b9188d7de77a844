/*
 * call_login: login, logout, getUserInfo and getServerTimestamp.
 *
 * Threads: with the service's lock held.
 */
#ifndef FAKEORG_SOAP_CALL_LOGIN_H
#define FAKEORG_SOAP_CALL_LOGIN_H

#include "fakeorg/soap/soap_call.h"

int call_login(struct soap_call *call);
int call_logout(struct soap_call *call);
int call_get_user_info(struct soap_call *call);
int call_get_server_timestamp(struct soap_call *call);

#endif
