/** Options that are words of a kafka:// URI: said either way, the plan is the same. */
import { problem } from '../../diagnostics/index.js';
import { isTopicUri } from '../../plan/index.js';
import { textOf } from './options.js';
import type { OptionValues } from './spec.js';

/** The URI with what the options say; they need a topic. */
export function withTopicWords(uri: string, options: OptionValues): string {
  const meta = textOf(options, 'meta')?.replaceAll(' ', '');
  const words: readonly (readonly [string, string | undefined])[] = [
    ['meta', meta],
    ['on-gap', textOf(options, 'on-gap')],
    ['retry', options['retry'] === true ? 'forever' : undefined],
  ];
  const said = words.filter((word): word is readonly [string, string] => word[1] !== undefined);
  if (said.length === 0) return uri;
  if (!isTopicUri(uri)) {
    throw problem({
      code: 'usage',
      message: `--${said[0]![0]} is of topics of Kafka, and ${uri === '-' ? 'stdin' : uri} is none`,
      hint: 'name one: kafka://HOST:PORT/TOPIC',
    });
  }
  const query = said.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${uri}${uri.includes('?') ? '&' : '?'}${query}`;
}
