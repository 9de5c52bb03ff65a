/**
 * The reader of access logs: the variables of a matched line as fields. `$request` is also split into
 * method, path, query and protocol, and whichever clock the line has becomes the field `time`. A variable
 * that says `-` is null, as is a clock that cannot be read: what the pattern matches is a record, whatever
 * its fields hold.
 */
import type { Column } from '../record/index.js';
import {
  putComputedNumber,
  putEscaped,
  putInstant,
  putMissing,
  putNull,
  putNumber,
  putText,
} from './cells.js';
import { createLogMatcher } from './log-matcher.js';
import type { LogPattern, VariableKind } from './log-pattern.js';
import { epochInstant, isoInstant, localTimeInstant } from './log-time.js';
import { createMemberWriter, type Member } from './member-writer.js';
import { type Cell, Read, type RecordReader } from './reader.js';
import { requestParts, splitRequest } from './request.js';

type Put = (column: Column, row: number, bytes: Buffer, start: number, end: number) => void;

/** Clocks, the finest first: the one that `time` is taken from. */
const clocks: Readonly<Partial<Record<VariableKind, (bytes: Buffer, start: number, end: number) => number>>> =
  {
    'epoch-us': (bytes, start, end) => epochInstant(bytes, start, end, 0.001),
    'epoch-ms': (bytes, start, end) => epochInstant(bytes, start, end, 1),
    'epoch-s': (bytes, start, end) => epochInstant(bytes, start, end, 1000),
    'iso-time': isoInstant,
    'local-time': localTimeInstant,
  };

const isDash = (bytes: Buffer, start: number, end: number): boolean =>
  end - start === 1 && bytes[start] === 0x2d;

/** A number, also one with zeros in front (nginx writes status 000), or else the text. */
function numberPut(text: Put): Put {
  return (column, row, bytes, start, end) => {
    if (isDash(bytes, start, end)) putNull(column, row);
    else if (!putNumber(column, row, bytes, start, end)) {
      const spelled = bytes.toString('latin1', start, end);
      if (/^0+\d{1,15}$/.test(spelled)) putComputedNumber(column, row, Number(spelled));
      else text(column, row, bytes, start, end);
    }
  };
}

/** A duration in units of 1/`units` seconds, as seconds. */
function durationPut(text: Put, units: number): Put {
  return (column, row, bytes, start, end) => {
    const spelled = bytes.toString('latin1', start, end);
    if (/^\d{1,15}$/.test(spelled)) putComputedNumber(column, row, Number(spelled) / units);
    else text(column, row, bytes, start, end);
  };
}

function putsFor(escapes: boolean): (kind: VariableKind) => Put {
  const plain: Put = escapes ? putEscaped : putText;
  const text: Put = (column, row, bytes, start, end) =>
    isDash(bytes, start, end) ? putNull(column, row) : plain(column, row, bytes, start, end);
  const number = numberPut(text);
  return (kind) => {
    switch (kind) {
      case 'number':
      case 'epoch-s':
      case 'epoch-ms':
      case 'epoch-us':
        return number;
      case 'milliseconds':
        return durationPut(text, 1000);
      case 'microseconds':
        return durationPut(text, 1_000_000);
      case 'query':
        return (column, row, bytes, start, end) =>
          plain(column, row, bytes, bytes[start] === 0x3f && start < end ? start + 1 : start, end);
      default:
        return text;
    }
  };
}

/** Makes the reader of a pattern. */
export function createLogReader(pattern: LogPattern): RecordReader {
  const { variables, escapes } = pattern;
  const matcher = createLogMatcher(pattern);
  const { spans } = matcher;
  const parts = new Int32Array(requestParts.length * 2);
  const putOf = putsFor(escapes);
  const request = variables.findIndex(({ kind }) => kind === 'request');
  let bytes: Buffer = Buffer.alloc(0);
  let splits = false;

  const variableCell = (index: number): Cell => {
    const put = putOf(variables[index]!.kind);
    return (column, row) => put(column, row, bytes, spans[index * 2]!, spans[index * 2 + 1]!);
  };
  const partCell = (part: number): Cell => {
    const put = escapes ? putEscaped : putText;
    return (column, row) => {
      const start = parts[part * 2]!;
      if (start < 0) putNull(column, row);
      else put(column, row, bytes, start, parts[part * 2 + 1]!);
    };
  };

  const cells = new Map<string, Cell>();
  const clockKind = (Object.keys(clocks) as VariableKind[]).find((kind) =>
    variables.some((one) => one.kind === kind),
  );
  if (clockKind !== undefined) {
    const clock = clocks[clockKind]!;
    const index = variables.findIndex(({ kind }) => kind === clockKind);
    cells.set('time', (column, row) =>
      putInstant(column, row, clock(bytes, spans[index * 2]!, spans[index * 2 + 1]!)),
    );
  }
  variables.forEach(({ name, kind }, index) => {
    if (!cells.has(name)) cells.set(name, variableCell(index));
    if (kind === 'request')
      requestParts.forEach((part, at) => {
        if (!cells.has(part)) cells.set(part, partCell(at));
      });
  });

  const members: readonly Member[] = [...cells].map(([name, cell]) => ({ name, cell }));
  const writeMembers = createMemberWriter(members);
  return {
    fieldNames: members.map(({ name }) => name),
    spacesAreBlank: true,
    read(given, start, end, escaped) {
      bytes = given;
      if (!matcher.match(given, start, end, escaped)) return Read.refused;
      if (splits) splitRequest(given, spans[request * 2]!, spans[request * 2 + 1]!, parts);
      return Read.record;
    },
    reason: matcher.reason,
    cell(path) {
      const known = path.length === 1 ? cells.get(String(path[0])) : undefined;
      if (known === undefined) return putMissing;
      if ((requestParts as readonly unknown[]).includes(path[0])) splits = request >= 0;
      return known;
    },
    write(out) {
      if (request >= 0 && !splits) splitRequest(bytes, spans[request * 2]!, spans[request * 2 + 1]!, parts);
      writeMembers(bytes, out);
    },
  };
}
