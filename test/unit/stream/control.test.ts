import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import {
  type ControlLine,
  isStreamLine,
  parseControlLine,
  spellControlLine,
} from '../../../src/stream/index.js';

const job = {
  name: 'clicks',
  state: '/var/lib/leat/clicks',
  token: 'c0ffee',
  finished: false,
  stage: 2,
  timeoutMs: 600_000,
  keep: 3,
  allowDropped: false,
};

t.test('every control line is read back as it was written', (t) => {
  const lines: ControlLine[] = [
    { kind: 'stream', key: [] },
    { kind: 'stream', key: ['user', 'page'], time: { field: 'ts', form: 'epoch-ms', delayMs: 2000 } },
    { kind: 'stream', key: [], time: { field: 'a.b', delayMs: 0 }, window: { shape: 'session', gapMs: 5 } },
    { kind: 'watermark', time: 1432108800000 },
    { kind: 'end' },
    { kind: 'barrier', checkpoint: 42, records: 18233, stop: false },
    { kind: 'barrier', checkpoint: 43, records: 0, stop: true },
    { kind: 'end', checkpoint: 44, records: 7 },
    { kind: 'stream', key: [], job: { ...job, restore: 41 } },
    { kind: 'stream', key: ['a'], job: { ...job, finished: true, allowDropped: true } },
    { kind: 'stream', key: [], job: { ...job, repeats: true } },
    { kind: 'hold' },
    { kind: 'last' },
    { kind: 'unknown', text: '{"$leat":"latency","sent":42}' },
  ];
  for (const line of lines) t.same(parseControlLine(spellControlLine(line)), line);
  t.ok(isStreamLine(spellControlLine(lines[0]!)));
  t.notOk(isStreamLine('{"$leat":"end"}'));
  t.end();
});

t.test('a control line that somebody changed is an error and not data', (t) => {
  for (const text of [
    '{"$leat":"stream","version":2}',
    '{"$leat":"stream","version":1,"key":"user"}',
    '{"$leat":"stream","version":1,"time":{"form":"iso"}}',
    '{"$leat":"watermark"}',
    '{"$leat":"barrier","checkpoint":1}',
    '{"$leat":"barrier","checkpoint":-1,"records":0}',
    '{"$leat":"end","checkpoint":4}',
    '{"$leat":"stream","version":1,"job":"clicks","state":"/s"}',
    '{"$leat":"stream","version":1,"job":"clicks","state":"/s","token":"t","stage":0.5,"timeout":1,"keep":1}',
    '{"$leat":"watermark","time":12',
  ]) {
    t.throws(() => parseControlLine(text), { details: { code: 'control-line' } } as unknown as Error, text);
  }
  try {
    parseControlLine('{"$leat":"watermark"}');
  } catch (error) {
    t.ok(isProblem(error));
  }
  t.end();
});
