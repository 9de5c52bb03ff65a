/**
 * A mark beside a file that a job writes: a hidden file that names the job. The last stage of a typed pipe learns of its job
 * from the stream only; if the stage before dies before it says a word, the last one must not take the silence for an
 * empty answer and empty the file.
 */
import { type Problem, problem } from '../../../diagnostics/index.js';
import { type Disk, folderOf, readWhole, replaceWhole } from '../../../disk/index.js';

function markPath(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return `${folderOf(path)}/.${name}.leat-job`;
}

/** Marks a file as the output of a job. Files and not devices: others cannot be emptied. */
export async function markOutput(disk: Disk, path: string, job: string): Promise<void> {
  const text = `${job}\n`;
  const there = await readWhole(disk, markPath(path));
  if (there !== undefined && Buffer.from(there).toString() === text) return;
  await replaceWhole(disk, markPath(path), Buffer.from(text));
}

/** Throws when the file is the output of a job and has something in it. */
export async function refuseToEmpty(disk: Disk, path: string): Promise<void> {
  const mark = await readWhole(disk, markPath(path));
  if (mark === undefined || ((await disk.entry(path))?.lengthBytes ?? 0) === 0) return;
  throw silentUpstream(path, Buffer.from(mark).toString().trim());
}

function silentUpstream(path: string, job: string): Problem {
  return problem({
    code: 'upstream',
    message: `the stage upstream ended without a word, and the output of the job ${job} stays as it is`,
    place: { kind: 'file', path },
    hint: 'type the whole pipe again; to begin the file anew remove it',
  });
}
