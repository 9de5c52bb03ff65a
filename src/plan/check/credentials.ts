/**
 * Addresses with a user and password in them: a plan is printed, stored and compared, so that nobody may put a secret into
 * one. The problem shows nothing of the address. Inputs are checked once more where they are opened, in full; here
 * every plan is, also one that is only explained.
 */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { isTopicUri, type PlanNode } from '../nodes/index.js';
import type { Plan } from '../plan.js';

function urisOf(node: PlanNode): readonly string[] {
  if (node.kind === 'from') return node.uris;
  return node.kind === 'to' ? [node.uri] : [];
}

/** Whether there is an @ elsewhere than in the value of a parameter, or brokers that are none and an @ anywhere. */
function hasCredentials(uri: string): boolean {
  const [, authority = ''] = /^\w+:\/\/([^/?]*)/.exec(uri) ?? [];
  const looksLikeBrokers = /^([^\s:]*|\[[^\]]*\])(:\d*)?(,([^\s:]*|\[[^\]]*\])(:\d*)?)*$/.test(authority);
  const withoutValues = uri.replace(/(?<=[?&][^?&=]*=)[^&]*/g, '');
  return (looksLikeBrokers ? withoutValues : uri).includes('@');
}

/** Problems of the addresses of a plan. */
export function checkCredentials({ nodes }: Plan): readonly ProblemDetails[] {
  return nodes
    .filter((node) => urisOf(node).some((uri) => isTopicUri(uri) && hasCredentials(uri)))
    .map(({ id }) => ({
      code: 'usage',
      message: `${id}: a user and password in an address of Kafka can be read by others`,
      hint: 'put them as sasl.jaas.config into a file that only you can read (chmod 600), and name it by LEAT_KAFKA_CONFIG or ?config=client.properties',
    }));
}
