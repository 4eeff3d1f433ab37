import ArgumentParser
import Levin

/// What an operation costs beside its arithmetic.
struct ScalarAddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scalar-add",
    abstract: "An add of two scalars that record gradients, forward and backward.",
    discussion: """
      The median is that of one add in a chain of 100: forward and backward of the chain, divided by \
      100. The detail `alone` is one add with a backward of its own.
      """)

  /// Adds in a chain.
  private static let links = 100
  /// Backwards between two readings of the clock.
  private static let turns = 200

  @Option(help: "Times that each is measured.")
  var count = 41

  func run() throws {
    let (a, b) = (Parameter(Tensor(Float(1))), Parameter(Tensor(Float(2))))
    func nanoseconds(links: Int) -> [Double] {
      let body = {
        var sum = a.value
        let term = b.value
        for _ in 0..<links { sum = sum + term }
        sum.backward()
      }
      for _ in 0..<Self.turns { body() }
      return sampled(count) {
        elapsed { for _ in 0..<Self.turns { body() } } / Double(Self.turns * links) * 1e9
      }
    }
    let chain = nanoseconds(links: Self.links)
    try Report(
      "scalar-add", unit: .nanoseconds, samples: chain,
      details: ["alone": nanoseconds(links: 1).median]
    ).print()
  }
}
