/**
 * Protobuf schemas: files of the .proto language with what they import, read by protobufjs, which is an optional
 * dependency and loaded when the first schema comes. Types are resolved here; how they stand on the wire is read and
 * written by ourselves, because integers of 64 bits have to stay exact.
 */
import type { Namespace, ReflectionObject, Root, Type } from 'protobufjs';
import { problem } from '../../../diagnostics/index.js';
import type { RegisteredSchema } from '../registry/registry.js';
import { annotates, knownFiles } from './known-files.js';

type Protobuf = typeof import('protobufjs');

/** Loads protobufjs, or says how to get it. */
export async function loadProtobuf(): Promise<Protobuf> {
  try {
    const module = await import('protobufjs');
    return (module as { default?: Protobuf }).default ?? module;
  } catch (cause) {
    throw problem({
      code: 'input',
      message: 'the format protobuf needs the package protobufjs, which is not installed',
      hint: 'npm install protobufjs, or install leat without leaving out optional dependencies',
      cause,
    });
  }
}

export interface ProtobufSchema {
  /** The message type at a path of indexes through the file; undefined when there is none. */
  typeAt(path: readonly number[]): Type | undefined;
  /** The message type of a name, whole or as it stands in the file. */
  typeNamed(name: string): { readonly type: Type; readonly path: readonly number[] } | undefined;
}

const unreadable = (cause: unknown) =>
  problem({
    code: 'format',
    message: `a protobuf schema cannot be read: ${(cause as Error).message}`,
    cause,
  });

const messagesIn = (namespace: Namespace, protobuf: Protobuf): readonly Type[] =>
  namespace.nestedArray.filter((one: ReflectionObject): one is Type => one instanceof protobuf.Type);

function addFiles(
  protobuf: Protobuf,
  root: Root,
  schema: Pick<RegisteredSchema, 'text' | 'references'>,
): void {
  const texts = new Map(schema.references.map(({ name, text }) => [name, text]));
  const added = new Set<string>();
  const add = (text: string): void => {
    const { imports = [], weakImports = [] } = protobuf.parse(text, root, { keepCase: true });
    for (const name of [...imports, ...weakImports]) {
      if (added.has(name)) continue;
      added.add(name);
      const own = texts.get(name) ?? knownFiles.get(name);
      if (own !== undefined) add(own);
      else if (!annotates(name))
        throw new Error(`it imports ${name}, which the registry does not give with it`);
    }
  };
  add(schema.text);
  root.resolveAll();
}

/** Reads a schema's file. Indexes of messages count in the order of the file, whatever else stands in its package. */
export function readProtobufSchema(
  protobuf: Protobuf,
  schema: Pick<RegisteredSchema, 'text' | 'references'>,
): ProtobufSchema {
  const root = new protobuf.Root();
  const alone = new protobuf.Root();
  let space: Namespace;
  try {
    addFiles(protobuf, root, schema);
    const { package: name } = protobuf.parse(schema.text, alone, { keepCase: true });
    space = name ? (alone.lookup(name) as Namespace) : alone;
  } catch (cause) {
    throw unreadable(cause);
  }
  const whole = (type: Type): Type => root.lookupType(type.fullName);
  return {
    typeAt(path) {
      let found: Namespace | undefined = space;
      for (const index of path) found = found && messagesIn(found, protobuf)[index];
      return found instanceof protobuf.Type ? whole(found) : undefined;
    },
    typeNamed(name) {
      const search = (namespace: Namespace, path: readonly number[]): readonly number[] | undefined => {
        for (const [index, type] of messagesIn(namespace, protobuf).entries()) {
          const here = [...path, index];
          if (type.fullName === `.${name}` || type.name === name) return here;
          const inside = search(type, here);
          if (inside !== undefined) return inside;
        }
        return undefined;
      };
      const path = search(space, []);
      const type = path && this.typeAt(path);
      return type === undefined || path === undefined ? undefined : { type, path };
    },
  };
}
