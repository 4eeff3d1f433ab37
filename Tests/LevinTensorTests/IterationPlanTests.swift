@testable import LevinTensor
import Testing

/// Random plans against a naive walk over all indices.
@Suite struct IterationPlanTests {
  private func tensor(_ shape: [Int], _ strides: [Int]) -> Tensor {
    // A plan depends only on layouts.
    Tensor(
      storage: Storage(byteCount: 8),
      layout: Layout(shape: Shape(shape), strides: strides, offset: 0), dtype: .float32)
  }

  private func shape(_ random: inout SeededGenerator) -> [Int] {
    var sizes = (0..<Int.random(in: 0...8, using: &random)).map { _ in
      [1, 1, 2, 2, 3, 4].randomElement(using: &random)!
    }
    // A walk over more would take too long without optimization.
    while sizes.reduce(1, *) > 200, let axis = sizes.firstIndex(where: { $0 > 1 }) {
      sizes[axis] = 1
    }
    if !sizes.isEmpty, Int.random(in: 0..<12, using: &random) == 0 { sizes[0] = 0 }
    return sizes.shuffled(using: &random)
  }

  /// Row-major strides in any order of dimensions, some of them repeated or reversed, or any small numbers, which
  /// overlap.
  private func strides(_ shape: [Int], _ random: inout SeededGenerator) -> [Int] {
    if Int.random(in: 0..<4, using: &random) == 0 {
      return shape.map { _ in Int.random(in: -4...4, using: &random) }
    }
    var strides = [Int](repeating: 0, count: shape.count)
    var next = 1
    let order =
      Bool.random(using: &random) ? Array(shape.indices) : shape.indices.shuffled(using: &random)
    for axis in order.reversed() {
      strides[axis] = next
      next *= max(1, shape[axis])
      if Int.random(in: 0..<6, using: &random) == 0 { next *= 2 }
    }
    return strides.map {
      switch Int.random(in: 0..<8, using: &random) {
      case 0: 0
      case 1: -$0
      default: $0
      }
    }
  }

  private func place(_ index: [Int], _ strides: [Int]) -> Int {
    zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The plan's strides, in elements.
  private func strides(_ plan: IterationPlan) -> [[Int]] { plan.strides.map { $0.map { $0 / 4 } } }

  /// How often each combination occurs.
  private func counts<T: Hashable>(_ things: [T]) -> [T: Int] {
    things.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// The locations of the operands' elements in the order in which the plan visits them.
  private func walk(_ plan: IterationPlan) -> [[Int]] {
    indices(of: plan.sizes).map { index in strides(plan).map { place(index, $0) } }
  }

  @Test(arguments: 0..<40) func elementwise(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<15 {
      let shape = shape(&random)
      let operands = (0..<Int.random(in: 2...4, using: &random)).map { number -> Tensor in
        guard number > 0 else { return tensor(shape, strides(shape, &random)) }
        // Sizes of 1, and missing dimensions, are repeated.
        let kept = Array(shape.dropFirst(Int.random(in: 0...2, using: &random)))
        let own = kept.map { Int.random(in: 0..<4, using: &random) == 0 ? 1 : $0 }
        return tensor(own, strides(own, &random))
      }
      let plan = IterationPlan(
        operands[0], operands[1], operands.count > 2 ? operands[2] : nil,
        operands.count > 3 ? operands[3] : nil)
      let naive = indices(of: shape).map { index in
        operands.map { operand in
          place(
            zip(operand.shape, index.suffix(operand.rank)).map { $0 == 1 ? 0 : $1 },
            operand.layout.allStrides)
        }
      }
      #expect(counts(walk(plan)) == counts(naive), "\(shape) \(operands.map(\.layout))")
      #expect(plan.sizes.count >= 1 && plan.sizes.count <= max(1, shape.count))
      #expect(plan.sizes == [1] || !plan.sizes.contains(1))
    }
  }

  @Test func contiguousOperandsAreOneRun() {
    let x = tensor([2, 3, 4], [12, 4, 1])
    #expect(IterationPlan(x, x, tensor([], [])).sizes == [24])
    // A permuted pair is as good as contiguous; reversing one keeps a dimension.
    let turned = tensor([4, 2, 3], [1, 12, 4])
    #expect(IterationPlan(turned, turned).sizes == [24])
    #expect(IterationPlan(turned, tensor([4, 2, 3], [6, 3, 1])).sizes == [6, 4])
  }

  @Test(arguments: 0..<40) func reductions(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<15 {
      let shape = shape(&random)
      let axes = Set(shape.indices.filter { _ in Bool.random(using: &random) })
      let input = tensor(shape, strides(shape, &random))
      let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
      let result = tensor(kept, Layout.rowMajor(Shape(kept)))
      // For each element of the result, the elements that are reduced to it, in row-major order.
      var naive: [Int: [Int]] = [:]
      for index in indices(of: shape) {
        let own = index.enumerated().map { axes.contains($0.offset) ? 0 : $0.element }
        naive[place(own, result.layout.allStrides), default: []].append(
          place(index, input.layout.allStrides))
      }
      for inOrder in [false, true] {
        let plan = IterationPlan(reducing: input, along: Axes(axes), into: result, inOrder: inOrder)
        var found: [Int: [Int]] = [:]
        for outer in indices(of: Array(plan.sizes[..<plan.kept])) {
          let at = place(outer, Array(strides(plan)[0][..<plan.kept]))
          for inner in indices(of: Array(plan.sizes[plan.kept...])) {
            #expect(place(inner, Array(strides(plan)[0][plan.kept...])) == 0)
            found[at, default: []].append(place(outer + inner, strides(plan)[1]))
          }
        }
        let note = "\(shape) \(input.layout) along \(axes.sorted()), \(inOrder)"
        if inOrder {
          #expect(found == naive, "\(note)")
        } else {
          #expect(found.mapValues(counts) == naive.mapValues(counts), "\(note)")
        }
      }
    }
  }

  @Test(arguments: 0..<20) func scans(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<15 {
      let shape = shape(&random)
      guard !shape.isEmpty else { continue }
      let axis = Int.random(in: 0..<shape.count, using: &random)
      let input = tensor(shape, strides(shape, &random))
      let result = tensor(shape, Layout.rowMajor(Shape(shape)))
      let plan = IterationPlan(scanning: input, along: axis, into: result)
      // Each lane is visited once, from its first element to its last.
      var outer = shape
      outer[axis] = 1
      let naive = indices(of: outer).map { start in
        (0..<shape[axis]).map { step -> [Int] in
          var index = start
          index[axis] = step
          return [result, input].map { place(index, $0.layout.allStrides) }
        }
      }
      let found = indices(of: Array(plan.sizes.dropLast())).map { start in
        (0..<(plan.sizes.last ?? 0)).map { step in strides(plan).map { place(start + [step], $0) } }
      }
      #expect(counts(found) == counts(naive), "\(shape) \(input.layout) along \(axis)")
    }
  }

  @Test func moreThanEightDimensionsTrap() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros(Shape([Int](repeating: 2, count: 12)))
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(
      text.contains(
        "a shape: found [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], which are 12 dimensions; expected at most 8"
      ))
    let view = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([1, 1, 1, 1, 1, 1, 1, 1]).unsqueezed(0)
    }
    let other = String(decoding: try #require(view).standardErrorContent, as: UTF8.self)
    #expect(other.contains("which are 9 dimensions; expected at most 8"))
  }
}
