@testable import LevinTensor
import Testing

/// Random chains of views against a list of locations from which each view selects by its indices.
@Suite struct LayoutPropertyTests {
  /// The expected view: a shape, and the location of each of its elements in row-major order.
  struct Model {
    var shape: [Int]
    var places: [Int]

    /// The view of `shape` whose element at an index is this one's at `index(…)`.
    func view(_ shape: [Int], _ index: ([Int]) -> [Int]) -> Model {
      let places = indices(of: shape).map { own -> Int in
        var place = 0
        for (size, i) in zip(self.shape, index(own)) { place = place * size + i }
        return self.places[place]
      }
      return Model(shape: shape, places: places)
    }
  }

  @Test(arguments: 0..<40) func chains(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<25 {
      let sizes = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        [0, 1, 1, 2, 3, 4, 5].randomElement(using: &random)!
      }
      var layout = Layout(shape: Shape(sizes), strides: nil, offset: 7)
      var model = Model(shape: sizes, places: (0..<sizes.reduce(1, *)).map { 7 + $0 })
      var chain: [String] = ["\(sizes)"]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        chain.append(change(&layout, &model, &random))
        #expect(Array(layout.shape) == model.shape, "\(chain)")
        #expect(places(layout) == model.places, "\(chain)")
        // Exactly the row-major layouts report that they are.
        let isRowMajor = model.places == model.places.indices.map { layout.offset + $0 }
        #expect((layout.strides == nil) == isRowMajor, "\(chain)")
        if !layout.overlaps { #expect(Set(model.places).count == model.places.count, "\(chain)") }
      }
    }
  }

  /// Adds one more view to both; returns its name.
  private func change(
    _ layout: inout Layout, _ model: inout Model, _ random: inout SeededGenerator
  ) -> String {
    let (old, shape) = (layout, model.shape)
    let rank = shape.count
    let axis = rank > 0 ? Int.random(in: 0..<rank, using: &random) : 0
    switch Int.random(in: 0..<8, using: &random) {
    case 0:
      let order = Array(0..<rank).shuffled(using: &random)
      layout = old.permuted(order)
      model = model.view(order.map { shape[$0] }) { index in
        (0..<rank).map { index[order.firstIndex(of: $0)!] }
      }
      return "permuted \(order)"
    case 1 where rank > 0:
      let step = [-2, -1, 1, 1, 2].randomElement(using: &random)!
      let start = shape[axis] == 0 ? 0 : Int.random(in: 0..<shape[axis], using: &random)
      let room =
        shape[axis] == 0 ? 0 : step > 0 ? (shape[axis] - 1 - start) / step + 1 : start / -step + 1
      let count = Int.random(in: 0...room, using: &random)
      layout = old.sliced(axis, start: start, step: step, count: count)
      var sizes = shape
      sizes[axis] = count
      model = model.view(sizes) { index in
        var own = index
        own[axis] = start + index[axis] * step
        return own
      }
      return "sliced \(axis) \(start) \(step) \(count)"
    case 2 where rank > 0 && shape[axis] > 0:
      let place = Int.random(in: 0..<shape[axis], using: &random)
      layout = old.selected(axis, place)
      var sizes = shape
      sizes.remove(at: axis)
      model = model.view(sizes) { index in
        var own = index
        own.insert(place, at: axis)
        return own
      }
      return "selected \(axis) \(place)"
    case 3 where rank < 7:
      let place = Int.random(in: 0...rank, using: &random)
      layout = old.inserting(place)
      var sizes = shape
      sizes.insert(1, at: place)
      model = model.view(sizes) { index in
        var own = index
        own.remove(at: place)
        return own
      }
      return "inserting \(place)"
    case 4:
      let ones = Set(shape.indices.filter { shape[$0] == 1 && Bool.random(using: &random) })
      layout = old.removing(Axes(ones))
      let kept = shape.indices.filter { !ones.contains($0) }
      model = model.view(kept.map { shape[$0] }) { index in
        (0..<rank).map { kept.firstIndex(of: $0).map { index[$0] } ?? 0 }
      }
      return "removing \(ones.sorted())"
    case 5 where rank < 6:
      let sizes =
        [[], [2], [3, 1]].randomElement(using: &random)!
        + shape.map { $0 == 1 && Bool.random(using: &random) ? 3 : $0 }
      layout = old.expanded(to: Shape(sizes))
      model = model.view(sizes) { index in
        zip(shape, index.suffix(rank)).map { $0 == 1 ? 0 : $1 }
      }
      return "expanded \(sizes)"
    case 6 where rank > 1:
      let pair = Array(0..<rank).shuffled(using: &random).prefix(2)
      let (a, b) = (pair[0], pair[1])
      let shift = Int.random(in: -3...3, using: &random)
      layout = old.diagonal(a, b, shift: shift)
      let (down, right) = (max(0, -shift), max(0, shift))
      let count = max(0, min(shape[a] - down, shape[b] - right))
      let kept = shape.indices.filter { $0 != a && $0 != b }
      model = model.view(kept.map { shape[$0] } + [count]) { index in
        var own = [Int](repeating: 0, count: rank)
        for (place, axis) in kept.enumerated() { own[axis] = index[place] }
        (own[a], own[b]) = (index[kept.count] + down, index[kept.count] + right)
        return own
      }
      return "diagonal \(a) \(b) \(shift)"
    default:
      return reshape(&layout, &model, &random)
    }
  }

  /// Another shape of the same size; if the layout refuses, no strides describe it.
  private func reshape(
    _ layout: inout Layout, _ model: inout Model, _ random: inout SeededGenerator
  ) -> String {
    var rest = model.places.count
    var sizes: [Int] = []
    while rest > 1, sizes.count < 5 {
      let size = (1...rest).filter { rest % $0 == 0 }.randomElement(using: &random)!
      sizes.append(size)
      rest /= size
    }
    if rest != 1 { sizes.append(rest) }
    let reshaped = Model(shape: sizes, places: model.places)
    if let result = layout.reshaped(to: Shape(sizes)) {
      layout = result
      model = reshaped
    } else {
      #expect(!hasStrides(reshaped), "\(layout) has strides as \(sizes)")
      layout = Layout(shape: Shape(sizes), strides: nil, offset: 0)
      model = Model(shape: sizes, places: Array(model.places.indices))
    }
    return "reshaped \(sizes)"
  }

  /// Whether the locations are evenly strided along each dimension.
  private func hasStrides(_ model: Model) -> Bool {
    guard let first = model.places.first else { return true }
    let strides = model.shape.indices.map { axis -> Int in
      guard model.shape[axis] > 1 else { return 0 }
      return model.places[model.shape[(axis + 1)...].reduce(1, *)] - first
    }
    return zip(indices(of: model.shape), model.places).allSatisfy { index, place in
      place == first + zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  private func places(_ layout: Layout) -> [Int] {
    indices(of: Array(layout.shape)).map { index in
      zip(index, layout.allStrides).reduce(layout.offset) { $0 + $1.0 * $1.1 }
    }
  }
}

/// All indices of a shape in row-major order.
func indices(of shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { found, size in found.flatMap { index in (0..<size).map { index + [$0] } } }
}

/// SplitMix64 (Steele, Lea and Flood 2014), so that a case can be found again by its seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
