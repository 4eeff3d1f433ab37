/// One recorded operation: how a gradient of its output becomes gradients of its inputs.
///
/// Nodes carry rising sequence numbers; backward walks them by falling number, so that a node is visited when all that
/// was computed from its output has been.
final class GradientNode {
  /// Gives the gradients of the inputs in their order; nil for an input that needs none.
  typealias Backward = (_ gradient: Tensor) -> [Tensor?]

  let sequence: UInt64
  private(set) var inputs: [GradientNode?]
  private(set) var backward: Backward?
  /// The parameter that a leaf stands for.
  let parameter: Parameter?
  /// What has arrived so far of the output's gradient.
  var gradient: Tensor?

  init(inputs: [GradientNode?], backward: @escaping Backward) {
    sequence = Tape.nextSequence()
    self.inputs = inputs
    self.backward = backward
    parameter = nil
  }

  /// A leaf.
  init(parameter: Parameter) {
    sequence = Tape.nextSequence()
    inputs = []
    backward = nil
    self.parameter = parameter
  }

  /// Lets go of what backward needed; a second backward through here is a mistake that is answered.
  func spend() {
    inputs = []
    backward = nil
  }

  func receive(_ gradient: Tensor) {
    self.gradient = self.gradient.map { $0.detached() + gradient } ?? gradient
  }
}
