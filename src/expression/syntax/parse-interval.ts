/** INTERVAL literals: a quoted text and a unit, or a range of units, checked against each other here. */
import { didYouMean } from '../../diagnostics/index.js';
import { intervalUnits, parseInterval } from '../value-interval.js';
import { syntaxProblem } from './lexer.js';
import { endOf, expectSymbol, isSymbol, peek, type Reader, take, takeSymbol, takeWords } from './reader.js';
import type { Expression } from './tree.js';

function parseUnit(reader: Reader): string {
  const token = take(reader);
  const word = token.text.toUpperCase();
  const unit = intervalUnits.find((known) => word === known || word === `${known}S`);
  if (token.kind !== 'word' || unit === undefined) {
    const example = "INTERVAL '5' MINUTE";
    const hint = token.kind === 'word' ? (didYouMean(word, intervalUnits) ?? example) : example;
    throw syntaxProblem(reader.text, token, 'an interval needs a unit', hint);
  }
  if (isSymbol(peek(reader), '(') && peek(reader, 1).kind === 'number') {
    // The precision of a unit limits its digits in SQL; nothing here depends on it.
    take(reader);
    take(reader);
    expectSymbol(reader, ')');
  }
  return unit;
}

/** INTERVAL '5' MINUTE, INTERVAL -'1' DAY, INTERVAL '1 10:00:00' DAY TO SECOND. */
export function parseIntervalLiteral(reader: Reader): Expression {
  const { start } = take(reader);
  const sign = takeSymbol(reader, '-') ? '-' : '';
  const text = sign + take(reader).text.trim();
  const from = parseUnit(reader);
  const unit = takeWords(reader, 'to') ? `${from} TO ${parseUnit(reader)}` : from;
  const end = endOf(reader);
  if (parseInterval(text, unit) === undefined) {
    const hint = unit.includes(' ') ? "INTERVAL '1 10:00:00' DAY TO SECOND" : `INTERVAL '5' ${unit}`;
    throw syntaxProblem(reader.text, { start, end }, `'${text}' is not an interval of ${unit}`, hint);
  }
  return { kind: 'interval', text, unit, start, end };
}
