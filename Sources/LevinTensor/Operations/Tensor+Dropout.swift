internal import LevinSystem

extension Tensor {
  /// Sets each element to 0 with probability `p`, and otherwise divides it by 1 − p, as `torch.nn.functional.dropout`
  /// in training.
  ///
  /// From Srivastava and others (2014). Draws one number per element from the generator, as PyTorch does without MKL,
  /// and none if p is 0. Traps for probabilities outside 0…1.
  public func dropout(_ p: Double = 0.5, generator: Generator = .default) -> Tensor {
    composed("dropout()", [self], [.init("p", .double(p))]) {
      dropped("dropout", p, shape, generator)
    }
  }

  /// Sets each channel of `[batch, channels, …]` to 0 as a whole with probability `p`, and otherwise divides it by 1
  /// − p, as `torch.nn.functional.dropout2d` in training.
  ///
  /// From Tompson and others (2015).
  public func dropout2d(_ p: Double = 0.5, generator: Generator = .default) -> Tensor {
    composed("dropout2d()", [self], [.init("p", .double(p))]) {
      guard rank >= 2 else {
        fail("dropout2d", "input \(shape)", expected: "[batch, channels, …]")
      }
      let sizes = shape.indices.map { $0 < 2 ? shape[$0] : 1 }
      return dropped("dropout2d", p, Shape(sizes), generator)
    }
  }

  private func dropped(_ name: String, _ p: Double, _ shape: Shape, _ generator: Generator)
    -> Tensor
  {
    ShapeChecks.isFloatingPoint(self, for: name)
    guard 0...1 ~= p else {
      fail(name, "probability \(p)", expected: "0…1")
    }
    if p == 0 || elementCount == 0 { return self }
    if p == 1 { return self * Tensor(.int(0), dtype: dtype) }
    let keeps = (0..<shape.elementCount).map { _ in generator.uniformDouble() < 1 - p }
    return self * (Tensor(keeps, shape: shape, device: device).to(dtype) / (1 - p))
  }
}
