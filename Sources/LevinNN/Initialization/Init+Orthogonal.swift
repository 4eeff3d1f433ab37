public import LevinTensor

extension Init {
  /// A matrix whose rows, or columns if there are fewer, are orthogonal and of length `gain` (Saxe and others 2013).
  ///
  /// All dimensions from the second on are treated as one.
  public static func orthogonal(
    _ shape: Shape, gain: Double = 1, generator: Generator = .default
  ) -> Tensor {
    check(shape, "orthogonal", "2 dimensions or more") { $0 >= 2 }
    if shape.elementCount == 0 || isSkipping { return .zeros(shape) }
    let (rows, columns) = (shape[0], shape.elementCount / shape[0])
    let drawn = normal([rows, columns], generator: generator)
    let tall = rows < columns ? drawn.transposed() : drawn
    var factor = OrthogonalFactor(
      tall.to(.float64).scalars(as: Double.self), max(rows, columns), min(rows, columns))
    let q = Tensor(factor.columns(), shape: tall.shape).to(.float32)
    return (rows < columns ? q.transposed() : q).contiguous().reshaped(to: shape) * gain
  }
}

/// The orthogonal factor Q of a tall matrix A = Q R whose R has a positive diagonal, by Householder reflections
/// (Golub and Van Loan, Matrix Computations, section 5.2).
private struct OrthogonalFactor {
  private var a: [Double]
  private let rows: Int
  private let count: Int

  init(_ a: [Double], _ rows: Int, _ columns: Int) {
    (self.a, self.rows, count) = (a, rows, columns)
  }

  /// Q, row-major, `[rows, columns]`.
  mutating func columns() -> [Double] {
    var reflections: [[Double]] = []
    var signs: [Double] = []
    for k in 0..<count {
      var v = (k..<rows).map { a[$0 * count + k] }
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // The diagonal element of R becomes −length if the element is positive.
      let diagonal = v[0] > 0 ? -length : length
      signs.append(diagonal < 0 ? -1 : 1)
      v[0] -= diagonal
      let norm = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if norm > 0 { for i in v.indices { v[i] /= norm } }
      Self.reflect(&a, count, k, v)
      reflections.append(v)
    }
    var q = [Double](repeating: 0, count: rows * count)
    for k in 0..<count { q[k * count + k] = signs[k] }
    for k in (0..<count).reversed() { Self.reflect(&q, count, k, reflections[k]) }
    return q
  }

  /// `m − 2 v vᵀ m`, for the rows of `m` from `first` on.
  private static func reflect(_ m: inout [Double], _ columns: Int, _ first: Int, _ v: [Double]) {
    for column in 0..<columns {
      var product = 0.0
      for i in v.indices { product += v[i] * m[(first + i) * columns + column] }
      for i in v.indices { m[(first + i) * columns + column] -= 2 * product * v[i] }
    }
  }
}
