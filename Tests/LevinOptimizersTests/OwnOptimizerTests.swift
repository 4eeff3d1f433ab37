import Foundation
import LevinConfiguration
import LevinOptimizers
import LevinTensor
import Testing

/// Lion (Chen and others 2023): steps of equal size, in the direction of an averaged gradient's sign.
final class Lion: TypedOptimizer<Lion.Options> {
  struct Options: OptimizerOptions {
    var learningRate = 1e-4
    var betas = [0.9, 0.99]
    var weightDecay = 0.0
    static let help = [
      "learning_rate": "How far a step goes.",
      "betas": "How much of the average stays in a direction, and in the average.",
      "weight_decay": "How much a value shrinks in a step, times the learning rate.",
    ]
  }

  override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    let average = state["exp_avg", default: gradient.zerosLike()]
    value *= 1 - options.learningRate * options.weightDecay
    value -= average.lerp(gradient, 1 - options.betas[0]).sign() * options.learningRate
    state["exp_avg"] = average.lerp(gradient, 1 - options.betas[1])
  }
}

/// What docs/adding-an-optimizer.md shows works.
@Suite struct OwnOptimizerTests {
  @Test func lion() throws {
    let (a, b) = (Parameter(Tensor([1, 1] as [Float])), Parameter(Tensor([1] as [Float])))
    let (body, head) = ([a], [b])
    let optimizer = Lion(body, learningRate: 1e-3)
    optimizer.addGroup(head, name: "head") { $0.learningRate = 1e-2 }
    a.gradient = Tensor([5, -0.1] as [Float])
    b.gradient = Tensor([2] as [Float])
    optimizer.step()
    for (value, expected) in zip(a.value.scalars(as: Float.self), [0.999, 1.001] as [Float]) {
      #expect(abs(value - expected) < 1e-6)
    }
    #expect(abs(b.value.item() - 0.99) < 1e-6)
    // The average remembers 5: a gradient of -1 does not turn the step.
    a.gradient = Tensor([-0.1, -0.1] as [Float])
    optimizer.step()
    #expect(a.value[0].item() < 0.9985)

    let other = Lion(body, learningRate: 1)
    other.addGroup(head)
    try other.loadState(optimizer.state)
    #expect(other.groups.map(\.learningRate) == [1e-3, 1e-2])
    let names = ["0.exp_avg", "1.exp_avg", "param_groups.0.lr", "param_groups.1.lr"]
    #expect(optimizer.state.keys.sorted() == names)
    #expect(ConfigValue(encoding: Lion.Options())["weight_decay"] == .float(0))
  }

  /// The page shows the code of this file.
  @Test func thePageShowsThis() throws {
    let here = URL(filePath: #filePath)
    let page = here.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/adding-an-optimizer.md")
    let own = Set(try String(contentsOf: here, encoding: .utf8).split(separator: "\n").map(trimmed))
    let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```swift\n")
    #expect(blocks.count == 3)
    for block in blocks.dropFirst() {
      let code = block.components(separatedBy: "```")[0]
      for line in code.split(separator: "\n") { #expect(own.contains(trimmed(line)), "\(line)") }
    }
  }

  private func trimmed(_ line: Substring) -> String { line.trimmingCharacters(in: .whitespaces) }
}
