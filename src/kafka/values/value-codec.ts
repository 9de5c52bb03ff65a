/**
 * What stands between the value of a Kafka record and a line of NDJSON, in each direction. Both are synchronous; what
 * a schema registry has to be asked for is asked before, by `prepare`.
 */

export interface ValueDecoder {
  /**
   * Undefined when the value can be decoded; else a promise after which it can, because its schema was not known. The
   * promise is rejected with a problem when the registry cannot be asked.
   */
  prepare?(value: Uint8Array): Promise<void> | undefined;
  /**
   * A JSON object as UTF-8, without a line feed; two of them with a line feed between for an update of a changelog;
   * nothing (no bytes) for a value that says nothing about rows. Throws a problem with code `bad-record` when the
   * value is not of the format.
   */
  decode(value: Uint8Array): Uint8Array;
}

export interface ValueEncoder {
  /**
   * To be awaited once before the first record. Rejected with a problem when there is no such schema or no registry.
   */
  prepare(): Promise<void>;
  /**
   * The value of a record, given as a JSON object in UTF-8. Throws a problem with code `bad-record` when it does not
   * fit.
   */
  encode(record: Uint8Array): Uint8Array;
}
