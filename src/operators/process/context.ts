/** The context that a program is given: state of the key at hand, timers, and where records go. */
import { problem } from '../../diagnostics/index.js';
import { keysJson } from '../../record/index.js';
import type { Clock } from '../operator.js';
import type { ListState, MapState, ProcessContext, ValueState } from './definition.js';
import type { KeyState, KeyStates } from './key-states.js';

/** What the context is of while a program runs; changed from call to call. */
export interface AtHand {
  state: KeyState;
  time: number | undefined;
  watermark: number;
}

/** Where what a program gives goes, as JSON text. */
export interface Given {
  emit(text: string): void;
  side(name: string, text: string): void;
}

const isoOf = (instant: number): string => JSON.stringify(new Date(instant).toISOString());

/** A record as JSON text. Throws when it is no object. */
function textOf(record: unknown): string {
  const text =
    typeof record === 'object' && record !== null && !Array.isArray(record)
      ? JSON.stringify(record)
      : undefined;
  if (text?.startsWith('{') === true) return text;
  throw problem({
    code: 'command',
    message: `a record is an object, and ${String(JSON.stringify(record))} was given`,
  });
}

function valueUnder<Value>({ values }: KeyState, name: string): ValueState<Value> {
  return {
    get: () => values.get(name) as Value | undefined,
    set: (value) => void values.set(name, value),
    clear: () => void values.delete(name),
  };
}

function listOf<Item>({ values }: KeyState, name: string): ListState<Item> {
  return {
    get: () => (values.get(name) ?? []) as Item[],
    add(item) {
      const items = values.get(name) as Item[] | undefined;
      if (items === undefined) values.set(name, [item]);
      else items.push(item);
    },
    clear: () => void values.delete(name),
  };
}

function mapOf<Value>({ values }: KeyState, name: string): MapState<Value> {
  const entries = (): [string, Value][] => (values.get(name) ?? []) as [string, Value][];
  const without = (key: string): [string, Value][] => entries().filter(([other]) => other !== key);
  const keep = (kept: [string, Value][]): void => {
    if (kept.length === 0) values.delete(name);
    else values.set(name, kept);
  };
  return {
    get: (key) => entries().find(([other]) => other === key)?.[1],
    set(key, value) {
      const found = entries().find(([other]) => other === key);
      if (found === undefined) keep([...entries(), [key, value]]);
      else found[1] = value;
    },
    delete: (key) => keep(without(key)),
    entries,
    clear: () => void values.delete(name),
  };
}

/** The context of a program; `timed`: records have event time. */
export function createContext(
  hand: AtHand,
  states: KeyStates,
  given: Given,
  { clock, timed }: { readonly clock: Clock; readonly timed: boolean },
): ProcessContext<object> {
  const instant = (atMs: number): number => {
    if (Number.isFinite(atMs)) return Math.floor(atMs);
    throw problem({
      code: 'command',
      message: `a timer needs an instant in ms, and ${String(atMs)} was given`,
    });
  };
  return {
    get key() {
      return keysJson(Buffer.from(hand.state.key, 'latin1'), isoOf).map(
        (text) => JSON.parse(text) as unknown,
      );
    },
    get time() {
      return hand.time;
    },
    get watermark() {
      return hand.watermark;
    },
    processingTime: clock,
    emit: (record) => given.emit(textOf(record)),
    side: (name, record) => given.side(name, textOf(record)),
    value: (name) => valueUnder(hand.state, name),
    list: (name) => listOf(hand.state, name),
    map: (name) => mapOf(hand.state, name),
    onEventTime(atMs) {
      if (!timed) {
        const hint = 'say which field it is with --time at the source';
        throw problem({ code: 'command', message: 'the records have no event time to wait for', hint });
      }
      states.addTimer('event', hand.state, instant(atMs));
    },
    cancelEventTime: (atMs) => states.removeTimer('event', hand.state, instant(atMs)),
    onProcessingTime: (atMs) => states.addTimer('processing', hand.state, instant(atMs)),
    cancelProcessingTime: (atMs) => states.removeTimer('processing', hand.state, instant(atMs)),
  };
}
