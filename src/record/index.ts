/**
 * The room of records: NDJSON as bytes, scanned into columns and written back. Knows nothing of time or
 * streams.
 */
export * from './batch.js';
export * from './binary.js';
export * from './byte-writer.js';
export { cellText, csvCell } from './cell.js';
export * from './column.js';
export { escapeControlKin, isControlKin, isControlLine, unescapeControlKin } from './control-kin.js';
export { createScanner, prepareScanner } from './default-scanner.js';
export { createEncoder, type Encoder, type EncoderOptions, encodeBatch, recordText } from './encode.js';
export {
  createInstantCache,
  type InstantCache,
  writeEscaped,
  writeNumber,
  writeValue,
} from './encode-value.js';
export { createEncoders } from './encoders.js';
export { exactInteger, parseExact } from './exact.js';
export * from './hash.js';
export { createIntake, type Intake, type IntakeFind, type IntakeOptions, type IntakeRest } from './intake.js';
export { createJsonScanner } from './json-scanner.js';
export { writeKeyBytes, writeKeysBytes } from './key-bytes.js';
export { keysJson } from './key-json.js';
export * from './layout.js';
export { type Member, membersOf } from './members.js';
export * from './path.js';
export { sameBytes } from './same-bytes.js';
export * from './scanner.js';
export { utf8Text } from './utf8.js';
export { exactOf, spanText, textOf } from './value-text.js';
export { createWasmScanner } from './wasm-scanner.js';
