import t from 'tap';
import { layOutTable } from '../../../src/formats/table.js';

t.test('a table aligns numbers right and counts wide characters as two cells', (t) => {
  t.equal(
    layOutTable(
      ['country', 'n'],
      [
        ['NO', '7'],
        ['日本', '1200'],
        ['a\u001b[2Jb', '1'],
      ],
      ['left', 'right'],
    ),
    [
      'country         n',
      '───────────  ────',
      'NO              7',
      '日本         1200',
      'a\\u001b[2Jb     1',
    ].join('\n'),
  );
  t.end();
});
