import LevinTensor
import Testing

/// Assigning to a tensor: the result equals that of the functional form, and every other holder keeps its values.
@Suite struct AssigningTests {
  /// `assign` on tensors of many layouts, with and without other holders of the memory, equals `make`.
  private func check(
    _ name: String, dtype: DType = .float32, _ make: (Tensor) -> Tensor,
    _ assign: (inout Tensor) -> Void
  ) {
    let whole = Tensor.arange(120).reshaped(to: [4, 5, 6]).to(dtype)
    let layouts: [(String, () -> Tensor)] = [
      ("whole", { whole.cloned() }),
      ("transposed", { whole.cloned().transposed(0, 2) }),
      ("every other", { whole.cloned()[.stride(by: 2), .all, .stride(by: 3)] }),
      ("flipped", { whole.cloned().flipped(0, 1) }),
      ("expanded", { whole.cloned()[0..<1].expanded(to: [4, 5, 6]) }),
      ("slice", { whole.cloned()[1] }),
    ]
    for (layout, made) in layouts {
      let expected = make(made())
      // Nothing else holds the memory.
      var alone = made()
      assign(&alone)
      #expect(same(alone, expected), "\(name) of \(layout), alone")
      // A copy, a view and a part hold it, too.
      var x = made()
      let before = x.cloned()
      let (copy, view) = (x, x.flattened())
      let part = x[0]
      assign(&x)
      #expect(same(x, expected), "\(name) of \(layout), shared")
      #expect(same(copy, before), "\(name) of \(layout): the copy")
      #expect(same(view, before.flattened()), "\(name) of \(layout): the view")
      #expect(same(part, before[0]), "\(name) of \(layout): the part")
    }
  }

  private func same(_ a: Tensor, _ b: Tensor) -> Bool {
    a.dtype == b.dtype && a.isEqual(to: b)
  }

  @Test func operators() {
    let row = Tensor([1, 2, 3, 4, 5, 6] as [Float])
    check("+=", { $0 + 2 }) { $0 += 2 }
    check("-=", { $0 - 2 }) { $0 -= 2 }
    check("*=", { $0 * 3 }) { $0 *= 3 }
    check("/=", { $0 / 4 }) { $0 /= 4 }
    check("+= tensor", { $0 + $0 }) { $0 += $0 }
    check("*= column", { $0 * $0.sum(dimension: -1, keepDimension: true) }) {
      $0 *= $0.sum(dimension: -1, keepDimension: true)
    }
    check("+= row", { $0 + row.sum() }) { $0 += row.sum() }
    check("+= of integers", dtype: .int64, { $0 + 2 }) { $0 += 2 }
    check("-= of bytes", dtype: .uint8, { $0 - 7 }) { $0 -= 7 }
    check("*= of doubles", dtype: .float64, { $0 * 0.1 }) { $0 *= 0.1 }
  }

  @Test func subscripts() {
    /// 7 where the first index is 1, by a mask.
    func expected(_ x: Tensor, _ axis: Int, _ position: Int, _ value: Double) -> Tensor {
      var sizes = [Int](repeating: 1, count: x.rank)
      sizes[axis] = x.shape[axis]
      let places = Tensor.arange(x.shape[axis]).reshaped(to: Shape(sizes))
      return Tensor.where(places .== position, Tensor(value).to(x.dtype), x)
    }
    check("position", { expected($0, 0, 1, 7) }) { $0[1] = Tensor(Float(7)) }
    check("last axis", { expected($0, $0.rank - 1, 0, 7) }) { $0[.ellipsis, 0] = Tensor(Float(7)) }
    check("range", { expected($0, 0, 1, 7) }) { $0[1..<2] = Tensor(Float(7)) }
    check("indices", { expected($0, 0, 1, 7) }) { $0[Tensor([1])] = Tensor(Float(7)) }
    check("+= at a position", { expected($0, 0, 1, 0) + ($0 - expected($0, 0, 1, 0)) * 2 }) {
      $0[1] += $0[1]
    }
    check("mask", { Tensor.where($0 .> 30, Tensor(Float(0)), $0) }) {
      $0[$0 .> 30] = Tensor(Float(0))
    }
    check("of integers", dtype: .int32, { expected($0, 0, 1, 7) }) { $0[1] = Tensor(Int32(7)) }
    check("of bools", dtype: .bool, { expected($0, 0, 1, 0) }) { $0[1] = Tensor(false) }
  }

  @Test func functionsAssigned() {
    func first(_ x: Tensor) -> Tensor { Tensor.zeros([1] + x.shape.dropFirst().map { $0 }, .int64) }
    check("masked fill", { Tensor.where($0 .> 9, Tensor(Float(-1)), $0) }) {
      $0 = $0.maskedFill($0 .> 9, with: -1)
    }
    check(
      "scatter",
      { x in
        Tensor.where(
          Tensor.arange(x.shape[0]).reshaped(
            to: Shape([x.shape[0]] + x.shape.dropFirst().map { _ in 1 }))
            .== 0, Tensor(Float(5)), x)
      }
    ) {
      $0 = $0.scattered(0, first($0), 5)
    }
    check(
      "scatter add",
      { x in
        x + x
      }
    ) { x in
      var sizes = [Int](repeating: 1, count: x.rank)
      sizes[0] = x.shape[0]
      let places = Tensor.arange(x.shape[0]).reshaped(to: Shape(sizes)).expanded(to: x.shape)
      x = x.scatterAdded(0, places, x)
    }
    check("exp", { ($0 / 50).exp() }) { x in
      x /= 50
      x = x.exp()
    }
    check("clamped", { Tensor.minimum($0, Tensor(Float(9))) }) { $0 = $0.clamped(atMost: 9) }
  }

  /// A tensor taken before an assignment stays, with its gradients: the loss of the old values has the old gradient.
  @Test func gradientsOfWhatWas() {
    var x = Tensor([1, 2, 3] as [Float]).requiringGradient()
    let leaf = x
    let loss = (x * x).sum()
    x[0] = Tensor(Float(10))
    x *= 2
    #expect(gradients(of: [loss], withRespectTo: [leaf])[0]!.scalars(as: Float.self) == [2, 4, 6])
    let other = gradients(of: [(x * x).sum()], withRespectTo: [leaf])[0]!
    #expect(other.scalars(as: Float.self) == [0, 16, 24])
  }
}

extension Tensor {
  fileprivate static func zeros(_ sizes: [Int], _ dtype: DType) -> Tensor {
    zeros(Shape(sizes), dtype: dtype)
  }
}
