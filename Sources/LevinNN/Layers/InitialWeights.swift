internal import LevinTensor

/// Initial weights as torch.nn's linear layers and convolutions draw them, from the default generator, bit for bit.
enum InitialWeights {
  /// Kaiming uniform with a = √5 (He and others 2015), computed in double as PyTorch does; a weight `[out, in, …]`.
  static func weight(_ shape: Shape) -> Tensor {
    let gain = (2.0 / (1 + 5)).squareRoot()
    let bound = 3.0.squareRoot() * (gain / Double(fanIn(shape)).squareRoot())
    return Init.uniform(shape, -bound, bound)
  }

  /// Uniform in ±1/√(the elements that an output of `weight` is computed from).
  static func bias(_ count: Int, of weight: Shape) -> Tensor {
    let bound = 1 / Double(fanIn(weight)).squareRoot()
    return Init.uniform([count], -bound, bound)
  }

  private static func fanIn(_ weight: Shape) -> Int { weight.dropFirst().reduce(1, *) }
}
