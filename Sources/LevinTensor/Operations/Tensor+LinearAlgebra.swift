internal import LevinSystem

// Products and norms of matrices and vectors other than the plain product.

extension Tensor {
  /// The sum of a matrix's diagonal.
  public func trace() -> Tensor {
    composed("trace()", [self]) {
      guard rank == 2 else {
        fail("trace()", "shape \(shape)", expected: "a matrix")
      }
      return diagonal().sum()
    }
  }

  /// The sum of the products along a dimension; the tensors broadcast.
  public func vecdot(_ other: Tensor, dimension: Int = -1) -> Tensor {
    composed("vecdot(_:)", [self, other], [.init("dimension", .int(dimension))]) {
      let product = self * other
      // For bools and narrow integers, in their own dtype.
      return product.sum(dimensions: [dimension], dtype: product.dtype)
    }
  }

  /// Sums of products over the last `count` dimensions of this tensor and the first ones of the other.
  public func tensordot(_ other: Tensor, count: Int = 2) -> Tensor {
    composed("tensordot(_:)", [self, other], [.init("count", .int(count))]) {
      guard count >= 0, count <= rank, count <= other.rank else {
        fail(
          "tensordot(_:count:)", "\(count) dimensions of shapes \(shape) and \(other.shape)",
          expected: "at most as many as either has")
      }
      return tensordot(other, Array((rank - count)..<rank), Array(0..<count))
    }
  }

  /// Sums of products over pairs of dimensions, one of this tensor and one of the other; sizes of 1 broadcast.
  public func tensordot(_ other: Tensor, _ own: [Int], _ others: [Int]) -> Tensor {
    composed(
      "tensordot(_:_:_:)", [self, other],
      [.init("own", .ints(own)), .init("others", .ints(others))]
    ) {
      let name = "tensordot(_:_:_:)"
      let a = own.map { ShapeChecks.axis($0, of: self, for: name) }
      let b = others.map { ShapeChecks.axis($0, of: other, for: name) }
      guard a.count == b.count,
        zip(a, b).allSatisfy({
          shape[$0] == other.shape[$1] || shape[$0] == 1 || other.shape[$1] == 1
        })
      else {
        fail(
          name, "dimensions \(own) and \(others) of shapes \(shape) and \(other.shape)",
          expected: "pairs of equal sizes")
      }
      let ones = zip(a, b).filter { shape[$0] != other.shape[$1] }
      let mine = ones.map(\.0).filter { shape[$0] != 1 }
      let theirs = ones.map(\.1).filter { other.shape[$0] != 1 }
      let x = mine.isEmpty ? self : sum(dimensions: mine, keepDimension: true, dtype: dtype)
      let y =
        theirs.isEmpty
        ? other : other.sum(dimensions: theirs, keepDimension: true, dtype: other.dtype)
      let (left, right) = (
        (0..<rank).filter { !a.contains($0) }, (0..<other.rank).filter { !b.contains($0) }
      )
      let (rows, columns) = (left.map { shape[$0] }, right.map { other.shape[$0] })
      let inner = a.reduce(1) { $0 * x.shape[$1] }
      return x.permuted(left + a).reshaped(to: [rows.reduce(1, *), inner])
        .matmul(y.permuted(b + right).reshaped(to: [inner, columns.reduce(1, *)]))
        .reshaped(to: Shape(rows + columns))
    }
  }

  /// The cross product of vectors of three elements along a dimension; the other dimensions broadcast.
  ///
  /// Without a dimension, the first one of size 3.
  public func cross(_ other: Tensor, dimension: Int? = nil) -> Tensor {
    composed("cross(_:)", [self, other]) {
      guard rank == other.rank else {
        fail(
          "cross(_:dimension:)", "shapes \(shape) and \(other.shape)",
          expected: "as many dimensions")
      }
      let axis =
        dimension.map { ShapeChecks.axis($0, of: self, for: "cross(_:dimension:)") }
        ?? shape.firstIndex(of: 3) ?? rank - 1
      guard rank > 0, shape[axis] == 3, other.shape[axis] == 3 else {
        fail(
          "cross(_:dimension:)", "shapes \(shape) and \(other.shape)",
          expected: "size 3 of dimension \(dimension ?? axis) in both")
      }
      let dtype = DType.result(self, other)
      let pair = Self.broadcast([to(dtype), other.to(dtype)])
      let (a, b) = (pair[0], pair[1])
      return a.rolled([-1], dimensions: [axis]) * b.rolled([-2], dimensions: [axis])
        - a.rolled([-2], dimensions: [axis]) * b.rolled([-1], dimensions: [axis])
    }
  }

  /// The distance of two tensors, which broadcast: the norm of order `p` of their difference.
  public func distance(to other: Tensor, _ p: Double = 2) -> Tensor {
    composed("distance(to:)", [self, other], [.init("p", .double(p))]) {
      let difference = self - other
      return difference.elementCount == 0
        ? difference.sum() : difference.norm(p)
    }
  }

  /// The distances of order `p` between each row of this tensor `[…, m, k]` and each of the other `[…, n, k]`: `[…, m, n]`.
  public func cdist(_ other: Tensor, _ p: Double = 2) -> Tensor {
    composed("cdist(_:)", [self, other], [.init("p", .double(p))]) {
      guard rank >= 2, other.rank >= 2, shape[rank - 1] == other.shape[other.rank - 1], p >= 0
      else {
        fail(
          "cdist(_:_:)", "shapes \(shape) and \(other.shape), p \(p)",
          expected: "[…, m, k] and […, n, k], and p of 0 or more")
      }
      let difference = unsqueezed(-2) - other.unsqueezed(-3)
      if shape[rank - 1] == 0 { return difference.sum(dimension: -1) }
      return difference.norm(p, dimensions: [-1])
    }
  }

  /// The product of a chain of matrices; the first and the last one may be vectors.
  public static func multiDot(_ tensors: [Tensor]) -> Tensor {
    composed("multiDot(_:)", tensors) {
      guard let first = tensors.first, tensors.count > 1 else {
        fail("multiDot(_:)", "\(tensors.count) tensors", expected: "two or more")
      }
      return tensors.dropFirst().reduce(first) { $0.matmul($1) }
    }
  }

  /// Square matrices raised to the power of `exponent`, by repeated squaring.
  ///
  /// Traps for negative exponents, because there is no matrix inverse yet.
  public func matrixPower(_ exponent: Int) -> Tensor {
    composed("matrixPower(_:)", [self], [.init("exponent", .int(exponent))]) {
      guard rank >= 2, shape[rank - 1] == shape[rank - 2], exponent >= 0 else {
        fail(
          "matrixPower(_:)", "shape \(shape) to the power of \(exponent)",
          expected: "square matrices and an exponent of 0 or more")
      }
      if exponent == 0 {
        let result = Tensor.eye(shape[rank - 1], dtype: dtype, device: device)
          .expanded(to: shape).cloned()
        return withZeroGradient(result, "matrixPower(_:)")
      }
      var (result, square, rest) = (Tensor?.none, self, exponent)
      while true {
        if rest % 2 == 1 { result = result.map { $0.matmul(square) } ?? square }
        rest /= 2
        guard rest > 0 else { return result ?? self }
        square = square.matmul(square)
      }
    }
  }

  /// A matrix norm.
  public enum MatrixNorm: Sendable {
    /// The root of the sum of the squares.
    case frobenius
    /// The largest sum of absolute values in a row.
    case infinity
    /// The smallest sum of absolute values in a row.
    case negativeInfinity
    /// The largest sum of absolute values in a column.
    case one
    /// The smallest sum of absolute values in a column.
    case negativeOne
  }

  /// The norms of the matrices in two dimensions.
  public func matrixNorm(
    _ norm: MatrixNorm = .frobenius, _ rows: Int = -2, _ columns: Int = -1,
    keepDimension: Bool = false
  ) -> Tensor {
    composed(
      "matrixNorm()", [self],
      [
        .init("rows", .int(rows)), .init("columns", .int(columns)),
        .init("keepDimension", .bool(keepDimension)),
      ]
    ) {
      ShapeChecks.hasRank(2, self, for: "matrixNorm(_:_:_:)")
      let a = ShapeChecks.axis(rows, of: self, for: "matrixNorm(_:_:_:)")
      let b = ShapeChecks.axis(columns, of: self, for: "matrixNorm(_:_:_:)")
      guard a != b else {
        fail(
          "matrixNorm(_:_:_:)", "dimension \(a) twice of shape \(shape)", expected: "two dimensions"
        )
      }
      func extreme(_ largest: Bool, _ summed: Int, _ along: Int) -> Tensor {
        let sums = self.norm(1, dimensions: [summed], keepDimension: true)
        // As in PyTorch: the maximum of no sums is 0.
        let result =
          largest && shape[along] == 0
          ? sums.sum(dimensions: [along], keepDimension: true)
          : largest
            ? sums.maximum(dimensions: [along], keepDimension: true)
            : sums.minimum(dimensions: [along], keepDimension: true)
        return keepDimension ? result : result.reshaped(to: reduced(Axes([a, b]), false))
      }
      return switch norm {
      case .frobenius: self.norm(2, dimensions: [a, b], keepDimension: keepDimension)
      case .infinity: extreme(true, b, a)
      case .negativeInfinity: extreme(false, b, a)
      case .one: extreme(true, a, b)
      case .negativeOne: extreme(false, a, b)
      }
    }
  }
}
