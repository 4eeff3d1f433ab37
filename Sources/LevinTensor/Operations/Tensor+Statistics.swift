internal import LevinSystem

// Medians, quantiles, counts and covariances.

extension Tensor {
  /// The median along a dimension, the lower one for an even number of elements, and its index; NaN if any element is
  /// NaN.
  ///
  /// Traps if there are no elements.
  public func median(dimension: Int, keepDimension: Bool = false) -> (
    values: Tensor, indices: Tensor
  ) {
    composed(
      "median(dimension:)", [self],
      [.init("dimension", .int(dimension)), .init("keepDimension", .bool(keepDimension))],
      outputs: { [$0.values, $0.indices] }
    ) {
      if rank == 0 { return (self, Tensor.zeros([], dtype: .int64, device: device)) }
      let axis = ShapeChecks.axis(dimension, of: self, for: "median(dimension:)")
      let size = ShapeChecks.isNotEmpty(axis, of: self, for: "median(dimension:)")
      let order = argsorted(dimension: axis)
      // NaN is sorted after the numbers.
      let missing = isNaN().sum(dimensions: [axis], keepDimension: true)
      let middle = missing.fullLike((size - 1) / 2)
      let place = Tensor.where(missing .> 0, size - missing, middle)
      return picked(order.gathered(axis, place), axis, keepDimension)
    }
  }

  /// The median of all elements, the lower one for an even number of elements; NaN if any element is NaN.
  ///
  /// NaN if there are no elements; integers trap in that case.
  public func median() -> Tensor {
    composed("median()", [self]) {
      if elementCount == 0, dtype.isFloatingPoint {
        return Tensor.full([], Double.nan, dtype: dtype, device: device)
      }
      return flattened().median(dimension: 0).values
    }
  }

  /// The `k`th smallest element along a dimension, counted from 1, and its index; NaN counts as largest.
  ///
  /// Traps for a `k` outside 1…size.
  public func kthValue(_ k: Int, dimension: Int = -1, keepDimension: Bool = false) -> (
    values: Tensor, indices: Tensor
  ) {
    composed(
      "kthValue(_:)", [self],
      [
        .init("k", .int(k)), .init("dimension", .int(dimension)),
        .init("keepDimension", .bool(keepDimension)),
      ], outputs: { [$0.values, $0.indices] }
    ) {
      let size = rank == 0 ? 1 : shape[ShapeChecks.axis(dimension, of: self, for: "kthValue(_:)")]
      guard k >= 1, k <= size else {
        fail(
          "kthValue(_:)", "k \(k) for dimension \(dimension) of shape \(shape)",
          expected: "1...\(size)")
      }
      if rank == 0 { return (self, Tensor.zeros([], dtype: .int64, device: device)) }
      let order = argsorted(dimension: dimension)
      return picked(order.narrowed(dimension, start: k - 1, length: 1), dimension, keepDimension)
    }
  }

  /// How a quantile between two elements is computed.
  public enum Interpolation: Sendable {
    case linear, lower, higher, nearest, midpoint
  }

  /// The quantiles `q` (numbers in 0…1, a scalar or a vector, of this tensor's dtype) along a dimension, or of all
  /// elements.
  ///
  /// For a vector the result gets an additional first dimension. NaN if any element is NaN.
  ///
  /// Traps for integers, for different dtypes and for `q` outside 0…1.
  public func quantile(
    _ q: Tensor, dimension: Int? = nil, keepDimension: Bool = false,
    interpolation: Interpolation = .linear
  ) -> Tensor {
    composed("quantile(_:)", [self, q], [.init("keepDimension", .bool(keepDimension))]) {
      ShapeChecks.isFloatingPoint(self, for: "quantile(_:)")
      _ = ShapeChecks.sameDType(self, q, for: "quantile(_:)")
      guard q.rank <= 1, elementCount > 0, q.scalarsAsDouble().allSatisfy({ 0...1 ~= $0 }) else {
        fail(
          "quantile(_:)", "q of shape \(q.shape) for shape \(shape)",
          expected: "a scalar or a vector of numbers in 0…1, and elements")
      }
      let x = dimension == nil || rank == 0 ? flattened() : self
      let axis = ShapeChecks.axis(rank == 0 ? 0 : dimension ?? 0, of: x, for: "quantile(_:)")
      let rows = x.movingDimensions([axis], to: [-1])
      let (sorted, last) = (rows.sorted().values, x.shape[axis] - 1)
      let whole = Shape(Array(sorted.shape.dropLast()) + [q.elementCount])
      let hasNaN = sorted.detached().isNaN().any(dimensions: [-1], keepDimension: true)
      let each = (q.rank == 0 ? q.to(device) : q).flattened()
      let ranks = Tensor.where(
        hasNaN, Tensor(.int(Int64(last)), dtype: dtype), each * last
      ).expanded(to: whole)
      let places: Tensor =
        switch interpolation {
        case .nearest: ranks.round()
        case .higher: ranks.ceil()
        default: ranks.floor()
        }
      var values = sorted.gathered(-1, places.to(.int64))
      if interpolation == .linear || interpolation == .midpoint {
        let above = sorted.gathered(-1, ranks.ceil().to(.int64))
        values =
          interpolation == .midpoint
          ? values.lerp(above, 0.5) : values.lerp(above, ranks - ranks.floor())
      }
      // [rest, q] becomes [q, rest], with the reduced dimension kept in its position.
      var result = values.movingDimensions([-1], to: [0])
      if keepDimension, rank > 0 {
        let axes = dimension == nil ? [Int](repeating: 1, count: rank) : nil
        result =
          axes.map { result.reshaped(to: Shape([q.elementCount] + $0)) }
          ?? result.unsqueezed(axis + 1)
      }
      return q.rank == 0 ? result.squeezed(0) : result
    }
  }

  /// The quantile `q`, a number in 0…1; see the overload that takes a tensor.
  public func quantile(
    _ q: Double, dimension: Int? = nil, keepDimension: Bool = false,
    interpolation: Interpolation = .linear
  ) -> Tensor {
    quantile(
      Tensor(.double(q), dtype: dtype), dimension: dimension, keepDimension: keepDimension,
      interpolation: interpolation)
  }

  private func scalarsAsDouble() -> [Double] {
    withoutGradients { to(.float64) }.scalars(as: Double.self)
  }

  /// The sum along dimensions, ignoring NaN.
  public func nanSum(dimensions: [Int] = [], keepDimension: Bool = false, dtype: DType? = nil)
    -> Tensor
  {
    composed(
      "nanSum()", [self],
      [.init("dimensions", .ints(dimensions)), .init("keepDimension", .bool(keepDimension))]
    ) {
      (self.dtype.isFloatingPoint ? maskedFill(isNaN(), with: 0) : self)
        .sum(dimensions: dimensions, keepDimension: keepDimension, dtype: dtype)
    }
  }

  /// The mean along dimensions, ignoring NaN.
  ///
  /// Traps for integers.
  public func nanMean(dimensions: [Int] = [], keepDimension: Bool = false) -> Tensor {
    composed(
      "nanMean()", [self],
      [.init("dimensions", .ints(dimensions)), .init("keepDimension", .bool(keepDimension))]
    ) {
      ShapeChecks.isFloatingPoint(self, for: "nanMean(dimensions:)")
      let count = (.!isNaN()).sum(dimensions: dimensions, keepDimension: keepDimension)
      return nanSum(dimensions: dimensions, keepDimension: keepDimension) / count
    }
  }

  // MARK: Counts

  /// The number of occurrences of each of 0, 1, … in a vector of integers, at least `minimumLength` counts (int64);
  /// with `weights`, the sums of the weights instead.
  ///
  /// Traps for negative integers, and if the weights have another shape.
  public func binCount(weights: Tensor? = nil, minimumLength: Int = 0) -> Tensor {
    composed(
      "binCount()", [self, weights].compactMap { $0 }, [.init("minimumLength", .int(minimumLength))]
    ) {
      guard rank == 1, !dtype.isFloatingPoint, weights == nil || weights?.shape == shape,
        minimumLength >= 0, elementCount == 0 || min().item() >= 0
      else {
        fail(
          "binCount(weights:)", "shape \(shape) of \(dtype.name)",
          expected: "a vector of integers of 0 or more, and as many weights")
      }
      let bins = elementCount == 0 ? 0 : Int(max().item()) + 1
      let counted =
        weights.map { $0.dtype == .float32 ? $0 : $0.to(.float64) }
        ?? Tensor.ones(shape, dtype: .int64, device: device)
      return Tensor.zeros([Swift.max(bins, minimumLength)], dtype: counted.dtype, device: device)
        .scatterAdded(0, to(.int64), counted)
    }
  }

  /// The number of elements in each of `bins` intervals of low…high, in this tensor's dtype; the range is that of the
  /// elements if both are equal.
  public func histogram(bins: Int = 100, low: Double = 0, high: Double = 0) -> Tensor {
    composed(
      "histogram()", [self],
      [.init("bins", .int(bins)), .init("low", .double(low)), .init("high", .double(high))]
    ) {
      guard bins > 0, low <= high, dtype.isFloatingPoint else {
        fail(
          "histogram(bins:low:high:)", "\(bins) bins of \(low)…\(high) for \(dtype.name)",
          expected: "1 bin or more, and a floating-point dtype")
      }
      let x = withoutGradients { detached().flattened() }
      var (first, last) = (low, high)
      if first == last, elementCount > 0 { (first, last) = (x.min().item(), x.max().item()) }
      if first == last { (first, last) = (first - 1, last + 1) }
      let inside = x.maskedSelected((x .>= first) .& (x .<= last))
      let places = ((inside - first) / (last - first) * bins).to(.int64)
      let top = Tensor(.int(Int64(bins - 1)), dtype: .int64)
      return Tensor.minimum(places, top).binCount(minimumLength: bins).to(dtype)
    }
  }

  // MARK: Covariance

  /// The covariances of the rows, whose columns are observations; a vector is one row.
  ///
  /// `frequencies` (integers) are the numbers of times that observations are repeated, `weights` their weights.
  ///
  /// Traps for more than two dimensions, and for frequencies and weights that are negative or of another number.
  public func covariance(correction: Int = 1, frequencies: Tensor? = nil, weights: Tensor? = nil)
    -> Tensor
  {
    composed(
      "covariance()", [self, frequencies, weights].compactMap { $0 },
      [.init("correction", .int(correction))]
    ) {
      guard rank <= 2 else {
        fail("covariance()", "shape \(shape)", expected: "at most two dimensions")
      }
      let rows = rank < 2 ? reshaped(to: [1, elementCount]) : self
      let count = rows.shape[1]
      for (name, given, isInteger) in [
        ("frequencies", frequencies, true), ("weights", weights, false),
      ] {
        guard let given else { continue }
        guard given.rank <= 1, given.elementCount == count,
          given.dtype.isFloatingPoint != isInteger,
          count == 0 || given.min().item() >= 0
        else {
          fail(
            "covariance()", "\(name) of shape \(given.shape) and \(given.dtype.name) for \(shape)",
            expected: "\(count) \(isInteger ? "integers" : "floating-point numbers") of 0 or more")
        }
      }
      var each = frequencies
      if let weights { each = each.map { $0 * weights } ?? weights }
      let total = each?.sum() ?? Tensor(.int(Int64(count)), dtype: .int64)
      let mean = (each.map { rows * $0 } ?? rows).sum(dimension: 1) / total
      var divisor = total - correction
      if let each, let weights, correction != 0 {
        divisor = total - (each * weights).sum() / total * correction
      }
      divisor = Tensor.maximum(divisor, divisor.zerosLike())
      let deviations = rows - mean.unsqueezed(1)
      let product = deviations.matmul(
        (each.map { deviations * $0.to(deviations.dtype) } ?? deviations).transposed())
      let result = product / divisor
      return result.squeezed()
    }
  }

  /// The correlations of the rows, whose columns are observations.
  public func correlation() -> Tensor {
    composed("correlation()", [self]) {
      guard rank <= 2 else {
        fail("correlation()", "shape \(shape)", expected: "at most two dimensions")
      }
      let covariance = covariance()
      if covariance.rank == 0 { return covariance / covariance }
      let deviation = covariance.diag().sqrt()
      return (covariance / deviation.unsqueezed(1) / deviation.unsqueezed(0)).clamped(-1, 1)
    }
  }
}
