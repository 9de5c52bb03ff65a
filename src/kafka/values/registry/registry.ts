/**
 * A schema registry as Confluent's API describes it (Apicurio, Karapace and Redpanda have the same): schemas by
 * number, and those of a subject. What was found once is kept, because a number never changes its meaning. Nothing is
 * written to the registry but by `register`.
 */
import { problem } from '../../../diagnostics/index.js';
import { ask, linkTo, type RegistryLink } from './request.js';

export type SchemaType = 'AVRO' | 'PROTOBUF' | 'JSON';

/** A schema that another one names: an Avro type by its full name, or a file that protobuf imports. */
export interface NamedSchema {
  readonly name: string;
  readonly text: string;
}

export interface RegisteredSchema {
  readonly id: number;
  readonly type: SchemaType;
  readonly text: string;
  /** All schemas that it needs, each behind those that it needs itself. */
  readonly references: readonly NamedSchema[];
}

export interface SchemaRegistry {
  /** The address, for messages. */
  readonly url: string;
  /** Undefined when there is no schema of this number. */
  byId(id: number): Promise<RegisteredSchema | undefined>;
  /** The newest schema of a subject; undefined when there is no such subject. */
  latest(subject: string): Promise<RegisteredSchema | undefined>;
  /** The number of a schema that the subject has; undefined when it has no such schema. */
  find(
    subject: string,
    schema: { readonly type: SchemaType; readonly text: string },
  ): Promise<number | undefined>;
  /** Adds a schema to the subject and says its number. */
  register(subject: string, schema: { readonly type: SchemaType; readonly text: string }): Promise<number>;
}

interface Reference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** What the registry answers about a schema; it leaves the type out for Avro. */
interface SchemaAnswer {
  readonly id?: number;
  readonly schema: string;
  readonly schemaType?: SchemaType;
  readonly references?: readonly Reference[];
}

function checked(link: RegistryLink, answer: unknown): SchemaAnswer {
  const { schema, schemaType = 'AVRO', references = [] } = answer as Partial<SchemaAnswer>;
  if (
    typeof schema !== 'string' ||
    !['AVRO', 'PROTOBUF', 'JSON'].includes(schemaType) ||
    !Array.isArray(references)
  ) {
    throw problem({
      code: 'input',
      message: `the schema registry ${link.url} answers with something that is no schema`,
    });
  }
  return answer as SchemaAnswer;
}

const versionPath = ({ subject, version }: Omit<Reference, 'name'>): string =>
  `/subjects/${encodeURIComponent(subject)}/versions/${version}`;

/** Collects what a schema needs, depth first. A schema that needs itself is collected once. */
async function collect(
  link: RegistryLink,
  { references = [] }: SchemaAnswer,
  found: Map<string, NamedSchema | undefined>,
): Promise<void> {
  for (const reference of references) {
    if (found.has(reference.name)) continue;
    found.set(reference.name, undefined);
    const answer = await ask(link, { path: versionPath(reference) });
    if ('missing' in answer) {
      const { name, subject, version } = reference;
      throw problem({
        code: 'input',
        message: `the schema registry ${link.url} does not have what a schema of it names ${name}: version ${version} of ${subject}`,
      });
    }
    const schema = checked(link, answer.found);
    await collect(link, schema, found);
    found.delete(reference.name);
    found.set(reference.name, { name: reference.name, text: schema.schema });
  }
}

async function complete(link: RegistryLink, answer: SchemaAnswer, id: number): Promise<RegisteredSchema> {
  const found = new Map<string, NamedSchema | undefined>();
  await collect(link, answer, found);
  const references = [...found.values()].filter((one) => one !== undefined);
  return { id, type: answer.schemaType ?? 'AVRO', text: answer.schema, references };
}

const bodyOf = ({ type, text }: { readonly type: SchemaType; readonly text: string }) => ({
  schema: text,
  ...(type === 'AVRO' ? {} : { schemaType: type }),
});

const idIn = (answer: unknown, link: RegistryLink): number => {
  const { id } = answer as { id?: unknown };
  if (typeof id === 'number') return id;
  throw problem({
    code: 'input',
    message: `the schema registry ${link.url} answers without the number of a schema`,
  });
};

/**
 * A client of the registry at an address. Nothing is asked before it is needed. An answer that takes longer than
 * `withinMs`, ten seconds, is none.
 */
export function createRegistry(
  url: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  withinMs?: number,
): SchemaRegistry {
  const link = linkTo(url, environment, withinMs);
  const known = new Map<number, Promise<RegisteredSchema | undefined>>();
  const load = async (id: number): Promise<RegisteredSchema | undefined> => {
    const answer = await ask(link, { path: `/schemas/ids/${id}` });
    return 'missing' in answer ? undefined : complete(link, checked(link, answer.found), id);
  };
  return {
    url: link.url,
    byId(id) {
      let schema = known.get(id);
      if (schema === undefined) {
        schema = load(id);
        known.set(id, schema);
        // Another try may find the registry back, or a schema that it did not have.
        const forget = () => known.delete(id);
        schema.then((one) => one === undefined && forget(), forget);
      }
      return schema;
    },
    async latest(subject) {
      const answer = await ask(link, { path: `/subjects/${encodeURIComponent(subject)}/versions/latest` });
      if ('missing' in answer) return undefined;
      return complete(link, checked(link, answer.found), idIn(answer.found, link));
    },
    async find(subject, schema) {
      const answer = await ask(link, {
        path: `/subjects/${encodeURIComponent(subject)}`,
        body: bodyOf(schema),
      });
      return 'missing' in answer ? undefined : idIn(answer.found, link);
    },
    async register(subject, schema) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      const answer = await ask(link, { path, body: bodyOf(schema) });
      if ('found' in answer) return idIn(answer.found, link);
      throw problem({
        code: 'input',
        message: `the schema registry ${link.url} takes no schema for ${subject}: ${answer.missing}`,
      });
    },
  };
}
