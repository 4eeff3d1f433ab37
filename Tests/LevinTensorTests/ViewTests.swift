import Testing

@testable import LevinTensor

/// A tensor as plain lists, changed by walking indices, with which views are compared.
private struct Plain: Equatable {
  var shape: [Int]
  var values: [Int64]

  /// The values of a result of `shape`, each taken from where `source` says.
  func picked(_ shape: [Int], _ source: ([Int]) -> [Int]) -> Plain {
    var values: [Int64] = []
    var index = [Int](repeating: 0, count: shape.count)
    for _ in 0..<shape.reduce(1, *) {
      let place = source(index).enumerated().reduce(0) { $0 * self.shape[$1.offset] + $1.element }
      values.append(self.values[place])
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
    return Plain(shape: shape, values: values)
  }
}

@Suite struct ViewTests {
  /// Numbers that are the same in each run.
  private struct Draws {
    var state: UInt64
    mutating func int(_ range: Range<Int>) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return range.lowerBound + Int(state >> 33) % range.count
    }
  }

  /// A random view of `tensor`, and the same of `plain`.
  private func step(_ tensor: Tensor, _ plain: Plain, _ draws: inout Draws) -> (Tensor, Plain) {
    let rank = tensor.rank
    let axis = rank > 0 ? draws.int(0..<rank) : 0
    switch draws.int(0..<9) {
    case 0 where rank > 1:
      let other = draws.int(0..<rank)
      var shape = plain.shape
      shape.swapAt(axis, other)
      return (
        tensor.transposed(axis, other),
        plain.picked(shape) { index in
          var index = index
          index.swapAt(axis, other)
          return index
        }
      )
    case 1 where rank > 0 && plain.shape[axis] > 0:
      let (start, by) = (draws.int(0..<plain.shape[axis]), draws.int(1..<4))
      var shape = plain.shape
      shape[axis] = (plain.shape[axis] - start + by - 1) / by
      var indices = [any TensorIndex](repeating: .all, count: axis)
      indices.append(.stride(from: start, by: by))
      return (
        tensor.at(indices),
        plain.picked(shape) { index in
          var index = index
          index[axis] = start + index[axis] * by
          return index
        }
      )
    case 2 where rank > 1 && plain.shape[axis] > 0:
      let place = draws.int(0..<plain.shape[axis])
      var shape = plain.shape
      shape.remove(at: axis)
      return (
        tensor.selected(axis, place - (place % 2 == 0 ? plain.shape[axis] : 0)),
        plain.picked(shape) { index in
          var index = index
          index.insert(place, at: axis)
          return index
        }
      )
    case 3 where rank > 0:
      let size = plain.shape[axis]
      return (
        tensor.flipped(axis),
        plain.picked(plain.shape) { index in
          var index = index
          index[axis] = size - 1 - index[axis]
          return index
        }
      )
    case 4 where rank < 5:
      let place = draws.int(0..<rank + 1)
      var shape = plain.shape
      shape.insert(1, at: place)
      let wide = Plain(shape: shape, values: plain.values)
      let count = draws.int(1..<4)
      shape[place] = count
      return (
        tensor.unsqueezed(place).expanded(to: Shape(shape)),
        wide.picked(shape) { index in
          var index = index
          index[place] = 0
          return index
        }
      )
    case 5 where rank > 1:
      var shape = plain.shape
      let merged = shape.remove(at: 0)
      shape[0] *= merged
      return (tensor.reshaped(to: Shape(shape)), Plain(shape: shape, values: plain.values))
    case 6 where rank > 1:
      let other = axis == 0 ? 1 : 0
      let offset = draws.int(-1..<2)
      let (rows, columns) = (plain.shape[axis], plain.shape[other])
      let count = max(0, offset >= 0 ? min(rows, columns - offset) : min(rows + offset, columns))
      let rest = plain.shape.indices.filter { $0 != axis && $0 != other }
      let shape = rest.map { plain.shape[$0] } + [count]
      return (
        tensor.diagonal(offset: offset, axis, other),
        plain.picked(shape) { index in
          var place = [Int](repeating: 0, count: rank)
          for (number, axis) in rest.enumerated() { place[axis] = index[number] }
          place[axis] = index[rest.count] + max(0, -offset)
          place[other] = index[rest.count] + max(0, offset)
          return place
        }
      )
    case 7 where rank > 0 && plain.shape[axis] % 2 == 0:
      var shape = plain.shape
      shape[axis] /= 2
      shape.insert(2, at: axis)
      return (tensor.reshaped(to: Shape(shape)), Plain(shape: shape, values: plain.values))
    default: return (tensor, plain)
    }
  }

  @Test func chainsOfViewsAreWhatAWalkOverIndicesFinds() {
    var draws = Draws(state: 7)
    for _ in 0..<400 {
      let shape = (0..<draws.int(1..<4)).map { _ in draws.int(1..<5) }
      let count = shape.reduce(1, *)
      var tensor = Tensor.arange(count).reshaped(to: Shape(shape))
      var plain = Plain(shape: shape, values: (0..<count).map { Int64($0) })
      for _ in 0..<6 {
        guard plain.shape.count < 7 else { break }
        (tensor, plain) = step(tensor, plain, &draws)
        #expect(Array(tensor.shape) == plain.shape)
        #expect(tensor.scalars(as: Int64.self) == plain.values)
        // And through the kernels: a conversion walks the same layout.
        #expect(tensor.to(.float64).scalars(as: Double.self) == plain.values.map(Double.init))
        // A sum over one dimension, against the same of a copy.
        if tensor.rank > 0 {
          let axis = draws.int(0..<tensor.rank)
          #expect(
            tensor.sum(dimension: axis).scalars(as: Int64.self)
              == tensor.cloned().sum(dimension: axis).scalars(as: Int64.self))
        }
      }
    }
  }

  @Test func viewsShareMemory() {
    let x = Tensor.arange(24).reshaped(to: [2, 3, 4])
    for view in [x.transposed(0, 2), x[1], x[.ellipsis, 1], x.flipped(1), x.unsqueezed(0)] {
      #expect(view.storage === x.storage)
    }
  }

  @Test func subscriptsAreReadAsPyTorchReadsThem() {
    let x = Tensor.arange(24).reshaped(to: [2, 3, 4])
    // The output of torch 2.13 for torch.arange(24).view(2, 3, 4)[…].
    let cases: [(Tensor, Shape, [Int64])] = [
      (x[1, 2, 3], [], [23]), (x[-1, 0], [4], [12, 13, 14, 15]),
      (x[.ellipsis, 0], [2, 3], [0, 4, 8, 12, 16, 20]),
      (x[0..<1, .newAxis, 1], [1, 1, 4], [4, 5, 6, 7]),
      (x[0, .stride(by: 2), 1...2], [2, 2], [1, 2, 9, 10]),
      (x[0, 1..., ..<2], [2, 2], [4, 5, 8, 9]),
      (x[Tensor([1, 0]), Tensor([2, 1])], [2, 4], [20, 21, 22, 23, 4, 5, 6, 7]),
      (x[.all, Tensor([2, 0]), 1], [2, 2], [9, 1, 21, 13]),
      (x[x .> 20], [3], [21, 22, 23]),
    ]
    for (result, shape, values) in cases {
      #expect(result.shape == shape)
      #expect(result.scalars(as: Int64.self) == values)
    }
  }

  /// `stride()` of the same results in PyTorch.
  @Test func elementwiseResultsKeepTheOrderOfTheirOperands() {
    let (x, y) = (Tensor.rand([3, 4, 5]), Tensor.rand([3, 4, 5]))
    let (a, b) = (x.permuted([2, 0, 1]), y.permuted([2, 0, 1]))
    let (u, v) = (a.contiguous(), b.contiguous())
    let row = Tensor.rand([4])
    for (result, expected) in [
      (a + b, u + v), (a * 2, u * 2), (a.exp(), u.exp()), (a.sign(), u.sign()), (a .< b, u .< v),
      (a .< 0.5, u .< 0.5), (a + row, u + row), (a[0..<1] + b, u[0..<1] + v),
      (Tensor.where(a .< b, a, b), Tensor.where(u .< v, u, v)),
    ] {
      #expect(result.layout.allStrides == [1, 20, 5])
      #expect(result.storage.byteCount == result.byteCount)
      #expect((result .== expected).all().item() == 1)
    }
    // Those without a common order, of a shape that no operand has, with gaps, or repeated, are row-major.
    for (result, expected) in [
      (a[0] + b[.all, 0..<1], u[0] + v[.all, 0..<1]),
      (a[.all, 0..<1] + b[0], u[.all, 0..<1] + v[0]),
      (a[0..<1] * b[.all, 0..<1], u[0..<1] * v[.all, 0..<1]),
      (v + a, v + u), (a[.all, .all, 0..<2].exp(), u[.all, .all, 0..<2].exp()),
      (row.expanded(to: [3, 4]) * 2, row * 2),
    ] {
      #expect(result.isContiguous)
      #expect((result .== expected).all().item() == 1)
    }
  }

  @Test func assigningChangesNothingThatOthersHold() {
    var x = Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3])
    let (row, whole) = (x[0], x)
    x[0] = Tensor([7, 8, 9] as [Float])
    x[.all, 1] = Tensor(Float(-1))
    x[x .> 8] = Tensor(Float(0))
    #expect(x.scalars(as: Float.self) == [7, -1, 0, 3, -1, 5])
    #expect(row.scalars(as: Float.self) == [0, 1, 2])
    #expect(whole.scalars(as: Float.self) == [0, 1, 2, 3, 4, 5])
  }

  @Test func assigningWritesInPlaceWhereNobodyElseLooks() {
    var x = Tensor.zeros([4, 4])
    let before = x.address
    for i in 0..<4 { x[i] = Tensor(Float(i)).expanded(to: [4]) }
    x[.all, 0] += 10
    #expect(x.address == before)
    #expect(x.sum().item() == 24 + 40)
  }

  @Test func theGradientOfWhatIsOverwrittenIsZero() {
    let (a, b) = (Tensor.ones([3]).requiringGradient(), Tensor(Float(2)).requiringGradient())
    var x = a * 3
    x[1] = b * 5
    x.sum().backward()
    #expect(a.gradient?.scalars(as: Float.self) == [3, 0, 3])
    #expect(b.gradient?.item() == 5)
  }

  @Test func wrongIndicesTrap() async {
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3])[2] }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3])[0, 0, 0] }
    await #expect(processExitsWith: .failure) {
      var x = Tensor.zeros([2, 3])
      x[0] = Tensor.zeros([4])
    }
  }
}
