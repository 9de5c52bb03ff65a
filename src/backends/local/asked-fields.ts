/**
 * The fields that the steps of a chain ask of incoming records, written down while the chain is built: a field that no
 * record turns out to have was probably misspelt. What leat looks for on its own account does not stand here.
 */
import type { Place } from '../../operators/index.js';
import type { Layout, Path } from '../../record/index.js';

/** A field of the incoming records, with what asks for it. */
export interface AskedField {
  readonly path: Path;
  readonly column: number;
  /** Names of steps, each once. */
  readonly by: ReadonlySet<string>;
}

export interface AskedFields {
  /** The place as the step of this name sees it: what is asked for there is written down. */
  placeFor(step: string, place: Place): Place;
  /** What is asked of the records that are scanned into a layout. */
  of(layout: Layout): readonly AskedField[];
}

export function createAskedFields(): AskedFields {
  const byLayout = new Map<Layout, Map<number, AskedField & { readonly by: Set<string> }>>();
  const noteAt = (layout: Layout, path: Path, column: number, step: string): void => {
    const fields = byLayout.get(layout) ?? new Map();
    byLayout.set(layout, fields);
    const field = fields.get(column) ?? { path, column, by: new Set() };
    fields.set(column, field);
    field.by.add(step);
  };
  return {
    placeFor(step, place) {
      const { layout } = place.rows;
      const asked = (path: Path, column: number): void => {
        if (path.length > 0) noteAt(layout, path, column, step);
      };
      return { ...place, rows: { ...place.rows, asked } };
    },
    of: (layout) => [...(byLayout.get(layout)?.values() ?? [])],
  };
}
