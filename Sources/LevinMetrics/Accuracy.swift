public import LevinTensor

/// The share of `[batch]` targets (int64) that predictions hit; scores `[batch, classes]` are arg-maxed first. Scalar float32.
public func accuracy(_ predictions: Tensor, _ targets: Tensor, classCount: Int) -> Tensor {
  fatalError("skeleton")
}
