/** When a stage that was asked to stop does so, and what a run leaves that was stopped before its first byte. */
import t from 'tap';
import { runLocal } from '../../../src/backends/local/index.js';
import { createStop } from '../../../src/backends/local/stop.js';
import type { ByteSource } from '../../../src/connectors/index.js';
import { parsePipeline } from '../../../src/frontends/index.js';

t.test('a stage that follows nobody stops at once', (t) => {
  const asked = new AbortController();
  const stop = createStop(asked.signal, false);
  t.notOk(stop.signal.aborted);
  asked.abort();
  t.ok(stop.signal.aborted);
  t.ok(createStop(asked.signal, false).signal.aborted, 'also when it was asked before');
  t.end();
});

t.test('one that may follow waits until that is known', (t) => {
  const asked = new AbortController();
  const stop = createStop(asked.signal, true);
  asked.abort();
  t.notOk(stop.signal.aborted);
  stop.decide(false);
  t.ok(stop.signal.aborted);
  t.end();
});

t.test('one that follows waits for the barrier of the stage before it', (t) => {
  const asked = new AbortController();
  const stop = createStop(asked.signal, true);
  stop.decide(true);
  asked.abort();
  t.notOk(stop.signal.aborted);
  t.end();
});

/** A source that says nothing until it is closed. */
function silentSource(onRead: () => void): ByteSource {
  let end: (count: number) => void = () => {};
  return {
    name: 'stdin',
    lengthBytes: undefined,
    read: () =>
      new Promise((resolve) => {
        end = resolve;
        onRead();
      }),
    close: () => end(0),
  };
}

t.test('a run that is stopped before its first byte ends, and does not open its output', async (t) => {
  for (const text of ['from - | filter a > 1', 'from - --time t | window tumble 1s | aggregate count(*)']) {
    const asked = new AbortController();
    const result = await runLocal(parsePipeline(text), {
      say: (line) => t.fail(line),
      signal: asked.signal,
      open: {
        source: () => Promise.resolve(silentSource(() => asked.abort())),
        sink: () => t.fail('the output is opened') as never,
      },
    });
    t.equal(result.outcome, 'stopped');
  }
});
