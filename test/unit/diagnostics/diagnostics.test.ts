import t from 'tap';
import { didYouMean, isProblem, nearest, problem, renderProblem } from '../../../src/diagnostics/index.js';

t.test('nearest finds the name that was meant, and nothing when none is near', (t) => {
  t.equal(nearest('coutn', ['count', 'sum']), 'count');
  t.equal(nearest('agg', ['aggregate', 'filter']), undefined);
  t.equal(nearest('aggr', ['aggregate', 'filter']), 'aggregate');
  t.equal(nearest('zzz', ['count']), undefined);
  t.equal(didYouMean('zzz', ['a', 'b']), 'known are: a, b');
  t.end();
});

t.test('a problem in a text is shown with a caret under its span', (t) => {
  const found = problem({
    code: 'syntax',
    message: 'unknown function cuont',
    place: { kind: 'text', text: 'a +\ncuont(b)', start: 4, end: 9 },
    hint: 'did you mean count?',
  });
  t.ok(isProblem(found));
  t.ok(isProblem(structuredClone({ ...found })), 'the mark survives a clone');
  t.equal(
    renderProblem(found.details),
    'leat: unknown function cuont\n  cuont(b)\n  ^^^^^\n  hint: did you mean count?',
  );
  t.end();
});
