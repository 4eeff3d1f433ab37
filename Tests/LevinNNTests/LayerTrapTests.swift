import LevinNN
import LevinTensor
import Testing

/// Mistakes in shapes end the process, with the layer, what was found and what to do.
@Suite struct LayerTrapTests {
  private func text(_ result: ExitTest.Result?) throws -> String {
    String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
  }

  @Test func groupNorm() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = GroupNorm(2, 4)(.zeros([3, 6, 5])) }
    #expect(
      try text(result).contains(
        "GroupNorm: found input [3, 6, 5]; expected [batch, 4, …]; make the layer GroupNorm(2, 6)"
      ))
  }

  @Test func layerNorm() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = LayerNorm([4, 6])(.zeros([2, 6, 4])) }
    #expect(
      try text(result).contains(
        "layerNorm(_:): found input [2, 6, 4] for the normalized shape [4, 6]; expected an input whose last"
      ))
  }

  @Test func instanceNorm() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = InstanceNorm2d(3)(.zeros([2, 4, 5, 5])) }
    #expect(
      try text(result).contains(
        "InstanceNorm2d: found input [2, 4, 5, 5]; expected [batch, 3, height, width]"))
  }

  @Test func embeddingIndex() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Embedding(5, 2)(Tensor([5] as [Int64])) }
    #expect(
      try text(result).contains(
        "found index 5 for a dimension of size 5; expected an index in 0..<5"))
  }

  @Test func targetShape() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = CrossEntropyLoss()(.zeros([2, 3, 4]), Tensor([1, 2] as [Int64])) }
    #expect(
      try text(result).contains(
        "crossEntropy: found logits [2, 3, 4] and targets [2] of int64; expected targets [2, 4] of int64"
      ))
  }

  @Test func probabilities() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = BCELoss()(.full([2], 1.5), .zeros([2])) }
    #expect(
      try text(result).contains(
        "binaryCrossEntropy(_:): found an element outside of 0…1; expected probabilities; of logits"
      ))
  }

  @Test func reflection() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = ReflectionPad1d(3)(.zeros([1, 2, 3])) }
    #expect(
      try text(result).contains(
        "found amounts 3 and 3 for dimension 2 of shape [1, 2, 3]; expected at most 2"))
  }
}
