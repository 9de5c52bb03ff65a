/**
 * Keys of groups as the fields of a record, and back. A key is read from its fields as from any record. Where that would
 * not give the very key again - an instant is another key than its text - its bytes go with the entry, in base64.
 */
import {
  type Batch,
  createBatch,
  createByteReader,
  createByteWriter,
  createJsonScanner,
  createLayout,
  reserve,
  scannedColumn,
  Tag,
  writeText,
} from '../../record/index.js';
import { formFromName, formName, formOfSpeller, spellInstant } from '../../time/index.js';
import { isPlainObject, type Plain, wrongEntry } from '../entry.js';
import {
  assignSlots,
  createGroupKeys,
  createKeyReader,
  type GroupKeys,
  type KeyReader,
  resetKeys,
} from './group-keys.js';
import { takeGroupKey, writeGroupKey } from './group-record.js';
import { fromBase64, notPlain } from './plain-things.js';

export interface PlainKeys {
  readonly names: readonly string[];
  readonly reader: KeyReader;
  /** Finds or adds the key of a record that has its fields; returns its slot. */
  slotOf(keys: GroupKeys, record: string): number;
}

/** Scanners may read this far past the end of what they scan. */
const paddingBytes = 64;

/** Reads keys of these names. */
export function createPlainKeys(names: readonly string[]): PlainKeys {
  const layout = createLayout();
  const columns = names.map((name) => scannedColumn(layout, [name]));
  const scanner = createJsonScanner(layout);
  const batch: Batch = createBatch({ base: 'line', dropped: [], fields: [] });
  const line = createByteWriter();
  const slot = new Int32Array(1);
  const reader = createKeyReader(columns, [false]);
  return {
    names,
    reader,
    slotOf(keys, record) {
      line.length = 0;
      writeText(line, `${record}\n`);
      reserve(line, paddingBytes);
      scanner.scan(line.bytes, 0, line.length, true, batch);
      if (batch.count !== 1) throw notPlain('a key', record);
      assignSlots(keys, reader, batch, batch.selection, 1, slot);
      return slot[0]!;
    },
  };
}

function keyBytes(keys: GroupKeys, slot: number): Buffer {
  const { arena, starts, lengths } = keys.table;
  return Buffer.from(arena.subarray(starts[slot]!, starts[slot]! + lengths[slot]!));
}

/** Whether a key is read from the fields that show it as what it is. */
function isRead(plain: PlainKeys, keys: GroupKeys, slot: number, record: string): boolean {
  if (keys.values.some(({ tags }) => tags[slot] === Tag.instant)) return false;
  const read = createGroupKeys(plain.names.length);
  plain.slotOf(read, record);
  const isSame = keyBytes(read, 0).equals(keyBytes(keys, slot));
  resetKeys(read);
  return isSame;
}

/** What the state of an entry has to say of its key; undefined when the fields of the record say it all. */
export function plainKey(plain: PlainKeys, keys: GroupKeys, slot: number, record: string): Plain | undefined {
  if (plain.names.length === 0 || isRead(plain, keys, slot, record)) return undefined;
  const out = createByteWriter(1 << 8);
  writeGroupKey(out, keys, slot);
  const forms = keys.values.map(({ tags, spell }) => {
    const form = tags[slot] === Tag.instant && spell !== undefined ? formOfSpeller(spell) : undefined;
    return form === undefined ? '' : formName(form);
  });
  return { bytes: out.bytes.toString('base64', 0, out.length), forms };
}

/** Finds or adds a key that plainKey has given; returns its slot. */
export function takePlainKey(keys: GroupKeys, plain: Plain): number {
  if (!isPlainObject(plain)) throw notPlain('the bytes and forms of a key', plain);
  const { bytes, forms } = plain;
  const from = createByteReader(fromBase64(bytes));
  if (!Array.isArray(forms) || forms.length !== keys.values.length)
    throw notPlain('a form for each key', forms);
  const slot = takeGroupKey(from, keys);
  keys.values.forEach((values, column) => {
    const form: unknown = forms[column];
    if (typeof form === 'string' && form !== '') values.spell = spellInstant(formFromName(form));
  });
  return slot;
}

/** What is thrown when the fields of a key say something else than its bytes. */
export function otherKey(name: string): Error {
  return wrongEntry(
    `key.${name} is not what the bytes in state.key say`,
    'take key out of the state, so that the key is read from its fields',
  );
}
