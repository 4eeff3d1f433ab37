import LevinTensor

/// The same values with another memory layout: transposed, every other element, backwards, or repeated if they are
/// equal.
func restrided(_ x: Tensor) -> Tensor {
  guard x.rank > 0, x.elementCount > 0 else { return x }
  let last = x.rank - 1
  if x.shape[0] > 1, x.isEqual(to: x.narrowed(0, start: 0, length: 1).expanded(to: x.shape)) {
    return x.narrowed(0, start: 0, length: 1).cloned().expanded(to: x.shape)
  }
  let twice = Tensor.stacked([x.flattened(), x.flattened()], dimension: 1)
  let spread = twice.selected(1, 1).reshaped(to: x.shape)  // every other element
  let backwards = spread.flipped(last).cloned().flipped(last)
  return x.rank > 1
    ? backwards.transposed(0, last).cloned().transposed(0, last) : backwards
}

/// Returns nil if the call gives PyTorch's results, else the first difference.
func check(_ example: Case, _ call: Call, _ entry: Entry) throws -> String? {
  var leaves: [Tensor] = []
  let differentiates = !example.cotangents.isEmpty
  let prepared = example.map { tensor in
    guard differentiates, tensor.dtype == .float32 || tensor.dtype == .float64 else {
      return tensor
    }
    let leaf = tensor.requiringGradient()
    leaves.append(leaf)
    return example.constants.contains(leaves.count - 1) ? tensor : leaf
  }
  if example.next != nil { seedEverything(42) }
  let results = try call(prepared)
  if let next = example.next {
    let found = Tensor.rand([1]).item()
    if found != next { return "the next number: \(found) for \(next)" }
  }
  guard results.count == example.outputs.count else {
    return "\(results.count) results for \(example.outputs.count)"
  }
  let rounding = long.contains(entry.name) ? roundingOfProducts(leaves) : 0
  for (index, (result, expected)) in zip(results, example.outputs).enumerated() {
    if ordered.contains(entry.name), result.dtype == .int64, index == results.count - 1,
      results.count > 1 || entry.name == "argsort",
      result.shape == expected.shape
    {
      if let difference = try places(result, expected, of: example, entry) {
        return "places: \(difference)"
      }
      continue
    }
    if result.dtype != example.types[index] {
      return "result \(index): \(result.dtype.name) for \(example.types[index].name)"
    }
    if let difference = difference(
      result, expected, example.deviations[index], entry, scale: 0, rounding: rounding)
    {
      return "result \(index): \(difference)"
    }
  }
  guard differentiates else { return nil }
  let recorded = results.filter { $0.requiresGradient }
  guard recorded.count == example.cotangents.count else {
    return "\(recorded.count) results are recorded, for \(example.cotangents.count)"
  }
  let cotangents = zip(recorded, example.cotangents).map { $1.to($0.dtype).to($0.device) }
  let found = gradients(of: recorded, withRespectTo: leaves, gradients: cotangents)
  let largest =
    (example.cotangents.map(largestFinite).max() ?? 0)
    * (leaves.map(largestFinite).max() ?? 0)
  for (index, expected) in example.gradients.enumerated() {
    switch (found[index], expected) {
    case (nil, nil): continue
    case (nil, let expected?) where largestFinite(expected) == 0: continue
    case (let found?, nil) where largestFinite(found) == 0: continue
    case (let found?, let expected?):
      if let difference = difference(
        found, expected, example.gradientDeviations[index], entry, scale: largest)
      {
        return "gradient \(index): \(difference)"
      }
    default: return "gradient \(index): there is one, or none"
    }
  }
  return nil
}

/// Compares indices, which must be distinct and point at the expected values.
///
/// They need not equal PyTorch's, which decides itself which of several equal elements comes first.
private func places(_ result: Tensor, _ expected: Tensor, of example: Case, _ entry: Entry) throws
  -> String?
{
  let x = try example.x
  let expected = expected.to(x.device)
  if x.rank == 0 { return difference(result, expected, 0, entry, scale: 0) }
  let axis = try example.dim(entry.name == "topk" || entry.name == "kthvalue" ? 1 : 0) ?? -1
  let isReduced = result.rank < x.rank
  let (own, other) =
    isReduced ? (result.unsqueezed(axis), expected.unsqueezed(axis)) : (result, expected)
  let sorted = own.sorted(dimension: axis).values.differences(dimension: axis)
  if (sorted .== 0).any().item() != 0 { return "a place twice" }
  return difference(x.gathered(axis, own), x.gathered(axis, other), 0, entry, scale: 0)
}

private func largestFinite(_ tensor: Tensor) -> Double {
  tensor.detached().to(.float64).scalars(as: Double.self).reduce(0) {
    $1.isFinite ? max($0, abs($1)) : $0
  }
}

private let ordered: Set<String> = ["sort", "argsort", "topk", "kthvalue", "median"]
/// Sums of many products.
private let long: Set<String> = [
  "matmul", "mm", "bmm", "mv", "dot", "inner", "addmm", "addmv", "baddbmm", "einsum", "tensordot",
  "linalg.multi_dot", "linalg.matrix_power", "linalg.vecdot", "cdist", "cov", "corrcoef",
  "__rmatmul__", "nn.functional.linear", "nn.functional.bilinear", "nn.functional.conv1d",
  "nn.functional.conv2d", "nn.functional.conv3d", "nn.functional.conv_transpose1d",
  "nn.functional.conv_transpose2d", "nn.functional.conv_transpose3d",
  "nn.functional.scaled_dot_product_attention",
]
/// Random draws that match PyTorch bit for bit.
private let exact: Set<String> = ["bernoulli", "rand_like", "uniform"]

/// Half the last place of the largest product of two float32 inputs, by which a sum is off that nearly cancels.
private func roundingOfProducts(_ inputs: [Tensor]) -> Double {
  let largest = inputs.filter { $0.dtype == .float32 }.map(largestFinite).sorted(by: >)
  return largest.count > 1 ? 0x1p-24 * largest[0] * largest[1] : 0
}

private func difference(
  _ result: Tensor, _ expected: Tensor, _ deviation: Double, _ entry: Entry, scale: Double,
  rounding: Double = 0
) -> String? {
  if result.shape != expected.shape { return "shape \(result.shape) for \(expected.shape)" }
  if !result.dtype.isFloatingPoint, !expected.dtype.isFloatingPoint {
    // Integers of 64 bits do not fit a double.
    let (a, b) = (result.to(.int64), expected.to(.int64).to(result.device))
    if a.isEqual(to: b) { return nil }
  }
  let (a, b) = (
    result.detached().to(.float64).scalars(as: Double.self),
    expected.to(.float64).scalars(as: Double.self)
  )
  let relative = result.dtype == .float64 ? 1e-11 : long.contains(entry.name) ? 1e-5 : 2e-6
  let scale = max(scale, b.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 })
  let allowed =
    result.dtype.isFloatingPoint && !exact.contains(entry.name)
    ? max(relative * scale, 4 * deviation, rounding) : 0
  for (place, (x, y)) in zip(a, b).enumerated() {
    if x == y || x.isNaN && y.isNaN { continue }
    if !(abs(x - y) <= allowed) || x.isFinite != y.isFinite {
      return "element \(place): \(x) for \(y), allowed \(allowed)"
    }
  }
  return nil
}
