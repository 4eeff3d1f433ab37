internal import LevinTensor

extension GraphBuilder {
  /// A tensor that was not computed from the inputs.
  func constant(_ tensor: TensorPair, in scopes: [any OperationScope]) throws -> String {
    let (first, second) = (tensor.first.contiguous(), tensor.second.contiguous())
    if first.shape == second.shape {
      guard first.hasBytes(of: second) else {
        throw ONNXError(
          "a tensor \(first.shape) of \(first.dtype.name) whose numbers differ between inputs, and which no "
            + "operation computed; expected a constant: numbers that are read from a tensor, with item() or "
            + "scalars(as:), cannot become part of a graph, nor what is computed from the batch's size"
        )
      }
      return constant(first, in: scopes)
    }
    // What is repeated for each sample is stored once.
    let sizes = tensor.sizes
    var rows = (first, second)
    for axis in sizes.indices where sizes[axis].fixed == nil {
      rows = (
        rows.0.narrowed(axis, start: 0, length: 1), rows.1.narrowed(axis, start: 0, length: 1)
      )
    }
    guard first.hasBytes(of: rows.0.expanded(to: first.shape)),
      second.hasBytes(of: rows.1.expanded(to: second.shape)), rows.0.hasBytes(of: rows.1)
    else {
      throw ONNXError(
        "a constant \(first.shape) that differs between the samples of a batch; expected one that "
          + "is the same for all of them"
      )
    }
    let row = constant(rows.0.contiguous(), in: scopes)
    return node("Expand", [row, try shape(sizes, in: scopes)], in: scopes)
  }

  func constant(_ numbers: [Int], in scopes: [any OperationScope]) -> String {
    constant(Tensor(numbers.map { Int64($0) }, shape: [numbers.count]), in: scopes)
  }

  /// Sizes as an int64 vector; those that depend on the batch are computed.
  func shape(_ sizes: [TensorPair.Size], in scopes: [any OperationScope]) throws -> String {
    let fixed = sizes.compactMap(\.fixed)
    if fixed.count == sizes.count { return constant(fixed, in: scopes) }
    let parts = try sizes.map { size in
      guard size.fixed == nil else { return constant([size.rest], in: scopes) }
      var value = try batch(in: scopes)
      if size.perSample != 1 {
        value = node("Mul", [value, constant([size.perSample], in: scopes)], in: scopes)
      }
      if size.rest != 0 {
        value = node("Add", [value, constant([size.rest], in: scopes)], in: scopes)
      }
      return value
    }
    return parts.count == 1
      ? parts[0] : node("Concat", parts, [.init("axis", .int(0))], in: scopes)
  }
}

extension Tensor {
  /// Whether another tensor has the same shape, dtype and bits.
  fileprivate func hasBytes(of other: Tensor) -> Bool {
    guard shape == other.shape, dtype == other.dtype else { return false }
    return contiguous().withUnsafeBytes { own in
      other.contiguous().withUnsafeBytes { own.elementsEqual($0) }
    }
  }
}
