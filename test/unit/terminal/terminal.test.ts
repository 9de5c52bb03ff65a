import t from 'tap';
import { createProgressLine, renderProgress, shortCount } from '../../../src/terminal/index.js';

t.test('counts are shortened to three digits', (t) => {
  t.same([0, 999, 1000, 999_499, 999_500, 1_268_715].map(shortCount), [
    '0',
    '999',
    '1.00k',
    '999k',
    '1.00M',
    '1.27M',
  ]);
  t.end();
});

t.test('progress appears after two seconds and is cleared', (t) => {
  let now = 0;
  const written: string[] = [];
  const line = createProgressLine(
    (text) => written.push(text),
    () => now,
  );
  const figures = { bytesRead: 50, lengthBytes: 200, records: 10 };
  now = 1999;
  line.update(figures);
  t.same(written, []);
  now = 2000;
  line.update(figures);
  t.equal(written.length, 1);
  t.match(written[0], '10 records, 5/s, 50B, 25 %');
  line.clear();
  line.clear();
  t.equal(written.length, 2);
  t.notMatch(renderProgress({ ...figures, lengthBytes: undefined }, 1000), '%');
  t.match(renderProgress({ ...figures, lag: 12_345 }, 1000), /, 12\.3k behind$/);
  t.end();
});
