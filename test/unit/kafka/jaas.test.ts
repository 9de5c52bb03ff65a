/** `sasl.jaas.config`, in the spellings that Java takes; complaints that never show what was read. */
import t from 'tap';
import { isProblem, renderProblem } from '../../../src/diagnostics/index.js';
import { readJaas } from '../../../src/kafka/config/jaas.js';

const setting = (value: string) => ({
  value,
  place: { kind: 'argument', name: 'KAFKA_SASL_JAAS_CONFIG' } as const,
});

function refusal(value: string): string {
  try {
    readJaas(setting(value));
  } catch (error) {
    if (isProblem(error)) return renderProblem(error.details);
    throw error;
  }
  return 'taken';
}

t.test('a login module with its options', (t) => {
  const { loginModule, options } = readJaas(
    setting(
      'org.apache.kafka.common.security.scram.ScramLoginModule required\n  username="al\\"ice" /* who */ password=\'p;=\\\\\' tokenauth=true // so\n;',
    ),
  );
  t.equal(loginModule, 'ScramLoginModule');
  t.same(
    [...options],
    [
      ['username', 'al"ice'],
      ['password', 'p;=\\'],
      ['tokenauth', 'true'],
    ],
  );
  t.same([...readJaas(setting('PlainLoginModule REQUIRED;')).options], []);
  t.equal(readJaas(setting('M required a=";";')).options.get('a'), ';');
  t.end();
});

t.test('what is wrong is said, and nothing of the text', (t) => {
  const secret = 'hunter2';
  const cases: readonly (readonly [string, RegExp])[] = [
    [`PlainLoginModule required username="a" password="${secret}"`, /the ; at its end is missing/],
    [`PlainLoginModule required username="a" password="${secret};`, /a quote is not closed/],
    [`PlainLoginModule username="a" password="${secret}";`, /the word required is missing/],
    [`"${secret}" required;`, /does not begin with the name/],
    [`PlainLoginModule required username password="${secret}";`, /not written as name="value"/],
    [`PlainLoginModule required password=;`, /not written as name="value"/],
    [`A required password="${secret}"; B required;`, /more than one login module/],
  ];
  for (const [text, why] of cases) {
    const said = refusal(text);
    t.match(said, why);
    t.match(said, /KAFKA_SASL_JAAS_CONFIG: /);
    t.notMatch(said, new RegExp(secret));
  }
  t.end();
});
