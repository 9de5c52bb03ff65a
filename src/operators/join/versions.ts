/**
 * The versions of records by key: each is valid from its time until that of the next one. Of two with one key and time the
 * later to come holds. What no record can ask for any more goes: versions that have a successor which is not after the
 * watermark.
 */
import { putDouble, putText, takeDouble, takeText } from '../../record/index.js';
import { type Codec, createWindowQueue, nextEnd, popWindow, pushWindow } from '../../state/index.js';
import { putRowKey, takeRowKey } from '../row-key.js';

export interface Version {
  /** Of its arrival. */
  readonly number: number;
  readonly time: number;
  readonly key: string;
  readonly text: string;
}

export const versionCodec: Codec<Omit<Version, 'number'>> = {
  write(out, { time, key, text }) {
    putDouble(out, time);
    putRowKey(out, key);
    putText(out, text);
  },
  read: (from) => ({ time: takeDouble(from), key: takeRowKey(from)!, text: takeText(from) }),
};

export interface Versions {
  /** False when no record that is not behind the watermark could be of this version. */
  add(version: Version, watermark: number): boolean;
  /** The version of a key that is valid at a time; undefined for none. */
  validAt(key: string, time: number): Version | undefined;
  /** Drops what no record that is not behind the watermark can ask for. */
  forgetBefore(watermark: number): void;
  /** All versions, by number. */
  all(): Version[];
}

/** The first position, in versions by time, of one that is after a time. */
function firstAfter(versions: readonly Version[], time: number): number {
  let [low, high] = [0, versions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (versions[middle]!.time <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function createVersions(): Versions {
  const byKey = new Map<string, Version[]>();
  /** Versions that have not begun by the watermark, by place; the queue has their places by time. */
  const coming: (Version | undefined)[] = [];
  const free: number[] = [];
  const queue = createWindowQueue();
  return {
    add(version, watermark) {
      const { key, time, number } = version;
      const versions = byKey.get(key) ?? [];
      const at = firstAfter(versions, time);
      if (at < versions.length && versions[at]!.time <= watermark) return false;
      const isSame = at > 0 && versions[at - 1]!.time === time;
      versions.splice(isSame ? at - 1 : at, isSame ? 1 : 0, version);
      byKey.set(key, versions);
      const place = free.pop() ?? coming.length;
      coming[place] = version;
      pushWindow(queue, number, time, place);
      return true;
    },
    validAt(key, time) {
      const versions = byKey.get(key);
      return versions?.[firstAfter(versions, time) - 1];
    },
    forgetBefore(watermark) {
      while (queue.size > 0 && nextEnd(queue) <= watermark) {
        const place = popWindow(queue);
        const { key, time } = coming[place]!;
        coming[place] = undefined;
        free.push(place);
        const versions = byKey.get(key)!;
        versions.splice(0, firstAfter(versions, time) - 1);
      }
    },
    all: () => [...byKey.values()].flat().sort((a, b) => a.number - b.number),
  };
}
