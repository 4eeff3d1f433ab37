internal import LevinTensor

/// Initial weights of linear layers and convolutions, drawn from the default generator as in torch.nn, bit for bit.
enum InitialWeights {
  /// A weight `[out, in, …]`: Kaiming uniform with a = √5 (He and others 2015), computed in double as PyTorch does.
  static func weight(_ shape: Shape) -> Tensor {
    let gain = (2.0 / (1 + 5)).squareRoot()
    let bound = 3.0.squareRoot() * (gain / Double(fanIn(shape)).squareRoot())
    return Init.uniform(shape, -bound, bound)
  }

  /// A bias: uniform in ±1/√n, where an output of `weight` is computed from n elements.
  static func bias(_ count: Int, of weight: Shape) -> Tensor {
    let bound = 1 / Double(fanIn(weight)).squareRoot()
    return Init.uniform([count], -bound, bound)
  }

  private static func fanIn(_ weight: Shape) -> Int { weight.dropFirst().reduce(1, *) }
}
