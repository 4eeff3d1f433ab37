internal import LevinSystem
internal import Synchronization

/// A recorded operation, or a leaf: turns gradients of its outputs into gradients of its inputs.
///
/// Sequence numbers of nodes are larger than those of their inputs. A backward pass visits nodes in descending order,
/// so a node is visited after everything that was computed from its outputs. The state of a pass is in its
/// ``BackwardPass``, so several passes, on one or more threads, may visit the same nodes.
final class GradientNode {
  /// An input of the operation: the node and the output that it came from; the node is nil if it is not recorded.
  struct Edge {
    var node: GradientNode?
    var output: UInt32 = 0
    /// The properties of the input, if its gradient may arrive in another shape or dtype.
    var fit: Fit?
  }

  /// The shape, dtype and device of an input that was broadcast or converted, or was a scalar of the host.
  final class Fit {
    let shape: Shape
    let dtype: DType
    let device: Device
    init(_ tensor: Tensor) {
      (shape, dtype, device) = (tensor.shape, tensor.dtype, tensor.device)
    }
  }

  /// Computes the gradients of the inputs.
  typealias Backward = (BackwardStep) -> Void

  private enum Role {
    case leaf(Leaf)
    case operation(Backward)
    case spent
  }

  /// The operation's name, for messages.
  let name: StaticString
  let sequence: UInt64
  // Unchecked, because each check costs as much as the access; nothing here changes while it is read.
  @exclusivity(unchecked) private var role: Role
  @exclusivity(unchecked) private var first = Edge()
  @exclusivity(unchecked) private var second = Edge()
  @exclusivity(unchecked) private var third = Edge()
  @exclusivity(unchecked) private var others: [Edge] = []
  /// Whether output 0 comes from a ReLU, whose gradient is 0 where the output is 0.
  ///
  /// Code that computes a gradient of it may apply this mask on the way, which saves a pass over memory.
  let isRectified: Bool
  /// Called with the complete gradient of an output, in the order in which they were added; each may replace it.
  @exclusivity(unchecked) private(set) var hooks: [(output: UInt32, body: (Tensor) -> Tensor?)] = []
  var hasHooks: Bool { !hooks.isEmpty }
  /// The backward pass that has claimed this node, 0 if none has, and the node's index in it.
  private let claim = Atomic<UInt64>(0)
  @exclusivity(unchecked) private var place = 0

  init(leaf: Leaf) {
    name = "leaf"
    sequence = 0
    role = .leaf(leaf)
    isRectified = false
  }

  init(
    _ name: StaticString, _ a: Edge, _ b: Edge = Edge(), _ c: Edge = Edge(), others: [Edge] = [],
    isRectified: Bool = false, backward: @escaping Backward
  ) {
    self.name = name
    (first, second, third) = (a, b, c)
    var latest = Swift.max(
      a.node?.sequence ?? 0, b.node?.sequence ?? 0, c.node?.sequence ?? 0)
    for edge in others { latest = Swift.max(latest, edge.node?.sequence ?? 0) }
    self.others = others
    sequence = Tape.nextSequence(after: latest)
    role = .operation(backward)
    self.isRectified = isRectified
  }

  convenience init(_ name: StaticString, edges: [Edge], backward: @escaping Backward) {
    self.init(
      name, edges[0], edges.count > 1 ? edges[1] : Edge(), edges.count > 2 ? edges[2] : Edge(),
      others: edges.count > 3 ? Array(edges[3...]) : [], backward: backward)
  }

  deinit { releaseInputs() }

  // MARK: Passes

  /// Whether pass `number` has visited this node; if not, it claims the node, or notes it in `places` if another pass
  /// has claimed it.
  func isMet(by number: UInt64, orIn places: inout [ObjectIdentifier: Int]) -> Bool {
    let (isClaimed, owner) = claim.compareExchange(
      expected: 0, desired: number, successOrdering: .acquiring, failureOrdering: .relaxed)
    if isClaimed { return false }
    return owner == number || places.updateValue(0, forKey: ObjectIdentifier(self)) != nil
  }

  /// Stores the node's index in the pass that has claimed it; false if that is not `number`.
  func setPlace(_ index: Int, in number: UInt64) -> Bool {
    guard claim.load(ordering: .relaxed) == number else { return false }
    place = index
    return true
  }

  func place(in number: UInt64) -> Int? {
    claim.load(ordering: .relaxed) == number ? place : nil
  }

  func giveUp(_ number: UInt64) {
    if claim.load(ordering: .relaxed) == number { claim.store(0, ordering: .releasing) }
  }

  // MARK: Inputs

  /// The number of inputs, some of which may not be there: three at least.
  var inputCount: Int { 3 + others.count }

  /// The node that produced input `index` of the operation; nil if it is not recorded.
  func input(_ index: Int) -> GradientNode? {
    switch index {
    case 0: first.node
    case 1: second.node
    case 2: third.node
    default: others[index - 3].node
    }
  }

  /// The output of ``input(_:)`` that the input came from.
  func output(_ index: Int) -> UInt32 {
    switch index {
    case 0: first.output
    case 1: second.output
    case 2: third.output
    default: others[index - 3].output
    }
  }

  /// The properties of input `index`, if its gradient may arrive in another shape or dtype.
  func fit(_ index: Int) -> Fit? {
    switch index {
    case 0: first.fit
    case 1: second.fit
    case 2: third.fit
    default: others[index - 3].fit
    }
  }

  /// Whether this node stands for a leaf, and not for an operation.
  var isLeaf: Bool { sequence == 0 }

  /// The leaf that this node stands for; nil for an operation.
  var leaf: Leaf? {
    if case .leaf(let leaf) = role { leaf } else { nil }
  }

  func addHook(of output: UInt32, _ hook: @escaping (Tensor) -> Tensor?) {
    hooks.append((output, hook))
  }

  /// Calls `body` with the node of each input that is recorded.
  func forEachInput(_ body: (GradientNode) -> Void) {
    if let node = first.node { body(node) }
    if let node = second.node { body(node) }
    if let node = third.node { body(node) }
    for edge in others { if let node = edge.node { body(node) } }
  }

  /// Calls `body` with the node of each input that is recorded, and the output of that node.
  func forEachEdge(_ body: (GradientNode, UInt32) -> Void) {
    for edge in [first, second, third] + others {
      if let node = edge.node { body(node, edge.output) }
    }
  }

  /// The backward function.
  ///
  /// Traps after ``spend()``.
  var backward: Backward {
    switch role {
    case .operation(let backward): return backward
    case .leaf, .spent:
      fail(
        "backward()", "a record that an earlier backward() used up",
        expected: "one backward for each forward",
        hint: "compute the loss again, or keep the record with retainGraph: true")
    }
  }

  /// Releases the backward function, the inputs and the hooks.
  func spend() {
    role = .spent
    first = Edge()
    second = Edge()
    third = Edge()
    if !others.isEmpty { others = [] }
    if hasHooks { hooks = [] }
  }

  /// Releases the inputs one after another: a long chain without a backward pass would otherwise be released by
  /// recursion as deep as it is long.
  private func releaseInputs() {
    guard case .operation = role else { return }
    var open: [GradientNode] = []
    detachInputs(into: &open)
    while var node = open.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      node.detachInputs(into: &open)
    }
  }

  private func detachInputs(into open: inout [GradientNode]) {
    forEachInput { open.append($0) }
    if leaf == nil { spend() }
  }
}
