/**
 * What a kafka:// URI says: brokers, topics, and where to read from, as a question of its own. A URI never holds a
 * secret; those come from the environment or a file. Unknown words are errors that name the nearest known one.
 */
import { didYouMean, problem } from '../diagnostics/index.js';
import { detectForm, instantFromText, parseDuration } from '../time/index.js';
import { type KafkaAddress, readKafkaAddress } from './address.js';
import { type Codec, codecs } from './codecs/codec.js';

/** Where reading begins or ends: an end of the partitions, what a group has committed, a time, or offsets by partition. */
export type Bound =
  | { readonly kind: 'earliest' | 'latest' | 'committed' }
  | { readonly kind: 'time'; readonly timeMs: number }
  | { readonly kind: 'offsets'; readonly all?: number; readonly of: ReadonlyMap<number, number> };

/** What is not in the value of a record and can be added to it as a field, with a $ in front. */
export const metaNames = ['key', 'headers', 'topic', 'partition', 'offset', 'timestamp'] as const;

export type MetaName = (typeof metaNames)[number];

/** What source and sink have in common. */
interface Topics {
  /** Empty when the configuration says them. */
  readonly brokers: readonly string[];
  /** Names; in a source also patterns with * and ?. */
  readonly topics: readonly string[];
  /** A properties file in Kafka's own names. */
  readonly config: string | undefined;
  /** How long nothing may come of what is tried again, in ms; +Infinity: for ever. */
  readonly patienceMs: number;
}

export interface KafkaSource extends Topics {
  readonly start: Bound;
  /** Undefined: the input has no end. */
  readonly end: Bound | undefined;
  /** Undefined: all. */
  readonly partitions: readonly number[] | undefined;
  readonly group: string | undefined;
  /** Partitions are shared among the members of the group, by the broker. */
  readonly shared: boolean;
  /** A member of the group that is silent for so long has left, in ms. */
  readonly sessionMs: number;
  /** Records of transactions that are not committed are not read. */
  readonly committed: boolean;
  /** How often new partitions and topics are looked for, in ms. */
  readonly discoverMs: number;
  readonly tombstones: 'skip' | 'keep';
  readonly onGap: 'fail' | 'report';
  readonly meta: readonly MetaName[];
  /** Bytes that may wait to be worked on. */
  readonly bufferBytes: number;
  readonly value: ValueChoice;
}

/** What the values of records are; those that need it name a schema registry. */
export interface ValueChoice {
  readonly format: string;
  readonly registry?: string;
}

/** The schema that values are written by. */
export interface WrittenValueChoice extends ValueChoice {
  readonly subject?: string;
  readonly message?: string;
  /** The fields of lines of CSV. */
  readonly columns?: readonly string[];
}

/** How a topic is made that is missing. */
export interface TopicCreation {
  readonly partitions: number;
  readonly replication: number;
  /** Settings in Kafka's own names. */
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}

export interface KafkaSink extends Topics {
  /** A name, or a pattern with {expressions}. */
  readonly topic: string;
  readonly codec: Codec;
  readonly lingerMs: number;
  /** Undefined: a missing topic is an error. */
  readonly create: TopicCreation | undefined;
  readonly value: WrittenValueChoice;
  /** The topic whose offsets of the sink's group hold the epoch, where names of topics come from the data. */
  readonly epochs: string | undefined;
}

const addressWords = ['config', 'retry', 'format', 'registry'] as const;
const sourceWords = [
  ...addressWords,
  'start',
  'end',
  'partitions',
  'group',
  'share',
  'session',
  'isolation',
  'discover',
  'tombstones',
  'on-gap',
  'meta',
  'buffer',
] as const;

const sinkWords = [
  ...addressWords,
  'compression',
  'linger',
  'create',
  'epochs',
  'subject',
  'message',
  'columns',
] as const;

const defaultPatienceMs = 8000;

function wrong(uri: string, message: string, hint?: string): Error {
  return problem({
    code: 'usage',
    message,
    place: { kind: 'argument', name: uri },
    ...(hint === undefined ? {} : { hint }),
  });
}

type Words = KafkaAddress['parameters'];

/** Takes a URI apart; `known` are the words that may stand behind its question mark. */
function splitUri(uri: string, known: readonly string[]): KafkaAddress {
  const address = readKafkaAddress(uri);
  for (const name of address.parameters.keys()) {
    if (!known.includes(name)) throw wrong(uri, `unknown word ${name}`, didYouMean(name, known));
  }
  if (address.path === '') {
    throw wrong(uri, 'no topic is named', 'write kafka://HOST:PORT/TOPIC; leat kafka topics lists them');
  }
  return address;
}

function choiceOf<Choice extends string>(
  uri: string,
  words: Words,
  name: string,
  choices: readonly Choice[],
): Choice {
  const said = words.get(name) ?? choices[0]!;
  const found = choices.find((choice) => choice === said);
  if (found !== undefined) return found;
  throw wrong(uri, `${name} cannot be ${said}`, `it is ${choices.join(' or ')}`);
}

function numberOf(uri: string, name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw wrong(uri, `${name} has ${text} where a number is wanted`);
}

function timeOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d/.test(text)) return undefined;
  const form = detectForm(text);
  const instant = form === undefined ? Number.NaN : instantFromText(form, text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** `earliest`, `latest`, `committed`, a time, an offset for all partitions, or `0:100,1:250`. */
function boundOf(uri: string, name: string, text: string): Bound {
  if (text === 'earliest' || text === 'latest' || text === 'committed') return { kind: text };
  const timeMs = timeOf(text);
  if (timeMs !== undefined) return { kind: 'time', timeMs };
  if (/^\d+$/.test(text)) return { kind: 'offsets', all: numberOf(uri, name, text), of: new Map() };
  const of = new Map<number, number>();
  for (const pair of text.split(',')) {
    const match = /^(\d+):(\d+)$/.exec(pair);
    if (match === null) {
      throw wrong(
        uri,
        `${name} cannot be ${text}`,
        'it is earliest, latest, committed, a time such as 2026-11-27T10:00:00Z, an offset, or partitions with offsets such as 0:100,1:250',
      );
    }
    of.set(numberOf(uri, name, match[1]!), numberOf(uri, name, match[2]!));
  }
  return { kind: 'offsets', of };
}

/** How long to be patient: `retry=forever`, or a duration. */
function patienceOf(words: Words): number {
  const said = words.get('retry');
  if (said === undefined) return defaultPatienceMs;
  return said === 'forever' ? Number.POSITIVE_INFINITY : parseDuration(said);
}

function metaOf(uri: string, said: string | undefined): readonly MetaName[] {
  const names = (said ?? '').split(',').flatMap((name) => name.trim() || []);
  return names.map((name) => {
    const found = metaNames.find((known) => known === name || `$${known}` === name);
    if (found === undefined) throw wrong(uri, `meta knows no ${name}`, didYouMean(name, metaNames));
    return found;
  });
}

function valueChoiceOf(words: Words): ValueChoice {
  const registry = words.get('registry');
  return { format: words.get('format') ?? 'json', ...(registry === undefined ? {} : { registry }) };
}

function writtenValueOf(words: Words, topic: string): WrittenValueChoice {
  const message = words.get('message');
  const subject = words.get('subject') ?? `${topic}-value`;
  const columns = words
    .get('columns')
    ?.split(',')
    .flatMap((name) => name.trim() || []);
  return {
    ...valueChoiceOf(words),
    subject,
    ...(message === undefined ? {} : { message }),
    ...(columns === undefined ? {} : { columns }),
  };
}

function topicsOf({ brokers, path, parameters }: KafkaAddress): Topics {
  return {
    brokers,
    topics: path.split(',').filter((topic) => topic !== ''),
    config: parameters.get('config'),
    patienceMs: patienceOf(parameters),
  };
}

function startOf(uri: string, words: Words, group: string | undefined): Bound {
  const text = words.get('start') ?? (group === undefined ? 'earliest' : 'committed');
  const start = boundOf(uri, 'start', text);
  if (start.kind === 'committed' && group === undefined) {
    throw wrong(uri, 'start=committed needs to know of which group', 'name it: ?start=committed&group=NAME');
  }
  return start;
}

/** Reads the URI of a source. Throws a problem that names what is wrong in it. */
export function readKafkaSource(uri: string): KafkaSource {
  const address = splitUri(uri, sourceWords);
  const words = address.parameters;
  const group = words.get('group');
  const shared = choiceOf(uri, words, 'share', ['no', 'yes']) === 'yes';
  const end = words.has('end') ? boundOf(uri, 'end', words.get('end')!) : undefined;
  if (end?.kind === 'earliest' || end?.kind === 'committed') throw wrong(uri, `end cannot be ${end.kind}`);
  if (shared && group === undefined) {
    throw wrong(uri, 'share=yes needs the name of a group', 'name it: ?group=NAME&share=yes');
  }
  if (shared && end !== undefined) throw wrong(uri, 'what a group shares has no end');
  if (shared && words.has('partitions')) {
    throw wrong(uri, 'a group shares all partitions of a topic', 'leave out partitions, or share=yes');
  }
  const start = startOf(uri, words, group);
  if (shared && start.kind !== 'committed') {
    throw wrong(
      uri,
      'what a group shares begins where the group has committed, and else at the beginning',
      'leave out start; another name of a group begins anew',
    );
  }
  const partitions = words
    .get('partitions')
    ?.split(',')
    .map((text) => numberOf(uri, 'partitions', text));
  return {
    ...topicsOf(address),
    start,
    end,
    partitions,
    group,
    shared,
    sessionMs: numberOf(uri, 'session', words.get('session') ?? '45000'),
    committed: choiceOf(uri, words, 'isolation', ['read_committed', 'read_uncommitted']) === 'read_committed',
    discoverMs: parseDuration(words.get('discover') ?? '1m'),
    tombstones: choiceOf(uri, words, 'tombstones', ['skip', 'keep']),
    onGap: choiceOf(uri, words, 'on-gap', ['fail', 'report']),
    meta: metaOf(uri, words.get('meta')),
    value: valueChoiceOf(words),
    bufferBytes: numberOf(uri, 'buffer', words.get('buffer') ?? String(32 << 20)),
  };
}

/** `6`, or `partitions:6,replication:3,retention.ms:3600000`. */
function creationOf(uri: string, said: string | undefined): TopicCreation | undefined {
  if (said === undefined) return undefined;
  if (/^\d+$/.test(said)) return { partitions: numberOf(uri, 'create', said), replication: -1, settings: [] };
  let partitions = -1;
  let replication = -1;
  const settings: { readonly name: string; readonly value: string }[] = [];
  for (const pair of said.split(',')) {
    const [name = '', value = ''] = pair.split(':', 2);
    if (value === '')
      throw wrong(uri, `create cannot be ${said}`, 'it is such as create=partitions:6,replication:1');
    if (name === 'partitions') partitions = numberOf(uri, 'create', value);
    else if (name === 'replication') replication = numberOf(uri, 'create', value);
    else settings.push({ name, value });
  }
  return { partitions, replication, settings };
}

/** Reads the URI of a sink. Throws a problem that names what is wrong in it. */
export function readKafkaSink(uri: string): KafkaSink {
  const address = splitUri(uri, sinkWords);
  const words = address.parameters;
  return {
    ...topicsOf(address),
    topic: address.path,
    codec: choiceOf(uri, words, 'compression', codecs),
    lingerMs: parseDuration(words.get('linger') ?? '0'),
    create: creationOf(uri, words.get('create')),
    value: writtenValueOf(words, address.path),
    epochs: words.get('epochs'),
  };
}
