/**
 * Where things stand in a record batch of version 2, the only one that brokers since 0.11 write and 4.0 still know.
 * Offsets in bytes from the beginning of the batch. (Kafka documentation, Implementation, Message format.)
 */
export const baseOffsetAt = 0;
export const lengthAt = 8;
export const magicAt = 16;
export const checksumAt = 17;
export const attributesAt = 21;
export const lastOffsetDeltaAt = 23;
export const baseTimestampAt = 27;
export const maxTimestampAt = 35;
export const producerIdAt = 43;
export const producerEpochAt = 51;
export const baseSequenceAt = 53;
export const countAt = 57;
export const recordsAt = 61;

/** Bytes in front of those that the length of a batch counts. */
export const overheadBytes = 12;
export const magic = 2;

export const codecMask = 7;
/** The broker has set the time of all records: it is the greatest timestamp of the batch. */
export const appendTimeBit = 8;
export const transactionalBit = 16;
/** The batch has no data but the end of a transaction. */
export const controlBit = 32;
