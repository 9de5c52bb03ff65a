/**
 * The books of a run: records read, refused and late. Nothing is dropped without standing here: the first
 * refusals are shown as they happen, the rest is counted, and all of them are kept when a file was named
 * for them.
 */
import fs from 'node:fs';
import { fileProblem } from '../../connectors/index.js';
import { problem } from '../../diagnostics/index.js';
import type { Reports } from '../../operators/index.js';
import type { LatePolicy } from '../../plan/index.js';
import { lineOf, type RejectedLine, recordText } from '../../record/index.js';
import type { RefusedLine } from '../../stream/index.js';

/** What happens to bad records: shown and counted, the end of the run, or also kept in a file. */
export type BadPolicy =
  | { readonly kind: 'report' }
  | { readonly kind: 'fail' }
  | { readonly kind: 'file'; readonly path: string };

/** What a run counted. */
export interface Totals {
  recordsIn: number;
  rejected: number;
  late: number;
}

export interface Accounts {
  readonly totals: Totals;
  /** Reports for an operator, with the late policy of its node. */
  reportsFor(late: LatePolicy): Reports;
  /** Takes over the lines that a scanner refused. */
  takeRejected(source: string, lines: readonly RejectedLine[]): void;
  /** Opens the file of copies at a path; it is closed with the others. */
  copiesTo(path: string): KeptFile;
  /** Takes over records that a command refused. */
  takeRefused(refused: RefusedLine): void;
  /** Closes the files and says the totals. */
  finish(): void;
  /** The totals as plain data for a checkpoint, and back. */
  facts(): Readonly<Record<string, number>>;
  restore(facts: Readonly<Record<string, unknown>>): void;
}

/** Refusals that are shown one by one. */
const shownRejections = 10;

/** A file that records which did not make it are kept in. */
export interface KeptFile {
  append(text: string | Uint8Array): void;
  close(): void;
}

/** Where a record was read. */
interface RecordPlace {
  readonly source: string;
  readonly line: number;
}

/** How the books are kept, besides the policy of bad records. */
export interface AccountsOptions {
  readonly observer?: Observer | undefined;
  /** Opens the file of a path; without it a plain file that is begun anew. */
  keep?(path: string): KeptFile;
  /** Where refused records are kept in any case: rejected.ndjson of a job. */
  readonly rejected?: { readonly path: string; readonly file: KeptFile } | undefined;
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(descriptor, bytes, at);
}

/** A plain file for them, which is begun anew. */
export function openKeptFile(path: string): KeptFile {
  let descriptor: number | undefined;
  return {
    append(text) {
      try {
        descriptor ??= fs.openSync(path, 'w', 0o600);
        writeWhole(descriptor, Buffer.from(text as string));
      } catch (error) {
        throw fileProblem('output', path, error);
      }
    },
    close() {
      // An empty file says that nothing was refused, which is different from no file at all.
      if (descriptor === undefined) fs.closeSync(fs.openSync(path, 'w', 0o600));
      else fs.closeSync(descriptor);
    },
  };
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Whoever wants to see each record that did not make it, besides the policies. */
export interface Observer {
  late?(record: string): void;
  rejected?(text: string, reason: string): void;
}

/** Opens the books. `say` writes one line for the user (stderr). */
export function openAccounts(
  bad: BadPolicy,
  say: (line: string) => void,
  options: AccountsOptions = {},
): Accounts {
  const { observer = {}, rejected } = options;
  const keep = (path: string): KeptFile => options.keep?.(path) ?? openKeptFile(path);
  let finished = false;
  let unread = 0;
  const totals: Totals = { recordsIn: 0, rejected: 0, late: 0 };
  const badFile = bad.kind === 'file' ? keep(bad.path) : undefined;
  const lateFiles = new Map<string, KeptFile>();
  const copies: KeptFile[] = [];

  const refuse = (source: string, line: number, reason: string, text: () => string): void => {
    if (bad.kind === 'fail') {
      throw problem({
        code: 'bad-record',
        message: `${reason}: ${text().slice(0, 200)}`,
        place: { kind: 'record', source, line },
        hint: 'without --bad fail such records are counted and left out; --bad FILE keeps them',
      });
    }
    totals.rejected++;
    observer.rejected?.(text(), reason);
    if (badFile !== undefined || rejected !== undefined) {
      const kept = `${JSON.stringify({ source, line, reason, text: text() })}\n`;
      badFile?.append(kept);
      rejected?.file.append(kept);
    }
    if (totals.rejected <= shownRejections) say(`leat: ${source}:${line}: ${reason}`);
    if (totals.rejected === shownRejections + 1) say('leat: more records were refused; they are counted');
  };

  const lateRecord = (policy: LatePolicy, text: string, place?: RecordPlace): void => {
    if (policy.kind === 'fail') {
      throw problem({
        code: 'late-record',
        message: `a record came late for its window: ${text.slice(0, 200)}`,
        ...(place === undefined ? {} : { place: { kind: 'record', ...place } }),
        hint: 'a larger --delay waits longer before a window fires',
      });
    }
    totals.late++;
    observer.late?.(text);
    if (policy.kind !== 'file') return;
    const file = lateFiles.get(policy.path) ?? keep(policy.path);
    lateFiles.set(policy.path, file);
    file.append(`${text}\n`);
  };

  return {
    totals,
    reportsFor(late) {
      if (late.kind === 'file' && !lateFiles.has(late.path)) lateFiles.set(late.path, keep(late.path));
      return {
        reject: (batch, row, reason) =>
          refuse(batch.source, lineOf(batch, row), reason, () =>
            Buffer.from(batch.bytes.subarray(batch.starts[row]!, batch.ends[row]!)).toString(),
          ),
        late: (batch, row) =>
          lateRecord(late, recordText(batch, row), { source: batch.source, line: lineOf(batch, row) }),
        lateText: (text) => lateRecord(late, text),
      };
    },
    takeRejected(source, lines) {
      unread += lines.length;
      for (const { bytes, line, reason } of lines) {
        refuse(source, line, reason, () => Buffer.from(bytes).toString());
      }
    },
    copiesTo(path) {
      const file = keep(path);
      copies.push(file);
      return file;
    },
    takeRefused({ source, reason, records }) {
      for (const { line, text } of records) refuse(source, line, reason, () => text);
    },
    facts: () => ({ ...totals }),
    restore(facts) {
      for (const name of ['recordsIn', 'rejected', 'late'] as const) {
        const count = facts[name];
        if (typeof count === 'number') totals[name] = count;
      }
    },
    finish() {
      if (finished) return;
      finished = true;
      badFile?.close();
      rejected?.file.close();
      for (const file of [...lateFiles.values(), ...copies]) file.close();
      if (totals.rejected > 0) {
        const kept = bad.kind === 'file' ? bad.path : rejected?.path;
        const where = kept === undefined ? '' : `, kept in ${kept}`;
        say(`leat: ${plural(totals.rejected, 'record')} refused${where}`);
      }
      if (unread > 1 && totals.recordsIn === 0) {
        say('leat: not one line could be read: is it of another format? --format and parse say which');
      }
      if (totals.late > 0) {
        const kept = [...lateFiles.keys()];
        const where =
          kept.length > 0
            ? `, kept in ${kept.join(', ')}`
            : ' and left out; --late FILE keeps them, --delay waits longer';
        say(`leat: ${plural(totals.late, 'record')} late${where}`);
      }
    },
  };
}
