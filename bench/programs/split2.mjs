/**
 * The program that one writes without a stream toolkit: split2 for the lines, JSON.parse for the records, a Map for the
 * groups. Usage: node split2.mjs QUESTION < input > output. It keeps all groups to the end and knows no late records.
 */
import { once } from 'node:events';
import split2 from 'split2';

const question = process.argv[2];
const lines = process.stdin.pipe(split2());

/** Writes a text and waits when stdout is full. */
async function write(text) {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

async function writeAll(groups, recordOf) {
  let block = '';
  for (const group of groups.values()) {
    block += `${JSON.stringify(recordOf(group))}\n`;
    if (block.length < 65_536) continue;
    await write(block);
    block = '';
  }
  await write(block);
}

async function group(keyName, sizeMs) {
  const groups = new Map();
  for await (const line of lines) {
    const record = JSON.parse(line);
    const time = Date.parse(record.ts);
    const start = time - (time % sizeMs);
    const key = `${record[keyName]}\t${start}`;
    const found = groups.get(key);
    if (found === undefined) groups.set(key, { key: record[keyName], start, n: 1, bytes: record.bytes });
    else {
      found.n++;
      found.bytes += record.bytes;
    }
  }
  await writeAll(groups, ({ key, start, n, bytes }) => {
    const window_start = new Date(start).toISOString();
    const window_end = new Date(start + sizeMs).toISOString();
    return { window_start, window_end, [keyName]: key, n, bytes };
  });
}

async function project() {
  let block = '';
  for await (const line of lines) {
    const { ts, user, page, status } = JSON.parse(line);
    if (!(status >= 400)) continue;
    block += `${JSON.stringify({ ts, user, page })}\n`;
    if (block.length < 65_536) continue;
    await write(block);
    block = '';
  }
  await write(block);
}

const months = {
  Jan: 0,
  Feb: 1,
  Mar: 2,
  Apr: 3,
  May: 4,
  Jun: 5,
  Jul: 6,
  Aug: 7,
  Sep: 8,
  Oct: 9,
  Nov: 10,
  Dec: 11,
};
const combined = /^\S+ - \S+ \[(\d\d)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):\d\d \+0000\] "([^"]*)" (\d{3}) /;

async function failures() {
  const groups = new Map();
  for await (const line of lines) {
    const found = combined.exec(line);
    if (found === null || found[7] < '500') continue;
    const path = /^[A-Z]+ ([^ ?]*)/.exec(found[6])?.[1] ?? null;
    const start = Date.UTC(found[3], months[found[2]], found[1], found[4], found[5]);
    const key = `${path}\t${start}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { start, path, n: 1 });
    else group.n++;
  }
  await writeAll(groups, ({ start, path, n }) => ({ window_start: new Date(start).toISOString(), path, n }));
}

const questions = {
  country: () => group('country', 10_000),
  user: () => group('user', 60_000),
  project,
  failures,
};
await questions[question]();
