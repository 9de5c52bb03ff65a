/** The programs of `process`, loaded from their files when a plan has such a step. */
import path from 'node:path';
import { problem } from '../../diagnostics/index.js';
import type { ProcessDefinition, Programs } from '../../operators/index.js';
import type { PhysicalStep } from '../../plan/index.js';

const isTypeScript = (file: string): boolean => /\.[cm]?ts$/.test(file);

function cannotLoad(file: string, message: string, hint: string, cause?: unknown): Error {
  return problem({ code: 'command', message, place: { kind: 'file', path: file }, hint, cause });
}

function load(file: string): ProcessDefinition {
  const { features } = process as unknown as { readonly features: { readonly typescript?: unknown } };
  if (isTypeScript(file) && !features.typescript) {
    const hint =
      'Node 22.18 and newer run it; for this one compile it to JavaScript: npx esbuild FILE.ts --outfile=FILE.mjs';
    throw cannotLoad(file, `Node ${process.versions.node} does not run TypeScript`, hint);
  }
  const whole = path.resolve(file);
  let loaded: { readonly default?: unknown };
  try {
    loaded = process.getBuiltinModule('node:module').createRequire(whole)(whole) as typeof loaded;
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' && message.includes(whole))
      throw cannotLoad(
        file,
        'there is no such file',
        'it is a path, from the folder where leat was started',
        error,
      );
    throw cannotLoad(file, `the program cannot be loaded: ${message}`, '--debug shows where', error);
  }
  const definition = (loaded.default ?? loaded) as Partial<ProcessDefinition>;
  if (typeof definition.onRecord === 'function') return definition as ProcessDefinition;
  throw cannotLoad(
    file,
    'the program has no onRecord',
    'export default { onRecord(record, context) { ... } }',
  );
}

/** What the programs of some steps are; undefined when there are none. */
export function programsFor(steps: readonly PhysicalStep[]): Programs | undefined {
  const files = steps.flatMap((step) => (step.kind === 'process' ? step.file : []));
  if (files.length === 0) return undefined;
  const programs = new Map(files.map((file) => [file, load(file)]));
  return (file) => programs.get(file)!;
}
