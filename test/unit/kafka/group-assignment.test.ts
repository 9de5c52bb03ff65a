/** How members of a group share partitions: who gets what, and the bytes by which they tell each other. */
import assignerProtocol from 'kafkajs/src/consumer/assignerProtocol.js';
import t from 'tap';
import {
  dealOut,
  decodePartitions,
  decodeTopics,
  encodePartitions,
  encodeTopics,
} from '../../../src/kafka/group-assignment.js';

const { MemberMetadata, MemberAssignment } = assignerProtocol;

const partitionsOf = (topic: string, count: number) =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition }));

t.test('each partition goes to one member that reads its topic', async (t) => {
  const members = [
    { memberId: 'c', topics: ['b'] },
    { memberId: 'a', topics: ['a', 'b'] },
    { memberId: 'b', topics: ['a'] },
  ];
  const all = [...partitionsOf('b', 3), ...partitionsOf('a', 4), ...partitionsOf('nobody', 2)];
  const dealt = dealOut(members, all);
  t.same([...dealt.keys()], ['a', 'b', 'c']);
  for (const { memberId, topics } of members) {
    t.ok(dealt.get(memberId)!.length > 0, `${memberId} has something`);
    t.ok(
      dealt.get(memberId)!.every(({ topic }) => topics.includes(topic)),
      `${memberId} reads what it has`,
    );
  }
  const given = [...dealt.values()].flat().map(({ topic, partition }) => `${topic}/${partition}`);
  t.same(given.sort(), ['a/0', 'a/1', 'a/2', 'a/3', 'b/0', 'b/1', 'b/2']);
  t.same(dealOut([...members].reverse(), [...all].reverse()), dealt, 'whatever the order is');
});

t.test('parts are even, and there may be less partitions than members', async (t) => {
  const members = ['x', 'y', 'z'].map((memberId) => ({ memberId, topics: ['t'] }));
  const counts = (partitions: number) =>
    [...dealOut(members, partitionsOf('t', partitions)).values()].map((dealt) => dealt.length);
  t.same(counts(8), [3, 3, 2]);
  t.same(counts(2), [1, 1, 0]);
});

t.test('the bytes are those of the consumer protocol, as kafkajs has it', async (t) => {
  const topics = ['clicks', 'pr\u00fcfung'];
  t.same(encodeTopics(topics), MemberMetadata.encode({ version: 0, topics }));
  t.same(decodeTopics(MemberMetadata.encode({ version: 0, topics })), topics);
  const assignment = { clicks: [0, 2], other: [1] };
  const partitions = [
    { topic: 'clicks', partition: 0 },
    { topic: 'clicks', partition: 2 },
    { topic: 'other', partition: 1 },
  ];
  t.same(encodePartitions(partitions), MemberAssignment.encode({ version: 0, assignment }));
  t.same(decodePartitions(encodePartitions(partitions)), partitions);
  t.same(decodePartitions(Buffer.alloc(0)), []);
});
