import Foundation
import LevinOptimizers
import LevinTensor
import ReferenceBackend
import Testing

@Suite struct OptimizerTests {
  struct Numbers: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]
    var tensor: Tensor { Tensor(values.map { Float($0) }, shape: Shape(shape)) }
  }
  struct Case: Decodable, Sendable {
    struct Step: Decodable, Sendable {
      let gradients: [Numbers]
      let values: [Numbers]
    }
    let name: String
    let start: [Numbers]
    let steps: [Step]
  }

  private func load() throws -> [Case] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    return try JSONDecoder().decode(
      [Case].self,
      from: Data(contentsOf: folder.appendingPathComponent("Golden/engine/optimizers.json")))
  }

  private func make(_ name: String, _ parameters: [Parameter]) throws -> Optimizer {
    switch name {
    case "adam": Adam(parameters)
    case "adam-decay":
      Adam(
        parameters,
        .init(learningRate: 0.01, betas: [0.8, 0.99], epsilon: 1e-6, weightDecay: 0.1))
    default: try #require(nil, "no such optimizer: \(name)")
    }
  }

  /// Gives each parameter a gradient.
  private func setGradients(_ parameters: [Parameter], _ gradients: [Numbers]) {
    for (parameter, gradient) in zip(parameters, gradients) {
      parameter.zeroGradient()
      (parameter.value * gradient.tensor.to(parameter.device)).sum().backward()
    }
  }

  @Test(arguments: [Device.cpu, Device(ReferenceBackend())]) func equalPyTorch(on device: Device)
    throws
  {
    for golden in try load() {
      let parameters = golden.start.map { Parameter($0.tensor.to(device)) }
      let optimizer = try make(golden.name, parameters)
      for (number, step) in golden.steps.enumerated() {
        setGradients(parameters, step.gradients)
        optimizer.step()
        for (parameter, expected) in zip(parameters, step.values) {
          let worst =
            zip(parameter.value.scalars(as: Float.self), expected.values)
            .map { abs(Double($0) - $1) }.max() ?? 1
          #expect(worst < 5e-7, "\(golden.name), step \(number)")
        }
      }
    }
  }

  @Test func stateGoesOnBitForBit() throws {
    let golden = try load()[1]
    let whole = golden.start.map { Parameter($0.tensor) }
    let optimizer = try make(golden.name, whole)
    for step in golden.steps.prefix(3) {
      setGradients(whole, step.gradients)
      optimizer.step()
    }
    let resumed = whole.map { Parameter($0.value) }
    let other = try make(golden.name, resumed)
    try other.loadState(optimizer.state)
    for step in golden.steps.dropFirst(3) {
      setGradients(whole, step.gradients)
      setGradients(resumed, step.gradients)
      optimizer.step()
      other.step()
    }
    for (a, b) in zip(whole, resumed) {
      #expect(a.value.scalars(as: Float.self) == b.value.scalars(as: Float.self))
    }
  }
}

@Suite struct LossesAcrossSteps {
  /// PyTorch raises an error here ("modified by an inplace operation"); the loss keeps the values that it was
  /// computed from.
  @Test func aLossOutlivesAnOptimizersStep() {
    let p = Parameter(Tensor([3, -2] as [Float]))
    let optimizer = Adam([p], learningRate: 0.5)
    let kept = (p.value * p.value * p.value).sum()
    (p.value * 4).sum().backward()
    optimizer.step()
    #expect(p.value.scalars(as: Float.self) == [2.5, -2.5])
    p.zeroGradient()
    kept.backward()
    // 3 p² at the values before the step.
    #expect(p.gradient?.scalars(as: Float.self) == [27, 12])
  }
}
