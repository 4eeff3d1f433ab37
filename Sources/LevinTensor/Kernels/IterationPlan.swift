internal import CLevinKernels

/// A loop nest over the elements of several operands, with as few and as long dimensions as their layouts allow.
///
/// Pure arithmetic: repeated dimensions have stride 0, sizes of 1 are dropped, dimensions are ordered by the strides
/// of the result, and neighbours are merged if for every operand the outer stride is the inner size times the inner
/// stride. It is built directly in the form that C takes, because an operation on few elements costs little more than
/// its plan.
struct IterationPlan {
  private var plan = LevinPlan()
  /// The number of dimensions that the result has; the others are reduced.
  private(set) var kept = 0

  /// The plan of an elementwise operation; every operand broadcasts to the result's shape.
  init(_ result: Tensor, _ a: Tensor, _ b: Tensor? = nil, _ c: Tensor? = nil) {
    kept = 1
    if Self.isFlat(a, result), b.map({ Self.isFlat($0, result) }) ?? true,
      c.map({ Self.isFlat($0, result) }) ?? true, result.isDense
    {
      plan.rank = 1
      edit { places in
        places.sizes[0] = result.elementCount
        places.addFlat(result, result.shape)
        places.addFlat(a, result.shape)
        if let b { places.addFlat(b, result.shape) }
        if let c { places.addFlat(c, result.shape) }
      }
      return
    }
    plan.rank = Int32(result.rank)
    edit { places in
      for axis in 0..<result.rank { places.sizes[axis] = result.shape[axis] }
      places.add(result, added: 0)
      places.add(a, added: result.rank - a.rank)
      if let b { places.add(b, added: result.rank - b.rank) }
      if let c { places.add(c, added: result.rank - c.rank) }
      places.simplify(0, places.rank, reorders: true)
      places.padToRankOne()
    }
    kept = Int(plan.rank)
  }

  /// Whether an operand has its elements in the result's order, or only one element, which is repeated.
  private static func isFlat(_ operand: Tensor, _ result: Tensor) -> Bool {
    operand.shape == result.shape && operand.strides == result.strides || operand.elementCount == 1
  }

  /// The plan of a reduction of `input` along `axes`; `result` has the reduced dimensions with size 1.
  ///
  /// With `inOrder` the reduced dimensions stay in row-major order, in which their indices are counted.
  init(reducing input: Tensor, along axes: Axes, into result: Tensor, inOrder: Bool = false) {
    plan.rank = Int32(input.rank)
    kept = edit { places in
      places.take(input.shape)
      places.add(result, added: 0)
      places.add(input, added: 0)
      places.moveToEnd(axes)
      var kept = input.rank - axes.count
      places.simplify(kept, places.rank, reorders: !inOrder, orderedBy: 1)
      kept -= places.simplify(0, kept, reorders: true, orderedBy: 1)
      return places.padToRankOne() && kept == 0 ? 1 : kept
    }
  }

  /// The plan of a running sum of `input` along `axis`, which comes last.
  init(scanning input: Tensor, along axis: Int, into result: Tensor) {
    plan.rank = Int32(input.rank)
    kept = edit { places in
      places.take(input.shape)
      places.add(result, added: 0)
      places.add(input, added: 0)
      places.moveToEnd(Axes(axis))
      let kept = input.rank - 1
      return kept - places.simplify(0, kept, reorders: true)
    }
  }

  /// The sizes of the dimensions, outermost first.
  var sizes: [Int] {
    withUnsafeBytes(of: plan.sizes) { Array($0.bindMemory(to: Int.self).prefix(Int(plan.rank))) }
  }

  /// For each operand, beginning with the result, the distance in bytes from one element to the next along each
  /// dimension.
  var strides: [[Int]] {
    withUnsafeBytes(of: plan.operands) { bytes in
      bytes.bindMemory(to: LevinOperand.self).prefix(Int(plan.operandCount)).map { operand in
        withUnsafeBytes(of: operand.strides) {
          Array($0.bindMemory(to: Int.self).prefix(Int(plan.rank)))
        }
      }
    }
  }

  /// Calls `body` with the plan in the form that C takes; the operands' memory must live until then.
  func withC<Result>(_ body: (UnsafePointer<LevinPlan>) -> Result) -> Result {
    withUnsafePointer(to: plan, body)
  }

  @discardableResult
  private mutating func edit<Result>(_ body: (inout Places) -> Result) -> Result {
    withUnsafeMutablePointer(to: &plan) {
      var places = Places(plan: $0)
      return body(&places)
    }
  }
}

/// A plan under construction.
private struct Places {
  let plan: UnsafeMutablePointer<LevinPlan>
  let sizes: UnsafeMutablePointer<Int>
  private let operands: UnsafeMutablePointer<LevinOperand>

  init(plan: UnsafeMutablePointer<LevinPlan>) {
    self.plan = plan
    sizes = UnsafeMutableRawPointer(plan + 0).advanced(by: Self.sizesOffset)
      .assumingMemoryBound(to: Int.self)
    operands = UnsafeMutableRawPointer(plan + 0).advanced(by: Self.operandsOffset)
      .assumingMemoryBound(to: LevinOperand.self)
  }

  // A stored property of a C structure has an offset, which is a constant; a stored one here would be initialized
  // lazily, and checked for that at each access.
  private static var sizesOffset: Int { MemoryLayout<LevinPlan>.offset(of: \.sizes)! }
  private static var operandsOffset: Int { MemoryLayout<LevinPlan>.offset(of: \.operands)! }
  private static var stridesOffset: Int { MemoryLayout<LevinOperand>.offset(of: \.strides)! }

  var rank: Int { Int(plan.pointee.rank) }
  private var operandCount: Int { Int(plan.pointee.operandCount) }

  func strides(_ operand: Int) -> UnsafeMutablePointer<Int> {
    UnsafeMutableRawPointer(operands + operand).advanced(by: Self.stridesOffset)
      .assumingMemoryBound(to: Int.self)
  }

  func take(_ shape: Shape) {
    for axis in 0..<shape.rank { sizes[axis] = shape[axis] }
  }

  /// Adds an operand; the plan has `added` dimensions in front of the operand's own.
  func add(_ tensor: Tensor, added: Int) {
    let index = operandCount
    plan.pointee.operandCount += 1
    operands[index].data = tensor.address
    operands[index].type = tensor.dtype.c
    let strides = strides(index)
    let byteCount = tensor.dtype.byteCount
    var next = byteCount
    for axis in Swift.stride(from: tensor.rank - 1, through: 0, by: -1) {
      let size = tensor.shape[axis]
      if size == sizes[axis + added] {
        strides[axis + added] = tensor.strides.map { $0[axis] * byteCount } ?? next
      }
      next *= Swift.max(size, 1)
    }
  }

  /// Adds an operand to a plan of one dimension: elements in the order of memory, or one element that is repeated.
  func addFlat(_ tensor: Tensor, _ shape: Shape) {
    let index = operandCount
    plan.pointee.operandCount += 1
    operands[index].data = tensor.address
    operands[index].type = tensor.dtype.c
    strides(index)[0] = tensor.shape == shape ? tensor.dtype.byteCount : 0
  }

  /// Moves the dimensions of `axes` behind all others, keeping both in order.
  func moveToEnd(_ axes: Axes) {
    var end = rank
    for axis in Swift.stride(from: rank - 1, through: 0, by: -1) where axes.contains(axis) {
      end -= 1
      for place in axis..<end { swapDimensions(place, place + 1) }
    }
  }

  private func swapDimensions(_ a: Int, _ b: Int) {
    (sizes[a], sizes[b]) = (sizes[b], sizes[a])
    for operand in 0..<operandCount {
      let strides = strides(operand)
      (strides[a], strides[b]) = (strides[b], strides[a])
    }
  }

  /// Orders and merges dimensions first..<end; returns the number of dimensions removed.
  @discardableResult
  func simplify(_ first: Int, _ end: Int, reorders: Bool, orderedBy operand: Int = 0) -> Int {
    var last = first
    for axis in first..<end where sizes[axis] != 1 {
      move(axis, to: last)
      last += 1
    }
    if reorders {
      // The sort is stable: dimensions with equal strides, such as those of repeated elements, keep their order.
      for i in first..<last {
        var j = i
        while j > first, isInner(j - 1, than: j, orderedBy: operand) {
          swapDimensions(j - 1, j)
          j -= 1
        }
      }
    }
    var merged = first
    for axis in first..<last {
      if merged > first, merges(merged - 1, with: axis) {
        let size = sizes[merged - 1]
        move(axis, to: merged - 1)
        sizes[merged - 1] *= size
      } else {
        move(axis, to: merged)
        merged += 1
      }
    }
    let removed = end - merged
    for axis in end..<rank { move(axis, to: axis - removed) }
    plan.pointee.rank -= Int32(removed)
    return removed
  }

  private func move(_ axis: Int, to place: Int) {
    if axis == place { return }
    sizes[place] = sizes[axis]
    for operand in 0..<operandCount {
      let strides = strides(operand)
      strides[place] = strides[axis]
    }
  }

  private func merges(_ outer: Int, with inner: Int) -> Bool {
    for operand in 0..<operandCount {
      let strides = strides(operand)
      if strides[outer] != strides[inner] * sizes[inner] { return false }
    }
    return true
  }

  /// Whether `axis` has smaller strides than `other`, in `operand`, or else in the first operand in which both have
  /// strides.
  private func isInner(_ axis: Int, than other: Int, orderedBy operand: Int) -> Bool {
    for index in -1..<operandCount {
      let own = strides(index < 0 ? operand : index)
      let (a, b) = (abs(own[axis]), abs(own[other]))
      if a == 0 || b == 0 || a == b { continue }
      return a < b
    }
    return false
  }

  /// Gives a plan without dimensions one of size 1.
  @discardableResult
  func padToRankOne() -> Bool {
    guard rank == 0 else { return false }
    plan.pointee.rank = 1
    sizes[0] = 1
    for operand in 0..<operandCount { strides(operand)[0] = 0 }
    return true
  }
}
