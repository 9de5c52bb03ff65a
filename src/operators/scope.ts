/**
 * Names to columns at a place of the chain: a field that has a column of its own is that column, any other
 * name is asked of the scanner while the records are open. A path into a field that was only passed on is
 * a path of the record it came from; into a computed one there is none.
 */
import type { ColumnScope } from '../expression/index.js';
import { type Path, scannedColumn } from '../record/index.js';
import type { RowShape } from './operator.js';

/** The scope that expressions at a place are compiled in. Asking for a name adds a column to the layout. */
export function scopeOf(rows: RowShape): ColumnScope {
  const { layout } = rows;
  const ask = (path: Path): number => {
    const column = scannedColumn(layout, path);
    rows.asked?.(path, column);
    return column;
  };
  return {
    resolve(path: Path): number | undefined {
      const [name, ...rest] = path;
      const column = rows.fields.get(String(name));
      if (column !== undefined) {
        if (rest.length === 0) return column;
        const scanned = layout.scanned.find((candidate) => candidate.column === column);
        return scanned === undefined ? undefined : ask([...scanned.path, ...rest]);
      }
      return rows.open && !rows.dropped.has(String(name)) ? ask(path) : undefined;
    },
    names: () => [...rows.fields.keys()],
  };
}

/** The same for fields that leat itself looks for: nobody has asked for them, and a record need not have them. */
export const ownScopeOf = (rows: RowShape): ColumnScope => scopeOf({ ...rows, asked: undefined });
