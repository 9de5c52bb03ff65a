/** Record batches, as brokers keep them: read without copying, written without an object for a record. */
export {
  type AbortedTransaction,
  type BatchesFacts,
  type FetchedBytes,
  type RecordCursor,
  readBatches,
  surveyBatches,
} from './read-batches.js';
export {
  type BatchProducer,
  type BatchWriter,
  type Compress,
  createBatchWriter,
  type Header,
  type Span,
} from './write-batch.js';
