internal import LevinSystem

extension Tensor {
  /// The rows of this table `[count, features]` at `indices` (int64 or int32, of any shape): `[indices…, features]`
  /// (PyTorch's `embedding`).
  ///
  /// The row `paddingIndex` gets no gradient. Rows whose norm of order `normOrder` is above `maxNorm` are shortened
  /// to it. With `scalesByFrequency` the gradient of a row is divided by the number of its occurrences. Traps for an
  /// index outside the table.
  public func embedding(
    _ indices: Tensor, paddingIndex: Int? = nil, maxNorm: Double? = nil, normOrder: Double = 2,
    scalesByFrequency: Bool = false
  ) -> Tensor {
    composed(
      "embedding(_:)", [self, indices],
      (maxNorm.map { [.init("maxNorm", .double($0))] } ?? []) + [
        .init("normOrder", .double(normOrder)),
        .init("scalesByFrequency", .bool(scalesByFrequency)),
      ]
    ) {
      guard rank == 2 else {
        fail("embedding(_:)", "a table \(shape)", expected: "[count, features]")
      }
      let places = withoutGradients {
        Self.checked(indices, size: shape[0], "embedding(_:)", negative: false).flattened()
      }
      let whole = Shape(Array(indices.shape) + [shape[1]])
      let rows = withoutGradients {
        (maxNorm.map { rowsShortened(places, to: $0, order: normOrder) } ?? detached())
          .indexSelected(0, places).reshaped(to: whole)
      }
      guard Tape.records(self) else { return rows }
      let (count, features) = (shape[0], shape[1])
      return rows.recorded(
        GradientNode("embedding(_:)", edge) { step in
          var gradient = step.gradient.reshaped(to: [-1, features])
          if let paddingIndex {
            let index = paddingIndex < 0 ? paddingIndex + count : paddingIndex
            gradient = gradient.kept(where: (places .!= index).unsqueezed(1))
          }
          if scalesByFrequency {
            let ones = Tensor.ones(places.shape, dtype: gradient.dtype, device: gradient.device)
            let times = Tensor.zeros([count], dtype: gradient.dtype, device: gradient.device)
              .indexAdded(0, places, ones)
            gradient = gradient / times.indexSelected(0, places).unsqueezed(1)
          }
          step.give(
            0,
            Tensor.zeros([count, features], dtype: gradient.dtype, device: gradient.device)
              .indexAdded(0, places, gradient))
        })
    }
  }

  /// This table with the rows at `indices` shortened to the norm `most` if theirs is larger; no gradient is recorded
  /// (PyTorch's `embedding_renorm_`).
  package func rowsShortened(_ indices: Tensor, to most: Double, order: Double) -> Tensor {
    composed(
      "rowsShortened(_:to:order:)", [self, indices],
      [.init("maxNorm", .double(most)), .init("normOrder", .double(order))]
    ) {
      withoutGradients {
        let times = Tensor.ones([indices.elementCount], dtype: .int64, device: device)
        let isNamed =
          Tensor.zeros([shape[0]], dtype: .int64, device: device)
          .indexAdded(0, indices.to(.int64).flattened(), times) .> 0
        let norms = detached().norm(order, dimensions: [1])
        let factors = Tensor.where(
          isNamed .& (norms .> most), most / (norms + 1e-7), norms.onesLike())
        return detached() * factors.unsqueezed(1)
      }
    }
  }

  /// A new last dimension of size `classes` with 1 at each class index and 0 elsewhere; int64 (PyTorch's `one_hot`).
  ///
  /// Without `classes` its size is the largest index plus 1. Traps for an index outside 0..<classes.
  public func oneHot(_ classes: Int? = nil) -> Tensor {
    composed("oneHot()", [self]) {
      guard dtype == .int64, elementCount > 0 || classes != nil else {
        fail(
          "oneHot(_:)", "a tensor \(shape) of \(dtype.name)", expected: "indices of int64",
          hint: elementCount == 0 ? "say how many classes there are" : nil)
      }
      let (least, most) = elementCount == 0 ? (0, -1) : (min().item(), max().item())
      let count = classes ?? Int(most) + 1
      guard least >= 0, Int(most) < count else {
        fail(
          "oneHot(_:)", "class \(Int(least < 0 ? least : most))",
          expected: "a class in 0..<\(count)")
      }
      return (unsqueezed(-1) .== Tensor.arange(count, device: device)).to(.int64)
    }
  }

  /// `x₁ᵀ W x₂ + b` for each output: `[…, out]` for this tensor `[…, in₁]`, `other` `[…, in₂]`, weight `[out, in₁, in₂]` and bias
  /// `[out]` (PyTorch's `bilinear`).
  public func bilinear(_ other: Tensor, weight: Tensor, bias: Tensor? = nil) -> Tensor {
    composed("bilinear(_:weight:)", [self, other, weight, bias].compactMap { $0 }) {
      guard rank > 0, other.rank == rank, weight.rank == 3,
        shape.dropLast() == other.shape.dropLast(),
        shape[rank - 1] == weight.shape[1], other.shape[rank - 1] == weight.shape[2],
        bias.map({ $0.shape == [weight.shape[0]] }) ?? true
      else {
        fail(
          "bilinear(_:weight:)",
          "inputs \(shape) and \(other.shape), weight \(weight.shape), bias \(bias?.shape ?? [])",
          expected: "inputs […, in₁] and […, in₂], weight [out, in₁, in₂], bias [out]")
      }
      let (out, first, second) = (weight.shape[0], weight.shape[1], weight.shape[2])
      let rows = reshaped(to: [shape.dropLast().reduce(1, *), first])
        .matmul(weight.permuted(1, 0, 2).reshaped(to: [first, out * second]))
        .reshaped(to: Shape(Array(shape.dropLast()) + [out, second]))
      let result = (rows * other.unsqueezed(-2)).sum(dimensions: [-1], dtype: dtype)
      return bias.map { result + $0 } ?? result
    }
  }
}
