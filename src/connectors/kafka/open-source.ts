/** Opens topics that a URI names as an input. */
import { problem } from '../../diagnostics/index.js';
import { createValueDecoder, readKafkaSource } from '../../kafka/index.js';
import type { Feed, FeedPosition } from '../feed.js';
import { openClient } from './open-client.js';
import { createKafkaFeed } from './source-feed.js';

export interface OpenTopicsOptions {
  /** A kafka:// URI, which has to be the only one. */
  readonly uris: readonly string[];
  /** Where to go on, as `position` gave it. */
  readonly position: FeedPosition | undefined;
  /** Positions are asked for, and kept. */
  readonly inJob: boolean;
  /** Says a sentence to the user. */
  say(line: string): void;
}

/** Opens topics as an input. */
export async function openTopicFeed({ uris, position, inJob, say }: OpenTopicsOptions): Promise<Feed> {
  if (uris.length > 1) {
    throw problem({
      code: 'usage',
      message: 'topics of Kafka are not read together with other inputs of one source',
      hint: 'name several topics in one URI, kafka://HOST:PORT/one,two, or use union',
    });
  }
  const source = readKafkaSource(uris[0]!);
  if (source.shared && inJob) {
    throw problem({
      code: 'usage',
      message: `a job with checkpoints cannot share a topic by the group ${source.group}: partitions move between its members, and the state of a job does not`,
      hint: 'leave out share=yes, and give each job partitions of its own with ?partitions=0,1; or leave out --state and --checkpoint',
    });
  }
  const { format } = source.value;
  const client = openClient(source, say);
  return await createKafkaFeed({
    client,
    source: { ...source, brokers: client.brokers },
    position,
    inJob,
    decoder: format === 'json' ? undefined : createValueDecoder(format, source.value),
    say,
  });
}
