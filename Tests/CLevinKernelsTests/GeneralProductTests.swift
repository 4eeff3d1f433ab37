import CLevinKernels
import Testing

extension KernelTests {
  @Suite struct GeneralProductTests {
    static let shapes = [
      (1, 1, 1), (5, 7, 9), (6, 8, 300), (64, 64, 64), (130, 70, 600), (13, 1030, 257),
      (1, 100, 50), (2, 300, 263), (130, 1030, 20),
      (100, 1, 50), (3, 4, 0),
    ]

    /// The products, term by term; by pointers, since tests are compiled without optimisation.
    private func naive(
      _ a: [Double], _ b: [Double], _ m: Int, _ n: Int, _ k: Int, _ x: (Int, Int), _ y: (Int, Int)
    ) -> [Double] {
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          (0..<m * n).map { place in
            let (row, column) = (place / n * x.0, place % n * y.1)
            var (sum, i) = (0.0, 0)
            while i < k {
              sum += a[row + i * x.1] * b[i * y.0 + column]
              i += 1
            }
            return sum
          }
        }
      }
    }

    /// Each operand as it is and transposed; sums of all terms in order, unsplit.
    @Test(arguments: shapes)
    func doubles(m: Int, n: Int, k: Int) {
      var draws = Draws(seed: 8)
      let a = draws.floats(m * k).map(Double.init), b = draws.floats(k * n).map(Double.init)
      for (x, y) in [((k, 1), (n, 1)), ((1, m), (n, 1)), ((k, 1), (1, k)), ((1, m), (1, k))] {
        let exact = naive(a, b, m, n, k, x, y)
        for (isa, c) in onEachISA({
          var c = [Double](repeating: 9, count: m * n)
          let isDone = a.withUnsafeBytes { a in
            b.withUnsafeBytes { b in
              // An empty array has no address; nothing is read of it.
              levin_product(
                .float64, m, n, k,
                LevinMatrix(
                  data: a.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!, row: x.0, column: x.1),
                LevinMatrix(
                  data: b.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!, row: y.0, column: y.1),
                &c)
            }
          }
          #expect(isDone)
          return c
        }) {
          let worst = zip(c, exact).map { abs($0 - $1) }.max() ?? 0
          #expect(worst <= 1e-15 * Double(k), "\(isa) \(x) \(y)")
        }
      }
    }
  }

  @Suite struct SortTests {
    @Test(arguments: [0, 1, 2, 16, 17, 64, 1000, 1025, 5000])
    func sortsStablyAndStopsEarly(count: Int) {
      var draws = Draws(seed: 21)
      // Few distinct values, so that some are equal; both zeros, infinity and NaN among them.
      let odd: [Float] = [0, -0.0, .infinity, -.infinity, .nan]
      let values = (0..<2 * count).map { _ -> Float in
        let draw = draws.int(in: 0...40)
        return draw < odd.count ? odd[draw] : Float(draw - 20) / 3
      }
      for descending in [false, true] {
        for wanted in Set([0, 1, count / 8, count]) where wanted <= count {
          for (isa, found) in onEachISA({
            var found = [Int64](repeating: -1, count: 2 * wanted)
            #expect(levin_argsort(2, count, wanted, .float32, values, descending, &found))
            return found
          }) {
            for row in 0..<2 {
              let own = Array(values[row * count..<(row + 1) * count])
              let order = own.indices.sorted { i, j in
                let (x, y) = descending ? (own[j], own[i]) : (own[i], own[j])
                if x < y || (y.isNaN && !x.isNaN) { return true }
                return x == y || (x.isNaN && y.isNaN) ? i < j : false
              }
              #expect(
                found[row * wanted..<(row + 1) * wanted].map { Int($0) }
                  == Array(order.prefix(wanted)),
                "\(isa) \(count) \(wanted) \(descending)")
            }
          }
        }
      }
    }
  }
}
