/** The front end of programs: typed streams that make plans. */
export * from './aggregates.js';
export type { AnyRecord, Field } from './fields.js';
export {
  createStreams,
  type JoinOptions,
  type Pipeline,
  type Results,
  type Running,
  type SourceOptions,
  type Stream,
  type TimeOptions,
} from './stream.js';
export { countOf, cumulate, hop, session, tumble, type WindowWords } from './windows.js';
