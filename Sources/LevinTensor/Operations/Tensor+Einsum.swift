internal import LevinSystem

extension Tensor {
  /// Sums of products in the Einstein convention, such as `"bij,bjk->bik"`.
  ///
  /// Letters name dimensions; those that the result does not have are summed over, and `...` stands for dimensions
  /// that broadcast. Without `->` the result has the letters that occur once, in alphabetical order.
  ///
  /// Traps if the equation does not match the shapes.
  public static func einsum(_ equation: String, _ operands: [Tensor]) -> Tensor {
    composed("einsum(_:_:)", operands, [.init("equation", .string(equation))]) {
      let plan = EinsumPlan(equation, operands)
      var result = plan.aligned(operands[0], plan.inputs[0])
      // A dimension may be summed after the last operand that has it.
      for index in operands.indices.dropFirst() {
        result = plan.contracted(
          result, plan.aligned(operands[index], plan.inputs[index]),
          summing: plan.summed.filter { plan.lastUse[$0] == index })
      }
      let left = plan.summed.filter { result.shape[$0] != 1 || operands.count == 1 }
      if !left.isEmpty { result = result.sum(dimensions: left, keepDimension: true) }
      return plan.ordered(result)
    }
  }
}

/// Gives every label its own dimension in all operands: first those of the result, in its order, then those summed
/// over.
private struct EinsumPlan {
  /// The labels of each operand's dimensions; those of an ellipsis are numbers, counted from the last.
  let inputs: [[String]]
  let labels: [String]
  let resultCount: Int
  /// For each label, the last operand that has it.
  let lastUse: [Int]
  var summed: [Int] { Array(resultCount..<labels.count) }
  private let equation: String

  init(_ equation: String, _ operands: [Tensor]) {
    self.equation = equation
    let sides = equation.filter { $0 != " " }.components(separatedBy: "->")
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard terms.count == operands.count, !operands.isEmpty, sides.count <= 2 else {
      fail(
        "einsum(_:_:)", "\"\(equation)\" for \(operands.count) tensors",
        expected: "a term for each tensor")
    }
    inputs = zip(terms, operands).map { term, operand in
      Self.labels(of: term, rank: operand.rank, equation)
    }
    let all = inputs.flatMap { $0 }
    let ellipsis = Set(all.filter { Int($0) != nil }).sorted { Int($0) ?? 0 > Int($1) ?? 0 }
    let result: [String]
    if sides.count == 2 {
      let parts = sides[1].components(separatedBy: "...")
      result =
        parts.count == 2
        ? parts[0].map(String.init) + ellipsis + parts[1].map(String.init)
        : sides[1].map(String.init)
    } else {
      let once = Set(all.filter { Int($0) == nil }).filter { label in
        all.filter { $0 == label }.count == 1
      }
      result = ellipsis + once.sorted()
    }
    guard Set(result).count == result.count, result.allSatisfy(all.contains) else {
      fail(
        "einsum(_:_:)", "\"\(equation)\"", expected: "a result whose labels occur, each once")
    }
    var order = result
    for label in all where !order.contains(label) { order.append(label) }
    labels = order
    resultCount = result.count
    let inputs = inputs
    lastUse = order.map { label in inputs.lastIndex { $0.contains(label) } ?? 0 }
  }

  private static func labels(of term: String, rank: Int, _ equation: String) -> [String] {
    let parts = term.components(separatedBy: "...")
    let named = parts.joined().count
    guard parts.count == 2 ? named <= rank : named == rank else {
      fail(
        "einsum(_:_:)", "\"\(term)\" of \"\(equation)\" for a tensor of \(rank) dimensions",
        expected: "a letter for each dimension")
    }
    guard parts.count == 2 else { return term.map(String.init) }
    let open = (0..<(rank - named)).reversed().map(String.init)
    return parts[0].map(String.init) + open + parts[1].map(String.init)
  }

  /// An operand with a dimension for each label; a label that occurs twice takes the diagonal.
  func aligned(_ operand: Tensor, _ own: [String]) -> Tensor {
    var (x, names) = (operand, own)
    while let twice = names.indices.first(where: { names[($0 + 1)...].contains(names[$0]) }) {
      let second = names[(twice + 1)...].firstIndex(of: names[twice]) ?? twice
      x = x.diagonal(offset: 0, twice, second)
      let label = names[twice]
      names.remove(at: second)
      names.remove(at: twice)
      names.append(label)
    }
    let present = labels.filter(names.contains)
    x = x.permuted(present.map { names.firstIndex(of: $0) ?? 0 })
    for (axis, label) in labels.enumerated() where !names.contains(label) { x = x.unsqueezed(axis) }
    return x
  }

  /// The product of two aligned operands, summed over `axes`, which have size 1 afterwards: one batched matrix
  /// product.
  func contracted(_ a: Tensor, _ b: Tensor, summing axes: [Int]) -> Tensor {
    for axis in labels.indices
    where a.shape[axis] != b.shape[axis] && a.shape[axis] != 1 && b.shape[axis] != 1 {
      fail(
        "einsum(_:_:)",
        "sizes \(a.shape[axis]) and \(b.shape[axis]) for one label of \"\(equation)\"",
        expected: "equal sizes")
    }
    // A summed dimension that only one operand has is summed beforehand.
    let shared = axes.filter { a.shape[$0] != 1 && b.shape[$0] != 1 }
    let onlyA = axes.filter { b.shape[$0] == 1 && a.shape[$0] != 1 }
    let onlyB = axes.filter { a.shape[$0] == 1 && b.shape[$0] != 1 }
    let x = onlyA.isEmpty ? a : a.sum(dimensions: onlyA, keepDimension: true)
    let y = onlyB.isEmpty ? b : b.sum(dimensions: onlyB, keepDimension: true)
    guard !shared.isEmpty else { return x * y }
    let rest = labels.indices.filter { !shared.contains($0) }
    let batch = rest.filter { x.shape[$0] != 1 && y.shape[$0] != 1 }
    let rows = rest.filter { !batch.contains($0) && x.shape[$0] != 1 }
    let columns = rest.filter { !batch.contains($0) && !rows.contains($0) }
    func size(_ axes: [Int], _ tensor: Tensor) -> Int { axes.reduce(1) { $0 * tensor.shape[$1] } }
    let left = x.permuted(batch + rows + columns + shared)
      .reshaped(to: [size(batch, x), size(rows, x), size(shared, x)])
    let right = y.permuted(batch + rows + shared + columns)
      .reshaped(to: [size(batch, y), size(shared, y), size(columns, y)])
    let product = left.matmul(right)
    let sizes = batch.map { x.shape[$0] } + rows.map { x.shape[$0] } + columns.map { y.shape[$0] }
    var inverse = [Int](repeating: 0, count: labels.count)
    for (place, axis) in (batch + rows + columns + shared).enumerated() { inverse[axis] = place }
    return product.reshaped(to: Shape(sizes + shared.map { _ in 1 })).permuted(inverse)
  }

  /// The result without the dimensions that were summed over.
  func ordered(_ result: Tensor) -> Tensor {
    result.reshaped(to: Shape(result.shape.prefix(resultCount)))
  }
}

extension String {
  /// The parts between occurrences of `separator`.
  fileprivate func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = Substring(self)
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
