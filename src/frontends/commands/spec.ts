/**
 * What a command is, as data: its words, arguments, options, examples, and the plan nodes it stands for. One such
 * record serves the shell form, the pipeline text, help, man pages and completion, so that they cannot drift apart
 * (after ripgrep's flag definitions and Miller's verbs). A command never runs anything: it only makes plan nodes.
 */
import type { PlanNode, TimeAssignment } from '../../plan/index.js';

/** A node before it has its place: the id and the inputs are given when the plan is put together. */
type DraftOf<Node> = Node extends PlanNode ? Omit<Node, 'id' | 'inputs'> : never;
/** What a node reads besides the one before it: each input as drafts from its source on. */
export type NodeDraft = DraftOf<PlanNode> & { readonly others?: readonly (readonly NodeDraft[])[] };

export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  /** May be given several times; the words of an expression are joined with spaces. */
  readonly variadic: boolean;
  /**
   * An `expression` needs no quotes in pipeline text; a `word` ends at white space. A `command` is everything that is left,
   * word by word, also what looks like an option.
   */
  readonly kind: 'word' | 'expression' | 'command';
  /** What it mostly is, for completion. */
  readonly suggestions?: readonly string[];
}

/**
 * `duration` is 10s, 1m30s, ...; `size` is 128MiB, ...; `list` is a comma-separated text, of expressions
 * where the command says so.
 */
export type OptionKind = 'text' | 'duration' | 'size' | 'integer' | 'number' | 'flag' | 'list' | 'choice';

export interface OptionSpec {
  /** As in help: `-v, --verbose`, `--time <field>`. */
  readonly flags: string;
  /** The long name without dashes. */
  readonly name: string;
  readonly summary: string;
  readonly kind: OptionKind;
  readonly choices?: readonly string[];
  /** What the value mostly is where there are no choices, for completion. */
  readonly suggestions?: readonly string[];
  /** For help; the value that holds when the option is not given. */
  readonly default?: string;
  readonly unit?: string;
  /** What values look like behind which a second word belongs to the value, if it is no option. */
  readonly continues?: RegExp;
  /** May be given several times; the value is then a list of texts. */
  readonly repeats?: boolean;
}

export interface ExampleSpec {
  /** A line for a POSIX shell, run from the root of the project. */
  readonly shell: string;
  readonly says: string;
}

/** A value of an option: ms for a duration, bytes for a size, true for a flag. Absent options are undefined. */
export type OptionValue = string | number | boolean | readonly string[] | undefined;
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** Option values as they were written: true for a flag, a list for an option that repeats. */
export type RawOptions = Readonly<Record<string, string | true | readonly string[]>>;

/** What a command may know of its surroundings while it makes nodes. */
export interface CommandContext {
  /** Event time as said upstream in the same pipeline, if it was. */
  readonly time?: TimeAssignment | undefined;
  /** The drafts of a stream that the pipeline text has named, from its source on. */
  stream?(name: string): readonly NodeDraft[] | undefined;
  /** Reads pipeline text; for the commands that take a whole pipeline. */
  pipeline(text: string): readonly NodeDraft[];
}

/**
 * A source starts a plan, a sink ends it, a stage stands between, a question is a whole plan; a tool is none of it: it
 * looks after what runs have left.
 */
export type CommandRole = 'source' | 'stage' | 'sink' | 'question' | 'tool';

/** The words of a command: what parsing, help, man pages and completion need. */
export interface CommandWords {
  readonly name: string;
  /** One line without a full stop. */
  readonly summary: string;
  /** Some sentences; paragraphs are separated by an empty line. */
  readonly description: string;
  readonly role: CommandRole;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly ExampleSpec[];
}

/** One thing that a tool does. */
export interface ActionSpec {
  readonly name: string;
  /** One line without a full stop. */
  readonly summary: string;
  /** What stands behind the action. */
  readonly arguments: readonly ArgumentSpec[];
  /** Names of those of the tool's options that it takes. */
  readonly options: readonly string[];
}

/** A command that stands for no plan: its first argument is what to do. The command line knows how. */
export interface ToolSpec extends CommandWords {
  readonly role: 'tool';
  readonly actions: readonly ActionSpec[];
}

export interface CommandSpec extends CommandWords {
  readonly role: Exclude<CommandRole, 'tool'>;
  /**
   * The nodes that the command stands for. Throws problems of the codes usage, syntax, type and unknown-
   * name.
   */
  toNodes(args: readonly string[], options: OptionValues, context: CommandContext): readonly NodeDraft[];
}
