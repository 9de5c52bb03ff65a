/** A client for the cluster that a URI names, secured as the environment and its file say. */
import {
  createKafkaClient,
  ignoredNote,
  type KafkaClient,
  readKafkaConfig,
  securityOptions,
} from '../../kafka/index.js';

/** Opens a client. Throws a problem when the configuration is wrong; nothing is connected yet. */
export function openClient(
  { brokers, config }: { readonly brokers: readonly string[]; readonly config: string | undefined },
  say: (line: string) => void,
): KafkaClient {
  const read = readKafkaConfig({ brokers, file: config, environment: process.env });
  const note = ignoredNote(read);
  if (note !== undefined) say(`leat: ${note}`);
  return createKafkaClient({ brokers: read.brokers, clientId: read.clientId, ...securityOptions(read) });
}
