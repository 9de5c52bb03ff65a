/**
 * What the first record of a stage would have to wait for: scanner and operators are made, and code is compiled, at their
 * first use. While a stream keeps us waiting, a record of our own goes through a chain that is thrown away, and leaves into
 * nothing. Nothing of it may be seen from outside; what is wrong with a plan is said by the real chain.
 */
import type { ByteSink } from '../../connectors/index.js';
import type { Builders } from '../../operators/index.js';
import { createIntake, createScanner, selectAll } from '../../record/index.js';
import { buildChain, type ChainInput } from './chain.js';
import type { SplitPlan } from './ends.js';
import { createNdjsonOutput } from './ndjson-output.js';

/** An input that says nothing for so long keeps us waiting; others are not held up. */
const patienceMs = 10;

const nowhere: ByteSink = {
  name: 'rehearsal',
  kind: 'pipe',
  closedByReader: false,
  write: (bytes) => bytes,
  drained: () => undefined,
  flushed: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Sends a record through the chain of a plan; `loading` gives its builders. */
export async function rehearse(
  { middle }: SplitPlan,
  input: ChainInput,
  loading: Promise<Builders>,
): Promise<void> {
  const chain = buildChain(middle, input, await loading);
  const intake = createIntake(createScanner(chain.layout), { batch: chain.batch, source: nowhere.name });
  const end = createNdjsonOutput(nowhere, undefined);
  const services = { reports: { reject() {}, late() {}, lateText() {} }, clock: () => 0 };
  const { head } = chain.create(end, () => services);
  const { field } = chain.time?.assignment ?? { field: '' };
  const record = JSON.stringify({ [field]: '2026-01-01T00:00:00Z' });
  intake.filled(Buffer.from(`${record}\n`).copy(intake.space()));
  intake.next();
  head.onBatch(chain.batch);
  // Also when the operators let nothing through.
  selectAll(chain.batch);
  end.batch(chain.batch);
  end.flush();
}

/** Waits for what is awaited; when that takes its time, does something meanwhile, whose failure does not matter. */
export async function meanwhile<Awaited>(
  awaited: Promise<Awaited>,
  act: () => Promise<void>,
): Promise<Awaited> {
  const timer = setTimeout(() => void act().catch(() => {}), patienceMs);
  try {
    return await awaited;
  } finally {
    clearTimeout(timer);
  }
}
