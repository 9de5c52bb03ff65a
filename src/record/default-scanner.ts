/**
 * The choice between the two NDJSON scanners. They give the same batches; LEAT_SCANNER=js asks for the plain
 * one.
 */
import { createJsonScanner } from './json-scanner.js';
import type { Layout } from './layout.js';
import type { Scanner } from './scanner.js';
import { compiledScanner, createWasmScanner } from './wasm-scanner.js';

let wasmFails = false;

/**
 * Does now what every scanner needs once: while a stream keeps us waiting for its first record, so that it does not wait
 * for us.
 */
export function prepareScanner(): void {
  if (process.env['LEAT_SCANNER'] === 'js' || wasmFails) return;
  try {
    compiledScanner();
  } catch {
    wasmFails = true;
  }
}

/** The fastest NDJSON scanner that works here. The layout must be complete. */
export function createScanner(layout: Layout): Scanner {
  if (process.env['LEAT_SCANNER'] !== 'js' && !wasmFails) {
    try {
      return createWasmScanner(layout);
    } catch {
      // No WebAssembly (node --jitless) or no SIMD in it: old hardware, or a policy. Everything still works, only slower.
      wasmFails = true;
    }
  }
  return createJsonScanner(layout);
}
