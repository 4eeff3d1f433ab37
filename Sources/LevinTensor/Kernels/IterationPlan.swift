internal import CLevinKernels

/// A loop nest over the elements of several operands, as few and as long dimensions as their layouts allow.
///
/// Pure arithmetic: what is repeated has stride 0, sizes of 1 drop out, dimensions are ordered by the strides of the result, and
/// neighbours merge where for every operand the outer stride is the inner size times the inner stride.
struct IterationPlan {
  /// In elements of each operand; the first one is the result's.
  private(set) var strides: [[Int]]
  private(set) var sizes: [Int]
  /// How many of the dimensions are the result's; the others are reduced.
  private(set) var kept: Int

  /// The plan of an elementwise operation: every operand broadcasts to the result's shape, which is `shape`.
  init(_ shape: Shape, _ operands: [Tensor]) {
    sizes = Array(shape)
    kept = sizes.count
    strides = operands.map { $0.layout.expanded(to: shape).allStrides }
    simplify(0..<sizes.count, reorders: true)
    padToRankOne()
  }

  /// The plan of a reduction of `input` along `axes`; `result` keeps the reduced dimensions, with size 1.
  ///
  /// With `inOrder` the reduced dimensions stay in row-major order, as places in them are counted.
  init(reducing input: Tensor, along axes: Set<Int>, into result: Tensor, inOrder: Bool = false) {
    let order = input.shape.indices.filter { !axes.contains($0) } + axes.sorted()
    let (own, results) = (input.layout.allStrides, result.layout.allStrides)
    sizes = order.map { input.shape[$0] }
    kept = input.rank - axes.count
    strides = [order.map { axes.contains($0) ? 0 : results[$0] }, order.map { own[$0] }]
    simplify(kept..<sizes.count, reorders: !inOrder, orderedBy: 1)
    kept = kept - simplify(0..<kept, reorders: true, orderedBy: 1)
    padToRankOne()
  }

  /// The plan of a running sum of `input` along `axis`, which comes last.
  init(scanning input: Tensor, along axis: Int, into result: Tensor) {
    let order = input.shape.indices.filter { $0 != axis } + [axis]
    sizes = order.map { input.shape[$0] }
    kept = sizes.count - 1
    strides = [result, input].map { tensor in
      let own = tensor.layout.allStrides
      return order.map { own[$0] }
    }
    kept -= simplify(0..<kept, reorders: true)
  }

  /// Orders and merges dimensions of `range`; returns by how many fewer they are.
  @discardableResult
  private mutating func simplify(_ range: Range<Int>, reorders: Bool, orderedBy operand: Int = 0)
    -> Int
  {
    var axes = range.filter { sizes[$0] != 1 }
    if reorders {
      // Stable: where strides are equal, as those of repeated elements are, the order stays.
      for i in axes.indices.dropFirst() {
        var j = i
        while j > 0, isInner(axes[j - 1], than: axes[j], orderedBy: operand) {
          axes.swapAt(j - 1, j)
          j -= 1
        }
      }
    }
    var merged: [(size: Int, strides: [Int])] = []
    for axis in axes {
      let inner = strides.map { $0[axis] }
      if let last = merged.last,
        zip(last.strides, inner).allSatisfy({ $0 == $1 * sizes[axis] })
      {
        merged[merged.count - 1] = (last.size * sizes[axis], inner)
      } else {
        merged.append((sizes[axis], inner))
      }
    }
    sizes.replaceSubrange(range, with: merged.map(\.size))
    for operand in strides.indices {
      strides[operand].replaceSubrange(range, with: merged.map { $0.strides[operand] })
    }
    return range.count - merged.count
  }

  /// Whether `axis` steps less far than `other`, in the operand that decides, else in the first one in which both step.
  private func isInner(_ axis: Int, than other: Int, orderedBy operand: Int) -> Bool {
    for own in [strides[operand]] + strides {
      let (a, b) = (abs(own[axis]), abs(own[other]))
      if a == 0 || b == 0 || a == b { continue }
      return a < b
    }
    return false
  }

  private mutating func padToRankOne() {
    guard sizes.isEmpty else { return }
    sizes = [1]
    for operand in strides.indices { strides[operand] = [0] }
    if kept == 0 { kept = 1 }
  }

  /// Calls `body` with the plan as C takes it, over the memory of `operands`.
  func withC<Result>(_ operands: [Tensor], _ body: (UnsafePointer<LevinPlan>) -> Result) -> Result {
    func operand(_ index: Int) -> LevinOperand {
      let tensor = operands[index]
      var operand = LevinOperand(
        data: tensor.address, type: tensor.dtype.c,
        isConstant: strides[index].allSatisfy { $0 == 0 }, strides: (0, 0, 0, 0, 0, 0, 0, 0))
      Self.fill(&operand.strides, strides[index].map { $0 * tensor.dtype.byteCount })
      return operand
    }
    let result = operand(0)
    var plan = LevinPlan(
      rank: Int32(sizes.count), operandCount: Int32(operands.count),
      sizes: (0, 0, 0, 0, 0, 0, 0, 0),
      operands: (result, operand(1), result, result))
    Self.fill(&plan.sizes, sizes)
    if operands.count > 2 { plan.operands.2 = operand(2) }
    if operands.count > 3 { plan.operands.3 = operand(3) }
    return withExtendedLifetime(operands) { body(&plan) }
  }

  private static func fill(
    _ places: inout (Int, Int, Int, Int, Int, Int, Int, Int), _ values: [Int]
  ) {
    withUnsafeMutableBytes(of: &places) {
      $0.bindMemory(to: Int.self).baseAddress?.update(from: values, count: values.count)
    }
  }
}
