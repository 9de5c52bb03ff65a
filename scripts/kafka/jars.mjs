/**
 * The jars of a Kafka broker for tests, fetched once by Maven into the user's cache folder, never into the clone.
 * `node scripts/kafka/jars.mjs` fetches them and prints the folder.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Kafka's version, and what is fetched with it: another list of jars in pom.xml needs another name here. */
const contents = '4.1.0-tools';

const runs = (program, words) => spawnSync(program, words, { stdio: 'ignore' }).status === 0;

const folder = () =>
  path.join(
    process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
    'leat-test',
    `kafka-${contents}`,
  );

/** What is missing on this machine for a broker, or undefined when nothing is. */
export function missingForBroker() {
  if (!runs('java', ['-version'])) return 'java is not installed';
  if (!fs.existsSync(folder()) && !runs('mvn', ['-version'])) return 'mvn is not installed';
  return undefined;
}

/** Folder of the jars; fetches them when it is not there. A half fetched one never gets the name. */
export function fetchJars(scripts) {
  const target = folder();
  if (fs.existsSync(target)) return target;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const partial = fs.mkdtempSync(`${target}.partial-`);
  const words = ['-q', '-B', '-f', path.join(scripts, 'pom.xml'), 'dependency:copy-dependencies'];
  const { status, stdout, stderr } = spawnSync(
    'mvn',
    [...words, '-DincludeScope=runtime', `-DoutputDirectory=${partial}`],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    fs.rmSync(partial, { recursive: true, force: true });
    throw new Error(`the jars of Kafka cannot be fetched: ${stdout}${stderr}`);
  }
  try {
    fs.renameSync(partial, target);
  } catch (error) {
    // Another process was first.
    fs.rmSync(partial, { recursive: true, force: true });
    if (!fs.existsSync(target)) throw error;
  }
  return target;
}

if (
  import.meta.url === pathToFileURL(process.argv[1] ?? '').href &&
  path.basename(process.argv[1]) === 'jars.mjs'
) {
  console.log(fetchJars(import.meta.dirname));
}
