/** The groups of an aggregation without windows as state: kept, shown, edited and taken back as a whole. */
import type { Operator } from '../operator.js';
import { editTable } from './edit-table.js';
import { showTable } from './entries.js';
import { readGroups, writeGroups } from './group-pages.js';
import { createGroups, type Groups } from './groups.js';
import type { Running } from './running.js';
import { readRunning, writeRunning } from './running-facts.js';

export interface UnwindowedGroups {
  /** They are others after a restore or an edit. */
  readonly groups: Groups;
  readonly hooks: Required<Pick<Operator, 'snapshot' | 'entries' | 'edit' | 'restore'>>;
}

export function createUnwindowedGroups(running: Running): UnwindowedGroups {
  let groups = createGroups(running);
  return {
    get groups() {
      return groups;
    },
    hooks: {
      snapshot(into) {
        writeRunning(into, running);
        writeGroups(into, running, groups);
      },
      entries: () => showTable(running, groups, 0, 0),
      edit() {
        groups = createGroups(running);
        return editTable(running, groups);
      },
      restore(from) {
        readRunning(from, running);
        groups = readGroups(from, running);
      },
    },
  };
}
