/**
 * What every node of a plan has: its kind, an id that is unique in the plan, and the ids of the nodes it
 * reads.
 */
export type NodeId = string;

export interface NodeBase<Kind extends string> {
  readonly kind: Kind;
  readonly id: NodeId;
  readonly inputs: readonly NodeId[];
  /** The name of its state in the store of a job; without it that is the id, which says where it stands in the plan. */
  readonly uid?: string;
}
