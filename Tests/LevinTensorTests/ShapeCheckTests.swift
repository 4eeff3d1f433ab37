import LevinTensor
import Testing

/// Mistakes in shapes end the process, with the operation and both shapes named.
@Suite struct ShapeCheckTests {
  private func text(_ result: ExitTest.Result?) throws -> String {
    String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
  }

  @Test func product() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]).matmul(.zeros([4, 5])) }
    #expect(
      try text(result).contains(
        "matmul(_:): found shapes [2, 3] and [4, 5]; expected [m, k] and [k, n]"))
  }

  @Test func linear() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 28, 28]).linear(weight: .zeros([10, 784])) }
    #expect(try text(result).contains("linear: found input [2, 28, 28] and weight [10, 784]"))
    #expect(try text(result).contains("flatten the input to [2, 784]"))
  }

  @Test func linearRefusesWhatDoesNotFit() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([4, 3]).linear(weight: .zeros([2, 3]), bias: .zeros([3])) }
    #expect(
      try text(result).contains("linear: found bias [3] and weight [2, 3]; expected bias [2]"))
    let other = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([4, 3]).linear(weight: .zeros([2, 3], dtype: .float64)) }
    #expect(
      try text(other).contains("linear: found input of float32 and weight of float64; expected one")
    )
  }

  /// As in PyTorch, where only sums and products treat truth values as numbers.
  @Test func boolIsNotSubtracted() async throws {
    let both = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor([true]) - Tensor([false]) }
    #expect(try text(both).contains("-: found tensors of dtype bool; expected numbers"))
    let subtrahend = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor([1]) - Tensor([true]) }
    #expect(
      try text(subtrahend).contains(
        "-: found a tensor of dtype bool beside one of numbers; expected numbers"))
    await #expect(processExitsWith: .failure) { _ = Tensor([true]) - Tensor([1.5]) }
    await #expect(processExitsWith: .failure) { _ = 1 - Tensor([true]) }
    await #expect(processExitsWith: .failure) {
      var x = Tensor([1])
      x -= Tensor([true])
    }
  }

  @Test func limitsAndMarginsThatMeanNothing() async throws {
    let limits = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2]).hardtanh(2, -2) }
    #expect(try text(limits).contains("hardtanh(_:_:): found limits 2.0 and -2.0; expected"))
    let margin = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tensor.zeros([2, 3])
      _ = x.tripletMarginLoss(positive: x, negative: x, margin: -1)
    }
    #expect(
      try text(margin).contains(
        "tripletMarginLoss(positive:negative:): found margin -1.0; expected more than 0"))
  }

  @Test func sizesThatOverflow() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([1 << 40, 1 << 40]) }
    #expect(try text(result).contains("a tensor: found shape [1099511627776, 1099511627776]"))
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([-1, 3]) }
  }

  @Test func broadcast() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]) + .zeros([2]) }
    #expect(
      try text(result).contains("+: found shapes [2, 3] and [2]; expected shapes that broadcast"))
  }

  @Test func target() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([2, 3]).crossEntropy(Tensor([0, 3] as [Int64])) }
    #expect(try text(result).contains("crossEntropy: found target 3; expected a class in 0..<3"))
  }

  @Test func spentTape() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let loss = (Parameter(Tensor([1] as [Float])).value * 2).sum()
      loss.backward()
      loss.backward()
    }
    #expect(
      try text(result).contains("backward(): found a record that an earlier backward() used up"))
  }
}
