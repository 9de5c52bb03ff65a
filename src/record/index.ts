/** The room of records: NDJSON as bytes, scanned into columns and written back. Knows nothing of time or streams. */
export * from './batch.js';
export * from './byte-writer.js';
export * from './column.js';
export * from './hash.js';
export { createJsonScanner } from './json-scanner.js';
export * from './layout.js';
export * from './path.js';
export * from './scanner.js';
