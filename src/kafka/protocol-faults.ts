/**
 * What brokers answer when they do not do what they were asked, by the names of the protocol. The usual ones
 * become a sentence that names what to mend; what is not listed keeps the broker's own words.
 */
import type { Fault } from './connection-faults.js';

interface Subject {
  readonly brokers: string;
  /** The topic that it is about, if it is about one. */
  readonly topic: string | undefined;
}

type Sentence = (subject: Subject) => readonly [string, string];

const theTopic = ({ topic }: Subject): string => (topic === undefined ? 'a topic' : `the topic ${topic}`);

const acl = 'an administrator allows it by an ACL (kafka-acls --add --allow-principal ...)';
const again = 'it may pass: --retry goes on trying';
const takenOver = 'only one run of a job can write; stop one of them';

const loginOrder: readonly [string, string] = [
  'wants no login where one is tried, or the other way round',
  'security.protocol has to be that of the listener: with SASL or without',
];

const sentences: Readonly<Record<string, Sentence>> = {
  UNKNOWN_TOPIC_OR_PARTITION: (subject) => [
    `there is no topic ${subject.topic ?? 'of this name'} at ${subject.brokers}`,
    `leat kafka topics kafka://${subject.brokers} lists those that there are`,
  ],
  INVALID_TOPIC_EXCEPTION: (subject) => [
    `${subject.topic ?? 'this'} cannot be the name of a topic`,
    'letters, digits, dots, _ and - can be in one',
  ],
  TOPIC_AUTHORIZATION_FAILED: (subject) => [
    `this user may not use ${theTopic(subject)} at ${subject.brokers}`,
    `${acl}: Read and Describe for an input, Write and Describe for an output`,
  ],
  GROUP_AUTHORIZATION_FAILED: ({ brokers }) => [
    `this user may not use the group at ${brokers}`,
    `${acl}: Read on the group`,
  ],
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: ({ brokers }) => [
    `this user may not use transactions at ${brokers}`,
    `${acl}: Write on the transactional id; --guarantee at-least-once does without`,
  ],
  CLUSTER_AUTHORIZATION_FAILED: ({ brokers }) => [`this user may not do this at ${brokers}`, acl],
  SASL_AUTHENTICATION_FAILED: ({ brokers }) => [
    `${brokers} does not accept the login`,
    'sasl.jaas.config holds the user and password',
  ],
  UNSUPPORTED_SASL_MECHANISM: ({ brokers }) => [
    `${brokers} does not know this way to log in`,
    'sasl.mechanism has to be one that the broker offers',
  ],
  ILLEGAL_SASL_STATE: ({ brokers }) => [`${brokers} ${loginOrder[0]}`, loginOrder[1]],
  SECURITY_DISABLED: ({ brokers }) => [
    `${brokers} keeps no ACLs`,
    'authorizer.class.name of the broker sets one',
  ],
  MESSAGE_TOO_LARGE: (subject) => [
    `a batch of records is larger than ${theTopic(subject)} takes`,
    'max.message.bytes of the topic says how large one may be',
  ],
  RECORD_LIST_TOO_LARGE: (subject) => [
    `a batch of records is larger than a segment of ${theTopic(subject)}`,
    'segment.bytes of the topic says how large that is',
  ],
  INVALID_TIMESTAMP: (subject) => [
    `${theTopic(subject)} does not take records of this time`,
    'message.timestamp.before.max.ms and after.max.ms of the topic say which it takes',
  ],
  INVALID_RECORD: (subject) => [
    `${theTopic(subject)} does not take such records`,
    'a compacted topic wants a key: --key',
  ],
  UNSUPPORTED_COMPRESSION_TYPE: ({ brokers }) => [
    `${brokers} does not know this compression`,
    'zstd needs Kafka 2.1; gzip, snappy and lz4 are older',
  ],
  UNSUPPORTED_VERSION: ({ brokers }) => [
    `${brokers} is too old for what is asked`,
    'Kafka 2.1 or newer is needed',
  ],
  INVALID_PRODUCER_EPOCH: () => ['another run of this job has taken over its output', takenOver],
  TRANSACTION_COORDINATOR_FENCED: () => ['another run of this job has taken over its output', takenOver],
  INVALID_TRANSACTION_TIMEOUT: ({ brokers }) => [
    `${brokers} does not allow transactions to last that long`,
    'transaction.max.timeout.ms of the broker says how long they may',
  ],
  INVALID_REPLICATION_FACTOR: (subject) => [
    `there are not enough brokers for the replicas of ${theTopic(subject)}`,
    'ask for fewer replicas',
  ],
  INVALID_PARTITIONS: (subject) => [
    `${theTopic(subject)} cannot have this number of partitions`,
    'ask for 1 or more',
  ],
  INVALID_CONFIG: (subject) => [
    `a setting for ${theTopic(subject)} is not one of Kafka's`,
    'its documentation lists the settings of topics',
  ],
  POLICY_VIOLATION: ({ brokers }) => [
    `the rules of ${brokers} do not allow this`,
    'create.topic.policy.class.name of the broker sets them',
  ],
  NOT_ENOUGH_REPLICAS: (subject) => [
    `${theTopic(subject)} has fewer replicas in step than it wants (min.insync.replicas)`,
    again,
  ],
  LEADER_NOT_AVAILABLE: (subject) => [`a partition of ${theTopic(subject)} has no leader now`, again],
  GROUP_COORDINATOR_NOT_AVAILABLE: ({ brokers }) => [
    `nobody at ${brokers} keeps the offsets of the group now`,
    again,
  ],
  GROUP_LOAD_IN_PROGRESS: ({ brokers }) => [`${brokers} is still reading the offsets of the group`, again],
  INCONSISTENT_GROUP_PROTOCOL: ({ brokers }) => [
    `another program is a member of this group at ${brokers}, and shares partitions in another way`,
    'name a group of its own: ?group=NAME',
  ],
  UNKNOWN_MEMBER_ID: ({ brokers }) => [
    `the group has members at ${brokers} that share its topics, and only they commit offsets`,
    '?share=yes makes this one of them; else name a group of its own: ?group=NAME',
  ],
  INVALID_SESSION_TIMEOUT: ({ brokers }) => [
    `${brokers} does not allow members of groups to be silent for this long, or this short`,
    'group.min.session.timeout.ms and group.max.session.timeout.ms of the broker say what session may be',
  ],
  INVALID_GROUP_ID: () => ['this cannot be the name of a group', 'name another one: ?group=NAME'],
  GROUP_ID_NOT_FOUND: ({ brokers }) => [
    `there is no such group at ${brokers}`,
    `leat kafka groups kafka://${brokers} lists them`,
  ],
};

/** Says what an answer of the protocol means; `passes` is what its table of errors says. */
export function protocolFault(type: string, subject: Subject, message: string, passes: boolean): Fault {
  const sentence = sentences[type]?.(subject);
  const about = subject.topic === undefined ? '' : ` (topic ${subject.topic})`;
  return {
    message: sentence?.[0] ?? `${subject.brokers}: ${message}${about}`,
    hint: sentence?.[1] ?? `Kafka calls it ${type}`,
    passes,
  };
}
