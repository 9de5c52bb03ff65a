/**
 * How the paths of a store are spelled, and read back; no other file does either. A name that comes from a user or from
 * data is checked or encoded here, so that none can leave the folder it belongs to. A checkpoint and what was
 * written for it carry the number of the run as well as that of the checkpoint: a run that was fenced and does not know it
 * yet writes beside those of its successor, never over them.
 *
 *     job.json
 *     generations/7.json
 *     checkpoints/000042-7/manifest.json  part-0.json  part-1.json
 *     operators/<uid>/000042-7.segment  000042-7.files/
 *     epochs/<sink>/
 *     rejected.ndjson  rejected-1.ndjson
 *     working/7-<uid>/
 *     savepoints/<name>/manifest.json  part-0.json  operators/<uid>/000042-7.segment  ...  epochs/<sink>/
 */
import { problem } from '../diagnostics/index.js';
import type { Epoch, Generation, Uid } from './checkpoint.js';
import type { StageId } from './stage-id.js';

/** Which checkpoint: its number, and the run that made it. */
export interface CheckpointId {
  readonly epoch: Epoch;
  readonly generation: Generation;
}

const mostNameLength = 120;

/**
 * A name as the name of one file: letters, digits, `_`, `-` and inner dots stay, every other byte becomes `%` and two
 * hexadecimal digits. Different names stay different.
 */
export function encodeName(name: string): string {
  let encoded = '';
  for (const byte of Buffer.from(name)) {
    const letter = String.fromCharCode(byte);
    const stays = /[A-Za-z0-9_-]/.test(letter) || (letter === '.' && encoded !== '');
    encoded += stays ? letter : `%${byte.toString(16).padStart(2, '0')}`;
  }
  if (encoded === '' || encoded.length > mostNameLength) {
    throw problem({
      code: 'state',
      message:
        encoded === '' ? 'a name in the state is empty' : `the name ${name.slice(0, 40)}... is too long`,
      hint: `names of operators and sinks have 1 to ${mostNameLength} characters`,
    });
  }
  return encoded;
}

/** The name that was encoded; undefined for what `encodeName` does not give. */
export function decodeName(encoded: string): string | undefined {
  const bytes = encoded.replace(/%([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  if (encoded === '' || encoded.length > mostNameLength || !/^[\x20-\x7e]*$/.test(encoded)) return undefined;
  const name = Buffer.from(bytes, 'latin1').toString();
  return name !== '' && encodeName(name) === encoded ? name : undefined;
}

/** Records that a stage refused; the first stage's has the plain name. */
export function rejectedFile(store: string, stage: StageId): string {
  return `${store}/rejected${stage === 0 ? '' : `-${stage}`}.ndjson`;
}

/** Checks the name of a savepoint, which is typed by a person and stands as it is in the folder. */
export function checkSavepointName(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/.test(name)) return name;
  throw problem({
    code: 'usage',
    message: `${JSON.stringify(name)} cannot be the name of a savepoint`,
    hint: 'use letters, digits, - and _, at most 80',
  });
}

export const jobFile = (store: string): string => `${store}/job.json`;
export const generationsFolder = (store: string): string => `${store}/generations`;
export const generationFile = (store: string, generation: Generation): string =>
  `${store}/generations/${generation}.json`;
/** Who reads the branches of a run. */
export const branchesFolder = (store: string): string => `${store}/branches`;
export const branchFile = (store: string, generation: Generation, branch: string): string =>
  `${store}/branches/${generation}-${branch}.json`;
export const checkpointsFolder = (store: string): string => `${store}/checkpoints`;
export const checkpointFolder = (store: string, id: CheckpointId): string =>
  `${store}/checkpoints/${idName(id)}`;
export const epochsFolder = (base: string): string => `${base}/epochs`;
export const sinkFolder = (base: string, sink: string): string => `${base}/epochs/${encodeName(sink)}`;
/** `name` is one that stands in the folder of the sink. */
export const epochFile = (base: string, sink: string, name: string): string =>
  `${sinkFolder(base, sink)}/${name}`;
export const savepointsFolder = (store: string): string => `${store}/savepoints`;
export const savepointFolder = (store: string, name: string): string =>
  `${store}/savepoints/${checkSavepointName(name)}`;
/** The manifest and the parts stand in the folder of a checkpoint or of a savepoint. */
export const manifestFile = (folder: string): string => `${folder}/manifest.json`;
export const partFile = (folder: string, stage: StageId): string => `${folder}/part-${stage}.json`;
/** Segments stand in the store, or in the folder of a savepoint. */
export const operatorsFolder = (base: string): string => `${base}/operators`;
/** The folders that are in every store. */
export const storeFolders = (store: string): readonly string[] =>
  [generationsFolder, checkpointsFolder, operatorsFolder, epochsFolder].map((folder) => folder(store));

export const operatorFolder = (base: string, uid: Uid): string => `${base}/operators/${encodeName(uid)}`;
export const segmentFile = (base: string, uid: Uid, id: CheckpointId): string =>
  `${operatorFolder(base, uid)}/${idName(id)}.segment`;

/** Files that an operator has besides its pages, as they were at a checkpoint. */
export const filesFolder = (base: string, uid: Uid, id: CheckpointId): string =>
  `${operatorFolder(base, uid)}/${idName(id)}.files`;
/** What runs keep on the disk while they run. Nothing of it is needed when they do not. */
export const workingFolders = (store: string): string => `${store}/working`;
export const workingFolder = (store: string, generation: Generation, uid: Uid): string =>
  `${store}/working/${generation}-${encodeName(uid)}`;

/** The name of a checkpoint's folder, and of its segments before the dot. */
export function idName(id: CheckpointId): string {
  return `${String(id.epoch).padStart(6, '0')}-${id.generation}`;
}

/** The checkpoint of a folder's name; undefined for any other name. */
export function parseId(name: string): CheckpointId | undefined {
  const match = /^(\d{6,16})-(\d{1,15})$/.exec(name);
  if (match === null) return undefined;
  const id = { epoch: Number(match[1]), generation: Number(match[2]) };
  return idName(id) === name ? id : undefined;
}

/** The checkpoint of a segment's name; undefined for any other name. */
export function parseSegmentName(name: string): CheckpointId | undefined {
  return name.endsWith('.segment') ? parseId(name.slice(0, -'.segment'.length)) : undefined;
}

/** The checkpoint of a folder of files; undefined for any other name. */
export function parseFilesName(name: string): CheckpointId | undefined {
  return name.endsWith('.files') ? parseId(name.slice(0, -'.files'.length)) : undefined;
}

/** The generation of a file's name; undefined for any other name. */
export function parseGenerationName(name: string): Generation | undefined {
  const match = /^([1-9]\d{0,14})\.json$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

/** The epoch that a file of a sink is named for: its name begins with the number. */
export function parseEpochName(name: string): Epoch | undefined {
  const match = /^(\d{1,15})(?!\d)/.exec(name);
  return match === null ? undefined : Number(match[1]);
}
