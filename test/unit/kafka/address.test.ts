/** Addresses of clusters, and that a password in one is refused without being shown. */
import fc from 'fast-check';
import t from 'tap';
import { isProblem, renderProblem } from '../../../src/diagnostics/index.js';
import { readKafkaAddress } from '../../../src/kafka/index.js';

function refusal(text: string): string {
  try {
    readKafkaAddress(text);
  } catch (error) {
    if (isProblem(error)) return renderProblem(error.details);
    throw error;
  }
  return 'taken';
}

t.test('brokers, path and parameters', (t) => {
  const { brokers, path, parameters } = readKafkaAddress(
    'kafka://a:9092,b.example.org,[::1]:19092/clicks?start=earliest&group=a%20b&end',
  );
  t.same(brokers, ['a:9092', 'b.example.org:9092', '[::1]:19092']);
  t.equal(path, 'clicks');
  t.same(
    [...parameters],
    [
      ['start', 'earliest'],
      ['group', 'a b'],
      ['end', ''],
    ],
  );
  t.same(readKafkaAddress('kafka:///clicks').brokers, [], 'brokers may come from the configuration');
  t.same(readKafkaAddress('kafka://a').path, '');
  t.same(readKafkaAddress('kafka://a/?start=@1').parameters.get('start'), '@1', 'an @ in a parameter');
  t.end();
});

t.test('what is no address says why', (t) => {
  t.match(refusal('kafka://a:99999/t'), /a:99999 is not the address of a broker[\s\S]*host:port/);
  t.match(refusal('kafka://a,,b/t'), /nothing is not the address of a broker/);
  t.match(refusal('kafka://a/t?x=1&x=2'), /says x twice/);
  t.match(refusal('kafka://a/%zz'), /two hex digits/);
  t.match(refusal('http://a/t'), /is not an address of Kafka/);
  t.end();
});

t.test('a user and password are refused, and never shown', (t) => {
  const credential = fc.string({ unit: fc.constantFrom(...'pQ7:/?@#&%,.- '), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(credential, (password) => {
      const text = refusal(`kafka://alice:${password}SECRET@broker:9092/clicks?start=earliest`);
      t.match(text, /can be read by others[\s\S]*LEAT_KAFKA_CONFIG/);
      t.notMatch(text, /SECRET|alice/);
    }),
  );
  t.end();
});
