/** A trip that has arrived settles so long after its last sighting: copies may come. */
export const arrivedSettleNs = 100_000_000;
/** So long after it settled, a late sighting still finds its trip. */
export const lateNs = 5_000_000_000;
/** More settled trips than this are not kept: the oldest are forgotten early. */
export const settledLimit = 16_384;
/** More trips than this are not kept: the oldest settle early. */
export const tripLimit = 65_536;
/** More trips of the same bytes than this are not kept. */
export const alikeLimit = 512;
/** More sightings of one trip than this are not kept. */
export const legLimit = 2048;
/** More addresses than this are not kept: the oldest are forgotten. */
export const addressLimit = 16_384;
