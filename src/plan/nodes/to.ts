import type { NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';

/** How a folder of part files is filled. Sizes in bytes, durations in ms. */
export interface FolderLayout {
  /** A part that has reached this size is finished. */
  readonly rollBytes: number;
  /** So is one that was begun this long ago, by the clock. */
  readonly rollMs: number;
  /** Sub-folders such as {yyyy-MM-dd}/{HH}: patterns of event time, or expressions. */
  readonly partition?: string;
  /** Zone of the patterns of event time, default UTC. */
  readonly zone?: string;
}

/** What holds when nothing else is said. */
export const defaultFolderLayout: FolderLayout = { rollBytes: 128 << 20, rollMs: 600_000 };

/** A command that takes the output of each epoch on its stdin. */
export interface ExecChoice {
  readonly command: string;
  /** How often it is run again after a failure. */
  readonly retries: number;
}

/** What belongs to a record in a topic besides its value. */
export interface TopicRecord {
  /** Expressions; the text of one, or of several a JSON array. Without them records have no key. */
  readonly key?: readonly string[];
  /** What becomes headers, by their names. */
  readonly headers?: readonly NamedExpression[];
}

/** Writes records: '-' for stdout, a path, or a folder when it ends in /; or to a command. */
export interface ToNode extends NodeBase<'to'> {
  readonly uri: string;
  readonly format: 'json' | 'csv' | 'tsv' | 'table';
  /** What readers can rely on under checkpoints; without it exactly-once where the output allows it. */
  readonly guarantee?: 'exactly-once' | 'at-least-once';
  readonly folder?: FolderLayout;
  readonly exec?: ExecChoice;
  /** How changes are written; without it with their row kind in a first field op. */
  readonly changelog?: 'debezium';
  /** Of an output that is a topic of Kafka. */
  readonly topic?: TopicRecord;
}

export function to(node: Omit<ToNode, 'kind'>): ToNode {
  return { kind: 'to', ...node };
}
