/** The front end of programs: typed streams that make plans. */
export * from './aggregates.js';
export type {
  AggregateOptions,
  Change,
  Emits,
  EmitWords,
  WindowOptions,
} from './emission.js';
export type { AnyRecord, Field } from './fields.js';
export type { ExecOptions, ViaOptions } from './foreign.js';
export {
  createStreams,
  type JoinOptions,
  type Pipeline,
  type Results,
  type Running,
  type SourceOptions,
  type Stream,
} from './stream.js';
export type { TimeOptions } from './time-options.js';
export { countOf, cumulate, hop, session, tumble, type WindowWords } from './windows.js';
