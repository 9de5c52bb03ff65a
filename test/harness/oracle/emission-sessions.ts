/**
 * What an emission asks of sessions, by its definition: all records of every session are kept, sessions are never forgotten,
 * and what was told of each is remembered as texts that are to be taken back.
 */
import type { Emission } from '../../../src/plan/index.js';
import type { SpellRow } from './emission.js';
import { momentsBetween } from './moments.js';
import type { FiredWindow, OracleWindows, Placed } from './windows.js';

interface Told {
  readonly start: number;
  readonly end: number;
  /** The row with the kind +I. */
  readonly text: string;
}

interface Session<Item> {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly members: readonly Placed<Item>[];
  told: readonly Told[];
}

/** A record finds the last millisecond that it touches still open, so it is told two milliseconds behind its time. */
const heldMs = 2;

function taking<Item>(all: readonly Session<Item>[], placed: Placed<Item>, gapMs: number): Session<Item>[] {
  return all.filter(
    ({ key, start, end }) => key === placed.key && start <= placed.time + gapMs && placed.time <= end,
  );
}

/** Sessions that say more than their results once. */
export function emittingSessions<Item>(
  gapMs: number,
  { emit, latenessMs = 0 }: Emission,
  delayMs: number,
  spell: SpellRow<Item>,
): OracleWindows<Item> {
  let sessions: Session<Item>[] = [];
  let watermark = Number.NEGATIVE_INFINITY;
  let said: FiredWindow<Item>[] = [];

  const say = (text: string): void => {
    said.push({ start: 0, end: 0, members: [], said: text });
  };
  const tell = (session: Session<Item>): void => {
    const { start, end, members, told } = session;
    const text = spell(members[0]!, members, session, '+I');
    const [before] = told;
    if (told.length === 1 && before!.start === start && before!.end === end) {
      if (before!.text === text) return;
      say(before!.text.replace('"+I"', '"-U"'));
      say(text.replace('"+I"', '"+U"'));
    } else {
      for (const row of told) say(row.text.replace('"+I"', '"-D"'));
      say(text);
    }
    session.told = [{ start, end, text }];
  };
  const firstOf = ({ members }: Session<Item>): number => members[0]!.number;
  const inOrder = (some: readonly Session<Item>[]): Session<Item>[] =>
    [...some].sort((a, b) => a.end - b.end || a.start - b.start || firstOf(a) - firstOf(b));

  const advance = (to: number): void => {
    if (to <= watermark) return;
    for (const moment of momentsBetween(watermark, to, sessions, emit)) {
      for (const session of inOrder(sessions)) if (session.end - 1 === moment) tell(session);
      if (emit?.kind !== 'early' || (moment + 1) % emit.everyMs !== 0) continue;
      for (const session of inOrder(sessions)) if (session.end - 1 > moment) tell(session);
    }
    watermark = to;
  };
  const answer = (): FiredWindow<Item>[] => {
    const all = said;
    said = [];
    return all;
  };
  return {
    advance(to) {
      if (to === Number.POSITIVE_INFINITY) advance(to);
      return answer();
    },
    settle: (mark) => advance(mark + delayMs - Math.max(delayMs, heldMs)),
    add(placed, mark) {
      const { time, key } = placed;
      advance(mark > time - delayMs ? mark : time - Math.max(delayMs, heldMs));
      const open = sessions.filter(({ end }) => mark < end - 1 + latenessMs);
      const meeting = taking(open, placed, gapMs);
      if (meeting.length === 0 && mark >= time + gapMs - 1 + latenessMs)
        return { late: true, fired: answer() };
      const merged: Session<Item> = {
        key,
        start: Math.min(time, ...meeting.map(({ start }) => start)),
        end: Math.max(time + gapMs, ...meeting.map(({ end }) => end)),
        members: [...meeting.flatMap(({ members }) => members), placed].sort((a, b) => a.number - b.number),
        told: meeting.flatMap(({ told }) => told).sort((a, b) => a.start - b.start),
      };
      sessions = [...sessions.filter((session) => !meeting.includes(session)), merged];
      if (emit?.kind === 'changes' || merged.end - 1 <= watermark) tell(merged);
      return { late: false, fired: answer() };
    },
  };
}
