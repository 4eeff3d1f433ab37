internal import CLevinKernels
internal import Synchronization

/// One backward pass: the nodes it visits, and the gradients that have arrived at each.
final class BackwardPass {
  private struct Entry {
    var node: GradientNode
    /// The gradient of output 0.
    var gradient: Tensor?
    var isMasked = false
    /// Whether the node is, or leads to, one whose gradient is needed.
    var isWanted = true
  }

  /// The nodes found so far: operations from the beginning of the memory on, leaves from its end.
  private struct Found {
    let number: UInt64
    private(set) var entries: UnsafeMutablePointer<Entry>
    private(set) var operations = 0
    private var leaves = 0
    private var capacity = 16
    private(set) var places: [ObjectIdentifier: Int] = [:]
    private var latest = UInt64.max
    /// Whether the operations are in descending order of their sequence numbers.
    private var areSorted = true

    init(number: UInt64) {
      self.number = number
      entries = .allocate(capacity: capacity)
    }

    mutating func visit(_ node: GradientNode?) {
      guard let node, !node.isMet(by: number, orIn: &places) else { return }
      if operations + leaves == capacity { grow() }
      if node.isLeaf {
        leaves += 1
        (entries + capacity - leaves).initialize(to: Entry(node: node))
      } else {
        areSorted = areSorted && node.sequence <= latest
        latest = node.sequence
        (entries + operations).initialize(to: Entry(node: node))
        operations += 1
      }
    }

    private mutating func grow() {
      let room = UnsafeMutablePointer<Entry>.allocate(capacity: 2 * capacity)
      room.moveInitialize(from: entries, count: operations)
      (room + 2 * capacity - leaves).moveInitialize(
        from: entries + capacity - leaves, count: leaves)
      entries.deallocate()
      (entries, capacity) = (room, 2 * capacity)
    }

    /// Puts the operations in order, and the leaves behind them; returns the number of nodes.
    mutating func finish() -> Int {
      if !areSorted {
        let nodes = (0..<operations).map { entries[$0].node }
          .sorted { $0.sequence > $1.sequence }
        for (index, node) in nodes.enumerated() { entries[index].node = node }
      }
      (entries + operations).moveInitialize(from: entries + capacity - leaves, count: leaves)
      return operations + leaves
    }
  }

  private static let passes = Atomic<UInt64>(0)

  let createsGraph: Bool
  private let number = passes.wrappingAdd(1, ordering: .relaxed).newValue
  /// All nodes, in descending order of their sequence numbers.
  private let entries: UnsafeMutablePointer<Entry>
  private let count: Int
  // Unchecked, because each check costs as much as the access; a pass belongs to one thread.
  /// Gradients of outputs other than the first, by the index of their node.
  @exclusivity(unchecked) private var others: [Int: [UInt32: Tensor]] = [:]
  /// The indices of nodes that another pass has claimed at the same time.
  @exclusivity(unchecked) private var places: [ObjectIdentifier: Int] = [:]
  /// The nodes whose gradients are needed; if empty, those of all leaves are.
  private let targets: Set<ObjectIdentifier>

  /// Runs a backward pass from `roots` with their gradients.
  ///
  /// Without `targets` the gradient of every leaf is accumulated; with them no leaf is changed, and the gradient of
  /// each target is returned.
  @discardableResult
  static func run(
    from roots: [(tensor: Tensor, gradient: Tensor)], targets: [Tensor] = [], retainsGraph: Bool,
    createsGraph: Bool
  ) -> [Tensor?] {
    let pass = BackwardPass(from: roots, targets: targets, createsGraph: createsGraph)
    let before = Tape.setRecording(createsGraph)
    defer { _ = Tape.setRecording(before) }
    for (tensor, gradient) in roots {
      if let node = tensor.node { pass.receive(node, tensor.output, gradient, isMasked: false) }
    }
    pass.walk(releasing: !retainsGraph)
    return targets.map { target in
      target.node.flatMap { pass.place(of: $0) }.flatMap { pass.gradient($0, target.output) }
    }
  }

  /// Finds all nodes below `roots`.
  private init(
    from roots: [(tensor: Tensor, gradient: Tensor)], targets: [Tensor], createsGraph: Bool
  ) {
    self.createsGraph = createsGraph
    self.targets = Set(targets.compactMap { $0.node.map(ObjectIdentifier.init) })
    var found = Found(number: number)
    for root in roots { found.visit(root.tensor.node) }
    var next = 0
    while next < found.operations {
      let node = found.entries[next].node
      for input in 0..<node.inputCount { found.visit(node.input(input)) }
      next += 1
    }
    count = found.finish()
    entries = found.entries
    var places = found.places
    for index in 0..<count {
      let node = entries[index].node
      if !node.setPlace(index, in: number) { places[ObjectIdentifier(node)] = index }
    }
    self.places = places
    if !targets.isEmpty { markWanted() }
  }

  deinit {
    for index in 0..<count { entries[index].node.giveUp(number) }
    entries.deinitialize(count: count)
    entries.deallocate()
  }

  private func place(of node: GradientNode) -> Int? {
    node.place(in: number) ?? places[ObjectIdentifier(node)]
  }

  /// Marks the nodes that are targets or lead to one; inputs come after what is computed from them.
  private func markWanted() {
    for index in (0..<count).reversed() {
      let node = entries[index].node
      entries[index].isWanted = targets.contains(ObjectIdentifier(node)) || leadsOn(node)
    }
  }

  /// Whether the gradient of any input is needed.
  private func leadsOn(_ node: GradientNode) -> Bool {
    var leads = false
    node.forEachInput { input in
      if let place = place(of: input), entries[place].isWanted { leads = true }
    }
    return leads
  }

  private func walk(releasing: Bool) {
    let isObserved = Tape.isObserved
    for index in 0..<count {
      let node = entries[index].node
      if node.hasHooks { runHooks(index) }
      if let leaf = node.leaf {
        if targets.isEmpty {
          if !createsGraph { entries[index].gradient?.node = nil }
          leaf.accumulate(&entries[index].gradient)
        }
        continue
      }
      guard hasArrived(index), targets.isEmpty || entries[index].isWanted && leadsOn(node) else {
        continue
      }
      let step = BackwardStep(pass: self, node: node, index: index)
      if isObserved { observe(step) } else { node.backward(step) }
      // The gradient before the values that the node keeps: memory that was freed last is used first, so that forward
      // and backward each get their own again, in the caches of the cores that will write it.
      if targets.isEmpty || !targets.contains(ObjectIdentifier(node)) {
        entries[index].gradient = nil
        if !others.isEmpty { others[index] = nil }
      }
      if releasing { node.spend() }
    }
  }

  private func hasArrived(_ index: Int) -> Bool {
    entries[index].gradient != nil || !others.isEmpty && others[index] != nil
  }

  private func runHooks(_ index: Int) {
    for (output, hook) in entries[index].node.hooks {
      guard let arrived = gradient(index, output), let replaced = hook(arrived) else { continue }
      if output == 0 {
        entries[index].gradient = replaced
      } else {
        others[index]?[output] = replaced
      }
    }
  }

  /// Makes a step and reports it, with the gradients of its inputs so far.
  private func observe(_ step: BackwardStep) {
    let arrived =
      [entries[step.index].gradient].compactMap { $0 }
      + (others[step.index] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    Observation.of(
      step.node.name, arrived, isWhole: false, backwardOf: step.node,
      outputs: {
        var given: [Tensor] = []
        step.node.forEachEdge { input, output in
          if let place = place(of: input), let gradient = gradient(place, output) {
            given.append(gradient)
          }
        }
        return given
      }
    ) { step.node.backward(step) }
  }

  // MARK: Queries of steps

  func wants(_ node: GradientNode) -> Bool {
    targets.isEmpty || (place(of: node).map { entries[$0].isWanted } ?? false)
  }

  /// A gradient that is observed or differentiated again must not be masked on the way.
  func mayMask(_ node: GradientNode) -> Bool {
    node.isRectified && !createsGraph && !node.hasHooks
      && (targets.isEmpty || !targets.contains(ObjectIdentifier(node)))
  }

  func gradient(_ index: Int, _ output: UInt32) -> Tensor? {
    output == 0 ? entries[index].gradient : others[index]?[output]
  }

  func isMasked(_ index: Int) -> Bool { entries[index].isMasked }

  /// Adds a gradient of an output; `isMasked` says that it is already 0 where the rectified output is 0.
  func receive(_ node: GradientNode, _ output: UInt32, _ new: consuming Tensor, isMasked: Bool) {
    guard let index = place(of: node) else { return }
    guard output == 0 else {
      if others[index]?[output]?.accumulate(new) == nil {
        others[index, default: [:]][output] = new
      }
      return
    }
    if entries[index].gradient?.accumulate(new) == nil {
      entries[index].gradient = new
      entries[index].isMasked = isMasked
    } else {
      entries[index].isMasked = entries[index].isMasked && isMasked
    }
  }
}

extension Tensor {
  /// Adds another gradient; in place if nothing else holds the memory and nothing is recorded.
  mutating func accumulate(_ other: Tensor) {
    if Tape.records(self, other) || dtype != other.dtype || shape != other.shape {
      self = self + other
    } else if ownsStorage() {
      Kernels.alike(.add, self, other, into: self)
    } else {
      let sum = Tensor(uninitialized: shape, dtype, like: self)
      Kernels.alike(.add, self, other, into: sum)
      self = sum
    }
  }
}
