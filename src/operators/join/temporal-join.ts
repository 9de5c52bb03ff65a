/**
 * A temporal join after Flink's: a left row meets the version of its key that is valid at its time, the last right row whose
 * time is not after its own. It leaves when the watermark has passed its time, for until then a version may come; so rows
 * leave by time. A left row behind the watermark is late: versions of its time may be forgotten.
 */
import { readFacts, readNumbered, writeFacts, writeNumbered } from '../../state/index.js';
import { wrongEntry } from '../entry.js';
import { stateless } from '../operator.js';
import { createJoiner } from './joined-text.js';
import { createKeptRows, joinRowCodec } from './kept-rows.js';
import { type EntryRow, editRows, type RowEntries, showRows } from './row-entries.js';
import { passesAlone, type RowJoin, type RowJoinOptions } from './row-join.js';
import { createVersions, versionCodec } from './versions.js';

type DraftRow = Omit<EntryRow, 'number'>;

/** Refuses a row of an entry that would leave at once, or have no use. */
function checkRow({ side, key, time }: DraftRow, watermark: number): void {
  if (side === 0 && time < watermark) {
    throw wrongEntry('one of its rows is behind the watermark', 'take the row out');
  }
  if (side === 1 && key === undefined) {
    throw wrongEntry('its versions have no key', 'a version without key is of no row: take them out');
  }
}

/** Refuses versions of a key of which another one holds wherever a row may come. */
function checkVersions(rows: readonly DraftRow[], watermark: number): void {
  const times = rows.filter(({ side }) => side === 1).map(({ time }) => time);
  times.sort((a, b) => a - b);
  for (const [index, time] of times.entries()) {
    const next = times[index + 1];
    if (next === undefined || (next > time && next > watermark)) continue;
    throw wrongEntry(
      next === time
        ? `it has two versions of the time ${time}`
        : 'one of its versions has a later one that holds already',
      'take the one out that does not hold',
    );
  }
}

export function createTemporalJoin(options: RowJoinOptions): RowJoin {
  const { kind, delayMs, outputDelayMs, emit, key: keyText } = options;
  const joined = createJoiner(options.names);
  const alone = passesAlone[kind][0];
  const entries: RowEntries = { key: options.keyFields, names: ['left', 'versions'], matches: false };
  let waiting = createKeptRows([0, 0]);
  let versions = createVersions();
  let watermark = Number.NEGATIVE_INFINITY;
  let mark = Number.NEGATIVE_INFINITY;
  let number = 0;

  const advance = (to: number): void => {
    if (to <= watermark) return;
    for (let row = waiting.expire(to); row !== undefined; row = waiting.expire(to)) {
      const version = row.key === undefined ? undefined : versions.validAt(row.key, row.time);
      if (version !== undefined) emit(joined(row.text, version.text), row.time, mark);
      else if (alone) emit(row.text, row.time, mark);
    }
    versions.forgetBefore(to);
    watermark = to;
    mark = to - outputDelayMs;
  };

  return {
    take(side, text, time, key) {
      const row = { number: number++, text, time };
      if (side === 0) {
        if (time < watermark) options.late(text);
        else if (key !== undefined || alone) waiting.add({ ...row, side, key, matched: false });
      } else if (key !== undefined && !versions.add({ ...row, key }, watermark)) options.late(text);
      advance(time - delayMs);
    },
    get watermark() {
      return mark;
    },
    finish: () => advance(Number.POSITIVE_INFINITY),
    operator: {
      ...stateless,
      stateShape: `${kind} temporal join on ${keyText}`,
      staysInMemory: true,
      snapshot(into) {
        writeFacts(into, { number, watermark, mark });
        const rows = waiting.all().map((row) => ({ number: row.number, thing: row }));
        writeNumbered(into, 'rows-', rows, joinRowCodec);
        const kept = versions.all().map((version) => ({ number: version.number, thing: version }));
        writeNumbered(into, 'versions-', kept, versionCodec);
      },
      restore(from) {
        ({ number, watermark, mark } = readFacts(from, { number, watermark, mark }));
        readNumbered(from, 'rows-', joinRowCodec, (of, row) => waiting.add({ ...row, number: of }));
        readNumbered(from, 'versions-', versionCodec, (of, version) => {
          versions.add({ ...version, number: of }, Number.NEGATIVE_INFINITY);
        });
        versions.forgetBefore(watermark);
      },
      entries() {
        const kept = versions.all().map((version) => ({ ...version, side: 1 as const }));
        const all = [...waiting.all(), ...kept];
        return showRows(
          entries,
          all.sort((a, b) => a.number - b.number),
        );
      },
      edit: () =>
        editRows(entries, {
          check: (row) => checkRow(row, watermark),
          checkAll: (rows) => checkVersions(rows, watermark),
          replace(rows, next) {
            waiting = createKeptRows([0, 0]);
            versions = createVersions();
            for (const { side, key, number: of, time, text } of rows) {
              const row = { number: of, time, text };
              if (side === 0) waiting.add({ ...row, side, key, matched: false });
              else versions.add({ ...row, key: key! }, Number.NEGATIVE_INFINITY);
            }
            versions.forgetBefore(watermark);
            number = Math.max(number, next);
          },
        }),
      onBatch() {},
      onWatermark() {},
      onEnd() {},
    },
  };
}
