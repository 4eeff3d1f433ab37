internal import LevinSystem
internal import LevinTensor

/// Divides a module's weight by its largest singular value (Miyato and others 2018), and returns the module.
///
/// Power iterations estimate the singular value, `powerIterations` of them in each forward pass in training. The weight
/// is treated as a matrix whose rows are its parts along `dimension`, by default 0, or 1 for transposed convolutions.
/// The names in the state are `parametrizations.weight.original`, `parametrizations.weight.0._u` and `0._v`, as with
/// `torch.nn.utils.parametrizations.spectral_norm`.
@discardableResult
public func spectralNorm<Weight: Weighted>(
  _ module: Weight, powerIterations: Int = 1, epsilon: Double = 1e-12, dimension: Int? = nil
) -> Weight {
  let rows = dimension ?? (module is TransposedConvolution ? 1 : 0)
  let norm = SpectralNorm(module.weight.value, powerIterations, epsilon, rows)
  module.weight = Parameter(computedBy: norm)
  return module
}

private final class SpectralNorm: Module, ParameterOrigin {
  private final class Vectors: Module {
    let u: Buffer
    let v: Buffer

    init(_ u: Tensor, _ v: Tensor) { (self.u, self.v) = (Buffer(u), Buffer(v)) }

    override var namedMembers: [(name: String, value: Any)] { [("_u", u), ("_v", v)] }
  }

  private let original: Parameter
  private let vectors: Vectors
  private let powerIterations: Int
  private let epsilon: Double
  private let rows: Int

  init(_ weight: Tensor, _ powerIterations: Int, _ epsilon: Double, _ dimension: Int) {
    rows = dimension < 0 ? dimension + weight.rank : dimension
    guard weight.rank > 1, 0..<weight.rank ~= rows, powerIterations > 0 else {
      fail(
        "spectralNorm",
        "dimension \(dimension) of a weight \(weight.shape), \(powerIterations) power iterations",
        expected: "a weight of 2 dimensions or more, one of them, and 1 iteration or more")
    }
    original = Parameter(weight)
    (self.powerIterations, self.epsilon) = (powerIterations, epsilon)
    let height = weight.shape[rows]
    vectors = Vectors(
      Tensor.randn([height]).normalized(dimension: 0, epsilon: epsilon),
      Tensor.randn([weight.elementCount / height]).normalized(dimension: 0, epsilon: epsilon))
    super.init()
    iterate(15)
  }

  override var namedMembers: [(name: String, value: Any)] {
    [("original", original), ("0", vectors)]
  }

  private func matrix(_ weight: Tensor) -> Tensor {
    weight.movingDimensions([rows], to: [0]).reshaped(to: [weight.shape[rows], -1])
  }

  private func iterate(_ count: Int) {
    withoutGradients {
      let matrix = matrix(original.value.detached())
      for _ in 0..<count {
        vectors.u.value = matrix.matmul(vectors.v.value).normalized(dimension: 0, epsilon: epsilon)
        vectors.v.value = matrix.transposed().matmul(vectors.u.value)
          .normalized(dimension: 0, epsilon: epsilon)
      }
    }
  }

  func computedValue() -> Tensor {
    if isTraining { iterate(powerIterations) }
    let weight = original.value
    let largest = vectors.u.value.dot(matrix(weight).matmul(vectors.v.value))
    return weight / largest
  }

  func assign(_ value: Tensor) { original.assign(value) }
}
