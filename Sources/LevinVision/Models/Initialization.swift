package import LevinNN
package import LevinTensor

extension Parameter {
  /// Overwrites the values, in the parameter's own dtype.
  func fill(_ values: Tensor) { assign(values.to(dtype)) }
}

extension Module {
  /// Draws the weights of all two-dimensional convolutions again, in the order of the modules, as torchvision's models
  /// do after construction; biases become 0.
  func initializeConvolutions(_ weight: (Conv2d) -> Tensor) {
    if Init.isSkipping { return }
    for case (_, let layer as Conv2d) in namedModules {
      layer.weight.fill(weight(layer))
      if let bias = layer.bias { bias.fill(.zeros(bias.shape)) }
    }
  }

  /// Does the same as ``initializeConvolutions(_:)``, and draws the weights of linear layers from a normal distribution
  /// with a standard deviation of 0.01; biases become 0.
  package func initializeConvolutionsAndLinears(_ weight: (Conv2d) -> Tensor) {
    if Init.isSkipping { return }
    for (_, module) in namedModules {
      switch module {
      case let layer as Conv2d:
        layer.weight.fill(weight(layer))
        if let bias = layer.bias { bias.fill(.zeros(bias.shape)) }
      case let layer as Linear:
        layer.weight.fill(Init.normal(layer.weight.shape, deviation: 0.01))
        if let bias = layer.bias { bias.fill(.zeros(bias.shape)) }
      default: break
      }
    }
  }
}

/// He's normal initialization, which preserves the variance of gradients in the backward pass.
package func kaimingFanOut(_ layer: Conv2d) -> Tensor {
  Init.kaimingNormal(layer.weight.shape, mode: .fanOut, nonlinearity: .relu)
}
