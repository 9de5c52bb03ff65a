/** The room of streams: the elements that flow between operators, and their spelling as control lines. */
export {
  type BarrierLine,
  type ControlLine,
  controlPrefix,
  type EndLine,
  isStreamLine,
  type LastLine,
  mayBeStreamLine,
  parseControlLine,
  type RefusedLine,
  type StreamJob,
  type StreamLine,
  type StreamTime,
  spellControlLine,
  streamVersion,
} from './control.js';
export type { Element } from './element.js';
export { type FoundMark, markFinder, spellMark } from './mark.js';
