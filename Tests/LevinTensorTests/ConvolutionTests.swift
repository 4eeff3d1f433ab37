import LevinTensor
import ReferenceBackend
import Testing

/// Layouts, edge cases and mistakes of convolutions, pooling and normalization.
///
/// Values and gradients are compared with PyTorch's by the conformance files, second derivatives by
/// ``DifferentiationTests``.
@Suite struct ConvolutionTests {
  private func draw(_ shape: Shape, _ seed: UInt64) -> Tensor {
    Tensor.rand(shape, dtype: .float64, generator: Generator(seed: seed)) - 0.5
  }

  /// Strided, permuted and repeated inputs give the same results as their copies.
  @Test func anyLayout() {
    let weight = draw([3, 4, 3, 3], 1)
    let channelsLast = draw([2, 6, 5, 4], 2).permuted(0, 3, 1, 2)
    let backwards = draw([2, 4, 6, 10], 3)[.all, .all, .all, .stride(from: 1, to: nil, by: 2)]
      .flipped(2)
    let repeated = draw([2, 1, 6, 5], 4).expanded(to: [2, 4, 6, 5])
    for x in [channelsLast, backwards, repeated] {
      #expect(!x.isContiguous)
      let (mine, copied) = (
        x.conv2d(weight: weight, padding: 1), x.cloned().conv2d(weight: weight, padding: 1)
      )
      #expect(mine.scalars(as: Double.self) == copied.scalars(as: Double.self))
    }
  }

  /// Images without elements, whose padding alone the kernel sees.
  @Test func emptyImages() {
    let x = Tensor.zeros([32, 8, 0, 0]).requiringGradient()
    let weight = Tensor.ones([6, 8, 2, 2]).requiringGradient()
    let y = x.conv2d(weight: weight, padding: 1)
    #expect(y.shape == [32, 6, 1, 1])
    let found = gradients(of: [y.sum()], withRespectTo: [x, weight])
    #expect(found[0]?.shape == x.shape)
    #expect(found[1]?.scalars(as: Float.self) == [Float](repeating: 0, count: 6 * 8 * 4))
  }

  @Test func dropout() {
    let (none, all) = (draw([3], 1).dropout(0), draw([3], 1).dropout(1))
    #expect(none.scalars(as: Double.self) == draw([3], 1).scalars(as: Double.self))
    #expect(all.scalars(as: Double.self).allSatisfy { $0 == 0 })
  }

  /// NaN counts as largest, and the last of several is taken; the first of equal elements is taken.
  @Test func largestOfWindows() {
    let x = Tensor([1, .nan, .nan, 2, 3, 3, -.infinity, -.infinity] as [Float], shape: [1, 1, 8])
    let (values, indices) = x.maxPool1dWithIndices(kernelSize: 4)
    #expect(values.scalars(as: Float.self)[0].isNaN)
    #expect(values.scalars(as: Float.self)[1] == 3)
    #expect(indices.scalars(as: Int64.self) == [2, 4])
    let empty = Tensor.full([1, 1, 2], -Double.infinity).maxPool1dWithIndices(kernelSize: 2)
    #expect(empty.indices.scalars(as: Int64.self) == [0])
  }

  /// A dilated window may step over all there is: its largest element is none, and nothing goes back from it, here and
  /// on another device.
  @Test func windowsWithoutElements() {
    func pooled(_ x: Tensor) -> ([Double], [Int64], [Double], [Double]) {
      let x = x.requiringGradient()
      let direction = Tensor.ones([1, 2, 1], dtype: .float64, device: x.device).requiringGradient()
      let (values, indices) = x.maxPool1dWithIndices(kernelSize: 2, padding: 1, dilation: 3)
      let slope =
        gradients(
          of: [values], withRespectTo: [x], gradients: [direction], createGraph: true)[0] ?? x
      let back = gradients(of: [slope.sum()], withRespectTo: [direction])[0] ?? x
      return (
        values.detached().scalars(as: Double.self), indices.scalars(as: Int64.self),
        slope.detached().scalars(as: Double.self), back.scalars(as: Double.self)
      )
    }
    let x = Tensor([3.0, 5, 4, 6], shape: [1, 2, 2])
    for device in [Device.cpu, Device(ReferenceBackend())] {
      let (values, indices, slope, back) = pooled(x.to(device))
      #expect(values == [-.infinity, -.infinity], "\(device)")
      #expect(indices == [-1, -1], "\(device)")
      #expect(slope == [0, 0, 0, 0], "\(device)")
      #expect(back == [0, 0], "\(device)")
    }
  }

  // MARK: Mistakes

  private func text(_ result: ExitTest.Result?) throws -> String {
    String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
  }

  @Test func mistakes() async throws {
    let channels = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([8, 3, 32, 32]).conv2d(weight: .zeros([4, 16, 3, 3])) }
    #expect(
      try text(channels).contains(
        "conv2d: found input [8, 3, 32, 32] and weight [4, 16, 3, 3]; expected input "
          + "[batch, 16, height, width]; dimension 1 of the input holds the channels"))
    let kernel = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([1, 1, 4, 4]).conv2d(weight: .zeros([1, 1, 5, 5])) }
    #expect(
      try text(kernel).contains(
        "conv2d: found input [1, 1, 4, 4], padded to 4 along dimension 2; expected at least the 5"))
    let dtype = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([1, 1, 4]).conv1d(weight: .zeros([1, 1, 2], dtype: .float64)) }
    #expect(
      try text(dtype).contains(
        "conv1d: found input of float32 and weight of float64; expected one dtype"))
    let padding = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([1, 1, 4, 4]).maxPool2d(kernelSize: 2, padding: 2) }
    #expect(
      try text(padding).contains(
        "maxPool2d: found padding 2 for a window of 2; expected at most half of the window, 1"))
    let single = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Tensor.zeros([1, 3]).batchNorm() }
    #expect(
      try text(single).contains(
        "batchNorm: found input [1, 3], with 1 elements a channel; expected at least 2"))
  }
}
