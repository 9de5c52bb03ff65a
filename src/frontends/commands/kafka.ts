/** `kafka`: a look around a cluster. */
import type { ActionSpec, ToolSpec } from './spec.js';
import { actionArguments, jsonOption, word } from './tool-words.js';

const topicsAddress = word(
  'address',
  'kafka://host:port of a broker; /topic,topic behind it leaves out the others',
);
const address = word('address', 'kafka://host:port of a broker');

const actions: readonly ActionSpec[] = [
  {
    name: 'topics',
    summary: 'show the topics, with their partitions and how much is in them',
    arguments: [topicsAddress],
    options: ['internal', 'retry', 'json'],
  },
  {
    name: 'offsets',
    summary: 'show where the partitions of topics begin and end, and who leads them',
    arguments: [topicsAddress],
    options: ['internal', 'retry', 'json'],
  },
  {
    name: 'lag',
    summary: 'show what groups have committed, and how far they are behind',
    arguments: [
      address,
      word('group', 'its name; by default all of them', { required: false, variadic: true }),
    ],
    options: ['retry', 'json'],
  },
  {
    name: 'groups',
    summary: 'show the groups, their state and how many members they have',
    arguments: [address],
    options: ['retry', 'json'],
  },
];

export const kafkaCommand: ToolSpec = {
  name: 'kafka',
  summary: 'look around a Kafka cluster',
  description: `Asks a cluster about its topics and groups, and changes nothing. Security is configured as for reading and writing topics: by a
file in Kafka's own names, which LEAT_KAFKA_CONFIG or ?config=client.properties names, or by the environment.

A count of records is that of the offsets between the beginning and the end of a partition: transactions and compaction leave
fewer. Brokers that do not answer are tried for three seconds; --retry goes on trying.`,
  role: 'tool',
  actions,
  arguments: actionArguments(actions),
  options: [
    {
      flags: '--internal',
      name: 'internal',
      kind: 'flag',
      summary: "topics, offsets: with the brokers' own topics, such as __consumer_offsets",
    },
    { flags: '--retry', name: 'retry', kind: 'flag', summary: 'go on trying until the cluster answers' },
    jsonOption,
  ],
  examples: [
    { shell: 'leat kafka topics kafka://localhost:9092', says: 'the topics of a cluster' },
    {
      shell: 'leat kafka offsets kafka://localhost:9092/clicks --json',
      says: 'where the partitions of a topic begin and end',
    },
    { shell: 'leat kafka lag kafka://localhost:9092 billing', says: 'how far a group is behind' },
  ],
};
