/**
 * The first question about topics, when an input or an output is opened: patient with brokers, and impatient with a
 * topic that nobody knows, which is most likely misspelt. Only who waits for ever waits for a topic too.
 */
import type { KafkaClient } from './client.js';
import { patiently } from './patience.js';
import { kafkaProblem } from './problems.js';

export interface SoughtTopics {
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  readonly patienceMs: number;
}

/** A topic that was made just now may not be known to every broker yet. */
const newTopicMs = 1500;

/** Whether a broker says that there is no such topic, or not yet. */
export const isUnknownTopic = (error: unknown): boolean =>
  (error as { readonly type?: unknown }).type === 'UNKNOWN_TOPIC_OR_PARTITION';

/** Does something with topics as soon as they are there. When it fails, the client is closed and a problem thrown. */
export async function seekTopics<Result>(
  client: KafkaClient,
  { brokers, topics, patienceMs }: SoughtTopics,
  say: (line: string) => void,
  action: () => Promise<Result>,
): Promise<Result> {
  const begunMs = performance.now();
  const isPatient = patienceMs === Number.POSITIVE_INFINITY;
  const place = { brokers, topic: topics.join(', ') };
  const attempt = async (): Promise<Result> => {
    try {
      return await action();
    } catch (error) {
      const mayCome = isPatient || performance.now() - begunMs < newTopicMs;
      throw !isUnknownTopic(error) || mayCome ? error : kafkaProblem(error, place);
    }
  };
  const onWait = (error: unknown): void => {
    if (isPatient) say(`leat: ${kafkaProblem(error, place).message}; trying again`);
  };
  try {
    return await patiently(client, { forMs: patienceMs, onWait }, attempt);
  } catch (error) {
    client.close();
    throw kafkaProblem(error, place);
  }
}
