/**
 * Values kept one by one: all of them in order of arrival, the different ones with their counts in order of first
 * arrival, or the greatest n.
 */
import {
  decodeValue,
  encodeValue,
  makeNested,
  type Nested,
  spellValue,
  type Value,
} from '../../expression/index.js';
import { putCount, takeCount } from '../../record/index.js';
import { wrongEntry } from '../entry.js';
import {
  arrayOfPlain,
  arrivalOfPlain,
  countOfPlain,
  plainValue,
  presentOfPlain,
  type ThingCodec,
} from '../keyed-cells/plain-things.js';
import { type GatherPart, gather, valueAt } from './gather.js';
import type { Input, Parts } from './part.js';
import { compareAny, type Identity, identityOf } from './value-order.js';

type Present = Exclude<Value, null>;

/** Values in order of arrival, with the numbers of their rows. */
export interface Sequence {
  readonly values: Present[];
  readonly arrivals: number[];
}

/** Merges two sequences by arrival. */
function mergeSequences(into: Sequence, from: Sequence): void {
  const values: Present[] = [];
  const arrivals: number[] = [];
  let i = 0;
  let j = 0;
  while (i < into.values.length || j < from.values.length) {
    const mine =
      (into.arrivals[i] ?? Number.POSITIVE_INFINITY) < (from.arrivals[j] ?? Number.POSITIVE_INFINITY);
    const source = mine ? into : from;
    const at = mine ? i++ : j++;
    values.push(source.values[at]!);
    arrivals.push(source.arrivals[at]!);
  }
  into.values.splice(0, into.values.length, ...values);
  into.arrivals.splice(0, into.arrivals.length, ...arrivals);
}

const sequenceCodec: ThingCodec<Sequence> = {
  write(out, { values, arrivals }) {
    putCount(out, values.length);
    values.forEach((value, index) => {
      encodeValue(out, value);
      putCount(out, arrivals[index]!);
    });
  },
  read(from) {
    const sequence: Sequence = { values: [], arrivals: [] };
    for (let left = takeCount(from); left > 0; left--) {
      sequence.values.push(decodeValue(from) as Present);
      sequence.arrivals.push(takeCount(from));
    }
    return sequence;
  },
  toPlain: ({ values, arrivals }) => values.map((value, index) => [plainValue(value), arrivals[index]!]),
  fromPlain(plain, arrivals) {
    const sequence: Sequence = { values: [], arrivals: [] };
    for (const one of arrayOfPlain(plain)) {
      const [value, arrival] = arrayOfPlain(one, 2);
      sequence.values.push(presentOfPlain(value));
      sequence.arrivals.push(arrivalOfPlain(arrival, arrivals));
    }
    return sequence;
  },
};

/** All values of an argument. */
export function sequence(parts: Parts, name: string, input: Input): GatherPart<Sequence> {
  return gather(parts, `sequence ${name}`, input, {
    create: () => ({ values: [], arrivals: [] }),
    add(thing, input, row, arrival) {
      thing.values.push(valueAt(input, row));
      thing.arrivals.push(arrival);
    },
    merge: mergeSequences,
    codec: sequenceCodec,
  });
}

/** A value that came at least once. */
export interface Member {
  readonly value: Present;
  count: number;
  first: number;
}

export type Members = Map<Identity, Member>;

const membersCodec: ThingCodec<Members> = {
  write(out, all) {
    putCount(out, all.size);
    for (const { value, count, first } of all.values()) {
      encodeValue(out, value);
      putCount(out, count);
      putCount(out, first);
    }
  },
  read(from) {
    const all: Members = new Map();
    for (let left = takeCount(from); left > 0; left--) {
      const value = decodeValue(from) as Present;
      const count = takeCount(from);
      all.set(identityOf(value), { value, count, first: takeCount(from) });
    }
    return all;
  },
  toPlain: (all) => [...all.values()].map(({ value, count, first }) => [plainValue(value), count, first]),
  fromPlain(plain, arrivals) {
    const all: Members = new Map();
    for (const one of arrayOfPlain(plain)) {
      const [member, count, first] = arrayOfPlain(one, 3);
      const value = presentOfPlain(member);
      const identity = identityOf(value);
      if (all.has(identity)) {
        throw wrongEntry(`${JSON.stringify(member)} is there twice`, 'add its counts up in one of them');
      }
      all.set(identity, { value, count: countOfPlain(count), first: arrivalOfPlain(first, arrivals) });
    }
    return all;
  },
};

/** The different values of an argument, and how often each came. */
export function members(parts: Parts, name: string, input: Input): GatherPart<Members> {
  return gather<Members>(parts, `members ${name}`, input, {
    create: () => new Map(),
    add(thing, input, row, arrival) {
      const value = valueAt(input, row);
      const identity = identityOf(value);
      const member = thing.get(identity);
      if (member === undefined) thing.set(identity, { value, count: 1, first: arrival });
      else member.count++;
    },
    merge(into, from) {
      for (const [identity, its] of from) {
        const mine = into.get(identity);
        if (mine === undefined) into.set(identity, its);
        else {
          const first = its.first < mine.first ? its : mine;
          into.set(identity, { value: first.value, count: mine.count + its.count, first: first.first });
        }
      }
    },
    codec: membersCodec,
  });
}

/** The different values in order of first arrival. */
export function valuesInOrder(all: Members): Present[] {
  return [...all.values()].sort((a, b) => a.first - b.first).map(({ value }) => value);
}

/** The value that came most often; of several, the one that came first. */
export function mostFrequent(all: Members): Value {
  let best: Member | undefined;
  for (const member of all.values()) {
    const order = best === undefined ? 1 : member.count - best.count || best.first - member.first;
    if (order > 0) best = member;
  }
  return best?.value ?? null;
}

function insertGreatest(greatest: Present[], value: Present, most: number): void {
  if (greatest.length === most && compareAny(value, greatest[most - 1]!) <= 0) return;
  let at = greatest.length;
  while (at > 0 && compareAny(value, greatest[at - 1]!) > 0) at--;
  greatest.splice(at, 0, value);
  if (greatest.length > most) greatest.pop();
}

const presentsCodec: ThingCodec<Present[]> = {
  write(out, values) {
    putCount(out, values.length);
    for (const value of values) encodeValue(out, value);
  },
  read: (from) => Array.from({ length: takeCount(from) }, () => decodeValue(from) as Present),
  toPlain: (values) => values.map(plainValue),
  fromPlain: (plain) => arrayOfPlain(plain).map(presentOfPlain),
};

/** The n greatest values of an argument, greatest first. */
export function greatestValues(parts: Parts, name: string, input: Input, n: number): GatherPart<Present[]> {
  return gather<Present[]>(parts, `greatest ${n} ${name}`, input, {
    create: () => [],
    add: (thing, input, row) => insertGreatest(thing, valueAt(input, row), n),
    merge(into, from) {
      for (const value of from) insertGreatest(into, value, n);
    },
    codec: presentsCodec,
  });
}

/** Values as a JSON array. */
export function arrayOf(values: readonly Value[]): Nested {
  return makeNested(`[${values.map(spellValue).join(',')}]`);
}
