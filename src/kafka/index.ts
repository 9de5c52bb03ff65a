/**
 * The room of Kafka: how a cluster is addressed, secured and talked to. Formats of values, codecs and frames;
 * where records come from and go to is for connectors.
 */
export { isKafkaAddress, type KafkaAddress, readBroker, readBrokers, readKafkaAddress } from './address.js';
export * from './batches/index.js';
export {
  type ClientOptions,
  createKafkaClient,
  type Frame,
  type KafkaClient,
  type Node,
  producerIdOf,
  protocolError,
  type TopicFacts,
} from './client.js';
export { type Codec, codecs } from './codecs/codec.js';
export { codecOf, compress, decompress, prepareCodec } from './codecs/codecs.js';
export { type SecurityOptions, securityOptions } from './config/connection-options.js';
export {
  ignoredNote,
  type KafkaConfig,
  type KafkaConfigSource,
  readKafkaConfig,
} from './config/kafka-config.js';
export { createGroupMember, type GroupMember, isOutOfDate } from './group-member.js';
export { murmur2, partitionOf } from './murmur2.js';
export {
  commitOffsets,
  committedOffsets,
  earliestOffset,
  latestOffset,
  offsetOfTime,
  type PartitionName,
  partitionKey,
} from './offsets.js';
export { type Patience, patiently, pauseMs } from './patience.js';
export { isRetriable, type KafkaErrorPlace, kafkaProblem } from './problems.js';
export { createProducer, type Identity, type Producer, type ProducerOptions } from './producer.js';
export {
  type FetchedPartition,
  type FetchPartition,
  fetchFrame,
} from './requests/fetch.js';
export { type ProducedBatch, type ProducedPartition, produceFrame } from './requests/produce.js';
export {
  type GroupLag,
  type SurveyedGroup,
  type SurveyedPartition,
  type SurveyedTopic,
  surveyGroups,
  surveyLag,
  surveyPartitions,
  surveyTopics,
  type TopicChoice,
} from './survey.js';
export { createEpochTransactions, type EpochTransactions } from './transactions.js';
export {
  type Bound,
  type KafkaSink,
  type KafkaSource,
  type MetaName,
  metaNames,
  readKafkaSink,
  readKafkaSource,
  type TopicCreation,
} from './uri.js';
export {
  createValueDecoder,
  createValueEncoder,
  type ValueDecoderOptions,
  type ValueEncoderOptions,
  type ValueFormat,
  valueFormats,
} from './values/choose.js';
export type { ValueDecoder, ValueEncoder } from './values/value-codec.js';
