public import LevinTensor

/// Layers called one after the other, named `0`, `1` and so on.
public final class Sequential: Layer {
  /// The layers, in the order in which they run.
  public let layers: [Layer]

  /// Creates a sequence of layers, which run in this order.
  public init(_ layers: Layer...) { self.layers = layers }

  public override var ownMembers: [(name: String, value: Any)] {
    layers.enumerated().map { ("\($0.offset)", $0.element) }
  }

  /// A `ReLU` right after a `Linear` runs in the same pass as the product; the values are the same.
  public override func forward(_ input: Tensor) -> Tensor {
    var output = input
    var index = 0
    while index < layers.count {
      if let linear = layers[index] as? Linear, index + 1 < layers.count,
        let relu = layers[index + 1] as? ReLU
      {
        let input = output
        output = linear.called { linear.forward(input, relu: true) }
        relu.called { output.reportFused("relu()") }
        index += 2
      } else {
        output = layers[index](output)
        index += 1
      }
    }
    return output
  }
}
