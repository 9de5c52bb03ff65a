/** What is asked of an output must go together: format, folder, partitions, command. */
import { isProblem, type ProblemDetails } from '../../diagnostics/index.js';
import type { Flow } from '../flow.js';
import { isTopicUri, type ToNode } from '../nodes/index.js';
import { readPartition } from '../partition.js';
import { checkExpression } from './expression.js';
import { zoneProblems } from './zone.js';

/** Whether an output is a folder by its name. */
export function isFolderUri(uri: string): boolean {
  return uri.endsWith('/');
}

function checkPartition(pattern: string, input: Flow): readonly ProblemDetails[] {
  try {
    const pieces = readPartition(pattern);
    const timed = pieces.some(({ kind }) => kind === 'time');
    const noTime: readonly ProblemDetails[] =
      timed && !input.timed && !input.piped
        ? [
            {
              code: 'plan',
              message: `the partition ${pattern} is by event time, and the records have none`,
              hint: 'name the field that holds it where they are read: from ... --time FIELD',
            },
          ]
        : [];
    return [
      ...noTime,
      ...pieces.flatMap((piece) =>
        piece.kind === 'expression' ? checkExpression(piece.expression, input.fields) : [],
      ),
    ];
  } catch (error) {
    if (isProblem(error)) return [error.details];
    throw error;
  }
}

/** Envelopes are NDJSON, and need changes; whether a stage in another process made some is seen when they come. */
function checkChangelog({ changelog, format, folder, uri }: ToNode, input: Flow): readonly ProblemDetails[] {
  if (changelog === undefined) return [];
  if (format !== 'json' || folder !== undefined || isFolderUri(uri)) {
    const message = `${changelog} envelopes are NDJSON for stdout, a file or a command`;
    return [{ code: 'plan', message, hint: 'leave --changelog out: op is a field like any other' }];
  }
  if (input.changes !== undefined || input.piped) return [];
  return [
    {
      code: 'plan',
      message: 'the records are final results and no changes',
      hint: 'leave --changelog out, or ask for changes: aggregate ... --emit changes',
    },
  ];
}

function checkTopic({ changelog, format, topic, uri }: ToNode, input: Flow): readonly ProblemDetails[] {
  const expressions = [...(topic?.key ?? []), ...(topic?.headers ?? []).map(({ expression }) => expression)];
  const found = expressions.flatMap((expression) => checkExpression(expression, input.fields));
  if (changelog !== undefined && topic !== undefined) {
    const message = `${changelog} envelopes have no key and no headers`;
    return [{ code: 'plan', message, hint: 'leave --changelog out, or --key and --headers' }];
  }
  if (format === 'json') return found;
  return [
    ...found,
    {
      code: 'plan',
      message: `records in topics are JSON, and ${uri} is asked for as ${format}`,
      hint: 'leave --format out',
    },
  ];
}

export function checkTo(node: ToNode, input: Flow): readonly ProblemDetails[] {
  const { folder, format, uri } = node;
  const found: ProblemDetails[] = [...zoneProblems(folder?.zone), ...checkChangelog(node, input)];
  if (isFolderUri(uri) && format !== 'json') {
    found.push({
      code: 'plan',
      message: `part files are NDJSON, and ${uri} is asked for as ${format}`,
      hint: 'write to a file, or leave --format out',
    });
  }
  if (folder !== undefined && !isFolderUri(uri)) {
    found.push({ code: 'plan', message: `part files need a folder, and ${uri} does not end in /` });
  }
  if (node.exec !== undefined && uri !== '-') {
    found.push({
      code: 'plan',
      message: `the output is a command and ${uri} as well`,
      hint: 'leave one of them out',
    });
  }
  if (isTopicUri(uri)) found.push(...checkTopic(node, input));
  else if (node.topic !== undefined) {
    found.push({
      code: 'plan',
      message: `--key and --headers are of records in topics, and the output is ${uri === '-' ? 'stdout' : uri}`,
      hint: 'write to kafka://HOST:PORT/TOPIC',
    });
  }
  if (folder?.partition !== undefined) found.push(...checkPartition(folder.partition, input));
  return found;
}
