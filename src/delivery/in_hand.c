/* The set of deliveries in hand, by their number in the store. */
#include "delivery/in_hand.h"

int in_hand_add(struct in_hand *in_hand, struct item *item, struct err *err)
{
    HASH_ADD(hh, in_hand->items, row.seq, sizeof item->row.seq, item);
    if (!hash_entered(&item->hh))
        return err_memory(err);
    in_hand->bytes += item->row.body_len;
    return 0;
}

void in_hand_remove(struct in_hand *in_hand, struct item *item)
{
    HASH_DELETE(hh, in_hand->items, item);
    in_hand->bytes -= item->row.body_len;
}

bool in_hand_has(const struct in_hand *in_hand, int64_t seq)
{
    const struct item *item;

    HASH_FIND(hh, in_hand->items, &seq, sizeof seq, item);
    return item != NULL;
}

size_t in_hand_count(const struct in_hand *in_hand)
{
    return HASH_COUNT(in_hand->items);
}

bool in_hand_full(const struct in_hand *in_hand)
{
    return in_hand_count(in_hand) >= IN_HAND_MAX || in_hand->bytes >= IN_HAND_MAX_BYTES;
}

void in_hand_done(struct in_hand *in_hand)
{
    HASH_CLEAR(hh, in_hand->items);
    in_hand->bytes = 0;
}
