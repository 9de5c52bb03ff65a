/** The room of time: instants, durations, forms of event time, window assignment, watermark rules. Pure. */
export type { TimeForm } from './form.js';
