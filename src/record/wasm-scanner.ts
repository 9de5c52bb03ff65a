/**
 * The WebAssembly scanner behind the interface of all scanners. Chunks lie in WebAssembly memory, one
 * instance for each buffer that `allocate` gives out, so a buffer is never moved or detached while a read
 * into it is under way; the columns of a batch are views of that memory. Lines that the instance declines,
 * and chunks with bytes that are not UTF-8, are taken by the TypeScript scanner, which settles what is
 * right.
 */
import { isUtf8 } from 'node:buffer';
import { type Batch, batchCapacity } from './batch.js';
import type { Column } from './column.js';
import { unescapeControlKin } from './control-kin.js';
import { beginBatch, createJsonScanner, createLines, endBatch, takeLine } from './json-scanner.js';
import type { Layout } from './layout.js';
import { ensureColumns, headColumns, type ScanPlan } from './scan-plan.js';
import type { Scanner } from './scanner.js';
import binary from './wasm/scanner.wasm';

/** What wasm/scanner.as.ts exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly position: { readonly value: number };
  readonly row: { readonly value: number };
  readonly lines: { readonly value: number };
  init(rows: number, heads: number, chunkBytes: number): number;
  columnAt(head: number): number;
  linesAt(): number;
  nameAt(head: number): number;
  setName(head: number, lengthBytes: number, hashed: number): void;
  pair(head: number, count: number): void;
  clear(): void;
  scan(from: number, to: number, firstRow: number, limit: number, controlLines: number): number;
}

/** Why `scan` stopped, as in wasm/scanner.as.ts. */
const Stop = { range: 0, full: 1, control: 2, declined: 3 } as const;

/** Names longer than this are left to the TypeScript scanner. */
const longestNameBytes = 48;

type ColumnArrays = Pick<Column, 'tags' | 'starts' | 'lengths' | 'numbers' | 'hashes' | 'twins'>;

/** An instance with the memory of one chunk buffer. */
interface Machine {
  readonly exports: Exports;
  readonly chunk: Uint8Array;
  readonly columns: readonly ColumnArrays[];
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

function createMachine(module: WebAssembly.Module, plan: ScanPlan, chunkBytes: number): Machine {
  const instance = new WebAssembly.Instance(module, {});
  const exports = instance.exports as unknown as Exports;
  const rows = batchCapacity;
  const { heads } = plan;
  const chunkAt = exports.init(rows, heads.length, chunkBytes);
  if (chunkAt === 0) throw new RangeError(`no memory for a chunk of ${chunkBytes} bytes`);
  const { buffer } = exports.memory;
  const columns = heads.map(({ utf8, hashed, paired }, head) => {
    if (utf8.length <= longestNameBytes) new Uint8Array(buffer, exports.nameAt(head)).set(utf8);
    exports.setName(head, utf8.length, hashed ? 1 : 0);
    const at = exports.columnAt(head);
    return {
      numbers: new Float64Array(buffer, at, rows),
      starts: new Int32Array(buffer, at + 8 * rows, rows),
      lengths: new Int32Array(buffer, at + 12 * rows, rows),
      hashes: new Int32Array(buffer, at + 16 * rows, rows),
      twins: paired ? new Int32Array(buffer, at + 20 * rows, rows) : undefined,
      tags: new Uint8Array(buffer, at + 24 * rows, rows),
    };
  });
  const linesAt = exports.linesAt();
  return {
    exports,
    chunk: new Uint8Array(buffer, chunkAt, chunkBytes),
    columns,
    starts: new Int32Array(buffer, linesAt, rows),
    ends: new Int32Array(buffer, linesAt + 4 * rows, rows),
  };
}

/** Makes the arrays of a machine those of the batch. */
function useMachine(machine: Machine, batch: Batch, heads: readonly Column[]): void {
  batch.starts = machine.starts;
  batch.ends = machine.ends;
  for (let head = 0; head < heads.length; head++) Object.assign(heads[head]!, machine.columns[head]);
}

let compiled: WebAssembly.Module | undefined;

/** Compiles the module, which all scanners share. Throws where WebAssembly or its SIMD is missing. */
export function compiledScanner(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(binary);
  return compiled;
}

/**
 * A scanner for NDJSON in WebAssembly. Throws where WebAssembly or its SIMD is missing. The layout must be
 * complete.
 */
export function createWasmScanner(layout: Layout): Scanner {
  const module = compiledScanner();
  const plain = createJsonScanner(layout);
  const slowLane = createLines(layout);
  const { plan } = slowLane;
  const own: Column[] = [];
  const machines = new WeakMap<ArrayBufferLike, Machine>();

  const scanPlainly = (scanner: Scanner, scan: () => number): number => {
    plain.controlLines = scanner.controlLines;
    const at = scan();
    scanner.stop = plain.stop;
    scanner.lines = plain.lines;
    return at;
  };

  const run = (machine: Machine, from: number, to: number, batch: Batch, scanner: Scanner): number => {
    const { exports } = machine;
    const capacity = Math.min(batchCapacity, batch.times.length);
    const controlLines = scanner.controlLines ? 1 : 0;
    let at = from;
    let lines = 0;
    exports.clear();
    for (;;) {
      const stop = exports.scan(at, to, batch.count, capacity, controlLines);
      at = exports.position.value;
      batch.count = exports.row.value;
      lines += exports.lines.value;
      if (stop === Stop.declined && batch.rejected.length < capacity) {
        if (scanner.controlLines) unescapeControlKin(batch.bytes, at);
        at = takeLine(slowLane, batch, at, false, batch.firstLine + lines);
        lines++;
      } else {
        scanner.stop = stop === Stop.range ? 'range' : stop === Stop.control ? 'control' : 'full';
        scanner.lines = lines;
        return at;
      }
    }
  };

  return {
    stop: 'range',
    lines: 0,
    controlLines: false,
    allocate(lengthBytes) {
      try {
        const machine = createMachine(module, plan, lengthBytes);
        machines.set(machine.chunk.buffer, machine);
        return machine.chunk;
      } catch {
        // Address space is limited (ulimit -v): memory of our own will do, and the TypeScript scanner.
        return new Uint8Array(lengthBytes);
      }
    },
    scan(bytes, from, to, final, batch) {
      const machine = machines.get(bytes.buffer);
      if (machine === undefined || bytes.byteOffset !== machine.chunk.byteOffset) {
        return scanPlainly(this, () => plain.scan(bytes, from, to, final, batch));
      }
      ensureColumns(batch, layout);
      slowLane.heads = headColumns(plan, batch, own);
      useMachine(machine, batch, slowLane.heads);
      beginBatch(batch, bytes, from);
      const at = run(machine, from, to, batch, this);
      if (!isUtf8(bytes.subarray(from, at))) {
        return scanPlainly(this, () => plain.scan(bytes, from, at, final, batch));
      }
      endBatch(batch, plan, slowLane.heads);
      plan.heads.forEach(({ paired }, head) => {
        if (paired) machine.exports.pair(head, batch.count);
      });
      return at;
    },
  };
}
