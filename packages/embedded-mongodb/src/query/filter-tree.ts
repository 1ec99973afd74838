/** A parsed filter: what the matcher compiles and the planner reads. */
export type FilterNode = BranchNode | NotNode | PredicateNode | ExpressionNode | ConstantNode

export interface BranchNode {
  readonly kind: 'and' | 'or' | 'nor'
  readonly children: readonly FilterNode[]
}

export interface NotNode {
  readonly kind: 'not'
  readonly child: FilterNode
}

/** One operator on one path, e.g. `{ 'a.b': { $gt: 5 } }`. */
export interface PredicateNode {
  readonly kind: 'predicate'
  readonly path: string
  readonly operator: PredicateOperator
  readonly operand: unknown
  /** `$elemMatch` and `$all` with `$elemMatch`: the parsed inner filters. */
  readonly inner?: readonly FilterNode[]
}

/** `$expr`: an aggregation expression over the whole document. */
export interface ExpressionNode {
  readonly kind: 'expression'
  readonly expression: unknown
}

export interface ConstantNode {
  readonly kind: 'constant'
  readonly value: boolean
}

export type PredicateOperator =
  | '$eq'
  | '$gt'
  | '$gte'
  | '$lt'
  | '$lte'
  | '$in'
  | '$exists'
  | '$type'
  | '$mod'
  | '$regex'
  | '$size'
  | '$elemMatchValue'
  | '$elemMatchObject'
  | '$bitsAllSet'
  | '$bitsAllClear'
  | '$bitsAnySet'
  | '$bitsAnyClear'
