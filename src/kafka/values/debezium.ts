/**
 * Debezium's envelopes and the changelog of leat: c and r (read by a snapshot) are +I, u is -U and +U, d is -D, with
 * the row kind as the first field `op`. The envelope may stand in `payload` beside its `schema`, as Kafka Connect's
 * JSON converter writes it. Towards Debezium an update is d and c, as Flink's debezium-json writes it. Rows keep the
 * spelling of their numbers.
 */
import { membersOf } from '../../record/index.js';
import { badValue } from './bad-value.js';
import { strictText } from './utf8.js';
import type { ValueDecoder, ValueEncoder } from './value-codec.js';

/** The members of a JSON object with their values as text; undefined for any other JSON. */
function objectOf(text: string): ReadonlyMap<string, string> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badValue('it is not JSON');
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? new Map(membersOf(text)) : undefined;
}

/** The members of the envelope, which may be wrapped. */
function envelopeOf(value: Uint8Array): ReadonlyMap<string, string> {
  const outer = objectOf(strictText(value));
  if (outer?.has('op') === true) return outer;
  const inner = outer?.has('schema') === true ? objectOf(outer.get('payload') ?? 'null') : undefined;
  if (inner?.has('op') === true) return inner;
  throw badValue(
    'it is no envelope of Debezium: it has no op',
    'a connector that unwraps its records (ExtractNewRecordState) writes plain JSON: format=json',
  );
}

/** Whether the text of an object has a member of this name; only where it may be is it looked for. */
const hasMember = (object: string, name: string): boolean =>
  (object.includes(`"${name}"`) || object.includes('\\')) && new Map(membersOf(object)).has(name);

/** One change of the row that an envelope has under `name`. */
function change(kind: string, envelope: ReadonlyMap<string, string>, name: 'before' | 'after'): string {
  // A part of valid JSON, and trimmed.
  const image = envelope.get(name);
  if (image?.startsWith('{') !== true) {
    throw badValue(
      `its change ${envelope.get('op')} has no row ${name} it`,
      name === 'before' ? 'PostgreSQL gives it with ALTER TABLE ... REPLICA IDENTITY FULL' : undefined,
    );
  }
  if (hasMember(image, 'op')) {
    throw badValue('its row has a field op of its own, which would hide the kind of the change');
  }
  const fields = image.slice(1, -1).replace(/[\r\n]/g, ' ');
  return `{"op":"${kind}"${fields.trim() === '' ? '' : ','}${fields}}`;
}

const nothing = new Uint8Array(0);

export const debeziumDecoder: ValueDecoder = {
  decode(value) {
    const envelope = envelopeOf(value);
    switch (envelope.get('op')) {
      case '"c"':
      case '"r"':
        return Buffer.from(change('+I', envelope, 'after'));
      case '"u"':
        return Buffer.from(`${change('-U', envelope, 'before')}\n${change('+U', envelope, 'after')}`);
      case '"d"':
        return Buffer.from(change('-D', envelope, 'before'));
      case '"m"': // a message of the database's log, which belongs to no row
        return nothing;
      case '"t"':
        throw badValue('it empties the whole table (TRUNCATE), which no change of a row can say');
      default:
        throw badValue(`its op ${envelope.get('op')} is none of c, r, u, d`);
    }
  },
};

const envelopes: ReadonlyMap<string | undefined, (row: string) => string> = new Map([
  ['"+I"', (row: string) => `{"before":null,"after":${row},"op":"c"}`],
  ['"+U"', (row: string) => `{"before":null,"after":${row},"op":"c"}`],
  ['"-U"', (row: string) => `{"before":${row},"after":null,"op":"d"}`],
  ['"-D"', (row: string) => `{"before":${row},"after":null,"op":"d"}`],
]);

export const debeziumEncoder: ValueEncoder = {
  prepare: () => Promise.resolve(),
  encode(record) {
    const text = strictText(record);
    const members = objectOf(text);
    if (members === undefined) throw badValue('it is not a JSON object');
    const kind = members.get('op');
    const envelope = envelopes.get(kind);
    if (envelope === undefined) throw badValue('it is no change: its op is none of +I, -U, +U, -D');
    const fields = [...members].filter(([name]) => name !== 'op');
    return Buffer.from(
      envelope(`{${fields.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`),
    );
  },
};
