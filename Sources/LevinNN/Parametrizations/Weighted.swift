public import LevinTensor

/// A module with a weight, which ``weightNorm(_:dimension:)`` and
/// ``spectralNorm(_:powerIterations:epsilon:dimension:)`` compute from other parameters.
public protocol Weighted: Module {
  /// The weight.
  var weight: Parameter { get set }
}

extension Linear: Weighted {}
extension Bilinear: Weighted {}
extension Convolution: Weighted {}
extension TransposedConvolution: Weighted {}
extension Embedding: Weighted {}
