/** Values survive being written out: type, spelling and sign. */
import fc from 'fast-check';
import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import {
  decodeValue,
  encodeValue,
  makeDecimal,
  makeInterval,
  makeNested,
  makeTemporal,
  type Value,
} from '../../../src/expression/index.js';
import { createByteReader, createByteWriter, isAtEnd } from '../../../src/record/index.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const ms = fc.integer({ min: -(10 ** 15), max: 10 ** 15 });
const nanos = fc.integer({ min: 0, max: 999_999 });
const bigint = fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n });

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, true, false, 0, -0, Number.NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53 - 1)),
  fc.double(),
  fc.maxSafeInteger(),
  bigint,
  text,
  fc.tuple(bigint, fc.integer({ min: 0, max: 38 })).map(([unscaled, scale]) => makeDecimal(unscaled, scale)),
  fc
    .tuple(fc.constantFrom('timestamp', 'timestamp_ltz', 'date', 'time'), ms, nanos)
    .map(([type, at, fine]) => makeTemporal(type, at, fine)),
  fc.integer().map((months) => makeInterval(months, 0)),
  ms.map((length) => makeInterval(0, length)),
  fc.json().map((json) => makeNested(json)),
  text.map((json) => makeNested(`[${json}]`)),
);

/** A value with all that there is to see of it. NaN and -0 are told apart by Object.is in the comparison. */
function seen(of: Value): unknown {
  return typeof of === 'object' && of !== null ? { ...of, json: of.json() } : of;
}

t.test('a value that is read back is the value that was written', (t) => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 20 }), (values) => {
      const out = createByteWriter(1);
      for (const one of values) encodeValue(out, one);
      const from = createByteReader(out.bytes.subarray(0, out.length));
      for (const one of values) {
        const back = decodeValue(from);
        const same =
          typeof one === 'object' && one !== null
            ? JSON.stringify(seen(back), spellBigint) === JSON.stringify(seen(one), spellBigint)
            : Object.is(back, one);
        if (!same) throw new Error(`${String(one)} came back as ${String(back)}`);
      }
      return isAtEnd(from);
    }),
    { numRuns: 2000 },
  );
  t.pass('all do');
  t.end();
});

function spellBigint(_name: string, one: unknown): unknown {
  return typeof one === 'bigint' ? `${one}n` : one;
}

t.test('bytes that are cut short are a problem and no value', (t) => {
  fc.assert(
    fc.property(value, (one) => {
      const out = createByteWriter(1);
      encodeValue(out, one);
      for (let length = 0; length < out.length; length++) {
        try {
          decodeValue(createByteReader(out.bytes.subarray(0, length)));
        } catch (error) {
          if (isProblem(error) && error.details.code === 'state') continue;
          throw error;
        }
        return false;
      }
      return true;
    }),
  );
  t.pass('all are');
  t.throws(() => decodeValue(createByteReader(Uint8Array.of(99))), /unknown kind 99/);
  t.end();
});
