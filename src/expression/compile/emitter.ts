/**
 * What generated code is put together with: constants, temporaries and columns get names; nothing of the
 * question's text is ever spliced into code. Numbers are written as JavaScript spells them, texts reach
 * the code only as constants.
 */
import type { Value } from '../value.js';

export interface Emitter {
  /** Values that the code is handed in an array, by number. */
  readonly constants: unknown[];
  /** Columns that are read. */
  readonly columns: Set<number>;
  temps: number;
}

export function createEmitter(): Emitter {
  return { constants: [], columns: new Set(), temps: 0 };
}

/** The name of a constant. */
export function constantName(emitter: Emitter, value: unknown): string {
  return `k${emitter.constants.push(value) - 1}`;
}

/** The name of a new temporary. */
export function temp(emitter: Emitter): string {
  return `t${emitter.temps++}`;
}

/** The number that a column's names end in, after noting that it is read: c3, T3, N3, S3, L3, B3. */
export function use(emitter: Emitter, column: number): number {
  emitter.columns.add(column);
  return column;
}

/** A value as code. */
export function literal(emitter: Emitter, value: Value): string {
  if (value === null || typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isFinite(value)
    ? numberCode(value)
    : constantName(emitter, value);
}

/** A finite number as code. */
export function numberCode(value: number): string {
  return Object.is(value, -0) ? '(-0)' : value < 0 ? `(${value})` : String(value);
}

/** A code for undefined or a double. */
export function softCode(value: number | undefined): string {
  return value === undefined ? 'undefined' : numberCode(value);
}

/** `let` of all temporaries, the number that code may use as `t0`, ... */
export function declareTemps(emitter: Emitter): string {
  if (emitter.temps === 0) return '';
  return `let ${Array.from({ length: emitter.temps }, (_, i) => `t${i}`).join(', ')};`;
}

/** The arrays of the columns, taken anew for each batch since scanners may replace them. */
export function declareColumns(emitter: Emitter): string {
  return [...emitter.columns]
    .map(
      (n) =>
        `const c${n} = columns[${n}], T${n} = c${n}.tags, N${n} = c${n}.numbers, ` +
        `S${n} = c${n}.starts, L${n} = c${n}.lengths, B${n} = c${n}.bytes;`,
    )
    .join('\n');
}

/** Takes the constants and the runtime's functions out of what the code is handed. */
export function declareConstants(emitter: Emitter, runtime: object): string {
  const names = Object.keys(runtime).join(', ');
  const constants = emitter.constants.map((_, i) => `k${i} = constants[${i}]`).join(', ');
  return `const { ${names} } = runtime;${constants === '' ? '' : `\nconst ${constants};`}`;
}
