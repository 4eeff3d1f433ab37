import ArgumentParser
import CLevinRuntime

/// Measures operations one by one, with a report for each row.
struct OperationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operations",
    abstract:
      "Operations one by one: elementwise, reductions, products, indexing, random numbers, networks, metrics.",
    discussion: """
      Groups: large (4096×4096), 4096 (64×64) and 64 (8×8), each contiguous and transposed; float32 and float64 \
      (products); indexing; random; convolutions, layers and steps of networks of images; metrics; optimizers.
      """)

  @Argument(help: "The group.")
  var group: String

  @Argument(help: "Rows of the group; all by default.")
  var rows: [String] = []

  @Option(help: "How often each is measured.")
  var count = 5

  @Option(help: "Threads; by default LEVIN_THREADS or all cores.")
  var threads: Int?

  func run() throws {
    if let threads { levin_set_thread_count(Int32(clamping: threads)) }
    guard let group = OperationRow.group(group) else {
      throw ValidationError(
        "found group '\(group)'; expected large, 4096, 64, float32, float64, indexing, "
          + "random, convolutions, layers, steps, metrics or optimizers")
    }
    for row in group where rows.isEmpty || rows.contains(row.name) {
      try Report(row.name, unit: .seconds, samples: row.seconds(count: count)).print()
    }
  }
}
