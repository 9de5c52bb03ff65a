/**
 * Entries of windows that keep records: the records themselves as they would leave, with what else is known of each. Their
 * key is in them. Where reading it from a record gives other bytes than those it was kept under, these go with the entry.
 */
import {
  createBatch,
  createByteWriter,
  createJsonScanner,
  createLayout,
  reserve,
  scannedColumn,
  writeKeysBytes,
  writeText,
  writeValue,
} from '../../record/index.js';
import {
  type EntryEditor,
  type GivenEntry,
  isPlainObject,
  type Plain,
  type PlainObject,
  type ShownEntry,
  samePlain,
  wrongEntry,
} from '../entry.js';
import { checkValue, shownEntry, valueName } from '../entry-value.js';
import type { PlaceKey } from '../place.js';
import type { KeptRecord } from './kept.js';

/** A kept record, the number that it has among all, and what else is to be known of it. */
export interface NumberedRecord {
  readonly record: KeptRecord;
  readonly number: number;
  readonly facts?: PlainObject;
}

/** Reads the keys of records that were kept. */
export interface KeptKeys {
  readonly names: readonly string[];
  /** The key of a record, as keepers make it, and as the members of a JSON object. */
  read(record: KeptRecord['bytes']): { readonly key: string; readonly members: readonly string[] };
}

/** Scanners may read this far past the end of what they scan. */
const paddingBytes = 64;
const asItIs = 'take it as leat state export --exact prints it';

export function createKeptKeys(placeKey: readonly Pick<PlaceKey, 'name'>[]): KeptKeys {
  const names = placeKey.map(({ name }) => name);
  const layout = createLayout();
  const columns = names.map((name) => scannedColumn(layout, [name]));
  const scanner = createJsonScanner(layout);
  const batch = createBatch({ base: 'line', dropped: [], fields: [] });
  const line = createByteWriter();
  const key = createByteWriter(1 << 8);
  return {
    names,
    read(record) {
      line.length = 0;
      writeText(line, `${Buffer.from(record).toString()}\n`);
      reserve(line, paddingBytes);
      scanner.scan(line.bytes, 0, line.length, true, batch);
      if (batch.count !== 1) throw wrongEntry('one of its records is no JSON object on one line', asItIs);
      const its = columns.map((column) => batch.columns[column]!);
      key.length = 0;
      writeKeysBytes(key, its, 0);
      const members = names.map((name, index) => {
        const value = createByteWriter(1 << 6);
        writeValue(its[index]!, 0, value);
        return `${JSON.stringify(name)}:${value.bytes.toString('utf8', 0, value.length)}`;
      });
      return { key: key.bytes.toString('latin1', 0, key.length), members };
    },
  };
}

function plainRecord({ record, number, facts }: NumberedRecord): PlainObject {
  const text = Buffer.from(record.bytes).toString();
  return { number, ...facts, time: plainTime(record.time), source: record.source, record: text };
}

/** Records in a count window may have no time. */
const plainTime = (time: number): Plain => (Number.isFinite(time) ? time : String(time));

/** Shows records that are kept under a key. `bounds` are members of a JSON object, `state` what is to be said before them. */
export function shownRecords(
  keys: KeptKeys,
  key: string,
  records: readonly NumberedRecord[],
  bounds: { readonly members: readonly string[]; readonly state: PlainObject },
): ShownEntry {
  const read = keys.read(records[0]!.record.bytes);
  const isRead = records.every(({ record }) => keys.read(record.bytes).key === key);
  return shownEntry({
    bounds: bounds.members,
    key: read.members,
    value: new Map([[valueName('records', keys.names), String(records.length)]]),
    state: () => ({
      ...bounds.state,
      ...(isRead ? {} : { key: Buffer.from(key, 'latin1').toString('base64') }),
      records: records.map(plainRecord),
    }),
  });
}

/** A record of an entry that is taken back. */
export interface GivenRecord extends NumberedRecord {
  readonly facts: PlainObject;
}

export interface GivenRecords {
  readonly key: string;
  readonly records: readonly GivenRecord[];
}

function numberOf(plain: Plain | undefined): number {
  const number = typeof plain === 'string' ? Number(plain) : plain;
  if (typeof number !== 'number') throw wrongEntry('one of its records has no time', asItIs);
  return number;
}

function recordOf(plain: Plain, numbers: Set<number>): GivenRecord {
  if (!isPlainObject(plain)) throw wrongEntry('one of its records is no object', asItIs);
  const { number, time, source, record, ...facts } = plain;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0 || numbers.has(number)) {
    throw wrongEntry(`${JSON.stringify(number)} is not a number of one record alone`, asItIs);
  }
  if (typeof record !== 'string' || /[\n\r]/.test(record)) {
    throw wrongEntry('one of its records is no text on one line', asItIs);
  }
  if (source !== undefined && typeof source !== 'string') throw wrongEntry('a source is no text', asItIs);
  numbers.add(number);
  const kept = { bytes: Buffer.from(record), time: numberOf(time), source: source ?? 'edited' };
  return { number, facts, record: kept };
}

function keyOf(keys: KeptKeys, entry: GivenEntry, records: readonly GivenRecord[]): string {
  const { key: exact } = entry.state;
  const reads = records.map(({ record }) => keys.read(record.bytes));
  const wanted = Object.fromEntries(
    [...entry.key].map(([name, json]) => [name, JSON.parse(json) as unknown]),
  );
  const other = reads.find(({ key, members }) => {
    const isOther = exact === undefined && key !== reads[0]!.key;
    return isOther || !samePlain(JSON.parse(`{${members.join(',')}}`), wanted);
  });
  if (other !== undefined) {
    throw wrongEntry('one of its records has another key', 'a key and its records say the same');
  }
  if (typeof exact === 'string') return Buffer.from(exact, 'base64').toString('latin1');
  return reads[0]!.key;
}

/** Reads the records of an entry. Throws a problem of the code state when they are not what they should be. */
function recordsOfEntry(keys: KeptKeys, entry: GivenEntry, numbers: Set<number>): GivenRecords {
  const { records: given, ...others } = entry.state;
  const other = Object.keys(others).find((name) => name !== 'key' && name !== 'bounds');
  if (!Array.isArray(given) || given.length === 0 || other !== undefined) {
    throw wrongEntry(
      'its state is not of records',
      'this operator keeps records: {"records":[{"number":...}]}',
    );
  }
  const records = (given as readonly Plain[]).map((plain) => recordOf(plain, numbers));
  checkValue(entry, new Map([[valueName('records', keys.names), String(records.length)]]));
  return { key: keyOf(keys, entry, records), records };
}

/** Takes in entries of records, whose numbers only rise, once all are known. */
export function editRecords(
  keys: KeptKeys,
  take: (records: readonly (GivenRecord & { readonly key: string })[]) => void,
  check: (entry: GivenEntry, given: GivenRecords) => void,
): EntryEditor {
  const numbers = new Set<number>();
  const all: (GivenRecord & { readonly key: string })[] = [];
  return {
    add(entry) {
      const given = recordsOfEntry(keys, entry, numbers);
      check(entry, given);
      for (const record of given.records) all.push({ ...record, key: given.key });
    },
    finish() {
      take(all.sort((a, b) => a.number - b.number));
    },
  };
}
