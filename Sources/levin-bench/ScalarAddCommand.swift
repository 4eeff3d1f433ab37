import ArgumentParser
import Levin

/// Measures the cost of an operation apart from its arithmetic.
struct ScalarAddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scalar-add",
    abstract: "An add of two scalars that record gradients, forward and backward.",
    discussion: """
      The median is that of one add in a chain of 100: the time of forward and backward, divided by \
      100. The detail `alone` is a single add with its own backward pass.
      """)

  /// The number of adds in a chain.
  private static let links = 100
  /// The number of backward passes between two readings of the clock.
  private static let turns = 200

  @Option(help: "How often each is measured.")
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
