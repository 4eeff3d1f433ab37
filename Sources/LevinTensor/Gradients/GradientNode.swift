/// One recorded operation: how a gradient of its output becomes gradients of its inputs.
///
/// Nodes carry rising sequence numbers; backward walks them by falling number, so that a node is visited when all that
/// was computed from its output has been.
final class GradientNode {
  /// The inputs, nil where none is recorded, and the way back: what gives each of them its gradient.
  ///
  /// Cases by the number of inputs, so that a node is one block of memory, without arrays.
  enum Rule {
    case leaf(Parameter)
    case unary(GradientNode?, Unary)
    case binary(GradientNode?, GradientNode?, Binary)
    case ternary(GradientNode?, GradientNode?, GradientNode?, Ternary)
    /// An operation that ends in a ReLU.
    case rectified(GradientNode?, GradientNode?, GradientNode?, Rectified)
    case spent
  }

  typealias Unary = (_ gradient: consuming Tensor, _ a: GradientNode?) -> Void
  typealias Binary = (
    _ gradient: consuming Tensor, _ a: GradientNode?, _ b: GradientNode?
  ) -> Void
  typealias Ternary = (
    _ gradient: consuming Tensor, _ a: GradientNode?, _ b: GradientNode?, _ c: GradientNode?
  ) -> Void
  typealias Rectified = (
    _ gradient: consuming Tensor, _ isMasked: Bool, _ a: GradientNode?, _ b: GradientNode?,
    _ c: GradientNode?
  ) -> Void

  let sequence: UInt64
  private var rule: Rule
  /// What has arrived so far of the output's gradient.
  private var gradient: Tensor?
  /// Whether all that has arrived is already 0 where the output is.
  private var isMasked = false
  /// The last backward that came by here.
  private var pass: UInt64 = 0

  init(_ rule: Rule) {
    sequence = Tape.nextSequence()
    self.rule = rule
  }

  deinit { releaseInputs() }

  /// Whether this stands for a parameter.
  var isLeaf: Bool {
    if case .leaf = rule { true } else { false }
  }

  /// Whether the output is that of a ReLU, whose gradient is 0 where the output is.
  ///
  /// Whoever computes a gradient of it may see to that on the way, which spares a pass over memory.
  var isRectified: Bool {
    if case .rectified = rule { true } else { false }
  }

  /// Calls `body` with each input that is recorded.
  func forEachInput(_ body: (GradientNode) -> Void) {
    switch rule {
    case .leaf, .spent: break
    case .unary(let a, _):
      if let a { body(a) }
    case .binary(let a, let b, _):
      if let a { body(a) }
      if let b { body(b) }
    case .ternary(let a, let b, let c, _), .rectified(let a, let b, let c, _):
      if let a { body(a) }
      if let b { body(b) }
      if let c { body(c) }
    }
  }

  /// Takes in a gradient of the output; `isMasked` says that it is 0 where a rectified output is.
  func receive(_ new: consuming Tensor, isMasked: Bool = false) {
    guard var sum = gradient.take() else {
      gradient = new
      self.isMasked = isMasked
      return
    }
    self.isMasked = self.isMasked && isMasked
    // Nobody else sees memory that is held here alone.
    let result = sum.isAlone() ? sum : Tensor(uninitialized: sum.shape)
    Kernels.add(sum, new, into: result)
    gradient = result
  }

  /// Gives the gradient that has arrived on to the inputs, or to the parameter.
  ///
  /// Lets go of what that needed: a second backward through here is a mistake that is answered.
  func passOn() {
    guard let gradient = gradient.take() else { return }
    switch rule {
    case .leaf(let parameter):
      parameter.accumulate(gradient)
      return
    case .unary(let a, let backward): backward(gradient, a)
    case .binary(let a, let b, let backward): backward(gradient, a, b)
    case .ternary(let a, let b, let c, let backward): backward(gradient, a, b, c)
    case .rectified(let a, let b, let c, let backward): backward(gradient, isMasked, a, b, c)
    case .spent:
      ShapeChecks.fail(
        "backward()", "a tape that is spent", expected: "one backward for each forward",
        hint: "compute the loss again")
    }
    rule = .spent
  }

  /// Whether backward number `number` comes here for the first time.
  func isNew(in number: UInt64) -> Bool {
    defer { pass = number }
    return pass != number
  }

  /// Lets go of the inputs one after another: a long tape that nobody went back over would otherwise be
  /// released by recursion, as deep as it is long.
  private func releaseInputs() {
    switch rule {
    case .leaf, .spent: return
    case .unary, .binary, .ternary, .rectified: break
    }
    var open: [GradientNode] = []
    forEachInput { open.append($0) }
    rule = .spent
    while var node = open.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      node.forEachInput { open.append($0) }
      if !node.isLeaf { node.rule = .spent }
    }
  }
}
