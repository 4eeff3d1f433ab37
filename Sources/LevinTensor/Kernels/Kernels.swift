internal import CLevinKernels

/// The only way from tensors to kernels: those of the CPU are called directly, those of other devices through their
/// ``Backend``.
///
/// The caller checks shapes, dtypes and indices: results have the shape that the operands broadcast to, and are on
/// the right device.
enum Kernels {}

// MARK: Elementwise

extension Kernels {
  static func unary(_ function: UnaryFunction, _ x: Tensor, into result: Tensor) {
    guard x.isOnHost, result.isOnHost else {
      let backend = backend(x, result)
      return backend.unary(function, x.operand(as: result), into: result.operand)
    }
    CPU.unary(function, x, into: result)
  }

  static func binary(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor, into result: Tensor) {
    guard a.isOnHost, b.isOnHost, result.isOnHost else {
      return onDevice(function, a, b, into: result)
    }
    CPU.binary(function, a, b, into: result)
  }

  /// Operands and result have one shape and dtype.
  static func alike(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor, into result: Tensor) {
    guard a.isOnHost, b.isOnHost, result.isOnHost else {
      return onDevice(function, a, b, into: result)
    }
    CPU.alike(function, a, b, into: result)
  }

  private static func onDevice(
    _ function: BinaryFunction, _ a: Tensor, _ b: Tensor, into result: Tensor
  ) {
    backend(a, b, result).binary(
      function, a.operand(as: result), b.operand(as: result), into: result.operand)
  }

  /// Both are converted to `dtype` to be compared.
  static func comparison(
    _ comparison: Comparison, _ a: Tensor, _ b: Tensor, in dtype: DType, into result: Tensor
  ) {
    guard a.isOnHost, b.isOnHost, result.isOnHost else {
      return backend(a, b, result).compare(
        comparison, a.operand(as: result), b.operand(as: result), in: dtype, into: result.operand)
    }
    CPU.comparison(comparison, a, b, in: dtype, into: result)
  }

  static func choose(_ condition: Tensor, _ a: Tensor, _ b: Tensor, into result: Tensor) {
    guard condition.isOnHost, a.isOnHost, b.isOnHost, result.isOnHost else {
      return backend(condition, a, b, result).choose(
        condition.operand(as: result), a.operand(as: result), b.operand(as: result),
        into: result.operand)
    }
    CPU.choose(condition, a, b, into: result)
  }

  /// Copies, with repetition and conversion, also from one device to another.
  static func copy(_ x: Tensor, into result: Tensor) {
    guard x.isOnHost, result.isOnHost else { return betweenDevices(x, into: result) }
    CPU.copy(x, into: result)
  }
}

// MARK: Reductions

extension Kernels {
  /// `result` has the reduced dimensions with size 1.
  static func reduce(
    _ reduction: Reduction, _ x: Tensor, along axes: Axes, into result: Tensor
  ) {
    guard x.isOnHost, result.isOnHost else {
      return backend(x, result).reduce(reduction, x.operand, into: result.operand)
    }
    CPU.reduce(reduction, x, along: axes, into: result)
  }

  static func indexOfExtreme(
    largest: Bool, _ x: Tensor, along axes: Axes, into result: Tensor
  ) {
    guard x.isOnHost, result.isOnHost else {
      return backend(x, result).indexOfExtreme(
        largest: largest, x.operand, along: axes, into: result.operand)
    }
    CPU.indexOfExtreme(largest: largest, x, along: axes, into: result)
  }

  static func scan(multiplying: Bool, _ x: Tensor, along axis: Int, into result: Tensor) {
    guard x.isOnHost, result.isOnHost else {
      return backend(x, result).scan(
        multiplying: multiplying, x.operand, along: axis, into: result.operand)
    }
    CPU.scan(multiplying: multiplying, x, along: axis, into: result)
  }
}

// MARK: Indexing

extension Kernels {
  /// Element `offsets[i]` of the storage of `x`, counted from its first element.
  static func take(_ x: Tensor, at offsets: Tensor, into result: Tensor) {
    guard x.isOnHost, offsets.isOnHost, result.isOnHost else {
      return backend(x, offsets, result).take(
        x.operand, at: offsets.operand, into: result.operand)
    }
    CPU.take(x, at: offsets, into: result)
  }

  /// Rows `indices` (int64) of the first dimension; all operands are contiguous and in the host's memory.
  static func takeRows(_ x: Tensor, at indices: Tensor, into result: Tensor) {
    CPU.takeRows(x, at: indices, into: result)
  }

  /// The smallest and the largest of contiguous int64 indices, of which there is at least one.
  static func bounds(ofIndices indices: Tensor) -> ClosedRange<Int> {
    CPU.bounds(ofIndices: indices.isOnHost ? indices : indices.onHost())
  }

  static func put(_ x: Tensor, at offsets: Tensor, into result: Tensor, adding: Bool) {
    guard x.isOnHost, offsets.isOnHost, result.isOnHost else {
      return backend(x, offsets, result).put(
        x.operand, at: offsets.operand, into: result.operand, adding: adding)
    }
    CPU.put(x, at: offsets, into: result, adding: adding)
  }

  /// The indices that sort the elements along the last dimension; `x` and `result` are contiguous.
  static func argsort(_ x: Tensor, descending: Bool, into result: Tensor) {
    guard x.isOnHost, result.isOnHost else {
      return backend(x, result).argsort(x.operand, descending: descending, into: result.operand)
    }
    CPU.argsort(x, descending: descending, into: result)
  }
}
