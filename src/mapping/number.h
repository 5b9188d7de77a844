/*
 * number: decimal numbers as texts, so that no digit is lost.
 * Threads: any.
 */
#ifndef MAPPING_NUMBER_H
#define MAPPING_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define NUMBER_MAX_DIGITS 64

/* The value 0.d1d2d3... times ten to the power of point. */
struct number {
    bool negative;
    char digits[NUMBER_MAX_DIGITS]; /* '0' to '9', neither first nor last is '0' */
    int count;                      /* 0: the number is 0 */
    int point;                      /* -9999 to 9999 */
};

/* Reads "12", "-0.5", "+7", "007", ".5", "3.", "1e3", without white space, units or
   grouping.  False when it is not a number, or has more digits than fit. */
bool number_read(const char *text, size_t len, struct number *ret);

/* Digits before and after the point. */
int number_whole_digits(const struct number *number);
int number_fraction_digits(const struct number *number);

/* Without an exponent, "-12.5".  The caller has limited the digits. */
void number_print(const struct number *number, struct buf *out);

/* Rounds to at most decimals (0 or more) digits after the point, halves away from 0. */
void number_round(struct number *number, int decimals);

/* The digits before the point, when there are at most 18. */
bool number_to_int(const struct number *number, int64_t *ret);

#endif
