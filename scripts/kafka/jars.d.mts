/** Types of jars.mjs. */

/** What is missing on this machine for a broker, or undefined when nothing is. */
export function missingForBroker(): string | undefined;

/** Folder of the jars; fetches them with the pom.xml of the folder `scripts` when they are not there. */
export function fetchJars(scripts: string): string;
