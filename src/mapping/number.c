/* Reads, rounds and prints decimal numbers digit by digit, without a double in between. */
#include "mapping/number.h"

#define MAX_POINT 9999

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* An exponent, "e-3", clamped to the bounds. */
static const char *read_exponent(const char *at, const char *end, int *ret)
{
    bool negative = false;
    int value = 0;

    at++;
    if (at < end && (*at == '-' || *at == '+'))
        negative = *at++ == '-';
    if (at == end || !is_digit(*at))
        return NULL;
    for (; at < end && is_digit(*at); at++)
        value = value < MAX_POINT ? value * 10 + (*at - '0') : value;
    *ret = negative ? -value : value;
    return at;
}

bool number_read(const char *text, size_t len, struct number *ret)
{
    const char *at = text, *end = text + len;
    struct number n = {0};
    bool after_point = false, any = false;
    int exponent = 0;

    if (at < end && (*at == '-' || *at == '+'))
        n.negative = *at++ == '-';
    for (; at < end && (is_digit(*at) || (*at == '.' && !after_point)); at++) {
        if (*at == '.') {
            after_point = true;
            continue;
        }
        any = true;
        if (n.count > 0 || *at != '0') {
            if (n.count == NUMBER_MAX_DIGITS)
                return false;
            n.digits[n.count++] = *at;
            n.point += !after_point;
        } else {
            n.point -= after_point;
        }
        if (n.point < -MAX_POINT)
            return false;
    }
    if (any && at < end && (*at == 'e' || *at == 'E'))
        at = read_exponent(at, end, &exponent);
    if (!any || at != end)
        return false;
    while (n.count > 0 && n.digits[n.count - 1] == '0')
        n.count--;
    n.point += exponent;
    if (n.point > MAX_POINT)
        n.point = MAX_POINT;
    if (n.point < -MAX_POINT)
        n.point = -MAX_POINT;
    if (n.count == 0)
        n.point = 0;
    *ret = n;
    return true;
}

int number_whole_digits(const struct number *number)
{
    return number->point > 0 ? number->point : 0;
}

int number_fraction_digits(const struct number *number)
{
    return number->count > number->point ? number->count - number->point : 0;
}

void number_print(const struct number *number, struct buf *out)
{
    int whole = number_whole_digits(number), fraction = number_fraction_digits(number);

    if (number->negative && number->count > 0)
        buf_char(out, '-');
    if (whole == 0)
        buf_char(out, '0');
    for (int i = 0; i < whole; i++)
        buf_char(out, i < number->count ? number->digits[i] : '0');
    if (fraction > 0)
        buf_char(out, '.');
    for (int i = number->point; i < number->point + fraction; i++)
        buf_char(out, i >= 0 ? number->digits[i] : '0');
}

void number_round(struct number *number, int decimals)
{
    int keep = number->point + decimals;
    bool up;

    if (keep >= number->count)
        return;
    up = keep >= 0 && number->digits[keep] >= '5';
    number->count = keep > 0 ? keep : 0;
    while (up && number->count > 0) {
        if (number->digits[number->count - 1] < '9') {
            number->digits[number->count - 1]++;
            return;
        }
        number->count--;
    }
    if (up) { /* 9.99 to 10, 0.5 to 1 */
        number->digits[0] = '1';
        number->count = 1;
        number->point++;
        return;
    }
    while (number->count > 0 && number->digits[number->count - 1] == '0')
        number->count--;
    if (number->count == 0)
        number->point = 0;
}

bool number_to_int(const struct number *number, int64_t *ret)
{
    int64_t value = 0;

    if (number->point > 18)
        return false;
    for (int i = 0; i < number->point; i++)
        value = value * 10 + (i < number->count ? number->digits[i] - '0' : 0);
    *ret = number->negative ? -value : value;
    return true;
}
