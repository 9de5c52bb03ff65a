/**
 * The room of Kafka: how a cluster is addressed, secured and talked to. Formats of values, codecs and frames;
 * where records come from and go to is for connectors.
 */
export { type KafkaAddress, readKafkaAddress } from './address.js';
export * from './batches/index.js';
export {
  createKafkaClient,
  type KafkaClient,
  type Node,
  protocolError,
  type TopicFacts,
} from './client.js';
export { type Codec, codecs } from './codecs/codec.js';
export { codecOf, compress, decompress, prepareCodec } from './codecs/codecs.js';
export { securityOptions } from './config/connection-options.js';
export {
  ignoredNote,
  type KafkaConfig,
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
export { patiently, pauseMs } from './patience.js';
export { isRetriable, kafkaProblem } from './problems.js';
export { createProducer, type Identity, type Producer } from './producer.js';
export {
  type FetchedPartition,
  fetchFrame,
} from './requests/fetch.js';
export { isUnknownTopic, seekTopics } from './seek-topics.js';
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
export { createEpochTransactions } from './transactions.js';
export {
  type Bound,
  type KafkaSink,
  type KafkaSource,
  type MetaName,
  metaNames,
  readKafkaSink,
  readKafkaSource,
} from './uri.js';
export {
  createValueDecoder,
  createValueEncoder,
} from './values/choose.js';
export { onOneLine } from './values/json.js';
export type { ValueDecoder, ValueEncoder } from './values/value-codec.js';
