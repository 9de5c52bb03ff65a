/**
 * `leat state edit`: begins a new store from entries on stdin. With the store of a job it is that of its checkpoint with the
 * entries in place of those it had; with a pipeline it is the first one of a job that never ran.
 */
import path from 'node:path';
import { firstEntries, processHolders, replaceEntries } from '../../backends/local/index.js';
import { problem } from '../../diagnostics/index.js';
import { realDisk } from '../../disk/index.js';
import { textOf } from '../../frontends/index.js';
import { beginEditedStore, beginFirstStore } from '../../state/index.js';
import { planOfWord } from '../read-plan.js';
import { operatorsNamed, readState } from './state-entries.js';
import { printFacts, type ToolCall } from './tool-call.js';

const source = 'stdin';
const mostLineLength = 2 ** 28;

/** The lines of stdin. Throws a problem of the code format when they are not UTF-8. */
async function* linesOfStdin(): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw problem({ code: 'format', message: 'the entries on stdin are not UTF-8' });
    }
  };
  let rest = '';
  for await (const chunk of process.stdin) {
    const parts = decode(chunk as Uint8Array).split('\n');
    rest += parts[0]!;
    for (const part of parts.slice(1)) {
      yield rest;
      rest = part;
    }
    if (rest.length > mostLineLength) throw problem({ code: 'limit', message: 'a line on stdin has no end' });
  }
  rest += decode();
  if (rest !== '') yield rest;
}

const options = (job: string) => ({
  job,
  holders: processHolders(),
  clock: {
    now: Date.now,
    wait: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
  },
});

async function said(
  call: ToolCall,
  facts: {
    readonly store: string;
    readonly job: string;
    readonly checkpoint: number;
    readonly entries: number;
  },
): Promise<number> {
  const { store, job, checkpoint, entries } = facts;
  await printFacts(
    call,
    [
      ['store', store],
      ['job', job],
      ['checkpoint', String(checkpoint)],
      ['entries', String(entries)],
    ],
    facts,
  );
  return 0;
}

/** The first store of a job that never ran. */
async function begin(call: ToolCall, word: string, store: string): Promise<number> {
  const plan = await planOfWord(word);
  const job = textOf(call.options, 'job') ?? path.basename(store);
  const { part, count } = await firstEntries(plan, { source, lines: linesOfStdin() });
  await beginFirstStore(realDisk, store, part, options(job));
  return await said(call, { store, job, checkpoint: 1, entries: count });
}

/** The store of a job with other entries. */
async function change(call: ToolCall, store: string): Promise<number> {
  const read = await readState(call, textOf(call.options, 'at'));
  try {
    const { checkpoint } = read;
    const edited = operatorsNamed(read, call.args[0]).filter(({ entries }) => entries !== undefined);
    if (edited.length === 0) {
      throw problem({
        code: 'state',
        message: `${call.args[0] ?? `checkpoint ${checkpoint.epoch}`} has no entries that could be edited`,
        hint: 'leat state list says which operators have some',
      });
    }
    if (checkpoint.finished) {
      call.say('leat: the input had ended at this checkpoint: a run that goes on from it has nothing to do');
    }
    const job = textOf(call.options, 'job') ?? read.job;
    const count = await replaceEntries(edited, { source, lines: linesOfStdin() });
    const operators = new Map(edited.map(({ uid, snapshot }) => [uid, snapshot]));
    const name = `edited-${checkpoint.epoch}`;
    await beginEditedStore(realDisk, store, checkpoint, { name, operators }, options(job));
    return await said(call, { store, job, checkpoint: checkpoint.epoch, entries: count });
  } finally {
    await read.close();
  }
}

export async function edit(call: ToolCall): Promise<number> {
  const to = textOf(call.options, 'to');
  if (to === undefined) {
    throw problem({
      code: 'usage',
      message: 'edit begins a new store, and needs a place for it',
      hint: 'add --to FOLDER',
    });
  }
  const store = path.resolve(to);
  const plan = textOf(call.options, 'plan');
  if (plan === undefined) return await change(call, store);
  const needless = ['state', 'at'].find((name) => call.options[name] !== undefined);
  if (needless === undefined && call.args.length === 0) return await begin(call, plan, store);
  throw problem({
    code: 'usage',
    message: `--plan begins the state of a job that never ran, and ${needless === undefined ? call.args[0] : `--${needless}`} is of one that did`,
    hint: 'leave one of them out; a changed pipeline takes over state by --uid, as with a savepoint',
  });
}
