/** Values of records as cells of CSV. */

/** A JSON value as the text of a cell: strings bare, null and nothing empty, the rest as it is spelled. */
export function cellText(json: string | undefined): string {
  if (json === undefined || json === 'null') return '';
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

/** A cell of RFC 4180: quoted when it must be. */
export function csvCell(cell: string): string {
  return /[",\r\n]/.test(cell) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell;
}
