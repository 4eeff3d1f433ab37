import LevinTensor

/// The same values in memory that is laid out otherwise: transposed, every other element, backwards.
func restrided(_ x: Tensor) -> Tensor {
  guard x.rank > 0, x.elementCount > 0 else { return x }
  let last = x.rank - 1
  let twice = Tensor.concatenated(
    [x.unsqueezed(x.rank), x.unsqueezed(x.rank)], dimension: x.rank)  // every other element
  let spread = twice.selected(-1, 1)
  let backwards = spread.flipped(last).cloned().flipped(last)
  return x.rank > 1
    ? backwards.transposed(0, last).cloned().transposed(0, last) : backwards
}

/// Nil where the call gives PyTorch's results, else the first difference.
func check(_ example: Case, _ call: Call, _ entry: String) throws -> String? {
  var leaves: [Tensor] = []
  let differentiates = !example.cotangents.isEmpty
  let prepared = example.map { tensor in
    guard differentiates, tensor.dtype == .float32 || tensor.dtype == .float64 else {
      return tensor
    }
    let leaf = tensor.requiringGradient()
    leaves.append(leaf)
    return leaf
  }
  let results = try call(prepared)
  guard results.count == example.outputs.count else {
    return "\(results.count) results for \(example.outputs.count)"
  }
  for (index, (result, expected)) in zip(results, example.outputs).enumerated() {
    if unstable.contains(entry), result.dtype == .int64, index == results.count - 1,
      result.shape == expected.shape
    {
      // Which of equal elements comes first is PyTorch's own business: the places must hold the expected values.
      let (x, axis) = (try example.x, try example.int("dim", entry == "topk" ? 1 : 0) ?? -1)
      if let difference = difference(
        x.gathered(axis, result), x.gathered(axis, expected.to(x.device)), 0, entry, scale: 0)
      {
        return "places: \(difference)"
      }
      continue
    }
    if result.dtype != example.types[index] {
      return "result \(index): \(result.dtype.name) for \(example.types[index].name)"
    }
    if let difference = difference(
      result, expected, example.deviations[index], entry, scale: 0)
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

private func largestFinite(_ tensor: Tensor) -> Double {
  tensor.to(.float64).scalars(as: Double.self).reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
}

private let unstable: Set<String> = ["sort", "argsort", "topk"]
private let long: Set<String> = ["matmul", "mm", "bmm", "mv", "dot", "inner", "addmm", "einsum"]

private func difference(
  _ result: Tensor, _ expected: Tensor, _ deviation: Double, _ entry: String, scale: Double
) -> String? {
  if result.shape != expected.shape { return "shape \(result.shape) for \(expected.shape)" }
  let (a, b) = (
    result.detached().to(.float64).scalars(as: Double.self),
    expected.to(.float64).scalars(as: Double.self)
  )
  let relative = result.dtype == .float64 ? 1e-11 : long.contains(entry) ? 1e-5 : 2e-6
  let scale = max(scale, b.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 })
  let allowed = result.dtype.isFloatingPoint ? max(relative * scale, 4 * deviation) : 0
  for (place, (x, y)) in zip(a, b).enumerated() {
    if x == y || x.isNaN && y.isNaN { continue }
    if !(abs(x - y) <= allowed) || x.isFinite != y.isFinite {
      return "element \(place): \(x) for \(y), allowed \(allowed)"
    }
  }
  return nil
}
