/*
 * random: numbers nobody can guess, from the kernel.  Threads: any.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

#define RANDOM_UUID_MAX 37

/* Evenly from 0 to below bound; bound > 0. */
uint64_t random_below(uint64_t bound);

/* A version 4 UUID with its NUL. */
void random_uuid(char ret[RANDOM_UUID_MAX]);

#endif
