/** Parts of a run that are made alike however many inputs it has: intakes, books, what operators are handed. */

import type { Feed } from '../../connectors/index.js';
import type { Services } from '../../operators/index.js';
import type { FormatChoice, LatePolicy } from '../../plan/index.js';
import { createIntake, createScanner, type Intake, type Scanner } from '../../record/index.js';
import type { Uid } from '../../state/index.js';
import { type Accounts, openAccounts } from './accounts.js';
import type { BuiltChain } from './chain.js';
import type { JobStage } from './checkpoints/job-stage.js';
import { type NamedOperator, nameIn } from './checkpoints/operator-name.js';
import type { SplitPlan } from './ends.js';
import type { SideOutputs } from './epoch-ends.js';
import type { FirstSource } from './input.js';
import type { RunOptions } from './run-options.js';
import type { SpillRun } from './spill-run.js';
import { createUnseenFields, type UnseenFields, watchNothing } from './unseen-fields.js';

/** The format of a source. */
export const formatOf = ({ source }: Pick<SplitPlan, 'source'>): FormatChoice =>
  source.format ?? { name: 'json' };

async function makeScanner(format: FormatChoice, chain: BuiltChain, nowMs: number): Promise<Scanner> {
  if (format.name === 'json') return createScanner(chain.layout);
  const { createFormatScanner } = await import('../../formats/index.js');
  return createFormatScanner(format, chain.layout, { nowMs });
}

/** The intake of a source, with the scanner of its format. */
export async function makeIntake(
  format: FormatChoice,
  chain: BuiltChain,
  options: RunOptions,
  first: FirstSource,
  hasStream: boolean,
): Promise<Intake> {
  const { maxLineBytes, chunkBytes, clock = Date.now } = options;
  const scanner = await makeScanner(format, chain, clock());
  scanner.controlLines = hasStream;
  return createIntake(scanner, {
    batch: chain.batch,
    ...first,
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
    ...(chunkBytes === undefined ? {} : { chunkBytes }),
  });
}

/** The books of a run; `rejected` is where a job keeps the records that it refuses. */
export function openBooks(
  options: RunOptions,
  side: SideOutputs | undefined,
  rejected: string | undefined,
): Accounts {
  const keep = side?.keep ?? options.between?.keep;
  return openAccounts(options.bad ?? { kind: 'report' }, options.say, {
    observer: options.observer,
    ...(keep === undefined ? {} : { keep }),
    ...(side === undefined || rejected === undefined
      ? {}
      : { rejected: { path: rejected, file: side.keep(rejected) } }),
  });
}

/** What the operators of a run are handed. */
export function servicesFor(
  accounts: Accounts,
  options: RunOptions,
  stage: JobStage | undefined,
  spill: SpillRun | undefined,
): (late: LatePolicy, uid: Uid) => Services {
  const clock = options.clock ?? Date.now;
  return (late, uid) => ({
    reports: accounts.reportsFor(late),
    clock,
    copy: accounts.copiesTo,
    ...(spill === undefined ? {} : { spill: spill.spillOf(stage === undefined ? uid : nameIn(stage, uid)) }),
  });
}

/** The fields that no record has; a run that goes on from a checkpoint may see only a rest of them. */
export function unseenFieldsOf(
  { say, clock = Date.now, position }: RunOptions,
  stage: JobStage | undefined,
): UnseenFields {
  const goesOn = position !== undefined || (stage !== undefined && stage.restoredEpoch > 0);
  return goesOn ? watchNothing : createUnseenFields({ say, clock });
}

/** Tells a feed which fields its records will be asked for; when the chain and its end are built. */
export function sayWhatIsWanted(feed: Feed, { layout }: BuiltChain): void {
  feed.want?.(layout.scanned.map(({ path }) => String(path[0])));
}

/** Services of the operators behind a feed that reads several sources beside each other. */
export function withSources<Of extends ReturnType<typeof servicesFor>>(
  services: Of,
  feed: Feed,
  consumedBytes: () => number,
): ReturnType<typeof servicesFor> {
  const { sources } = feed;
  if (sources === undefined) return services;
  const live = (present: string): readonly string[] => sources.call(feed, consumedBytes(), present);
  return (late, uid) => ({ ...services(late, uid), sources: live });
}

/** Not every operator can put its state on disk: nobody is to find that out by running out of memory. */
export function sayWhatStays(named: readonly NamedOperator[], { say }: RunOptions): void {
  for (const { uid, operator } of named) {
    if (operator.staysInMemory !== true) continue;
    say(`leat: ${uid} keeps its state in memory: ${operator.stateShape}`);
  }
}

/** The group of a topic is told that records are worked on which only state knows: nobody is to think that this lasts. */
export function sayWhatIsLost(named: readonly NamedOperator[], { say }: RunOptions): void {
  const uids = named.flatMap(({ uid, operator }) => (operator.stateShape === undefined ? [] : uid));
  if (uids.length === 0) return;
  say(
    `leat: what ${uids.join(', ')} gathers is lost when this ends early, and the group will not bring it again; --state keeps it`,
  );
}
