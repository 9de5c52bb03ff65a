/** What URIs of topics say, and that what is wrong in one is named with what was probably meant. */
import t from 'tap';
import { readKafkaSink, readKafkaSource } from '../../../src/kafka/index.js';

t.test('sources', (t) => {
  const plain = readKafkaSource('kafka://h/clicks');
  t.same(plain.brokers, ['h:9092']);
  t.same(plain.topics, ['clicks']);
  t.same([plain.start, plain.end], [{ kind: 'earliest' }, undefined]);
  t.equal(plain.committed, true);
  const all = readKafkaSource(
    'kafka://a:1,b:2/one,two-*?start=0:5,3:7&end=2026-11-27T10:00:00Z&partitions=0,3&isolation=read_uncommitted&retry=forever&meta=key,$offset',
  );
  t.same(all.brokers, ['a:1', 'b:2']);
  t.same(all.topics, ['one', 'two-*']);
  t.same(all.start, {
    kind: 'offsets',
    of: new Map([
      [0, 5],
      [3, 7],
    ]),
  });
  t.same(all.end, { kind: 'time', timeMs: Date.UTC(2026, 10, 27, 10) });
  t.same(all.partitions, [0, 3]);
  t.equal(all.committed, false);
  t.equal(all.patienceMs, Number.POSITIVE_INFINITY);
  t.same(all.meta, ['key', 'offset']);
  t.same(readKafkaSource('kafka://h/t?group=g').start, { kind: 'committed' });
  t.end();
});

t.test('sinks', (t) => {
  const sink = readKafkaSink(
    'kafka://h/of-{c}?compression=zstd&create=partitions:6,replication:1,retention.ms:5&linger=5ms',
  );
  t.equal(sink.topic, 'of-{c}');
  t.equal(sink.codec, 'zstd');
  t.equal(sink.lingerMs, 5);
  t.same(sink.create, { partitions: 6, replication: 1, settings: [{ name: 'retention.ms', value: '5' }] });
  t.equal(readKafkaSink('kafka://h/t').create, undefined);
  t.equal(readKafkaSink('kafka://h/t?create=3').create!.partitions, 3);
  t.end();
});

t.test('what is wrong', (t) => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['kafka://h', /no topic is named/],
    ['kafka://h/t?strat=latest', /unknown word strat/],
    ['kafka://h/t?start=yesterday', /start cannot be yesterday/],
    ['kafka://h/t?end=earliest', /end cannot be earliest/],
    ['kafka://h/t?start=committed', /of which group/],
    ['kafka://h/t?partitions=a', /partitions has a where a number is wanted/],
    ['kafka://h/t?isolation=all', /isolation cannot be all/],
    ['kafka://h/t?meta=kye', /meta knows no kye/],
    ['kafka://user:secret@h/t', /can be read by others/],
  ];
  for (const [uri, message] of wrong) {
    t.throws(() => readKafkaSource(uri), { message }, uri);
  }
  t.throws(() => readKafkaSink('kafka://h/t?compression=rar'), { message: /compression cannot be rar/ });
  t.throws(() => readKafkaSink('kafka://h/t?create=partitions'), { message: /create cannot be partitions/ });
  t.end();
});
