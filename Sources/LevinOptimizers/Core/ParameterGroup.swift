public import LevinTensor

/// Parameters that an optimizer updates with one set of options.
public final class ParameterGroup {
  /// A name, for curves of learning rates.
  public let name: String?
  /// The parameters in the order in which they were given.
  public let parameters: [Parameter]
  /// The options, of the optimizer's own type.
  public internal(set) var options: any OptimizerOptions
  /// The learning rate before any scheduler; nil if there is none (PyTorch's `initial_lr`).
  var initialLearningRate: Double?
  var states: [ParameterState]

  init(_ parameters: [Parameter], name: String?, options: any OptimizerOptions) {
    self.parameters = parameters
    self.name = name
    self.options = options
    states = parameters.map { _ in ParameterState() }
  }

  /// The learning rate of the next step.
  public var learningRate: Double {
    get { options.learningRate }
    set { options.learningRate = newValue }
  }

  /// The momentum of the next step; nil if the optimizer has none, in which case it cannot be set.
  public var momentum: Double? {
    get { (options as? any MomentumOptions)?.momentum }
    set {
      guard var changed = options as? any MomentumOptions, let newValue else { return }
      changed.momentum = newValue
      options = changed
    }
  }
}
