/**
 * A command as the output of a run without checkpoints: it is run once, when the input has ended, with all of
 * the output. What is written until then waits in a file of its own, which only its owner can read. When the
 * run fails or is stopped, the command is not run.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { realDisk } from '../disk/index.js';
import { createExecEpochs } from './epochs/exec.js';
import type { ByteSink } from './sink.js';

/** `sink` is the name of the output in the environment of the command. */
export function openExecSink(command: string, retries: number, sink: string): ByteSink {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-exec-'));
  const job = `run-${randomUUID()}`;
  const epochs = createExecEpochs(realDisk, folder, { command, retries, job, sink, resumes: false });
  let isComplete = false;
  let isClosed = false;
  return {
    name: command,
    kind: 'file',
    closedByReader: false,
    write: (bytes, lengthBytes) => epochs.write(bytes, lengthBytes),
    drained: () => epochs.drained(),
    flushed: () => epochs.flushed(),
    complete() {
      isComplete = true;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      try {
        if (isComplete) await epochs.commit(1, await epochs.prepare(1));
        await epochs.close();
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
