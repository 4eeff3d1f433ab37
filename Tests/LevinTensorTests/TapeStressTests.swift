import Foundation
import LevinTensor
import Testing

/// Long and shared records, and values that outlive what they were computed from.
@Suite struct TapeStressTests {
  /// Neither building, differentiating twice nor dropping a long record may use the stack: a thread of 256 KiB has none to spare.
  @Test func longRecordsNeedNoStack() async {
    let length = 200_000
    let sums = await withCheckedContinuation { continuation in
      let thread = Thread {
        let x = Tensor(1.0).requiringGradient()
        var y = x
        for _ in 0..<length { y = y + x }
        let first = gradients(of: [y * y], withRespectTo: [x], createGraph: true)[0]!
        let second = gradients(of: [first], withRespectTo: [x], retainGraph: true)[0]!
        continuation.resume(returning: [first.item(), second.item()])
        // Both records, of 400,000 operations, end here.
      }
      thread.stackSize = 256 << 10
      thread.start()
    }
    // y = (n + 1) x, so (y²)' = 2 (n + 1)² x.
    let slope = 2 * Double(length + 1) * Double(length + 1)
    #expect(sums == [slope, slope])
  }

  /// A record in which the results of each step come from one node.
  @Test func longRecordsOfSeveralResults() {
    let x = Tensor([1.0, 2]).requiringGradient()
    var (a, b) = (x.unbound()[0], x.unbound()[1])
    for _ in 0..<20_000 {
      let parts = Tensor.stacked([b, a]).unbound()
      (a, b) = (parts[0], parts[1])
    }
    (a * 3 + b * 5).backward()
    #expect(x.gradient?.scalars(as: Double.self) == [3, 5])
  }

  /// A computation recorded on one thread continues on another, whose own count of operations is far behind.
  @Test func graphsOfTwoThreadsMix() async {
    let x = Tensor([1.0, 2]).requiringGradient()
    // Unchecked: each value is handed over, and used by one thread at a time.
    nonisolated(unsafe) let leaf = x
    func onThread(_ body: @escaping @Sendable () -> Tensor) async -> Tensor {
      nonisolated(unsafe) var result = Tensor(0.0)
      await withCheckedContinuation { continuation in
        Thread {
          result = body()
          continuation.resume()
        }.start()
      }
      return result
    }
    nonisolated(unsafe) let long = await onThread {
      var y = leaf
      for _ in 0..<1_000 { y = y + leaf }
      return y
    }
    nonisolated(unsafe) let short = await onThread { leaf.exp() }
    let both = await onThread { (long * short).sum() }
    // Here, on a fourth thread, it continues.
    let loss = both * both
    let first = gradients(of: [loss], withRespectTo: [x], createGraph: true)[0]!
    first.sum().backward()
    // f = 1001 Σ x eˣ; f² has the gradient 2 f f' and the sum of second derivatives 2 (Σ f')f'ᵢ + 2 f f''ᵢ.
    let values = [1.0, 2]
    let f = 1001 * values.reduce(0) { $0 + $1 * exp($1) }
    let slopes = values.map { 1001 * (1 + $0) * exp($0) }
    let curves = values.map { 1001 * (2 + $0) * exp($0) }
    for (index, found) in first.detached().scalars(as: Double.self).enumerated() {
      let expected = 2 * f * slopes[index]
      #expect(abs(found - expected) <= 1e-9 * abs(expected))
    }
    for (index, found) in x.gradient!.detached().scalars(as: Double.self).enumerated() {
      let expected = 2 * (slopes[0] + slopes[1]) * slopes[index] + 2 * f * curves[index]
      #expect(abs(found - expected) <= 1e-9 * abs(expected))
    }
  }

  @Test func aSliceOutlivesAnAssignment() {
    let x = Tensor([1.0, 2, 3, 4], shape: [2, 2]).requiringGradient()
    var y = x * 2
    let row = y[0]
    y[0] = Tensor([10.0, 20])
    y[.all, 1] *= 3
    #expect(row.scalars(as: Double.self) == [2, 4])
    #expect(y.scalars(as: Double.self) == [10, 60, 6, 24])
    // What was overwritten has a gradient only through the slice.
    ((row * Tensor([1.0, 10])).sum() + y.sum()).backward()
    #expect(x.gradient?.scalars(as: Double.self) == [2, 20, 2, 6])
  }

  /// One step in the backward pass for all pieces; pieces that are not used count as zeros.
  @Test func piecesGoBackTogether() {
    let x = Tensor([1.0, 2, 3, 4, 5, 6], shape: [2, 3]).requiringGradient()
    let pieces = x.split([1, 2], dimension: 1)
    pieces[1].squared().sum().backward()
    #expect(x.gradient?.scalars(as: Double.self) == [0, 4, 6, 0, 10, 12])
    final class Steps: OperationObserver {
      var names: [String] = []
      func operationEnded(_ operation: ObservedOperation) {
        if operation.isBackward { names.append(operation.name) }
      }
    }
    let steps = Steps()
    let rows = x.unbound()
    let sum = (rows[0] * rows[1]).sum()
    observingOperations(by: steps) { sum.backward() }
    #expect(steps.names == ["sum(dimensions:)", "*", "unbound(_:)"])
    #expect(x.gradient?.scalars(as: Double.self) == [4, 9, 12, 1, 12, 15])
  }
}
