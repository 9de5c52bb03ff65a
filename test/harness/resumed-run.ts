/**
 * Runs a plan whose operators do not live long: at chunk boundaries they are written out, thrown away, built anew and
 * restored. Framing, scanning and the output go on undisturbed, for they are no operators. What comes out must be
 * what an undisturbed run says. Each restored operator is written out once more, which must give the same pages.
 */
import { openAccounts } from '../../src/backends/local/accounts.js';
import { type BuiltChain, buildChain, type ChainInput } from '../../src/backends/local/chain.js';
import { replaceEntries } from '../../src/backends/local/edit-state.js';
import { makeEnd, splitPlan } from '../../src/backends/local/ends.js';
import { noHead, readHead } from '../../src/backends/local/input.js';
import { entriesOf } from '../../src/backends/local/inspect.js';
import { programsFor } from '../../src/backends/local/programs-for.js';
import { tablesFor } from '../../src/backends/local/tables-for.js';
import { exactLine } from '../../src/cli/tools/state-entries.js';
import { openListFeed } from '../../src/connectors/index.js';
import { createFormatScanner } from '../../src/formats/index.js';
import { loadBuilders, type Operator, type Services } from '../../src/operators/index.js';
import type { Plan } from '../../src/plan/index.js';
import { type Batch, createIntake, createScanner } from '../../src/record/index.js';
import { parseControlLine } from '../../src/stream/index.js';
import { createMemoryPages, type MemoryPages } from './memory-pages.js';
import { createMemorySpill, type MemorySpill } from './memory-spill.js';
import { memorySink, memorySource } from './run-plan.js';

export interface ResumedInput {
  readonly input: Uint8Array | string;
  readonly chunkBytes: number;
  /** The operators are replaced behind every so many chunks. */
  readonly every?: number;
  readonly clock?: () => number;
  readonly piped?: boolean;
  /** The entries of what is restored are written as lines and taken back, as somebody does who changes nothing. */
  readonly edited?: boolean;
  /** Changes these lines; `resumed` is how often the operators were replaced before. */
  readonly change?: (lines: readonly string[], resumed: number) => readonly string[];
  /** Operators put state out of memory beyond so many bytes. */
  readonly memoryBytes?: number;
}

export interface ResumedOutput {
  readonly output: string;
  readonly late: readonly string[];
  readonly rejected: readonly string[];
  /** How often the operators were replaced. */
  readonly resumed: number;
  /** How often something was put out of memory. */
  readonly spilled: number;
}

type Created = ReturnType<BuiltChain['create']>;

interface Snapshot {
  readonly uid: string;
  readonly shape: string;
  readonly pages: MemoryPages;
}

export function snapshotOf({ named }: Pick<Created, 'named'>): Snapshot[] {
  return named.flatMap(({ uid, operator }) => {
    const pages = createMemoryPages();
    operator.snapshot(pages.writer);
    const { stateShape } = operator;
    if (stateShape === undefined) {
      if (pages.sections.length > 0) throw new Error(`${uid} has no state and writes some`);
      return [];
    }
    return [{ uid, shape: stateShape, pages }];
  });
}

/** Restores operators and checks that they are now what was written. */
export function restoreInto({ named }: Pick<Created, 'named'>, snapshots: readonly Snapshot[]): void {
  const stateful = named.filter(({ operator }) => operator.stateShape !== undefined);
  if (stateful.length !== snapshots.length) throw new Error('other operators have state after a restart');
  for (const [index, { uid, operator }] of stateful.entries()) {
    const snapshot = snapshots[index]!;
    if (uid !== snapshot.uid || operator.stateShape !== snapshot.shape) {
      throw new Error(`${uid} ${operator.stateShape} is not ${snapshot.uid} ${snapshot.shape}`);
    }
    operator.restore(snapshot.pages);
  }
  const again = snapshotOf({ named });
  for (const [index, { uid, pages }] of again.entries()) {
    const [before, after] = [snapshots[index]!.pages.dump(), pages.dump()];
    if (JSON.stringify(before) !== JSON.stringify(after)) {
      throw new Error(`${uid} writes other pages when it has been restored:
${describe(before)}\n${describe(after)}`);
    }
  }
}

/** Replaces the entries of operators by what becomes of their lines; what they write then. */
async function editLines(
  created: Pick<Created, 'named'>,
  change: (lines: readonly string[]) => readonly string[],
): Promise<Snapshot[]> {
  const lines = change(
    created.named.flatMap(({ uid, operator }) => Array.from(entriesOf(uid, operator), exactLine)),
  );
  const edited = created.named.flatMap(({ uid, operator: { edit } }) =>
    edit === undefined ? [] : [{ uid, edit: () => edit() }],
  );
  const taken = await replaceEntries(edited, { source: 'lines', lines });
  if (taken !== lines.length) throw new Error(`${lines.length} entries became ${taken}`);
  return snapshotOf(created);
}

/** Replaces the entries of operators by themselves, over their lines; what they write then. */
export async function editUnchanged(created: Pick<Created, 'named'>): Promise<Snapshot[]> {
  return await editLines(created, (lines) => lines);
}

function describe(dump: Record<string, string>): string {
  return Object.entries(dump)
    .map(([name, hex]) => `${name}: ${JSON.stringify(Buffer.from(hex, 'hex').toString('latin1'))} ${hex}`)
    .join('\n');
}

/** Forgets what a batch remembers of the operators that it passed through. */
function forgetSpelling(batch: Batch): void {
  for (const column of batch.columns) column.spellInstant = undefined;
}

/** Runs a plan to its end. Problems are thrown. */
export async function runResumed(plan: Plan, given: ResumedInput): Promise<ResumedOutput> {
  const { chunkBytes, every = 1, clock = () => 0, change = (lines) => lines } = given;
  const bytes = typeof given.input === 'string' ? Buffer.from(given.input) : given.input;
  const parts = splitPlan(plan);
  const format = parts.source.format ?? { name: 'json' };
  const open = () => Promise.resolve(memorySource('stdin', bytes, chunkBytes));
  const feed = await openListFeed({ paths: ['-'], open });
  const isJson = format.name === 'json';
  const { stream, rest: head, ended } = isJson ? await readHead(feed) : noHead;
  const [late, rejected]: [string[], string[]] = [[], []];
  const observer = {
    late: (record: string) => late.push(record),
    rejected: (text: string) => rejected.push(text),
  };
  const accounts = openAccounts({ kind: 'report' }, () => {}, { observer });
  const builders = await loadBuilders(parts.middle.map((step) => step.kind));
  const described: ChainInput = {
    source: parts.source.id,
    base: isJson ? 'line' : 'foreign',
    time: parts.source.time,
    stream,
    bounded: true,
    tables: await tablesFor(parts.middle, { say() {} }),
    programs: programsFor(parts.middle),
  };
  const build = (): BuiltChain => buildChain(parts.middle, described, builders);
  const chain = build();
  const sink = memorySink(given.piped === true ? 'pipe' : 'file');
  const end = await makeEnd(
    parts,
    { say: () => {} },
    chain.place,
    sink,
    accounts.reportsFor({ kind: 'drop' }),
  );
  const { memoryBytes } = given;
  const spills = new Map<string, MemorySpill>();
  const spillOf = (uid: string): Pick<Services, 'spill'> => {
    if (memoryBytes === undefined) return {};
    const space = createMemorySpill(spills.get(uid)?.capture());
    spills.set(uid, space);
    return { spill: { space, memoryBytes } };
  };
  const create = (from: BuiltChain): Created =>
    from.create(end, (policy, uid) => ({ reports: accounts.reportsFor(policy), clock, ...spillOf(uid) }));
  let created = create(chain);
  const scanner = isJson
    ? createScanner(chain.layout)
    : createFormatScanner(format, chain.layout, { nowMs: clock() });
  scanner.controlLines = stream !== undefined;
  const intake = createIntake(scanner, { batch: chain.batch, source: 'stdin', chunkBytes });

  const work = (): void => {
    for (let found = intake.next(); found === 'batch' || found === 'control'; found = intake.next()) {
      if (found === 'control') {
        const line = parseControlLine(intake.control);
        if (line.kind === 'watermark') created.head.onWatermark(line.time);
        continue;
      }
      accounts.takeRejected(intake.batch.source, intake.batch.rejected);
      intake.batch.rejected = [];
      if (intake.batch.count > 0) created.head.onBatch(intake.batch);
    }
    fireTimers(created.operators, clock());
    end.flush();
  };
  let resumed = 0;
  const resume = async (): Promise<void> => {
    const snapshots = snapshotOf(created);
    forgetSpelling(chain.batch);
    created = create(build());
    restoreInto(created, snapshots);
    if (given.edited === true) {
      const edited = await editLines(created, (lines) => change(lines, resumed));
      // A store that was edited has nothing on disk.
      spills.clear();
      created = create(build());
      restoreInto(created, edited);
    }
    resumed++;
  };
  let spilled = 0;
  // What is to be read back is read back from the last operator to the first: the next ones must be at rest.
  const rest = (): void => {
    for (const space of spills.values()) space.atRest = true;
    for (let index = created.operators.length - 1; index >= 0; index--) {
      while (created.operators[index]!.onRest?.() === true) {
        for (const space of spills.values()) space.flush();
        index = created.operators.length - 1;
      }
    }
    for (const space of spills.values()) {
      space.flush();
      space.atRest = false;
      spilled += space.counts.puts;
      space.counts.puts = 0;
    }
  };
  let chunks = 0;
  const take = async (count: number): Promise<void> => {
    intake.filled(count);
    work();
    // A checkpoint takes what lies in the spaces since the run rested last.
    if (++chunks % every === 0) await resume();
    rest();
  };
  for (let from = 0; from < head.length; ) {
    const space = intake.space();
    const count = Math.min(space.length, head.length - from);
    space.set(head.subarray(from, from + count));
    from += count;
    await take(count);
  }
  while (ended === undefined) {
    const space = intake.space();
    const count = await feed.read(space);
    if (typeof count !== 'number') break;
    await take(count);
  }
  intake.finish();
  work();
  await resume();
  created.head.onWatermark(Number.POSITIVE_INFINITY);
  rest();
  for (const operator of created.operators) {
    operator.onEnd();
    rest();
  }
  end.end(true);
  accounts.finish();
  return { output: sink.text(), late, rejected, resumed, spilled };
}

function fireTimers(operators: readonly Operator[], nowMs: number): void {
  for (const operator of operators) {
    if ((operator.nextTimer?.() ?? Number.POSITIVE_INFINITY) <= nowMs) operator.onTimer?.(nowMs);
  }
}
