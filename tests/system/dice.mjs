/** mulberry32: numbers from 0 to 1 that follow from a seed. */
export function dice(state) {
    const roll = () => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    return { roll, below: (n) => Math.floor(roll() * n), pick: (list) => list[Math.floor(roll() * list.length)] };
}
