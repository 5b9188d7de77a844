/*
 * ids: record ids in Salesforce's format.
 *
 * 15 characters: a prefix of 3 that names the object, then a number in base 62;
 * upper and lower case differ.  18 characters: the same with three more that say
 * which letters are capitals, so that it survives a loss of case.
 * (Developer documentation, "ID field type".)  Threads: any.
 */
#ifndef FAKEORG_DATA_IDS_H
#define FAKEORG_DATA_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ID_MAX 19 /* 18 characters and the NUL */

/* The number-th id of the object whose ids begin with prefix (3 characters). */
void id_make(const char *prefix, uint64_t number, char ret[ID_MAX]);

/* The number passed to id_make. */
uint64_t id_number(const char id[ID_MAX]);

/* Reads an id of 15 or 18 characters and returns the long form; one of 18 may be
   in any case.  False when it is not an id. */
bool id_read(const char *text, size_t len, char ret[ID_MAX]);

#endif
