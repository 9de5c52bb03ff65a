/** A folder of part files as the output of a run without checkpoints, ready to be written to. */
import { realDisk } from '../../disk/index.js';
import { createFolderSink, type FolderOptions } from './folder-sink.js';
import type { FolderSink } from './part-sink.js';

export async function openFolderSink(options: Omit<FolderOptions, 'epochFolder'>): Promise<FolderSink> {
  const sink = createFolderSink(realDisk, { ...options, epochFolder: undefined });
  await sink.recover(undefined);
  return sink;
}
