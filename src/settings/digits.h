/*
 * digits: letters and digits of ASCII, and numbers of them, whatever the locale.
 *
 * Threads: any; nothing is kept.
 */
#ifndef SETTINGS_DIGITS_H
#define SETTINGS_DIGITS_H

#include <stdbool.h>
#include <stdint.h>

static inline bool digits_or_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Only digits, up to max. */
static inline bool digits_number(const char *text, int64_t max, int64_t *ret)
{
    int64_t number = 0;

    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        int digit = *text - '0';
        if (digit < 0 || digit > 9 || digit > max || number > (max - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *ret = number;
    return true;
}

#endif
