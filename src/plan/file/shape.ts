/**
 * A small language for the shape of data read from a plan file: each shape takes a value and the path to
 * it, and throws a problem that names the path. Only what a plan needs; unknown members are refused, so
 * that a misspelt one is seen.
 */
import { didYouMean, problem } from '../../diagnostics/index.js';

/** Checks `value` at `path` and throws when it has another shape. */
export type Shape = (value: unknown, path: string) => void;

/** A member that may be absent. */
export interface OptionalShape {
  readonly optional: Shape;
}

function wrong(path: string, needed: string, hint?: string): Error {
  return problem({
    code: 'plan',
    message: `${path === '' ? 'the plan' : path} must be ${needed}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

export const text: Shape = (value, path) => {
  if (typeof value !== 'string') throw wrong(path, 'a text');
};

export const truth: Shape = (value, path) => {
  if (typeof value !== 'boolean') throw wrong(path, 'true or false');
};

export const finite: Shape = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(path, 'a number');
};

/** A number of milliseconds or records, at least `least`. */
export function whole(least: number): Shape {
  return (value, path) => {
    if (!Number.isSafeInteger(value) || (value as number) < least) {
      throw wrong(path, `a whole number of at least ${least}`);
    }
  };
}

export function optional(shape: Shape): OptionalShape {
  return { optional: shape };
}

export function choice(values: readonly (string | number)[]): Shape {
  return (value, path) => {
    if ((values as readonly unknown[]).includes(value)) return;
    const hint = typeof value === 'string' ? didYouMean(value, values.map(String)) : undefined;
    throw wrong(path, values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`, hint);
  };
}

export function list(item: Shape, least = 0): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrong(path, 'a list');
    if (value.length < least) throw wrong(path, `a list of at least ${least}`);
    value.forEach((element, i) => {
      item(element, `${path}[${i}]`);
    });
  };
}

function membersOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw wrong(path, 'an object');
}

/** An object with just these members. */
export function members(shapes: Readonly<Record<string, Shape | OptionalShape>>): Shape {
  return (value, path) => {
    const given = membersOf(value, path);
    const prefix = path === '' ? '' : `${path}.`;
    for (const [name, shape] of Object.entries(shapes)) {
      const member = Object.hasOwn(given, name) ? given[name] : undefined;
      if (typeof shape === 'function') {
        if (member === undefined) throw wrong(`${prefix}${name}`, 'there');
        shape(member, `${prefix}${name}`);
      } else if (member !== undefined) shape.optional(member, `${prefix}${name}`);
    }
    for (const name of Object.keys(given)) {
      if (Object.hasOwn(shapes, name)) continue;
      const hint = didYouMean(name, Object.keys(shapes));
      throw problem({
        code: 'plan',
        message: `${path === '' ? 'the plan' : path} has no member ${name}`,
        ...(hint === undefined ? {} : { hint }),
      });
    }
  };
}

/** An object whose member `tag` says which of the shapes it has. */
export function tagged(tag: string, shapes: Readonly<Record<string, Shape>>): Shape {
  const known = choice(Object.keys(shapes));
  return (value, path) => {
    const said = membersOf(value, path)[tag];
    known(said, path === '' ? tag : `${path}.${tag}`);
    shapes[said as string]!(value, path);
  };
}
