/** All kinds of nodes. A new kind is added here, and every Record<NodeKind, ...> then asks for its part. */
import type { AggregateNode } from './aggregate.js';
import type { DedupNode } from './dedup.js';
import type { ExecNode } from './exec.js';
import type { FillNode } from './fill.js';
import type { FilterNode } from './filter.js';
import type { FlattenNode } from './flatten.js';
import type { FromNode } from './from.js';
import type { GenNode } from './gen.js';
import type { HeadByKeyNode } from './head-by-key.js';
import type { JoinNode } from './join.js';
import type { KeybyNode } from './keyby.js';
import type { LookupNode } from './lookup.js';
import type { OverNode } from './over.js';
import type { ParseNode } from './parse.js';
import type { ProcessNode } from './process.js';
import type { SampleNode } from './sample.js';
import type { SelectNode } from './select.js';
import type { SortNode } from './sort.js';
import type { TeeNode } from './tee.js';
import type { ToNode } from './to.js';
import type { TopNode } from './top.js';
import type { UnionNode } from './union.js';
import type { ViaNode } from './via.js';
import type { WindowNode } from './window.js';

export * from './aggregate.js';
export * from './dedup.js';
export * from './exec.js';
export * from './fill.js';
export * from './filter.js';
export * from './flatten.js';
export * from './from.js';
export * from './gen.js';
export * from './head-by-key.js';
export * from './join.js';
export * from './keyby.js';
export * from './lookup.js';
export type { NodeBase, NodeId } from './node.js';
export * from './over.js';
export * from './parse.js';
export * from './process.js';
export * from './sample.js';
export * from './select.js';
export * from './sort.js';
export * from './tee.js';
export { defaultTimeField, type TimeAssignment } from './time.js';
export * from './to.js';
export * from './top.js';
export * from './union.js';
export * from './via.js';
export * from './window.js';

export type PlanNode =
  | AggregateNode
  | DedupNode
  | ExecNode
  | FillNode
  | FilterNode
  | FlattenNode
  | FromNode
  | GenNode
  | JoinNode
  | HeadByKeyNode
  | KeybyNode
  | LookupNode
  | OverNode
  | ParseNode
  | ProcessNode
  | SampleNode
  | SelectNode
  | SortNode
  | TeeNode
  | ToNode
  | TopNode
  | UnionNode
  | ViaNode
  | WindowNode;

export type NodeKind = PlanNode['kind'];
