/**
 * The room of Kafka: how a cluster is addressed, secured and talked to. Formats of values, codecs and frames;
 * where records come from and go to is for connectors.
 */
export { isKafkaAddress, type KafkaAddress, readBroker, readBrokers, readKafkaAddress } from './address.js';
export { type Codec, codecs } from './codecs/codec.js';
export { codecOf, compress, decompress, prepareCodec } from './codecs/codecs.js';
export { type SecurityOptions, securityOptions } from './config/connection-options.js';
export {
  ignoredNote,
  type KafkaConfig,
  type KafkaConfigSource,
  readKafkaConfig,
} from './config/kafka-config.js';
export { murmur2, partitionOf } from './murmur2.js';
export { isRetriable, type KafkaErrorPlace, kafkaProblem } from './problems.js';
