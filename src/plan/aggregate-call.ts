/**
 * From aggregates as written to the calls of a plan: canonical function, checked arguments, the name of
 * the field. Knows nothing of how they are computed. Problems carry their place in the list as it was
 * written.
 */
import { didYouMean, type Problem, problem } from '../diagnostics/index.js';
import {
  type Expression,
  evaluateConstant,
  functionTable,
  type ParsedAggregate,
  printExpression,
} from '../expression/index.js';
import {
  type AggregateDefinition,
  aggregateNames,
  aggregateUsage,
  findAggregate,
  findOrdered,
  quantileShorthand,
} from './aggregates.js';
import { defaultName, windowFields } from './names.js';
import type { AggregateCall } from './nodes/index.js';

interface Written {
  /** The whole list, for carets. */
  readonly text: string;
  /** Names of the key fields of the result. */
  readonly keys: readonly string[];
  /** Whether functions that ask for the order of records may be called. */
  readonly ordered?: boolean;
}

function wrong(written: Written, call: ParsedAggregate, message: string, hint?: string): Problem {
  return problem({
    code: 'type',
    message,
    place: { kind: 'text', text: written.text, start: call.start, end: call.end },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Whether an expression over a record knows the function, such as ROUND, which does not aggregate. */
function isScalar(name: string): boolean {
  return functionTable().some((known) => known.name === name.toUpperCase());
}

function definitionOf(written: Written, call: ParsedAggregate, name: string): AggregateDefinition {
  const ordered = findOrdered(name);
  const definition = findAggregate(name) ?? (written.ordered === true ? ordered : undefined);
  if (definition !== undefined) return definition;
  const hint =
    ordered === undefined
      ? didYouMean(name, aggregateNames)
      : `${ordered.name} looks back from a record: leat over '${aggregateUsage(ordered)}'`;
  const scalar = isScalar(name)
    ? `${name} is a function of one record: use it inside an aggregate or in a select behind it`
    : undefined;
  const end = call.start + call.function.length;
  throw problem({
    code: 'unknown-name',
    message: `unknown aggregate function ${call.function}`,
    place: { kind: 'text', text: written.text, start: call.start, end },
    hint: scalar ?? hint ?? 'known are count, sum, avg, min, max and more: leat aggregate --help',
  });
}

/** A constant of the question as canonical text; undefined when it is out of its range. */
function constantText(kind: 'fraction' | 'count', expression: Expression): string | undefined {
  let value: unknown;
  try {
    value = evaluateConstant(expression);
  } catch {
    return undefined;
  }
  const number = decimalToNumber(value);
  if (kind === 'fraction') return number >= 0 && number <= 1 ? String(number) : undefined;
  return Number.isSafeInteger(number) && number > 0 ? String(number) : undefined;
}

/** Literals such as 0.95 may be exact decimals; their JSON spelling is the number. */
function decimalToNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  const isDecimal =
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'decimal';
  return isDecimal ? Number((value as unknown as { json(): string }).json()) : Number.NaN;
}

function readArguments(
  written: Written,
  call: ParsedAggregate,
  definition: AggregateDefinition,
  extra: readonly string[],
): string[] {
  const given = call.arguments.length + extra.length;
  const most = definition.parameters.length;
  const least = definition.star
    ? 0
    : definition.parameters.filter(({ optional }) => optional !== true).length;
  if (call.star ? !definition.star : given < least || given > most) {
    const said = call.star
      ? 'cannot be called with *'
      : `does not take ${given === 0 ? 'no' : given} arguments`;
    const hint =
      extra.length === 0 ? `write ${aggregateUsage(definition)}` : `write ${call.function.toLowerCase()}(x)`;
    throw wrong(written, call, `${call.function} ${said.replace(/ 1 arguments$/, ' 1 argument')}`, hint);
  }
  const texts = call.arguments.map((argument, i) => {
    const parameter = definition.parameters[i];
    if (parameter?.constant === undefined) return printExpression(argument);
    const text = constantText(parameter.constant, argument);
    if (text !== undefined) return text;
    const range =
      parameter.constant === 'fraction' ? 'a number between 0 and 1' : 'a whole number of at least 1';
    throw wrong(written, call, `${parameter.name} of ${definition.name} must be ${range}`);
  });
  return [...texts, ...extra];
}

function defaultCallName(call: ParsedAggregate): string {
  // The function's name in lower case, so that SUM(bytes) and sum(bytes) make the same field.
  return defaultName(call.function.toLowerCase() + call.text.slice(call.function.length));
}

/** One aggregate of a list as a call of a plan. Throws problems of the codes type and unknown-name. */
function resolveAggregate(written: Written, call: ParsedAggregate): AggregateCall {
  const short = quantileShorthand(call.function);
  const definition = definitionOf(written, call, short?.function ?? call.function);
  if (call.distinct && !definition.distinct) {
    throw wrong(
      written,
      call,
      `DISTINCT makes no difference in ${call.function}, or none that is defined`,
      'leave it out',
    );
  }
  if (call.distinct && call.arguments.length === 0)
    throw wrong(written, call, 'DISTINCT needs a value to look at');
  return {
    name: call.alias ?? defaultCallName(call),
    function: definition.name,
    arguments: readArguments(written, call, definition, short === undefined ? [] : [short.fraction]),
    distinct: call.distinct,
    ...(call.filter === undefined ? {} : { filter: printExpression(call.filter) }),
  };
}

/**
 * Aggregates as written, as calls of a plan. Two fields of one name, or one named like a key or a bound of
 * the window, are a problem of the code plan that asks for `as`.
 */
export function resolveAggregates(
  list: readonly ParsedAggregate[],
  written: Written,
): readonly AggregateCall[] {
  const taken = new Set<string>([...windowFields, ...written.keys]);
  return list.map((parsed) => {
    const call = resolveAggregate(written, parsed);
    if (taken.has(call.name)) {
      throw problem({
        code: 'plan',
        message: `two fields of the result would be called ${call.name}`,
        place: { kind: 'text', text: written.text, start: parsed.start, end: parsed.end },
        hint: `give it another name: ${parsed.text} as other_${call.name}`,
      });
    }
    taken.add(call.name);
    return call;
  });
}
