/** What a plan asks of its output under checkpoints: the right sink, its small state, the files beside it. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { openAccounts } from '../../../src/backends/local/accounts.js';
import { createFormattedOutput } from '../../../src/backends/local/formatted-output.js';
import { openEpochSink, openSideOutputs, sidePaths } from '../../../src/backends/local/index.js';
import { isFolderSink } from '../../../src/connectors/index.js';
import { realDisk } from '../../../src/disk/index.js';
import { findCommand, planOfCommand } from '../../../src/frontends/index.js';
import { planFromJson, planToJson, type ToNode } from '../../../src/plan/index.js';
import { createBatch, selectAll } from '../../../src/record/index.js';
import { memorySink } from '../../harness/run-plan.js';
import { temporaryFolder } from '../../harness/shell.js';

function contextIn(folder: string) {
  return {
    disk: realDisk,
    job: 'job',
    clock: () => 0,
    say: () => {},
    epochFolder: async (name: string) => {
      const path = `${folder}/epochs/${name}`;
      await realDisk.makeFolder(path);
      return path;
    },
  };
}

function toNode(...words: readonly string[]): ToNode {
  const raw: Record<string, string> = {};
  const args = words.filter((word) => !word.startsWith('--'));
  for (const word of words.filter((word) => word.startsWith('--'))) {
    const [name, value] = word.slice(2).split('=') as [string, string];
    raw[name] = value;
  }
  const plan = planOfCommand(findCommand('to')!, args, raw);
  t.same(planFromJson(planToJson(plan)), plan, 'the plan file keeps all of it');
  return plan.nodes.at(-1) as ToNode;
}

t.test('an output is opened as the plan says', async (t) => {
  const folder = temporaryFolder();
  const open = (...words: readonly string[]) => openEpochSink(toNode(...words), contextIn(folder));
  t.equal((await open(`${folder}/a`)).guarantee, 'exactly-once');
  t.equal((await open(`${folder}/a`, '--guarantee=at-least-once')).guarantee, 'at-least-once');
  t.ok(isFolderSink(await open(`${folder}/b/`)));
  t.ok(isFolderSink(await open(`${folder}/c`, '--partition={country}')), 'a partition needs a folder');
  t.ok(isFolderSink(await open(folder)), 'a folder that is there needs no /');
  t.equal((await open('--exec=cat')).name, 'cat');
  await t.rejects(open(`${folder}/a`, '--format=table'), /a table needs all records/);
});

t.test('files have the permissions that they need', async (t) => {
  const folder = temporaryFolder();
  const context = contextIn(folder);
  const umask = process.umask(0o022);
  const sink = await openEpochSink(toNode(`${folder}/out`), context);
  await sink.recover(undefined);
  sink.write(Buffer.from('x\n'), 2);
  const committable = await sink.prepare(1);
  const modeOf = (file: string): number => fs.statSync(path.join(folder, file)).mode & 0o777;
  t.equal(modeOf('out'), 0o644, 'the user’s umask decides for an output');
  t.equal(modeOf('epochs/output/000000000001'), 0o600);
  t.equal(modeOf('epochs/output'), 0o700);
  await sink.commit(1, committable);
  await sink.close();
  process.umask(umask);
});

t.test('refused records are kept in epochs, and their count goes on', async (t) => {
  const folder = temporaryFolder();
  const bad = { kind: 'file', path: `${folder}/bad` } as const;
  const paths = sidePaths([], bad);
  const side = await openSideOutputs(paths, contextIn(folder));
  const [sink] = side.sinks.values();
  await sink!.recover(undefined);
  const accounts = openAccounts(bad, () => {}, { keep: (path) => side.keep(path) });
  accounts.takeRejected('stdin', [{ bytes: Buffer.from('x'), line: 3, reason: 'no' }]);
  const committable = await sink!.prepare(1);
  t.equal(fs.readFileSync(bad.path, 'utf8'), '');
  t.equal(fs.statSync(bad.path).mode & 0o777, 0o600);
  await sink!.commit(1, committable);
  t.equal(fs.readFileSync(bad.path, 'utf8'), '{"source":"stdin","line":3,"reason":"no","text":"x"}\n');
  accounts.finish();
  await sink!.close();
  const resumed = openAccounts({ kind: 'report' }, () => {});
  resumed.restore(JSON.parse(JSON.stringify(accounts.facts())));
  t.same(resumed.totals, { recordsIn: 0, rejected: 1, late: 0 });
});

t.test('a resumed csv has one header and goes on counting what did not fit under it', (t) => {
  const said: string[] = [];
  const batchOf = (record: string) => {
    const batch = createBatch({ base: 'line', dropped: [], fields: [] });
    batch.bytes = Buffer.from(record);
    batch.count = 1;
    batch.ends[0] = record.length;
    selectAll(batch);
    return batch;
  };
  const first = memorySink('file');
  const end = createFormattedOutput('csv', first, () => {});
  end.batch(batchOf('{"a":1,"b":2}'));
  end.batch(batchOf('{"a":3,"c":4}'));
  end.flush();
  const second = memorySink('file');
  const resumed = createFormattedOutput('csv', second, (line) => said.push(line));
  resumed.restore(JSON.parse(JSON.stringify(end.facts())));
  resumed.batch(batchOf('{"b":5,"c":6}'));
  resumed.end(true);
  t.equal(first.text() + second.text(), 'a,b\n1,2\n3,\n,5\n');
  t.match(said.join(), /field c of 2 records/);
  t.end();
});
