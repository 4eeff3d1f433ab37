import CLevinKernels
package import LevinTensor

/// A device in plain Swift, with which operations and other backends are compared: it uses none of the CPU's kernels,
/// reads one element after another, and its memory has no address.
///
/// Functions are computed in double, sums accurately enough; results are rounded once.
package final class ReferenceBackend: Backend {
  package let name: String

  package init(name: String = "reference") { self.name = name }

  // MARK: Memory

  package func allocate(_ byteCount: Int) -> AnyObject { ReferenceMemory(byteCount: byteCount) }

  package func write(_ bytes: UnsafeRawBufferPointer, to memory: AnyObject) {
    guard let memory = memory as? ReferenceMemory else { fatalError("memory of another backend") }
    memory.bytes.replaceSubrange(0..<bytes.count, with: bytes)
  }

  package func read(_ memory: AnyObject, into bytes: UnsafeMutableRawBufferPointer) {
    guard let memory = memory as? ReferenceMemory else { fatalError("memory of another backend") }
    bytes.copyBytes(from: memory.bytes[0..<bytes.count])
  }

  package func synchronize() {}

  // MARK: Elementwise

  package func copy(_ x: Operand, into result: Operand) { result.store(x.elements) }

  package func unary(_ function: UnaryFunction, _ x: Operand, into result: Operand) {
    let computed = x.dtype.promoted(with: result.dtype)
    result.store(x.elements.map { value(function, $0.computed(in: computed)) })
  }

  package func binary(
    _ function: BinaryFunction, _ a: Operand, _ b: Operand, into result: Operand
  ) {
    let computed = result.dtype
    result.store(
      zip(a.elements, b.elements).map {
        value(function, $0.computed(in: computed), $1.computed(in: computed))
      })
  }

  package func compare(
    _ comparison: Comparison, _ a: Operand, _ b: Operand, in dtype: DType, into result: Operand
  ) {
    result.store(
      zip(a.elements, b.elements).map {
        .integer(value(comparison, $0.computed(in: dtype), $1.computed(in: dtype)) ? 1 : 0)
      })
  }

  package func choose(_ condition: Operand, _ a: Operand, _ b: Operand, into result: Operand) {
    let (first, second) = (a.elements, b.elements)
    result.store(condition.elements.enumerated().map { $1.isTrue ? first[$0] : second[$0] })
  }

  // MARK: Reductions

  /// The elements of `x` that each element of a result of size 1 along `reduced` stands for, both in row-major order.
  private func groups(_ x: Operand, along reduced: Axes) -> [[Element]] {
    let sizes = x.shape.indices.map { reduced.contains($0) ? 1 : x.shape[$0] }
    var groups = [[Element]](repeating: [], count: sizes.reduce(1, *))
    var index = [Int](repeating: 0, count: sizes.count)
    for element in x.elements {
      var group = 0
      for axis in sizes.indices {
        group = group * sizes[axis] + (sizes[axis] == 1 ? 0 : index[axis])
      }
      groups[group].append(element)
      for axis in sizes.indices.reversed() {
        index[axis] += 1
        if index[axis] < x.shape[axis] { break }
        index[axis] = 0
      }
    }
    return groups
  }

  package func reduce(_ reduction: Reduction, _ x: Operand, into result: Operand) {
    let reduced = Axes(x.shape.indices.filter { result.shape[$0] != x.shape[$0] })
    let computed = x.dtype.promoted(with: result.dtype)
    result.store(
      groups(x, along: reduced).map { group in
        let start = neutral(reduction, computed)
        return group.reduce(start) { combined(reduction, $0, $1.computed(in: computed)) }
      })
  }

  private func neutral(_ reduction: Reduction, _ dtype: DType) -> Element {
    switch (reduction, dtype.isFloatingPoint) {
    case (.sum, let isFloat): isFloat ? .float(0) : .integer(0)
    case (.product, let isFloat): isFloat ? .float(1) : .integer(1)
    case (.maximum, let isFloat): isFloat ? .float(-.infinity) : .integer(.min)
    case (.minimum, let isFloat): isFloat ? .float(.infinity) : .integer(.max)
    }
  }

  private func combined(_ reduction: Reduction, _ a: Element, _ b: Element) -> Element {
    switch reduction {
    case .sum: value(.add, a, b)
    case .product: value(.multiply, a, b)
    case .maximum: value(.maximum, a, b)
    case .minimum: value(.minimum, a, b)
    }
  }

  package func indexOfExtreme(
    largest: Bool, _ x: Operand, along reduced: Axes, into result: Operand
  ) {
    result.store(
      groups(x, along: reduced).map { group in
        var best = 0
        for (place, element) in group.enumerated().dropFirst() where !group[best].double.isNaN {
          if element.double.isNaN
            || value(largest ? .greater : .less, element, group[best])
          {
            best = place
          }
        }
        return .integer(Int64(best))
      })
  }

  package func scan(multiplying: Bool, _ x: Operand, along axis: Int, into result: Operand) {
    let reduction: Reduction = multiplying ? .product : .sum
    var elements = x.elements.map { $0.computed(in: result.dtype) }
    let step = x.shape[(axis + 1)...].reduce(1, *)
    for place in elements.indices where place / step % x.shape[axis] > 0 {
      elements[place] = combined(reduction, elements[place - step], elements[place])
    }
    result.store(elements)
  }

  // MARK: Products

  package func product(
    _ a: Operand, _ b: Operand, _ epilogue: ProductEpilogue, into result: Operand
  ) {
    let rank = result.shape.count
    let (m, n, k) = (result.shape[rank - 2], result.shape[rank - 1], a.shape[rank - 1])
    let (x, y) = (a.elements, b.elements)
    var products: [Element] = []
    for batch in 0..<result.shape.dropLast(2).reduce(1, *) {
      for row in 0..<m {
        for column in 0..<n {
          var sum: Element = result.dtype.isFloatingPoint ? .float(0) : .integer(0)
          for depth in 0..<k {
            let term = value(
              .multiply, x[(batch * m + row) * k + depth], y[(batch * k + depth) * n + column])
            sum = value(.add, sum, term)
          }
          products.append(sum)
        }
      }
    }
    switch epilogue {
    case .none: break
    case .bias(let bias, let relu):
      if let bias {
        let terms = bias.elements
        for place in products.indices {
          products[place] = value(.add, products[place], terms[place % n])
        }
      }
      if relu { products = products.map { value(.relu, $0) } }
    case .maskedByReLU(let output):
      for (place, element) in output.elements.enumerated() where element.double <= 0 {
        products[place] = .float(0)
      }
    }
    result.store(products)
  }

  // MARK: Indexing

  package func take(_ x: Operand, at offsets: Operand, into result: Operand) {
    result.store(offsets.elements.map { x.memory[x.offset + Int($0.int), x.dtype] })
  }

  package func put(_ x: Operand, at offsets: Operand, into result: Operand, adding: Bool) {
    for (offset, element) in zip(offsets.elements, x.elements) {
      let place = result.offset + Int(offset.int)
      let before = result.memory[place, result.dtype]
      result.memory[place, result.dtype] = adding ? value(.add, before, element) : element
    }
  }

  package func argsort(_ x: Operand, descending: Bool, into result: Operand) {
    let (size, elements) = (x.shape.last ?? 1, x.elements)
    var places: [Element] = []
    for start in stride(from: 0, to: elements.count, by: max(size, 1)) {
      let row = elements[start..<(start + size)].enumerated().map { ($0, $1) }
      // NaN is largest.
      func isLess(_ a: Element, _ b: Element) -> Bool {
        a.double.isNaN ? false : b.double.isNaN || value(.less, a, b)
      }
      let sorted = row.sorted { a, b in
        if isLess(a.1, b.1) { return !descending }
        if isLess(b.1, a.1) { return descending }
        return a.0 < b.0
      }
      places += sorted.prefix(result.shape.last ?? 1).map { .integer(Int64($0.0)) }
    }
    result.store(places)
  }

  // MARK: Optimizers

  package func update(
    _ rule: UpdateRule, _ values: Operand, _ gradient: Operand, state: [Operand]
  ) {
    switch rule {
    case .adam(let adam):
      var (x, m, v) = (values.elements, state[0].elements, state[1].elements)
      var maxima = state.count > 2 ? state[2].elements : []
      let correction = (
        1 - power(adam.betas.0, adam.step), (1 - power(adam.betas.1, adam.step)).squareRoot()
      )
      for (i, element) in gradient.elements.enumerated() {
        var (value, slope) = (x[i].double, adam.maximizes ? -element.double : element.double)
        if adam.isDecoupled {
          value *= 1 - adam.learningRate * adam.weightDecay
        } else {
          slope += adam.weightDecay * value
        }
        let average = adam.betas.0 * m[i].double + (1 - adam.betas.0) * slope
        let square = adam.betas.1 * v[i].double + (1 - adam.betas.1) * slope * slope
        let largest = maxima.isEmpty ? square : max(square, maxima[i].double)
        if !maxima.isEmpty { maxima[i] = .float(largest) }
        value -=
          adam.learningRate / correction.0 * average
          / (largest.squareRoot() / correction.1 + adam.epsilon)
        (x[i], m[i], v[i]) = (.float(value), .float(average), .float(square))
      }
      values.store(x)
      state[0].store(m)
      state[1].store(v)
      if state.count > 2 { state[2].store(maxima) }
    case .sgd(let sgd):
      var (x, sums) = (values.elements, state.first?.elements ?? [])
      for (i, element) in gradient.elements.enumerated() {
        var slope = sgd.maximizes ? -element.double : element.double
        slope += sgd.weightDecay * x[i].double
        if !state.isEmpty {
          let sum =
            sgd.isFirst ? slope : sgd.momentum * sums[i].double + (1 - sgd.dampening) * slope
          sums[i] = .float(sum)
          slope = sgd.isNesterov ? slope + sgd.momentum * sum : sum
        }
        x[i] = .float(x[i].double - sgd.learningRate * slope)
      }
      values.store(x)
      state.first?.store(sums)
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
