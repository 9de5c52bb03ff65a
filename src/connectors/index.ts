/**
 * The room of connectors: sources that give bytes and sinks that take them. Knows nothing of plans or
 * operators.
 */
export { emptyFeed, endedFeed } from './empty-feed.js';
export type { Committable, CommittedEpoch, EpochSink } from './epoch-sink.js';
export {
  type EpochContext,
  type Guarantee,
  openExecInEpochs,
  openFileInEpochs,
  openFolderInEpochs,
  openSideFileInEpochs,
  openStdoutInEpochs,
} from './epochs/open.js';
export { openExecSink } from './exec-sink.js';
export type { Feed, FeedPiece, FeedPosition } from './feed.js';
export { fileProblem } from './file-source.js';
export { createFolderSink, type FolderOptions } from './folder/folder-sink.js';
export { openFolderSink } from './folder/open-folder.js';
export { encodeValue, folderName } from './folder/part-name.js';
export { type FolderSink, isFolderSink } from './folder/part-sink.js';
export { openExec } from './foreign/exec.js';
export type { Passage } from './foreign/passage.js';
export { openVia } from './foreign/via.js';
export { createGenerator, type Dataset, type Generator, type GeneratorOptions } from './gen/generator.js';
export { readBadValue } from './kafka/bad-value.js';
export { openClient as openKafkaClient } from './kafka/open-client.js';
export { openTopicInEpochs, openTopicSink, openValueEncoder } from './kafka/open-sink.js';
export { openTopicFeed } from './kafka/open-source.js';
export { lagOf } from './kafka/position.js';
export { type RecordHead, spellHead } from './kafka/topic-lines.js';
export { type ListFeedOptions, openListFeed } from './list-feed.js';
export { locate, openSource } from './locate.js';
export { type OpenFeedOptions, openFeed } from './open-feed.js';
export { paceFeed } from './paced-feed.js';
export { type ByteSink, openFileSink, openStdout, sinkKindOf } from './sink.js';
export type { ByteSource } from './source.js';
export { isTerminal } from './terminal.js';
export { fileMark, readWholeFile } from './whole-file.js';
