/** `leat kafka`: what a cluster says of its topics and groups. Nothing is changed. */
import { openKafkaClient } from '../../connectors/index.js';
import { didYouMean, problem } from '../../diagnostics/index.js';
import {
  type GroupLag,
  type KafkaAddress,
  type KafkaClient,
  kafkaProblem,
  patiently,
  readKafkaAddress,
  type SurveyedGroup,
  type SurveyedPartition,
  type SurveyedTopic,
  surveyGroups,
  surveyLag,
  surveyPartitions,
  surveyTopics,
  type TopicChoice,
} from '../../kafka/index.js';
import { printEntries, type TableColumn, type ToolCall } from './tool-call.js';

const knownParameters = ['config', 'retry'];
const patienceMs = 3000;

interface Question extends TopicChoice {
  readonly address: KafkaAddress;
  readonly forever: boolean;
}

function readQuestion({ args, options }: ToolCall): Question {
  const address = readKafkaAddress(args[0]!);
  for (const name of address.parameters.keys()) {
    if (knownParameters.includes(name)) continue;
    throw problem({
      code: 'usage',
      message: `${name} says nothing here`,
      hint: didYouMean(name, knownParameters) ?? 'leat kafka needs only to know the cluster',
    });
  }
  return {
    address,
    topics: address.path.split(',').filter((topic) => topic !== ''),
    internal: options['internal'] === true,
    forever: options['retry'] === true || address.parameters.get('retry') === 'forever',
  };
}

/** Asks, again and again while it may still succeed. */
async function ask<Answer>(
  { say }: ToolCall,
  { address, topics, forever }: Question,
  question: (client: KafkaClient) => Promise<Answer>,
): Promise<Answer> {
  const client = openKafkaClient({ brokers: address.brokers, config: address.parameters.get('config') }, say);
  const { brokers } = client;
  const onWait = (error: unknown): void => {
    if (forever) say(`leat: ${kafkaProblem(error, { brokers }).message}; trying again`);
  };
  try {
    const forMs = forever ? Number.POSITIVE_INFINITY : patienceMs;
    return await patiently(client, { forMs, onWait }, () => question(client));
  } catch (error) {
    throw kafkaProblem(error, { brokers, topic: topics.length === 0 ? undefined : topics.join(', ') });
  } finally {
    client.close();
  }
}

function numbers<Entry>(name: string, cell: (entry: Entry) => number | undefined): TableColumn<Entry> {
  return { name, alignment: 'right', cell: (entry) => String(cell(entry) ?? '') };
}

export async function topics(call: ToolCall): Promise<number> {
  const question = readQuestion(call);
  const found = await ask(call, question, (client) => surveyTopics(client, question));
  const columns: readonly TableColumn<SurveyedTopic>[] = [
    { name: 'topic', cell: ({ topic }) => topic },
    numbers('partitions', ({ partitions }) => partitions),
    numbers('replicas', ({ replicas }) => replicas),
    numbers('records', ({ records }) => records),
  ];
  await printEntries(call, found, columns, (topic) => ({ ...topic }));
  return 0;
}

export async function offsets(call: ToolCall): Promise<number> {
  const question = readQuestion(call);
  const found = await ask(call, question, (client) => surveyPartitions(client, question));
  const columns: readonly TableColumn<SurveyedPartition>[] = [
    { name: 'topic', cell: ({ topic }) => topic },
    numbers('partition', ({ partition }) => partition),
    { name: 'leader', cell: ({ leader }) => leader },
    numbers('earliest', ({ earliest }) => earliest),
    numbers('latest', ({ latest }) => latest),
    numbers('records', ({ earliest, latest }) => latest - earliest),
  ];
  await printEntries(call, found, columns, (one) => ({ ...one, records: one.latest - one.earliest }));
  return 0;
}

/** These are about groups, whatever they read. */
function refuseTopics({ topics: [topic] }: Question, action: string): void {
  if (topic === undefined) return;
  throw problem({
    code: 'usage',
    message: `kafka ${action} is not about a topic, and ${topic} is named`,
    hint: 'leave it out of the address',
  });
}

const lagOf = ({ committed, latest }: GroupLag): number | undefined =>
  latest === undefined ? undefined : Math.max(0, latest - committed);

export async function lag(call: ToolCall): Promise<number> {
  const question = readQuestion(call);
  refuseTopics(question, 'lag');
  const found = await ask(call, question, (client) => surveyLag(client, call.args.slice(1)));
  const columns: readonly TableColumn<GroupLag>[] = [
    { name: 'group', cell: ({ group }) => group },
    { name: 'topic', cell: ({ topic }) => topic },
    numbers('partition', ({ partition }) => partition),
    numbers('committed', ({ committed }) => committed),
    numbers('latest', ({ latest }) => latest),
    numbers('lag', lagOf),
  ];
  await printEntries(call, found, columns, (one) => ({ ...one, lag: lagOf(one) }));
  return 0;
}

export async function groups(call: ToolCall): Promise<number> {
  const question = readQuestion(call);
  refuseTopics(question, 'groups');
  const found = await ask(call, question, surveyGroups);
  const columns: readonly TableColumn<SurveyedGroup>[] = [
    { name: 'group', cell: ({ group }) => group },
    { name: 'state', cell: ({ state }) => state ?? '' },
    { name: 'protocol', cell: ({ protocol }) => protocol },
    numbers('members', ({ members }) => members),
  ];
  await printEntries(call, found, columns, (group) => ({ ...group }));
  return 0;
}
