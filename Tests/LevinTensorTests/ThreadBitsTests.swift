import Foundation
import LevinTensor
import Testing

/// Operations give the same bits with one and with three threads, on each instruction set; more calls are compared by
/// `scripts/conformance --bits`.
@Suite struct ThreadBitsTests {
  /// Most elements of `[170, 401]` as images.
  private static func images(_ x: Tensor) -> Tensor {
    x[.all, 0..<400].reshaped(to: [17, 8, 20, 25])
  }

  /// Hashes of results and gradients on inputs that are large enough for work to be split.
  static func hashes() -> String {
    let generator = Generator(seed: 11)
    let x = Tensor.randn([170, 401], generator: generator)
    let y = Tensor.randn([170, 401], generator: generator)
    let columns = Tensor.randint(0..<401, [170, 401], generator: generator)
    let operations: [(String, (Tensor, Tensor) -> Tensor)] = [
      ("sums", { x, _ in x.sum() + x.sum(dimension: 0).sum() + x.mean(dimensions: [1]).sum() }),
      ("strided sums", { x, _ in x.transposed()[.stride(by: 2)].sum(dimension: 1) }),
      ("spread", { x, _ in x.variance(dimensions: [0]) + x.standardDeviation() }),
      ("norms", { x, _ in x.norm(3, dimensions: [1]) }),
      (
        "extremes", { x, _ in x.max(dimension: 1).values + x.transposed().min(dimension: 0).values }
      ),
      (
        "running",
        { x, _ in x.cumulativeSum(1) + x.cumulativeSum(0) + (x / 9 + 1).cumulativeProduct(0) }
      ),
      ("functions", { x, y in x.exp() * y.sin() + x.tanh() / (y.squared() + 1) + x.erf() }),
      ("broadcast", { x, y in x.transposed()[0..<100] * y[.all, 7] + x.transposed()[3..<4] }),
      ("softmax", { x, _ in x.softmax(dimension: 0) + x.logSoftmax(dimension: 1) }),
      ("product", { x, y in x.matmul(y.transposed()) }),
      (
        "batches",
        { x, y in
          x[0..<169].reshaped(to: [13, 13, 401]).matmul(y[0..<169].reshaped(to: [13, 401, 13]))
        }
      ),
      ("gather", { x, _ in x.gathered(1, columns) }),
      ("scatter", { x, y in x.scatterAdded(1, columns, y) }),
      ("masked", { x, y in Tensor.where(x .> y, x, y).maskedFill(x .< 0, with: 0) }),
      ("sorted", { x, _ in x.sorted(dimension: 0).values + x.sorted().values }),
      (
        "convolution",
        { x, y in
          images(x).conv2d(weight: y[0..<6].flattened()[0..<1600].reshaped(to: [8, 8, 5, 5]))
        }
      ),
      (
        "depthwise, strided",
        { x, y in
          let weight = y[0, 0..<200].reshaped(to: [8, 1, 5, 5])
          return images(x).conv2d(weight: weight, stride: 2, padding: 2, groups: 8)
        }
      ),
      ("normalized channels", { x, _ in images(x).batchNorm().output.squared() }),
      (
        "normalized rows",
        { x, y in x.layerNorm([401], weight: y[0], bias: y[1]) * y }
      ),
      ("pooling", { x, _ in images(x).maxPool2d(kernelSize: 3, stride: 2, padding: 1) }),
      ("activations", { x, y in x.gelu() + y.gelu(approximate: .tanh) + x.silu() }),
      ("joined", { x, y in Tensor.concatenated([x, y.flipped(1)], dimension: 1) }),
    ]
    var text = ""
    for (name, operation) in operations {
      for dtype in [DType.float32, .float64] {
        let (a, b) = (x.to(dtype).requiringGradient(), y.to(dtype).requiringGradient())
        let result = operation(a, b)
        let found = gradients(of: [result.sum()], withRespectTo: [a, b])
        let hashes = ([result] + found.compactMap { $0 }).map(hash)
        text += "\(name) \(dtype.name) \(hashes)\n"
      }
    }
    return text
  }

  private static func hash(_ x: Tensor) -> UInt64 {
    x.detached().withUnsafeBytes { bytes in
      bytes.bindMemory(to: UInt32.self).reduce(0xcbf2_9ce4_8422_2325) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01b3
      }
    }
  }

  private func text(_ result: ExitTest.Result?) throws -> [Substring] {
    String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
      .split(separator: "\n").filter { $0.contains("[") }
  }

  private func compare(_ one: ExitTest.Result?, _ three: ExitTest.Result?) throws {
    let (one, three) = (try text(one), try text(three))
    #expect(one.count == 44)
    #expect(zip(one, three).filter { $0 != $1 }.map(\.0) == [])
  }

  @Test func plain() async throws {
    try compare(
      await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
        setenv("LEVIN_ISA", "plain", 1)
        setenv("LEVIN_THREADS", "1", 1)
        print(Self.hashes())
      },
      await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
        setenv("LEVIN_ISA", "plain", 1)
        setenv("LEVIN_THREADS", "3", 1)
        print(Self.hashes())
      })
  }

  @Test func avx2() async throws {
    try compare(
      await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
        setenv("LEVIN_ISA", "avx2", 1)
        setenv("LEVIN_THREADS", "1", 1)
        print(Self.hashes())
      },
      await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
        setenv("LEVIN_ISA", "avx2", 1)
        setenv("LEVIN_THREADS", "3", 1)
        print(Self.hashes())
      })
  }

  @Test func avx512() async throws {
    try compare(
      await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
        setenv("LEVIN_ISA", "avx512", 1)
        setenv("LEVIN_THREADS", "1", 1)
        print(Self.hashes())
      },
      await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
        setenv("LEVIN_ISA", "avx512", 1)
        setenv("LEVIN_THREADS", "3", 1)
        print(Self.hashes())
      })
  }
}
