/**
 * The schema that a sink writes with: the newest of a subject, or one that is given. A schema that is given must be
 * in the registry already, or registering it is asked for: a program that writes should not change contracts by the
 * way.
 */
import { problem } from '../../../diagnostics/index.js';
import type { RegisteredSchema, SchemaRegistry, SchemaType } from './registry.js';

export interface SchemaChoice {
  /** `TOPIC-value`, as the serialisers have it, or another. */
  readonly subject: string;
  /** The schema itself; the newest of the subject when it is left out. */
  readonly schema?: string;
  /** Adds the schema to the subject when it is not there. */
  readonly register?: boolean;
}

function unknownSubject(registry: SchemaRegistry, subject: string): never {
  throw problem({
    code: 'output',
    message: `the schema registry ${registry.url} has no subject ${subject}`,
    hint: 'name a subject that it has, or give a schema and ask to register it',
  });
}

export async function writtenSchema(
  registry: SchemaRegistry,
  type: SchemaType,
  { subject, schema: text, register = false }: SchemaChoice,
): Promise<RegisteredSchema> {
  if (text === undefined) {
    const latest = await registry.latest(subject);
    if (latest === undefined) return unknownSubject(registry, subject);
    if (latest.type === type) return latest;
    throw problem({
      code: 'output',
      message: `the schema of ${subject} is one of ${latest.type} and not of ${type}`,
    });
  }
  const schema = { type, text };
  const id =
    (await registry.find(subject, schema)) ??
    (register ? await registry.register(subject, schema) : undefined);
  if (id !== undefined) return { id, type, text, references: (await registry.byId(id))?.references ?? [] };
  throw problem({
    code: 'output',
    message: `the subject ${subject} does not have this schema`,
    hint: 'register it, or ask leat to',
  });
}
