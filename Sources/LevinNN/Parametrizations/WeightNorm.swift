internal import LevinSystem
internal import LevinTensor

/// Replaces a module's weight with length times direction, g · v / ‖v‖, which are trained separately (Salimans and Kingma
/// 2016), and returns the module.
///
/// Lengths are those of the parts along `dimension`, or of the whole weight if it is nil. The names in the state are
/// `parametrizations.weight.original0` (g) and `original1` (v), as with `torch.nn.utils.parametrizations.weight_norm`.
/// `module.weight = Parameter(module.weight.value)` makes it a plain weight again.
@discardableResult
public func weightNorm<Weight: Weighted>(_ module: Weight, dimension: Int? = 0) -> Weight {
  module.weight = Parameter(computedBy: WeightNorm(module.weight.value, dimension))
  return module
}

private final class WeightNorm: Module, ParameterOrigin {
  private let length: Parameter
  private let direction: Parameter
  private let others: [Int]

  init(_ weight: Tensor, _ dimension: Int?) {
    let kept = dimension.map { $0 < 0 ? $0 + weight.rank : $0 }
    if let kept, !(0..<weight.rank ~= kept) {
      fail(
        "weightNorm", "dimension \(kept) of a weight \(weight.shape)",
        expected: "one in 0..<\(weight.rank)")
    }
    others = (0..<weight.rank).filter { $0 != kept }
    direction = Parameter(weight)
    length = Parameter(weight.detached().norm(dimensions: others, keepDimension: kept != nil))
  }

  override var namedMembers: [(name: String, value: Any)] {
    [("original0", length), ("original1", direction)]
  }

  func computedValue() -> Tensor {
    let v = direction.value
    return v * (length.value / v.norm(dimensions: others, keepDimension: true))
  }

  func assign(_ value: Tensor) {
    let lengths = value.detached().norm(dimensions: others, keepDimension: true)
    length.assign(lengths.reshaped(to: length.shape))
    direction.assign(value)
  }
}
