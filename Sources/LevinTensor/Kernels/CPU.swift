internal import CLevinKernels
internal import LevinSystem

/// The C kernels, which split large calls over the threads, on tensors in the host's memory.
///
/// The caller checks shapes, dtypes and indices: results have the shape that the operands broadcast to.
enum CPU {}

extension DType {
  var c: LevinType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .int32: .int32
    case .int64: .int64
    case .uint8: .uInt8
    case .bool: .bool
    case .float16: .float16
    case .bfloat16: .bFloat16
    }
  }

  /// The type that operations on elements of this dtype compute in.
  var compute: LevinCompute {
    switch self {
    case .float32, .float16, .bfloat16: .float32
    case .float64: .float64
    case .int32, .int64, .uint8, .bool: .int64
    }
  }

  /// Whether kernels compute in this dtype itself.
  var isComputed: Bool { self == .float32 || self == .float64 || self == .int64 }
}

extension Tensor {
  /// The address of the first element in the host's memory.
  @inline(__always)
  var address: UnsafeMutableRawPointer {
    guard let host = storage.host else { notOnHost() }
    return host + offset * dtype.byteCount
  }

  @inline(never)
  private func notOnHost() -> Never {
    fail(
      "a kernel of the CPU", "a tensor on \(device)", expected: "one on cpu",
      hint: "move it with to(.cpu)")
  }

  /// Whether the elements fill a block of memory, without gaps, in some order of the dimensions.
  @inline(__always)
  var isDense: Bool { strides.map { Layout.isDense(shape, $0) } ?? true }

  /// Whether the elements lie in memory as those of `other` do.
  @inline(__always)
  func liesLike(_ other: Tensor) -> Bool { shape == other.shape && strides == other.strides }

  /// The elements as C expects them, in row-major order.
  @inline(__always)
  func elements<Scalar: TensorScalar>(_ type: Scalar.Type) -> UnsafeMutablePointer<Scalar> {
    precondition(
      dtype == Scalar.dtype && strides == nil, "elements that do not lie as C takes them")
    return address.assumingMemoryBound(to: Scalar.self)
  }
}

// MARK: Elementwise

extension CPU {
  static func unary(_ op: LevinUnary, _ x: Tensor, into result: Tensor) {
    if x.dtype == result.dtype, x.dtype.isComputed, result.isDense, x.liesLike(result) {
      levin_unary(op, x.dtype.compute, x.elementCount, x.address, result.address)
      return
    }
    IterationPlan(result, x).withC { levin_map_unary(op, computed(x.dtype, result.dtype), $0) }
  }

  /// The wider of the types that operand and result compute in.
  private static func computed(_ operand: DType, _ result: DType) -> LevinCompute {
    operand.promoted(with: result).compute
  }

  static func binary(_ op: LevinBinary, _ a: Tensor, _ b: Tensor, into result: Tensor) {
    if a.dtype == b.dtype, a.dtype == result.dtype {
      if a.shape == b.shape { return alike(op, a, b, into: result) }
      if a.dtype.isComputed, result.isDense {
        if b.elementCount == 1, a.liesLike(result) {
          return levin_binary(
            op, a.dtype.compute, a.elementCount, a.address, b.address, .second, result.address)
        }
        if a.elementCount == 1, b.liesLike(result) {
          return levin_binary(
            op, a.dtype.compute, b.elementCount, a.address, b.address, .first, result.address)
        }
      }
    }
    planned(op, a, b, into: result)
  }

  /// Operands and result have one shape and dtype.
  static func alike(_ op: LevinBinary, _ a: Tensor, _ b: Tensor, into result: Tensor) {
    guard a.dtype.isComputed, result.isDense, a.liesLike(result), b.liesLike(result) else {
      return planned(op, a, b, into: result)
    }
    levin_binary(
      op, a.dtype.compute, a.elementCount, a.address, b.address, .none, result.address)
  }

  private static func planned(_ op: LevinBinary, _ a: Tensor, _ b: Tensor, into result: Tensor) {
    IterationPlan(result, a, b).withC { levin_map_binary(op, result.dtype.compute, $0) }
  }

  /// Both are converted to `dtype` to be compared.
  static func comparison(
    _ op: LevinComparison, _ a: Tensor, _ b: Tensor, in dtype: DType, into result: Tensor
  ) {
    if a.dtype == dtype, b.dtype == dtype, dtype.isComputed, result.isDense, a.liesLike(result),
      b.liesLike(result)
    {
      return levin_compare(
        op, dtype.compute, a.elementCount, a.address, b.address,
        result.address.assumingMemoryBound(to: Bool.self))
    }
    IterationPlan(result, a, b).withC { levin_map_comparison(op, dtype.compute, $0) }
  }

  static func choose(_ condition: Tensor, _ a: Tensor, _ b: Tensor, into result: Tensor) {
    if a.dtype == result.dtype, b.dtype == result.dtype, result.dtype.isComputed, result.isDense,
      condition.liesLike(result), a.liesLike(result), b.liesLike(result)
    {
      return levin_where(
        result.dtype.compute, result.elementCount,
        condition.address.assumingMemoryBound(to: Bool.self), a.address, b.address, result.address)
    }
    IterationPlan(result, condition, a, b).withC { levin_map_where(result.dtype.compute, $0) }
  }

  /// Copies, with repetition and conversion.
  static func copy(_ x: Tensor, into result: Tensor) {
    if x.strides == nil, result.strides == nil, x.shape == result.shape {
      levin_convert(x.elementCount, x.address, x.dtype.c, result.address, result.dtype.c)
      return
    }
    IterationPlan(result, x).withC { levin_map_copy($0) }
  }
}

// MARK: Reductions

extension CPU {
  /// `result` has the reduced dimensions with size 1.
  static func reduce(
    _ op: LevinReduction, _ x: Tensor, along axes: Axes, into result: Tensor
  ) {
    let plan = IterationPlan(reducing: x, along: axes, into: result)
    plan.withC { levin_reduce(op, computed(x.dtype, result.dtype), $0, Int32(plan.kept)) }
  }

  static func indexOfExtreme(
    largest: Bool, _ x: Tensor, along axes: Axes, into result: Tensor
  ) {
    let plan = IterationPlan(reducing: x, along: axes, into: result, inOrder: true)
    plan.withC { levin_index_of_extreme(largest, x.dtype.compute, $0, Int32(plan.kept)) }
  }

  static func scan(multiplying: Bool, _ x: Tensor, along axis: Int, into result: Tensor) {
    IterationPlan(scanning: x, along: axis, into: result).withC {
      levin_scan(multiplying, result.dtype.compute, $0)
    }
  }
}

// MARK: Indexing

extension CPU {
  /// Element `offsets[i]` of the storage of `x`, counted from its first element.
  static func take(_ x: Tensor, at offsets: Tensor, into result: Tensor) {
    levin_take(
      offsets.elementCount, x.dtype.c, x.address, offsets.elements(Int64.self), result.address)
  }

  static func put(_ x: Tensor, at offsets: Tensor, into result: Tensor, adding: Bool) {
    (adding ? levin_put_sum : levin_put)(
      offsets.elementCount, x.dtype.c, x.address, offsets.elements(Int64.self), result.address)
  }

  /// Rows `indices` (int64) of the first dimension; all operands are contiguous.
  static func takeRows(_ x: Tensor, at indices: Tensor, into result: Tensor) {
    let rows = indices.elementCount
    levin_gather_rows(
      rows, indices.elements(Int64.self), x.address, rows == 0 ? 0 : result.byteCount / rows,
      result.address)
  }

  /// The smallest and the largest of contiguous int64 indices, of which there is at least one.
  static func bounds(ofIndices indices: Tensor) -> ClosedRange<Int> {
    var (least, most) = (Int64(0), Int64(0))
    levin_index_bounds(indices.elementCount, indices.elements(Int64.self), &least, &most)
    return Int(least)...Int(most)
  }

  /// The indices that sort the elements along the last dimension, as many as `result` holds; `x` and `result` are
  /// contiguous.
  static func argsort(_ x: Tensor, descending: Bool, into result: Tensor) {
    let size = x.shape.last ?? 1
    let rows = size == 0 ? 0 : x.elementCount / size
    guard
      levin_argsort(
        rows, size, result.shape.last ?? 1, x.dtype.c, x.address, descending,
        result.elements(Int64.self))
    else {
      fail(
        "sort", "\(x.shape), for which the system has no memory", expected: "less at a time")
    }
  }
}
