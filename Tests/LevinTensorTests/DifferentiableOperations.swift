import LevinTensor

/// An operation with inputs for which it is smooth.
struct DifferentiableOperation: Sendable {
  /// The Swift name of the function or operator.
  let name: String
  let inputs: [Shape]
  let function: @Sendable ([Tensor]) -> [Tensor]

  init(_ name: String, _ inputs: [Shape], _ function: @escaping @Sendable ([Tensor]) -> Tensor) {
    self.init(several: name, inputs) { [function($0)] }
  }

  init(
    several name: String, _ inputs: [Shape], _ function: @escaping @Sendable ([Tensor]) -> [Tensor]
  ) {
    self.name = name
    self.inputs = inputs
    self.function = function
  }

  /// Numbers in 0.3…1.7: spread, all different, the same each time.
  var numbers: [Tensor] {
    inputs.enumerated().map { index, shape in
      let values = (0..<shape.elementCount).map { element -> Double in
        let place = element + 13 * index + 1
        // Quadratic residues.
        return 0.3 + 1.4 * Double(place * place * 7 % 101) / 101
      }
      return Tensor(values, shape: shape)
    }
  }
}

extension DifferentiableOperation {
  private typealias Row = DifferentiableOperation

  /// A row for each differentiable operation that is public; names of overloads occur more than once.
  static let all: [DifferentiableOperation] =
    arithmetic + functions + reductions + views + indexing + joining + products + later

  private static let arithmetic: [Row] = [
    Row("+", [[2, 3], [3]]) { $0[0] + $0[1] },
    Row("+", [[3]]) { $0[0] + 2 },
    Row("-", [[2, 1], [1, 3]]) { $0[0] - $0[1] },
    Row("-", [[3]]) { -(2 - $0[0]) },
    Row("*", [[2, 3], [2, 1]]) { $0[0] * $0[1] },
    Row("/", [[2, 3], []]) { $0[0] / $0[1] },
    Row("/", [[3]]) { 2 / $0[0] },
    Row("+=", [[2, 3], [3]]) {
      var x = $0[0] * 1
      x += $0[1]
      return x
    },
    Row("-=", [[3], [3]]) {
      var x = $0[0] * 1
      x -= $0[1]
      return x
    },
    Row("*=", [[3], [3]]) {
      var x = $0[0] * 1
      x *= $0[1]
      return x
    },
    Row("/=", [[3], [3]]) {
      var x = $0[0] * 1
      x /= $0[1]
      return x
    },
    Row("divided(by:rounding:)", [[3], [3]]) { $0[0].divided(by: $0[1], rounding: .floor) },
    Row("divided(by:rounding:)", [[3], [3]]) { $0[0].divided(by: $0[1], rounding: .truncate) },
    Row("remainder(dividingBy:)", [[3], [3]]) { $0[0].remainder(dividingBy: $0[1]) },
    Row("power(_:)", [[2, 2], [2]]) { $0[0].power($0[1]) },
    Row("power(_:)", [[3]]) { $0[0].power(2.5) },
    Row("power(_:_:)", [[3]]) { Tensor.power(1.5, $0[0]) },
  ]

  private static let functions: [Row] = [
    Row("relu()", [[4]]) { ($0[0] - 1).relu().squared() },
    Row("exp()", [[3]]) { $0[0].exp() },
    Row("expm1()", [[3]]) { $0[0].expm1() },
    Row("log()", [[3]]) { $0[0].log() },
    Row("log2()", [[3]]) { $0[0].log2() },
    Row("log10()", [[3]]) { $0[0].log10() },
    Row("log1p()", [[3]]) { $0[0].log1p() },
    Row("sqrt()", [[3]]) { $0[0].sqrt() },
    Row("rsqrt()", [[3]]) { $0[0].rsqrt() },
    Row("reciprocal()", [[3]]) { $0[0].reciprocal() },
    Row("squared()", [[3]]) { $0[0].squared() },
    Row("absolute()", [[4]]) { ($0[0] - 1).absolute() },
    Row("sin()", [[3]]) { $0[0].sin() },
    Row("cos()", [[3]]) { $0[0].cos() },
    Row("tan()", [[3]]) { ($0[0] * 0.5).tan() },
    Row("asin()", [[3]]) { ($0[0] * 0.5).asin() },
    Row("acos()", [[3]]) { ($0[0] * 0.5).acos() },
    Row("atan()", [[3]]) { $0[0].atan() },
    Row("sinh()", [[3]]) { $0[0].sinh() },
    Row("cosh()", [[3]]) { $0[0].cosh() },
    Row("tanh()", [[3]]) { $0[0].tanh() },
    Row("sigmoid()", [[3]]) { $0[0].sigmoid() },
    Row("erf()", [[3]]) { $0[0].erf() },
    Row("erfc()", [[3]]) { $0[0].erfc() },
    Row("sign()", [[3]]) { $0[0].sign() },
    Row("floor()", [[3]]) { $0[0].floor() },
    Row("ceil()", [[3]]) { $0[0].ceil() },
    Row("trunc()", [[3]]) { $0[0].trunc() },
    Row("round(decimals:)", [[3]]) { $0[0].round() },
    Row("round(decimals:)", [[3]]) { $0[0].round(decimals: 1) },
    Row("atan2(_:)", [[3], [3]]) { $0[0].atan2($0[1]) },
    Row("maximum(_:_:)", [[4], [4]]) { Tensor.maximum($0[0], $0[1]).squared() },
    Row("minimum(_:_:)", [[4], [4]]) { Tensor.minimum($0[0], $0[1]).squared() },
    Row("clamped(_:_:)", [[5]]) { $0[0].clamped(0.5, 1.2).squared() },
    Row("clamped(_:_:)", [[4], [4]]) { $0[0].clamped($0[1], nil).squared() },
    Row("lerp(_:_:)", [[3], [3], [3]]) { $0[0].lerp($0[1], $0[2]) },
    Row("lerp(_:_:)", [[3], [3]]) { $0[0].lerp($0[1], 0.3) },
    Row("replacingNaN(_:positiveInfinity:negativeInfinity:)", [[3]]) {
      $0[0].replacingNaN().squared()
    },
    Row("where(_:_:_:)", [[4], [4]]) { Tensor.where($0[0] .> 1, $0[0].exp(), $0[1].log()) },
    Row("maskedFill(_:with:)", [[4]]) { $0[0].maskedFill($0[0] .> 1, with: 2).squared() },
  ]

  private static let reductions: [Row] = [
    Row("sum()", [[2, 3]]) { $0[0].squared().sum() },
    Row("sum(dimension:keepDimension:)", [[2, 3]]) { $0[0].squared().sum(dimension: 0) },
    Row("sum(dimensions:keepDimension:dtype:)", [[2, 3, 2]]) {
      $0[0].squared().sum(dimensions: [0, -1], keepDimension: true)
    },
    Row("mean()", [[2, 3]]) { $0[0].exp().mean() },
    Row("mean(dimension:keepDimension:)", [[2, 3]]) { $0[0].exp().mean(dimension: -1) },
    Row("mean(dimensions:keepDimension:)", [[2, 3]]) { $0[0].exp().mean(dimensions: [0, 1]) },
    Row("product()", [[2, 2]]) { $0[0].product() },
    Row("product(dimension:keepDimension:)", [[2, 3]]) { $0[0].product(dimension: 1) },
    Row("variance(dimensions:correction:keepDimension:)", [[2, 4]]) {
      $0[0].variance(dimensions: [1])
    },
    Row("standardDeviation(dimensions:correction:keepDimension:)", [[2, 4]]) {
      $0[0].standardDeviation(dimensions: [1], correction: 0)
    },
    Row("norm(_:dimensions:keepDimension:)", [[2, 3]]) { $0[0].norm() },
    Row("norm(_:dimensions:keepDimension:)", [[2, 3]]) { $0[0].norm(3, dimensions: [0]) },
    Row("norm(_:dimensions:keepDimension:)", [[2, 3]]) { $0[0].norm(.infinity, dimensions: [1]) },
    Row("norm(_:dimensions:keepDimension:)", [[2, 3]]) { $0[0].norm(0) },
    Row("logSumExp(dimensions:keepDimension:)", [[2, 3]]) { $0[0].logSumExp(dimensions: [1]) },
    Row("max()", [[4]]) { $0[0].max().exp() },
    Row("min()", [[4]]) { $0[0].min().exp() },
    Row("maximum(dimensions:keepDimension:)", [[2, 3]]) { $0[0].maximum(dimensions: [1]).exp() },
    Row("minimum(dimensions:keepDimension:)", [[2, 3]]) { $0[0].minimum(dimensions: [0]).exp() },
    Row("max(dimension:keepDimension:)", [[2, 3]]) { $0[0].max(dimension: 1).values.exp() },
    Row("min(dimension:keepDimension:)", [[2, 3]]) { $0[0].min(dimension: 1).values.exp() },
    Row("cumulativeSum(_:dtype:)", [[2, 3]]) { $0[0].squared().cumulativeSum(1) },
    Row("cumulativeProduct(_:dtype:)", [[2, 3]]) { $0[0].cumulativeProduct(1) },
  ]

  private static let views: [Row] = [
    Row("reshaped(to:)", [[2, 3]]) { $0[0].reshaped(to: [3, -1]).squared() },
    Row("flattened(from:through:)", [[2, 3]]) { $0[0].transposed().flattened().squared() },
    Row("unflattened(_:into:)", [[4]]) { $0[0].unflattened(0, into: [2, 2]).squared() },
    Row("transposed()", [[2, 3]]) { $0[0].transposed().squared() },
    Row("transposed(_:_:)", [[2, 3, 2]]) { $0[0].transposed(0, 2).squared() },
    Row("permuted(_:)", [[2, 3, 1]]) { $0[0].permuted(2, 0, 1).squared() },
    Row("movingDimensions(_:to:)", [[2, 3]]) { $0[0].movingDimensions([0], to: [1]).squared() },
    Row("expanded(to:)", [[2, 1]]) { $0[0].expanded(to: [2, 2, 3]).squared() },
    Row("squeezed(_:)", [[2, 1]]) { $0[0].squeezed().squared() },
    Row("unsqueezed(_:)", [[2]]) { $0[0].unsqueezed(0).squared() },
    Row("narrowed(_:start:length:)", [[4]]) {
      $0[0].narrowed(0, start: 1, length: 2).squared()
    },
    Row("selected(_:_:)", [[2, 3]]) { $0[0].selected(1, 2).squared() },
    Row("diagonal(offset:_:_:)", [[3, 3]]) { $0[0].diagonal(offset: 1).squared() },
    Row("flipped(_:)", [[2, 3]]) { $0[0].flipped(0, 1).squared() },
    Row(several: "split(_:dimension:)", [[2, 5]]) {
      let parts = $0[0].split(2, dimension: 1)
      return [parts[0].squared(), parts[2] * parts[0].narrowed(1, start: 0, length: 1)]
    },
    Row(several: "split(_:dimension:)", [[5]]) { $0[0].split([1, 4]).map { $0.squared() } },
    Row(several: "chunked(_:dimension:)", [[5]]) { $0[0].chunked(2).map { $0.squared() } },
    Row(several: "unbound(_:)", [[2, 3]]) { $0[0].unbound(1).map { $0.squared() } },
    Row(several: "broadcast(_:)", [[2, 1], [3]]) {
      Tensor.broadcast($0).map { $0.squared() }
    },
    Row("contiguous()", [[2, 3]]) { $0[0].transposed().contiguous().squared() },
    Row("cloned()", [[3]]) { $0[0].cloned().squared() },
    Row("at(_:)", [[3, 2]]) { $0[0].at([Tensor([2, 0, 2]), 1]).squared() },
    Row("at(_:)", [[2, 3, 2]]) {
      $0[0].transposed(0, 2)[1, .stride(by: 2)].flipped(-1).diagonal().squared()
    },
  ]

  private static let indexing: [Row] = [
    Row("gathered(_:_:)", [[2, 3]]) {
      $0[0].gathered(1, Tensor([0, 2, 2, 1], shape: [2, 2])).squared()
    },
    Row("scattered(_:_:_:)", [[2, 3], [2, 2]]) {
      $0[0].scattered(1, Tensor([0, 2, 2, 1], shape: [2, 2]), $0[1]).squared()
    },
    Row("scatterAdded(_:_:_:)", [[2, 3], [2, 2]]) {
      $0[0].scatterAdded(1, Tensor([0, 2, 2, 2], shape: [2, 2]), $0[1]).squared()
    },
    Row("indexSelected(_:_:)", [[3, 2]]) { $0[0].indexSelected(0, Tensor([2, 0, 2])).squared() },
    Row("indexAdded(_:_:_:alpha:)", [[3, 2], [2, 2]]) {
      $0[0].indexAdded(0, Tensor([2, 2]), $0[1], alpha: 0.5).squared()
    },
    Row("maskedSelected(_:)", [[2, 3]]) { $0[0].maskedSelected($0[0] .> 1).squared() },
    Row("indexed(_:)", [[3, 2]]) { $0[0].indexed([nil, Tensor([1, 0, 1])]).squared() },
    Row("indexPut(_:_:accumulate:)", [[3, 2], [2]]) {
      $0[0].indexPut([Tensor([2, 2])], $0[1], accumulate: true).squared()
    },
    Row("indexPut(_:_:accumulate:)", [[3, 2], [2, 2]]) {
      $0[0].indexPut([Tensor([2, 0])], $0[1]).squared()
    },
    Row("sorted(dimension:descending:)", [[2, 3]]) {
      $0[0].sorted().values * Tensor([1.0, 10, 100])
    },
    Row("topK(_:dimension:largest:)", [[2, 3]]) {
      $0[0].topK(2).values * Tensor([1.0, 10])
    },
  ]

  private static let joining: [Row] = [
    Row("concatenated(_:dimension:)", [[2], [3]]) { Tensor.concatenated($0).squared() },
    Row("stacked(_:dimension:)", [[2], [2], [2]]) { Tensor.stacked($0, dimension: 1).squared() },
    Row("horizontallyStacked(_:)", [[2, 1], [2, 2]]) { Tensor.horizontallyStacked($0).squared() },
    Row("verticallyStacked(_:)", [[2], [2]]) { Tensor.verticallyStacked($0).squared() },
    Row("repeated(_:)", [[2]]) { $0[0].repeated(2, 2).squared() },
    Row("tiled(_:)", [[2, 2]]) { $0[0].tiled([2]).squared() },
    Row("repeatedInterleaving(_:dimension:)", [[3]]) {
      $0[0].repeatedInterleaving(2).squared()
    },
    Row("repeatedInterleaving(_:dimension:)", [[3]]) {
      $0[0].repeatedInterleaving(Tensor([2, 0, 1])).squared()
    },
    Row("rolled(_:dimensions:)", [[2, 3]]) { $0[0].rolled([1], dimensions: [1]).squared() },
    Row("lowerTriangle(diagonal:)", [[3, 3]]) { $0[0].lowerTriangle().squared() },
    Row("upperTriangle(diagonal:)", [[3, 3]]) { $0[0].upperTriangle(diagonal: 1).squared() },
    Row("diag(_:)", [[3]]) { $0[0].diag(1).squared() },
    Row("diag(_:)", [[3, 3]]) { $0[0].diag().squared() },
    Row(several: "meshGrid(_:indexing:)", [[2], [3]]) {
      Tensor.meshGrid($0, indexing: .xy).map { $0.squared() }
    },
  ]

  private static let products: [Row] = [
    Row("matmul(_:)", [[2, 3], [3, 2]]) { $0[0].matmul($0[1]) },
    Row("matmul(_:)", [[2, 1, 2], [2, 3]]) { $0[0].matmul($0[1]) },
    Row("matmul(_:)", [[2, 2, 2], [3, 1, 2, 1]]) { $0[0].matmul($0[1]) },
    Row("dot(_:)", [[3], [3]]) { $0[0].dot($0[1]) },
    Row("inner(_:)", [[2, 3], [2, 3]]) { $0[0].inner($0[1]) },
    Row("outer(_:)", [[2], [3]]) { $0[0].outer($0[1]) },
    Row("addingProduct(_:_:beta:alpha:)", [[2, 2], [2, 3], [3, 2]]) {
      $0[0].addingProduct($0[1], $0[2], beta: 0.5, alpha: 2)
    },
    Row("linear(weight:bias:relu:)", [[2, 3], [2, 3], [2]]) {
      $0[0].linear(weight: $0[1], bias: $0[2])
    },
    Row("linear(weight:bias:relu:)", [[2, 3], [2, 3], [2]]) {
      ($0[0] - 1).linear(weight: $0[1], bias: $0[2] - 1, relu: true).squared()
    },
    Row("crossEntropy(_:ignoreIndex:)", [[3, 2]]) {
      $0[0].crossEntropy(Tensor([1, 0, -100] as [Int64]))
    },
    Row("softmax(dimension:)", [[2, 3]]) { $0[0].softmax(dimension: 1) },
    Row("logSoftmax(dimension:)", [[2, 3]]) { $0[0].logSoftmax(dimension: 0) },
    Row("einsum(_:_:)", [[2, 3], [3, 2]]) { Tensor.einsum("ij,jk->ik", $0) },
    Row("einsum(_:_:)", [[2, 2], [2]]) { Tensor.einsum("ii,i->i", $0) },
  ]

  private static let later: [Row] = [
    Row("exp2", [[3]]) { $0[0].exp2() },
    Row("asinh", [[3]]) { $0[0].asinh() },
    Row("acosh", [[3]]) { ($0[0] + 1).acosh() },
    Row("atanh", [[3]]) { ($0[0] * 0.5).atanh() },
    Row("frac", [[3]]) { $0[0].frac().squared() },
    Row("logit", [[3]]) { ($0[0] * 0.5).logit() },
    Row("logAddExp", [[3], [3]]) { $0[0].logAddExp($0[1].flipped(0) * 1.1) },
    Row("logAddExp2", [[3], [3]]) { $0[0].logAddExp2($0[1].flipped(0) * 1.1) },
    Row("xlogy", [[3], [3]]) { $0[0].xlogy($0[1]) },
    Row("xlog1py", [[3], [3]]) { $0[0].xlog1py($0[1]) },
    Row("hypot", [[3], [3]]) { $0[0].hypot($0[1]) },
    Row("copySign", [[3], [3]]) { $0[0].copySign(-$0[1]).squared() },
    Row("fmax", [[3], [3]]) { Tensor.fmax($0[0], $0[1] * 1.1).squared() },
    Row("fmod", [[3], [3]]) { ($0[0] * 3.3).fmod($0[1]).squared() },
    Row("logGamma", [[3]]) { $0[0].logGamma() },
    Row("erfInverse", [[3]]) { ($0[0] * 0.5).erfInverse() },
    Row("addingProduct of elements", [[3], [3], [3]]) {
      $0[0].addingProduct(of: $0[1], and: $0[2], value: 0.5)
    },
    Row("addingQuotient", [[3], [3], [3]]) {
      $0[0].addingQuotient(of: $0[1], and: $0[2], value: 0.5)
    },
    Row("cumulativeMaximum", [[5]]) { $0[0].cumulativeMaximum(0).values.exp() },
    Row("logCumulativeSumExp", [[5]]) { $0[0].logCumulativeSumExp(0) },
    Row("differences", [[5]]) { $0[0].squared().differences(order: 2) },
    Row("trapezoid", [[5], [5]]) { $0[0].trapezoid(at: $0[1]) },
    Row("median", [[2, 3]]) { $0[0].median(dimension: 1).values.exp() },
    Row("kthValue", [[2, 3]]) { $0[0].kthValue(2).values.exp() },
    Row("quantile", [[2, 3]]) { $0[0].quantile(0.3, dimension: 1).exp() },
    Row("covariance", [[2, 4]]) { $0[0].covariance() },
    Row("correlation", [[2, 4]]) { $0[0].correlation() },
    Row("scatterReduced product", [[3], [4]]) {
      $0[0].scatterReduced(0, Tensor([0, 2, 0, 0]), $0[1], .product)
    },
    Row("scatterReduced maximum", [[3], [4]]) {
      $0[0].scatterReduced(0, Tensor([0, 2, 0, 0]), $0[1] * 1.1, .maximum).squared()
    },
    Row("scatterReduced mean", [[3], [4]]) {
      $0[0].scatterReduced(0, Tensor([0, 2, 0, 0]), $0[1], .mean).squared()
    },
    Row("indexCopied", [[3, 2], [2, 2]]) {
      $0[0].indexCopied(0, Tensor([2, 0]), $0[1]).squared()
    },
    Row("indexFilled", [[3, 2], []]) {
      $0[0].indexFilled(0, Tensor([2, 0]), with: $0[1]).squared()
    },
    Row("taken", [[3, 2]]) {
      $0[0].taken(Tensor([[1, 1, 0]]), dimension: 1).squared()
    },
    Row("selectScattered", [[3, 2], [3]]) {
      $0[0].selectScattered($0[1], dimension: 1, index: 0).squared()
    },
    Row("sliceScattered", [[3, 2], [1, 2]]) {
      $0[0].sliceScattered($0[1], from: 1, to: 2).squared()
    },
    Row("unfolded", [[5]]) { $0[0].unfolded(0, size: 3, step: 1).squared() },
    Row("diagonalEmbedded", [[2, 2]]) { $0[0].diagonalEmbedded().squared() },
    Row("rotated", [[2, 3]]) { $0[0].rotated().squared() },
    Row("kron", [[2, 2], [2]]) { $0[0].kron($0[1]) },
    Row("cross", [[2, 3], [2, 3]]) { $0[0].cross($0[1], dimension: -1) },
    Row("tensordot", [[2, 3], [3, 2]]) { $0[0].tensordot($0[1], [1], [0]) },
    Row("pairwiseDistances", [[2, 2], [3, 2]]) {
      $0[0].pairwiseDistances($0[1] * 3)
    },
    Row("matrixPower", [[2, 2]]) { $0[0].matrixPower(5) },
    Row("matrixNorm", [[2, 3]]) { $0[0].matrixNorm(.one).squared() },
  ]

  /// Public functions that give tensors without gradients: of truth values and of places.
  static let withoutGradient: Set<String> = [
    ".==", ".!=", ".<", ".<=", ".>", ".>=", ".&", ".|", ".^", ".!", "isNaN()", "isInfinite()",
    "isFinite()", "isClose(to:relative:absolute:equalNaN:)", "all(dimensions:keepDimension:)",
    "any(dimensions:keepDimension:)", "countNonzero(dimensions:)",
    "argmax(dimension:keepDimension:)", "argmin(dimension:keepDimension:)", "nonzero()",
    "argsorted(dimension:descending:)", "unique()",
  ]
}
