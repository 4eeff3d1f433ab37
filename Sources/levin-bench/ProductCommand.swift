import ArgumentParser
import CLevinRuntime
import Levin

/// Measures a product of two large matrices.
struct ProductCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "product", abstract: "A product of two square matrices of float32.")

  @Option(help: "Rows and columns of each.")
  var size = 1024

  @Option(help: "Products to measure.")
  var count = 31

  @Option(help: "Threads; by default LEVIN_THREADS or all cores.")
  var threads: Int?

  func validate() throws {
    if size < 1 { throw ValidationError("--size: found \(size); expected at least 1") }
  }

  func run() throws {
    if let threads { levin_set_thread_count(Int32(clamping: threads)) }
    let (a, b) = (Tensor.rand([size, size]), Tensor.rand([size, size]))
    for _ in 0..<3 { _ = a.matmul(b) }
    let seconds = sampled(count) { elapsed { _ = a.matmul(b) } }
    let operations = 2 * Double(size) * Double(size) * Double(size)
    try Report(
      "product", unit: .seconds, samples: seconds,
      details: ["size": Double(size), "gigaflops": operations / seconds.median / 1e9]
    ).print()
  }
}
