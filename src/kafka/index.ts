/**
 * The room of Kafka: what a cluster says and is told. Formats of values, codecs and frames; where records come from and go to
 * is for connectors.
 */
export { type Codec, codecs } from './codecs/codec.js';
export { codecOf, compress, decompress, prepareCodec } from './codecs/codecs.js';
export { murmur2, partitionOf } from './murmur2.js';
