/** Files whose names keep moving while a follower finds them again: none is taken for lost, none is read twice. */
import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { openFeed } from '../../../src/connectors/index.js';
import { readFeed } from '../../harness/feed-reader.js';

const files = 12;
const starts = 25;

/** Renames app.log.1 to app.log.2 and so on, a hundred times a second. */
const shifter = `
  const fs = require('node:fs');
  const { folder, files } = require('node:worker_threads').workerData;
  let base = 0;
  const at = (number) => folder + '/app.log.' + number;
  setInterval(() => {
    for (let number = base + files; number > base; number--) fs.renameSync(at(number), at(number + 1));
    base = (base + 1) % 1000;
  }, 10);
`;

t.test('files that are renamed while they are looked for', async (t) => {
  const folder = t.testdir({});
  for (let number = 1; number <= files; number++) {
    fs.writeFileSync(path.join(folder, `app.log.${number}`), `line ${number}\n`);
  }
  const said: string[] = [];
  const open = (position?: Parameters<typeof openFeed>[0]['position']) =>
    openFeed({ uris: [path.join(folder, '*')], position, follow: { say: (line) => said.push(line) } });
  const first = readFeed(await open());
  await first.until(files);
  let position = await first.stop();
  const worker = new Worker(shifter, { eval: true, workerData: { folder, files } });
  t.teardown(() => worker.terminate());
  for (let start = 0; start < starts; start++) {
    const line = `more ${start}\n`;
    const reader = readFeed(await open(position));
    fs.writeFileSync(path.join(folder, `new-${start}`), line);
    await reader.until(1);
    t.equal(reader.text(), line, `start ${start}: only what is new`);
    position = await reader.stop();
  }
  await worker.terminate();
  t.same(said, [], 'nothing was taken for lost');
});
