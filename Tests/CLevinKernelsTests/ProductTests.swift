import CLevinKernels
import Testing

/// The memory layouts of A and B.
enum Layout: CaseIterable {
  case nt, nn, tn, tt
}

/// What a product does besides multiplying.
struct Extras {
  var accumulate: Bool
  var bias: [Float]?
  var relu: Bool
  var activation: Grid?
  var wantsSums: Bool
}

/// C, and the sums of A's columns if wanted.
struct ProductResult: Equatable {
  var c: Grid
  var sums: [Float]
}

extension KernelTests {
  @Suite struct ProductTests {
    /// Sizes at and around the edges of tiles, vectors, depth blocks and the split over threads.
    static let shapes: [(m: Int, n: Int, k: Int)] = [
      (1, 1, 1), (1, 1, 0), (2, 3, 5), (4, 4, 16), (5, 7, 17), (6, 64, 33), (7, 65, 64),
      (13, 10, 64), (64, 10, 9), (9, 129, 3), (3, 50, 300), (33, 47, 257), (70, 130, 20),
      (5, 1, 7), (64, 1, 33), (1, 1, 40), (1, 30, 9), (40, 30, 1),
    ]

    @Test(arguments: Layout.allCases)
    func agreesWithDoubles(layout: Layout) {
      var draws = Draws(seed: 1)
      for shape in Self.shapes {
        for variant in 0..<4 {
          check(layout, shape, gap: variant, variant: variant, &draws)
        }
      }
    }

    @Test(arguments: Layout.allCases)
    func agreesWithDoublesOnRandomShapes(layout: Layout) {
      var draws = Draws(seed: 2)
      for _ in 0..<12 {
        let shape = (
          m: draws.int(in: 1...80), n: draws.int(in: 1...150), k: draws.int(in: 1...100)
        )
        check(layout, shape, gap: draws.int(in: 0...5), variant: draws.int(in: 0...3), &draws)
      }
    }

    /// Products that copy their operands, over more than one block of rows and depth, or of columns,
    /// with a tail in each dimension.
    @Test(arguments: Layout.allCases)
    func agreesWithDoublesOnLargeShapes(layout: Layout) {
      var draws = Draws(seed: 3)
      check(layout, (m: 263, n: 267, k: 259), gap: 3, variant: 3, &draws)
      check(layout, (m: 129, n: 2053, k: 33), gap: 1, variant: 2, &draws)
      check(layout, (m: 131, n: 2053, k: 32), gap: 2, variant: 3, &draws)
      check(layout, (m: 50, n: 330, k: 259), gap: 1, variant: 3, &draws)
      check(layout, (m: 126, n: 1025, k: 65), gap: 0, variant: 1, &draws)
    }

    /// Large products with both operands transposed need no copy made by the caller.
    @Test func largeTransposedProducts() {
      let ones = [Float](repeating: 1, count: 256 * 256)
      var c = [Float](repeating: 0, count: 256 * 256)
      #expect(levin_product_tt(256, 256, 256, ones, 256, ones, 256, &c, 256))
      #expect(c.allSatisfy { $0 == 256 })
    }

    /// Products wide enough that only A is copied.
    @Test(arguments: Layout.allCases)
    func agreesWithDoublesOnWideShapes(layout: Layout) {
      var draws = Draws(seed: 4)
      for (variant, shape) in [(m: 5, n: 1030, k: 37), (m: 16, n: 1025, k: 33)].enumerated() {
        check(layout, shape, gap: 2, variant: variant + 2, &draws)
      }
    }

    @Test func emptyProductsTouchNothing() {
      var c: [Float] = [7]
      levin_product_nt(0, 1, 1, [1], 1, [1], 1, &c, 1, false, nil, false)
      levin_product_nn(1, 0, 1, [1], 1, [1], 1, &c, 1, false, nil, 0)
      levin_product_tn(0, 0, 1, [1], 1, [1], 1, &c, 1, false, nil)
      #expect(c == [7])
    }

    @Test func reluKeepsNaN() {
      for (isa, c) in onEachISA({
        var c = [Float](repeating: 0, count: 2)
        levin_product_nt(1, 2, 1, [1], 1, [.nan, -1], 1, &c, 2, false, nil, true)
        return c.map(\.isNaN)
      }) {
        #expect(c == [true, false], "\(isa)")
      }
    }

    private func check(
      _ layout: Layout, _ shape: (m: Int, n: Int, k: Int), gap: Int, variant: Int,
      _ draws: inout Draws
    ) {
      let (m, n, k) = shape
      let a =
        layout == .tn || layout == .tt
        ? Grid(k, m, gap: gap, from: &draws) : Grid(m, k, gap: gap, from: &draws)
      let b =
        layout == .nt || layout == .tt
        ? Grid(n, k, gap: gap, from: &draws) : Grid(k, n, gap: gap, from: &draws)
      let before = Grid(m, n, gap: gap, from: &draws)
      let extras = Extras(
        accumulate: layout != .tt && variant % 2 == 1,
        bias: layout == .nt && variant >= 1 ? draws.floats(n) : nil,
        relu: layout == .nt && variant >= 2,
        activation: layout == .nn && variant >= 2 ? Grid(m, n, gap: 1, from: &draws) : nil,
        wantsSums: layout == .tn && variant >= 2)
      let expected = oracle(layout, a, b, before, extras, depth: k)
      // Each product and each sum rounds once, to within half a unit in the last place of 1.
      let tolerance = Double(k + 4) * 0x1p-24 * 2
      for (isa, result) in onEachISA({ product(layout, a, b, before, extras, depth: k) }) {
        let difference = zip(result.c.values, expected.c).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(difference <= tolerance, "\(isa) \(layout) \(shape) variant \(variant)")
        let off = zip(result.sums, expected.sums).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(off <= tolerance, "\(isa) \(layout) \(shape) variant \(variant): sums")
        #expect(result.c.isIntact, "\(isa) \(layout) \(shape) wrote between the rows")
      }
    }

    private func product(
      _ layout: Layout, _ a: Grid, _ b: Grid, _ before: Grid, _ extras: Extras, depth: Int
    ) -> ProductResult {
      var c = before
      let (m, n) = (c.rows, c.columns)
      var sums = extras.wantsSums ? [Float](repeating: 0.5, count: m) : []
      switch layout {
      case .nt:
        extras.bias.withPointer { bias in
          levin_product_nt(
            m, n, depth, a.values, a.stride, b.values, b.stride, &c.values, c.stride,
            extras.accumulate, bias, extras.relu)
        }
      case .nn:
        (extras.activation?.values).withPointer { activation in
          levin_product_nn(
            m, n, depth, a.values, a.stride, b.values, b.stride, &c.values, c.stride,
            extras.accumulate, activation, extras.activation?.stride ?? 0)
        }
      case .tn:
        sums.withUnsafeMutableBufferPointer { sums in
          levin_product_tn(
            m, n, depth, a.values, a.stride, b.values, b.stride, &c.values, c.stride,
            extras.accumulate, extras.wantsSums ? sums.baseAddress : nil)
        }
      case .tt:
        guard
          levin_product_tt(
            m, n, depth, a.values, a.stride, b.values, b.stride, &c.values, c.stride)
        else {
          #expect(c == before, "a product that was not computed wrote something")
          return product(.nt, a.transposed, b, before, extras, depth: depth)
        }
      }
      return ProductResult(c: c, sums: sums)
    }

    /// The sum of products, term by term; by pointers, since tests are compiled without optimisation.
    private func dot(
      _ count: Int, _ x: UnsafePointer<Float>, _ stepX: Int, _ y: UnsafePointer<Float>, _ stepY: Int
    ) -> Double {
      var (sum, i) = (0.0, 0)
      while i < count {
        sum += Double(x[i * stepX]) * Double(y[i * stepY])
        i += 1
      }
      return sum
    }

    private func oracle(
      _ layout: Layout, _ a: Grid, _ b: Grid, _ before: Grid, _ extras: Extras, depth: Int
    ) -> (c: [Double], sums: [Double]) {
      var c = before.values.map(Double.init)
      var sums = [Double](repeating: extras.accumulate ? 0.5 : 0, count: before.rows)
      // From a row of A to the next, and along it; from a column of B to the next, and down it.
      let (down, across) = layout == .tn || layout == .tt ? (1, a.stride) : (a.stride, 1)
      let (right, deep) = layout == .nt || layout == .tt ? (b.stride, 1) : (1, b.stride)
      for i in 0..<before.rows {
        for j in 0..<before.columns {
          var sum = extras.accumulate ? Double(before[i, j]) : 0
          sum += a.values.withUnsafeBufferPointer { a in
            b.values.withUnsafeBufferPointer { b in
              guard depth > 0, let x = a.baseAddress, let y = b.baseAddress else { return 0 }
              return dot(depth, x + i * down, across, y + j * right, deep)
            }
          }
          if let bias = extras.bias { sum += Double(bias[j]) }
          if extras.relu { sum = max(sum, 0) }
          if let activation = extras.activation, activation[i, j] <= 0 { sum = 0 }
          c[i * before.stride + j] = sum
        }
        if layout == .tn {
          for p in 0..<depth { sums[i] += Double(a[p, i]) }
        }
      }
      return (c, extras.wantsSums ? sums : [])
    }
  }
}

extension Optional where Wrapped == [Float] {
  /// Calls `body` with a pointer to the numbers, or with nil.
  func withPointer<Result>(_ body: (UnsafePointer<Float>?) -> Result) -> Result {
    guard let self else { return body(nil) }
    return self.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
