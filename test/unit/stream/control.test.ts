import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import {
  type ControlLine,
  isStreamLine,
  parseControlLine,
  spellControlLine,
} from '../../../src/stream/index.js';

t.test('every control line is read back as it was written', (t) => {
  const lines: ControlLine[] = [
    { kind: 'stream', key: [] },
    { kind: 'stream', key: ['user', 'page'], time: { field: 'ts', form: 'epoch-ms', delayMs: 2000 } },
    { kind: 'stream', key: [], time: { field: 'a.b', delayMs: 0 }, window: { shape: 'session', gapMs: 5 } },
    { kind: 'watermark', time: 1432108800000 },
    { kind: 'end' },
    { kind: 'unknown', text: '{"$leat":"barrier","checkpoint":42}' },
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
