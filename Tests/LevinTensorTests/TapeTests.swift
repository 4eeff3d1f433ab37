import Foundation
import LevinTensor
import Testing

@Suite struct TapeTests {
  /// x [1, 2], W [2, 2], b [2]; the loss is the sum of `x Wᵀ + b`.
  private let x = Parameter(Tensor([2, 3] as [Float], shape: [1, 2]))
  private let w = Parameter(Tensor([1, 4, 5, 7] as [Float], shape: [2, 2]))
  private let b = Parameter(Tensor([0, 1] as [Float]))

  private func gradients(relu: Bool = false) -> [[Float]?] {
    for parameter in [x, w, b] { parameter.zeroGradient() }
    x.value.linear(weight: w.value, bias: b.value, relu: relu).sum().backward()
    return [x, w, b].map { $0.gradient?.scalars(as: Float.self) }
  }

  /// Worked out by hand: dX = column sums of W, dW = x in each row, db = ones.
  @Test func whatIsFrozenGetsNoGradientAndTakesNoneFromTheRest() {
    let whole: [[Float]?] = [[6, 11], [2, 3, 2, 3], [1, 1]]
    #expect(gradients() == whole)
    for frozen in [[0], [1], [2], [0, 1], [0, 2], [1, 2]] {
      for (index, parameter) in [x, w, b].enumerated() {
        parameter.requiresGradient = !frozen.contains(index)
      }
      let expected = whole.indices.map { frozen.contains($0) ? nil : whole[$0] }
      #expect(gradients() == expected, "frozen: \(frozen)")
      #expect(gradients(relu: true) == expected, "frozen: \(frozen), with ReLU")
    }
  }

  /// A layer after a ReLU masks the gradient that it passes on, other operations do not.
  ///
  /// Computed by hand: h = [14, max(-6, 0)].
  @Test func deadUnitsGetNoGradientFromAnyOperation() {
    w.assign(Tensor([1, 4, -5, 1] as [Float], shape: [2, 2]))
    let next = Parameter(Tensor([3, 5] as [Float], shape: [1, 2]))
    let losses: [((Tensor) -> Tensor, Float)] = [
      ({ $0.linear(weight: next.value).sum() }, 3),
      ({ $0.sum() }, 1),
      ({ $0.linear(weight: next.value).sum() + $0.sum() }, 4),
      ({ $0.sum() + $0.linear(weight: next.value).sum() }, 4),
      ({ $0.linear(weight: next.value).sum() + $0.linear(weight: next.value).sum() }, 6),
    ]
    for (loss, slope) in losses {
      for parameter in [x, w, b] { parameter.zeroGradient() }
      loss(x.value.linear(weight: w.value, bias: b.value, relu: true)).backward()
      #expect(x.gradient?.scalars(as: Float.self) == [slope, 4 * slope])
      #expect(w.gradient?.scalars(as: Float.self) == [2 * slope, 3 * slope, 0, 0])
      #expect(b.gradient?.scalars(as: Float.self) == [slope, 0])
    }
  }

  @Test func constantsAreNoInputs() {
    let p = Parameter(Tensor([2, 8] as [Float]))
    let c = Tensor([4, 2] as [Float])
    let operations: [(Tensor, [Float])] = [
      (p.value + c, [1, 1]), (c + p.value, [1, 1]), (c - p.value, [-1, -1]),
      (p.value * c, [4, 2]), (p.value / c, [0.25, 0.5]), (c / p.value, [-1, -0.03125]),
      (c.reshaped(to: [1, 2]).matmul(p.value.reshaped(to: [2, 1])), [4, 2]),
    ]
    for (result, expected) in operations {
      p.zeroGradient()
      result.sum().backward()
      #expect(p.gradient?.scalars(as: Float.self) == expected)
    }
  }

  /// Gradients arrive at a tensor that is used often, each from another operation; the first one is not overwritten
  /// while others still hold it.
  @Test func gradientsOfAnOperandInManyPlacesAddUp() {
    let p = Parameter(Tensor([1, 2] as [Float]))
    let x = p.value * 1
    let y = x + x
    ((y + x) * y + x).sum().backward()
    // f = (3x)(2x) + x, so f' = 12x + 1
    #expect(p.gradient?.scalars(as: Float.self) == [13, 25])
  }

  /// One operand in the computations of two threads, whose tapes start with the same numbers.
  @Test func anOperandMayServeSeveralThreads() async throws {
    let p = Parameter(Tensor([1, 2] as [Float]))
    // Unchecked: the threads run one after the other.
    nonisolated(unsafe) let x = p.value
    for _ in 0..<2 {
      await withCheckedContinuation { continuation in
        Thread {
          (x * 3).sum().backward()
          continuation.resume()
        }.start()
      }
    }
    #expect(p.gradient?.scalars(as: Float.self) == [6, 6])
  }

  /// Neither a backward pass over a long tape nor dropping it may use the stack.
  @Test(arguments: [false, true]) func aTapeMayBeLong(goesBack: Bool) {
    let (p, one) = (Parameter(Tensor(Float(0))), Tensor(Float(1)))
    var sum = p.value
    for _ in 0..<200_000 { sum = sum + one }
    #expect(sum.item() == 200_000)
    if goesBack {
      sum.backward()
      #expect(p.gradient?.item() == 1)
    }
  }

  @Test func aSecondBackwardTraps() async {
    await #expect(processExitsWith: .failure) {
      let loss = (Parameter(Tensor([1, 2] as [Float])).value * 2).sum()
      loss.backward()
      loss.backward()
    }
  }
}
