/**
 * Folders in the system's folder for temporary files, for state of runs without a job. A run that is killed leaves its
 * folder behind; the next run removes it, when the name says for certain that its owner is dead: a process of this
 * machine, in the same space of process numbers, that does not exist, or of before the machine was started.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { processHolders } from './checkpoints/holders.js';

function textOr(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** Where process numbers mean the same: containers share folders, but not these. */
function spaceOfPids(host: string): string {
  const machine = textOr(() => fs.readFileSync('/etc/machine-id', 'utf8'));
  const names = textOr(() => fs.readlinkSync('/proc/self/ns/pid'));
  return createHash('sha256').update(`${host}\n${machine}\n${names}`).digest('hex').slice(0, 12);
}

const withoutDashes = (text: string): string => text.replaceAll('-', '');

const named = /^leat-([0-9a-f]{12})-([0-9a-f]*)-(\d+)-(\d*)-[0-9a-f]{32}-/;

/** The beginning of the path of folders of this run. */
export function temporarySpillFolder(base = os.tmpdir()): string {
  const { pid, host, boot, start } = processHolders().self;
  const place = `${spaceOfPids(host)}-${withoutDashes(boot)}`;
  return `${base}/leat-${place}-${pid}-${start}-${withoutDashes(crypto.randomUUID())}`;
}

/** Removes the folders of runs that are dead. What cannot be removed stays: it is nobody's concern now. */
export async function removeLeftSpillFolders(base = os.tmpdir()): Promise<void> {
  const holders = processHolders();
  const { self } = holders;
  const space = spaceOfPids(self.host);
  for (const name of await fs.promises.readdir(base).catch(() => [])) {
    const [, itsSpace, boot, pid, start] = named.exec(name) ?? [];
    if (itsSpace !== space) continue;
    const isOfThisBoot = boot === withoutDashes(self.boot);
    const holder = { ...self, pid: Number(pid), start: start! };
    if (isOfThisBoot && (await holders.life(holder)) !== 'dead') continue;
    const path = `${base}/${name}`;
    const stats = await fs.promises.lstat(path).catch(() => undefined);
    if (stats?.isDirectory() !== true || stats.uid !== (process.getuid?.() ?? stats.uid)) continue;
    await fs.promises.rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
