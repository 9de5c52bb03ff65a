/**
 * The form that event times are written in; settled by the first record of a stream and carried on the
 * stream line.
 */
export interface TimeForm {
  readonly kind: 'epoch-s' | 'epoch-ms' | 'epoch-us' | 'epoch-ns' | 'iso' | 'sql' | 'pattern';
  /** Epoch numbers written inside a string. */
  readonly quoted: boolean;
  /** Digits of a second's fraction to spell, 0 to 9 (texts and epoch-s). */
  readonly fractionDigits: number;
  /** How the zone is spelled in texts: 'Z', '' for none, or 'offset' for +hh:mm. */
  readonly suffix: 'Z' | '' | 'offset';
  /** strptime pattern of kind 'pattern'. */
  readonly pattern?: string;
  /** Zone of texts without one; undefined is UTC. */
  readonly zone?: string;
}
