import type { NodeBase } from './node.js';
import type { TimeAssignment } from './time.js';

/**
 * Text formats of records. `pattern` is a log_format string or a preset's name; `columns` names csv columns.
 */
export interface FormatChoice {
  readonly name: 'json' | 'nginx' | 'apache' | 'logfmt' | 'syslog' | 'csv' | 'tsv';
  readonly pattern?: string;
  readonly columns?: readonly string[];
}

/** Reads records: '-' for stdin, paths, globs, URIs. */
export interface FromNode extends NodeBase<'from'> {
  readonly uris: readonly string[];
  readonly format: FormatChoice;
  readonly time?: TimeAssignment;
  /** The files are followed as they grow: the input has no end. */
  readonly follow?: boolean;
  /** What is done when followed lines are lost with a file. Default fail. */
  readonly onLost?: 'fail' | 'report';
}

export function from(node: Omit<FromNode, 'kind' | 'inputs'>): FromNode {
  return { kind: 'from', inputs: [], ...node };
}

/** Whether a name is that of topics of Kafka. */
export const isTopicUri = (uri: string): boolean => uri.startsWith('kafka://');

/** Whether a source reads several beside each other, which a watermark has to wait for: the partitions of topics. */
export function readsBeside(source: { readonly kind: string; readonly uris?: readonly string[] }): boolean {
  return source.kind === 'from' && source.uris?.some(isTopicUri) === true;
}

/** Whether what a source reads has no end: followed files, and topics unless their URI says one. */
export function hasNoEnd({ follow, uris }: Pick<FromNode, 'follow' | 'uris'>): boolean {
  return follow === true || uris.some((uri) => isTopicUri(uri) && !/[?&]end=/.test(uri));
}
