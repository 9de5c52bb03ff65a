/** `leat state`: what stores hold. */
import { realDisk } from '../../disk/index.js';
import { type CheckpointEntry, listCheckpoints } from '../../state/index.js';
import { ageText } from '../../terminal/index.js';
import { isoTime, printEntries, type TableColumn, type ToolCall } from './tool-call.js';

const columns: readonly TableColumn<CheckpointEntry>[] = [
  { name: 'checkpoint', alignment: 'right', cell: ({ epoch }) => String(epoch) },
  { name: 'run', alignment: 'right', cell: ({ generation }) => String(generation) },
  { name: 'state', cell: ({ state }) => state },
  {
    name: 'completed',
    cell: ({ facts }) => (facts === undefined ? '' : ageText(Date.now() - facts.completedAt)),
  },
  { name: 'stages', alignment: 'right', cell: ({ facts }) => String(facts?.stages ?? '') },
  {
    name: 'about',
    cell: ({ facts }) =>
      [
        facts?.finished === true ? 'the end of the input' : '',
        facts?.savepoint === undefined ? '' : `since the savepoint ${facts.savepoint}`,
      ]
        .filter((text) => text !== '')
        .join(', '),
  },
];

export async function checkpoints(call: ToolCall): Promise<number> {
  const entries = await listCheckpoints(realDisk, call.store);
  await printEntries(call, entries, columns, ({ epoch, generation, state, facts }) => ({
    checkpoint: epoch,
    run: generation,
    state,
    ...(facts === undefined
      ? {}
      : {
          completed_at: isoTime(facts.completedAt),
          finished: facts.finished,
          stages: facts.stages,
          ...(facts.savepoint === undefined ? {} : { savepoint: facts.savepoint }),
        }),
  }));
  return 0;
}
