/**
 * The name of a form, as it stands on the stream line: short, readable, and all there is to know about the
 * form. `epoch-ms`, `epoch-s.3:quoted`, `iso.3Z`, `sql`, `iso.6offset@+02:00`, `pattern@Europe/Oslo
 * %d/%b/%Y:%H:%M:%S`.
 */
import { problem } from '../diagnostics/index.js';
import type { TimeForm } from './form.js';

const spelling =
  /^(epoch-(?:s|ms|us|ns)|iso|sql|pattern)(?:\.(\d))?(Z|offset)?(?:@([^\s:]\S*?))?(:quoted)?(?: (.+))?$/s;

/** Spells a form; {@link formFromName} reads it back. */
export function formName(form: TimeForm): string {
  const fraction = form.fractionDigits > 0 ? `.${form.fractionDigits}` : '';
  const zone = form.zone === undefined ? '' : `@${form.zone}`;
  const quoted = form.quoted ? ':quoted' : '';
  const pattern = form.pattern === undefined ? '' : ` ${form.pattern}`;
  return `${form.kind}${fraction}${form.suffix}${zone}${quoted}${pattern}`;
}

/** Reads the name of a form. Throws a problem of code control-line when it is none. */
export function formFromName(name: string): TimeForm {
  const match = spelling.exec(name);
  const kind = match?.[1] as TimeForm['kind'] | undefined;
  const pattern = match?.[6];
  if (match === null || kind === undefined || (kind === 'pattern') !== (pattern !== undefined)) {
    throw problem({
      code: 'control-line',
      message: `the form of event time ${JSON.stringify(name)} cannot be understood`,
      hint: 'the stage upstream may be of a newer leat',
    });
  }
  return {
    kind,
    quoted: match[5] !== undefined,
    fractionDigits: Number(match[2] ?? 0),
    suffix: (match[3] ?? '') as TimeForm['suffix'],
    ...(pattern === undefined ? {} : { pattern }),
    ...(match[4] === undefined ? {} : { zone: match[4] }),
  };
}
