/**
 * Values of Kafka records on generated schemas and data: what avsc and protobufjs write is read, what is written they read, and
 * any bytes whatever end as a record or as a bad value.
 */
import avro from 'avsc';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import t from 'tap';
import { isProblem } from '../../src/diagnostics/index.js';
import { createValueDecoder, createValueEncoder, type ValueDecoder } from '../../src/kafka/index.js';
import { isArray, isNumber, isObject, type JsonTree, parseTree } from '../../src/kafka/values/json-tree.js';
import {
  bigFromBytes,
  bigToBytes,
  decimalText,
  floatText,
  trimmedDecimalText,
  unscaledOf,
} from '../../src/kafka/values/number-text.js';
import { type RegistryDouble, startRegistry } from '../harness/schema-registry.js';

let registry: RegistryDouble;
t.before(async () => {
  registry = await startRegistry();
});
t.teardown(() => registry.close());

let subjects = 0;

function withId(id: number, path: readonly number[], payload: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, Uint8Array.from(path), payload]);
}

/** The record, or undefined when the value was refused as bad. */
async function read(decoder: ValueDecoder, value: Uint8Array): Promise<unknown> {
  await decoder.prepare?.(value);
  try {
    return JSON.parse(Buffer.from(decoder.decode(value)).toString());
  } catch (error) {
    if (isProblem(error) && error.details.code === 'bad-record') return undefined;
    throw error;
  }
}

/** A schema with a value as avsc has it and as JSON has it. */
interface Sample {
  readonly schema: unknown;
  readonly value: unknown;
  readonly json: unknown;
}

const text = fc.string({ unit: 'binary', maxLength: 8 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const same = (schema: unknown, values: fc.Arbitrary<unknown>): fc.Arbitrary<Sample> =>
  values.map((value) => ({ schema, value, json: value }));

/** Numbers that single precision has exactly, so that their shortest spelling means the same in both precisions. */
const eighths = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((n) => n / 8);

let names = 0;
const leafSample: fc.Arbitrary<Sample> = fc.oneof(
  same('boolean', fc.boolean()),
  same('int', fc.integer()),
  // avsc writes a wrong last digit beyond 2^52.
  same('long', fc.integer({ min: -(2 ** 52), max: 2 ** 52 })),
  same('double', finite),
  same('float', eighths),
  same('string', text),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => {
    const value = Buffer.from(bytes);
    return { schema: 'bytes', value, json: value.toString('base64') };
  }),
  fc.constantFrom('A', 'B', 'C').map((value) => {
    const schema = { type: 'enum', name: `E${names++}`, symbols: ['A', 'B', 'C'] };
    return { schema, value, json: value };
  }),
  same(['null', 'string'], fc.option(text)),
);

const { sample } = fc.letrec<{ sample: Sample; record: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 3 },
    leafSample,
    tie('record'),
    leafSample.map((one) => ({
      schema: { type: 'array', items: one.schema },
      value: [one.value, one.value],
      json: [one.json, one.json],
    })),
    leafSample.map((one) => ({
      schema: { type: 'map', values: one.schema },
      value: { k: one.value },
      json: { k: one.json },
    })),
  ),
  record: fc.array(tie('sample'), { maxLength: 4 }).map((fields) => ({
    schema: {
      type: 'record',
      name: `R${names++}`,
      fields: fields.map(({ schema }, k) => ({ name: `f${k}`, type: schema })),
    },
    value: Object.fromEntries(fields.map(({ value }, k) => [`f${k}`, value])),
    json: Object.fromEntries(fields.map(({ json }, k) => [`f${k}`, json])),
  })),
}));

const avroRecord = fc.array(sample, { minLength: 1, maxLength: 5 }).map((fields) => ({
  schema: {
    type: 'record',
    name: `R${names++}`,
    fields: fields.map(({ schema }, k) => ({ name: `f${k}`, type: schema })),
  },
  value: Object.fromEntries(fields.map(({ value }, k) => [`f${k}`, value])),
  json: Object.fromEntries(fields.map(({ json }, k) => [`f${k}`, json])),
}));

t.test('avro: the same as avsc, in both directions', async (t) => {
  await fc.assert(
    fc.asyncProperty(avroRecord, async ({ schema, value, json }) => {
      const subject = `avro-${subjects++}`;
      const id = registry.add(subject, { schema: JSON.stringify(schema) });
      const theirs = avro.Type.forSchema(schema as avro.Schema).toBuffer(value);
      const decoder = createValueDecoder('avro', { registry: registry.url });
      t.strictSame(await read(decoder, withId(id, [], theirs)), json);
      const encoder = createValueEncoder('avro', { registry: registry.url, subject });
      await encoder.prepare();
      const ours = Buffer.from(encoder.encode(Buffer.from(JSON.stringify(json))));
      t.equal(ours.subarray(5).toString('hex'), theirs.toString('hex'));
    }),
    { numRuns: 60 },
  );
});

t.test('avro: cut, changed and random bytes end as a record or as a bad value', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      avroRecord,
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(),
      async ({ schema, value }, noise, random) => {
        const id = registry.add(`avro-${subjects++}`, { schema: JSON.stringify(schema) });
        const decoder = createValueDecoder('avro', { registry: registry.url });
        const theirs = avro.Type.forSchema(schema as avro.Schema).toBuffer(value);
        await read(decoder, withId(id, [], noise));
        if (theirs.length === 0) return;
        const cut = await read(decoder, withId(id, [], theirs.subarray(0, random % theirs.length)));
        t.equal(cut, undefined, 'nothing is made of what is cut off');
        theirs[random % theirs.length] = noise[0] ?? 0;
        await read(decoder, withId(id, [], theirs));
      },
    ),
    { numRuns: 60 },
  );
});

const file = `syntax = "proto3"; package p;
  message M {
    int32 a = 1; sint64 b = 2; double c = 3; string d = 4; bytes e = 5; bool f = 6; E g = 7;
    repeated uint32 h = 8; repeated string i = 9; map<string, int32> j = 10; M k = 11; optional fixed32 l = 12;
    oneof o { string m = 13; sfixed64 n = 14; } float q = 15;
  }
  enum E { NONE = 0; ONE = 1; TWO = 2; }`;
const theirType = protobuf.parse(file, { keepCase: true }).root.lookupType('p.M');

/** The fields of a message as JSON; those without presence are always there. */
const { message } = fc.letrec<{ message: Record<string, unknown> }>((tie) => ({
  message: fc
    .record(
      {
        a: fc.integer(),
        b: fc.maxSafeInteger(),
        c: finite,
        d: text,
        e: fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes).toString('base64')),
        f: fc.boolean(),
        g: fc.constantFrom('NONE', 'ONE', 'TWO'),
        h: fc.array(fc.nat(), { maxLength: 3 }),
        i: fc.array(text, { maxLength: 3 }),
        j: fc.dictionary(
          fc.string({ maxLength: 3 }).filter((key) => key !== '__proto__'),
          fc.integer(),
          { maxKeys: 3 },
        ),
        k: fc.option(tie('message'), { maxDepth: 3 }) as fc.Arbitrary<unknown>,
        l: fc.nat(),
        o: fc.oneof(fc.constant({}), fc.record({ m: text }), fc.record({ n: fc.maxSafeInteger() })),
        q: eighths,
      },
      { requiredKeys: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'o', 'q'] },
    )
    .map(({ o, ...fields }) => {
      const all: Record<string, unknown> = { ...fields, ...o };
      if (all['k'] === null) delete all['k'];
      return all;
    }),
}));

t.test('protobuf: the same as protobufjs, in both directions', async (t) => {
  const subject = 'protobuf';
  const id = registry.add(subject, { schema: file, schemaType: 'PROTOBUF' });
  const decoder = createValueDecoder('protobuf', { registry: registry.url });
  const encoder = createValueEncoder('protobuf', { registry: registry.url, subject });
  await encoder.prepare();
  await fc.assert(
    fc.asyncProperty(message, async (json) => {
      const theirs = theirType.encode(theirType.fromObject(json)).finish();
      t.strictSame(sorted(await read(decoder, withId(id, [0], theirs))), sorted(json));
      const ours = Buffer.from(encoder.encode(Buffer.from(JSON.stringify(json)))).subarray(6);
      t.strictSame(sorted(await read(decoder, withId(id, [0], ours))), sorted(json));
      const back = theirType.toObject(theirType.decode(ours), {
        longs: Number,
        enums: String,
        bytes: String,
        defaults: false,
      });
      const known = theirType.toObject(theirType.decode(theirs), {
        longs: Number,
        enums: String,
        bytes: String,
        defaults: false,
      });
      t.strictSame(JSON.parse(JSON.stringify(back)), JSON.parse(JSON.stringify(known)));
    }),
    { numRuns: 100 },
  );
});

/** With members in order of their names, however deep. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}

t.test('protobuf: cut, changed and random bytes end as a record or as a bad value', async (t) => {
  const id = registry.add('protobuf', { schema: file, schemaType: 'PROTOBUF' });
  const decoder = createValueDecoder('protobuf', { registry: registry.url });
  await fc.assert(
    fc.asyncProperty(message, fc.uint8Array({ maxLength: 60 }), fc.nat(), async (json, noise, random) => {
      const theirs = theirType.encode(theirType.fromObject(json)).finish();
      await read(decoder, withId(id, [], noise));
      await read(decoder, withId(id, [0], noise));
      if (theirs.length === 0) return;
      await read(decoder, withId(id, [0], theirs.subarray(0, random % theirs.length)));
      theirs[random % theirs.length] = noise[0] ?? 0;
      await read(decoder, withId(id, [0], theirs));
    }),
    { numRuns: 150 },
  );
  t.pass('nothing else was thrown');
});

t.test(
  'single precision: the spelling means that number, and no shorter one does but for whole numbers',
  (t) => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const spelled = floatText(value);
        const digits = spelled.replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
        const shorter = digits.length > 1 ? Number(value.toPrecision(digits.length - 1)) : Number.NaN;
        const isShortest = Number.isInteger(value) || Math.fround(shorter) !== value;
        return Math.fround(Number(spelled)) === value && isShortest;
      }),
    );
    t.end();
  },
);

t.test('decimals: as many digits as there are, both ways', (t) => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
      fc.nat({ max: 45 }),
      (unscaled, scale) => {
        const spelled = decimalText(unscaled, scale);
        const bytes = bigToBytes(unscaled)!;
        return (
          unscaledOf(spelled, scale) === unscaled &&
          unscaledOf(trimmedDecimalText(unscaled, scale), scale) === unscaled &&
          bigFromBytes(bytes) === unscaled &&
          JSON.stringify(JSON.parse(spelled)) !== 'null'
        );
      },
    ),
  );
  t.end();
});

/** A tree as JSON.parse would have it. */
function plain(tree: JsonTree): unknown {
  if (isNumber(tree)) return Number(tree.number);
  if (isArray(tree)) return tree.map(plain);
  return isObject(tree) ? Object.fromEntries([...tree].map(([name, value]) => [name, plain(value)])) : tree;
}

t.test('the reader of records takes what JSON.parse takes, and nothing else', (t) => {
  const parsed = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };
  const read = (text: string): unknown => {
    try {
      return plain(parseTree(text));
    } catch (error) {
      if (isProblem(error)) return undefined;
      throw error;
    }
  };
  const json = fc
    .json()
    .chain((text) => fc.tuple(fc.constant(text), fc.nat(), fc.constantFrom(...'{}[],:"\\ 01e.-nt\n')));
  fc.assert(
    fc.property(json, ([text, random, character]) => {
      t.strictSame(read(text), parsed(text));
      const at = random % (text.length + 1);
      for (const changed of [
        text.slice(0, at),
        text.slice(0, at) + character + text.slice(at + (random % 2)),
      ]) {
        t.strictSame(read(changed), parsed(changed), changed);
      }
    }),
  );
  const long = 'a'.repeat(1 << 24);
  t.equal(parseTree(`"${long}"`), long, 'also a long text');
  t.end();
});
