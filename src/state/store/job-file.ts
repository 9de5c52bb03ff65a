/** job.json: whose store a folder is, and in which format. Read before anything else of the store. */
import { isProblem, problem } from '../../diagnostics/index.js';
import { type Disk, readWhole, replaceWhole } from '../../disk/index.js';
import { generationsFolder, jobFile } from '../paths.js';
import { isDiskFailure } from './damage.js';
import type { JobFileFacts } from './facts.js';
import { seal, unseal } from './sealed.js';

/** The name of the job; undefined when there is no store. */
export async function readJobFile(disk: Disk, store: string): Promise<string | undefined> {
  const path = jobFile(store);
  const bytes = await readWhole(disk, path);
  if (bytes !== undefined) return unseal<JobFileFacts>('job', bytes, path).job;
  if ((await disk.list(generationsFolder(store))).length === 0) return undefined;
  throw problem({
    code: 'state',
    message: 'this folder holds the state of a job, but the file that names the job is not there',
    place: { kind: 'file', path },
    hint: 'bring it back, or give another folder',
  });
}

/** Makes the folder a store; another run that does so at the same time may have been faster. */
async function makeStore(disk: Disk, store: string, job: string): Promise<string> {
  try {
    await replaceWhole(disk, jobFile(store), seal('job', { job }));
    return job;
  } catch (error) {
    const isRace = isDiskFailure(error) && (error.code === 'ENOENT' || error.code === 'EEXIST');
    const found = isRace ? await readJobFile(disk, store) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

/** Makes the folder a store of this job, or finds that it is one. The folder is there. */
export async function ensureJobFile(disk: Disk, store: string, job: string): Promise<void> {
  const found = (await readJobFile(disk, store)) ?? (await makeStore(disk, store, job));
  if (found !== job) throw otherJob(store, found, job);
}

function otherJob(store: string, found: string, job: string): Error {
  return problem({
    code: 'state',
    message: `this is the state of the job ${found}, not of ${job}`,
    place: { kind: 'file', path: store },
    hint: 'give each job a --state of its own, or the same --job as before',
  });
}

/** Whether a path can be looked at as a store at all. Throws a problem when it is something else. */
export async function requireStore(disk: Disk, store: string): Promise<string> {
  const job = await readJobFile(disk, store).catch((error: unknown) => {
    if (isProblem(error)) throw error;
    if ((error as { code?: string }).code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (job !== undefined) return job;
  throw problem({
    code: 'state',
    message: 'there is no state of a job here',
    place: { kind: 'file', path: store },
    hint: 'the folder is the one that was given with --state',
  });
}
