/*
 * soap: the back end that talks to an org through the SOAP Partner API.
 *
 * Threads, ownership, errors: as in backend.h.
 */
#ifndef SALESFORCE_SOAP_SOAP_H
#define SALESFORCE_SOAP_SOAP_H

#include "salesforce/backend.h"

extern const struct org_backend soap_backend;

#endif
