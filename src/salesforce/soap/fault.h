/*
 * fault: code and message of a SOAP Fault; what they mean is the business of faults.h.
 */
#ifndef SALESFORCE_SOAP_FAULT_H
#define SALESFORCE_SOAP_FAULT_H

#include "salesforce/faults.h"
#include "salesforce/soap/read.h"

/* Fills fault from a Fault element: code from detail//exceptionCode, else from faultcode less
   its prefix.  Returns -1. */
int soap_fault_read(struct org_fault *fault, enum fault_from from, const struct soap_node *node);

#endif
