import LevinTensor
import Testing

/// As in torch 2.13 for `x += y` and the other in-place operators, unless noted otherwise.
@Suite struct InPlaceTests {
  private func message(_ result: ExitTest.Result?) throws -> String {
    String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
  }

  @Test func theLeftSideKeepsItsDType() {
    var half = Tensor([1, 2] as [Float])
    half += Tensor([0.25, 0.5] as [Double])
    #expect(half.dtype == .float32 && half.scalars(as: Float.self) == [1.25, 2.5])
    var small = Tensor([1, 250] as [UInt8])
    small += Tensor([1, 10] as [Int64])
    #expect(small.dtype == .uint8 && small.scalars(as: UInt8.self) == [2, 4])
    var whole = Tensor([6, 7] as [Int64])
    whole *= 2
    whole -= Tensor([1, 0] as [UInt8])
    #expect(whole.dtype == .int64 && whole.scalars(as: Int64.self) == [11, 14])
    var truth = Tensor([true, false, true])
    truth *= Tensor([true, true, false])
    #expect(truth.dtype == .bool && truth.scalars(as: Bool.self) == [true, false, false])
  }

  @Test func theRightSideBroadcasts() {
    var x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    x /= Tensor([2, 4] as [Float], shape: [2, 1])
    #expect(x.scalars(as: Float.self) == [0.5, 1, 0.75, 1])
    var view = x.transposed()
    view += Tensor([10, 20] as [Float])
    #expect(view.scalars(as: Float.self) == [10.5, 20.75, 11, 21])
    #expect(x.scalars(as: Float.self) == [0.5, 1, 0.75, 1])
  }

  @Test func whatOthersHoldStaysWhatItWas() {
    var x = Tensor([1, 2, 3] as [Float])
    let (copy, slice) = (x, x[1..<3])
    x += x
    x[0] = Tensor(9 as Float)
    #expect(x.scalars(as: Float.self) == [9, 4, 6])
    #expect(copy.scalars(as: Float.self) == [1, 2, 3])
    #expect(slice.scalars(as: Float.self) == [2, 3])
    // All elements of an expanded tensor share one location.
    var wide = Tensor([1] as [Float]).expanded(to: [3])
    wide += Tensor([1, 2, 3] as [Float])
    #expect(wide.scalars(as: Float.self) == [2, 3, 4])
  }

  @Test func itIsRecorded() {
    let x = Tensor([2.0, 3]).requiringGradient()
    var y = x * 1
    y *= x
    y -= 1
    y.sum().backward()
    #expect(x.gradient?.scalars(as: Double.self) == [4, 6])
  }

  /// torch: `with torch.no_grad(): w -= 0.1 * w.grad` leaves w a leaf.
  @Test func aLeafStaysALeafWhereNothingIsRecorded() {
    var w = Tensor([2.0, 3]).requiringGradient()
    for step in 0..<2 {
      (w * w).sum().backward()
      let gradient = w.gradient!
      withoutGradients {
        w -= gradient * 0.25
        w[0] *= 2
      }
      #expect(w.isLeaf && w.requiresGradient, "step \(step)")
    }
    // w: [2, 3] → [2, 1.5] by 2w; the second gradient is added to the first one, [4, 6] + [4, 3].
    #expect(w.gradient?.scalars(as: Double.self) == [8, 9])
    #expect(w.scalars(as: Double.self) == [0, -0.75])
  }

  @Test func aShapeThatWouldChangeTraps() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var x = Tensor.ones([3])
      x += Tensor.ones([2, 3])
    }
    #expect(
      try message(result).contains(
        "+=: found shapes [3] and [2, 3], whose result has shape [2, 3]; expected a result of the left "
          + "side's shape, [3]; write a = a + b to let the shape change"))
  }

  @Test func aKindThatWouldChangeTraps() async throws {
    let float = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var x = Tensor([1, 2] as [Int64])
      x += 0.5
    }
    #expect(
      try message(float).contains(
        "+=: found a result of float32 for a tensor of int64; expected integers; convert the left side "
          + "first, with to(.float32), or the result, with to(.int64)"))
    let quotient = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var x = Tensor([1, 2] as [Int64])
      x /= 2
    }
    #expect(try message(quotient).contains("/=: found a result of float32 for a tensor of int64"))
    let number = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var x = Tensor([true])
      x += 1
    }
    #expect(
      try message(number).contains(
        "+=: found a result of int64 for a tensor of bool; expected bools"))
  }

  @Test func aParameterKeepsLeafShapeAndDType() async throws {
    let p = Parameter(Tensor([1, 2] as [Float]))
    (p.value * p.value).sum().backward()
    let kept = p.value
    p.value = p.value * 10
    p.value[0] = Tensor(5 as Float)
    withoutGradients { p.value -= p.gradient! }
    #expect(p.value.scalars(as: Float.self) == [3, 16])
    #expect(p.value.isLeaf)
    #expect(kept.scalars(as: Float.self) == [1, 2])
    (p.value * 2).sum().backward()
    #expect(p.gradient?.scalars(as: Float.self) == [4, 6])

    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter(Tensor([1, 2] as [Float])).value = Tensor([1] as [Float])
    }
    #expect(
      try message(shape).contains(
        "Parameter.assign(_:): found shape [1]; expected [2]; a parameter keeps its shape"))
    let dtype = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter(Tensor([1, 2] as [Float])).value = Tensor([1, 2] as [Double])
    }
    #expect(
      try message(dtype).contains(
        "Parameter.assign(_:): found a tensor of dtype float64; expected float32"))
  }
}
