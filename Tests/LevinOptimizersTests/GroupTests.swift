import LevinOptimizers
import LevinTensor
import Testing

@Suite struct GroupTests {
  private func parameter(_ values: [Float], gradient: [Float]) -> Parameter {
    let parameter = Parameter(Tensor(values))
    parameter.gradient = Tensor(gradient)
    return parameter
  }

  @Test func groupsHaveOptionsOfTheirOwn() {
    let (a, b) = (parameter([1], gradient: [1]), parameter([1], gradient: [1]))
    let optimizer = SGD([a], .init(learningRate: 0.5))
    optimizer.step()
    optimizer.addGroup([b], name: "head") { $0.learningRate = 0.25 }
    optimizer.step()
    #expect((a.value.item(), b.value.item()) == (0, 0.75))
    #expect(optimizer.groups.map(\.name) == [nil, "head"])
    #expect(optimizer.options.map(\.learningRate) == [0.5, 0.25])
    #expect(optimizer.parameters.count == 2)

    optimizer.groups[1].learningRate = 0.125
    optimizer.options[0].weightDecay = 1
    optimizer.step()
    // 0 - 0.5 (1 + 0), 0.75 - 0.125
    #expect((a.value.item(), b.value.item()) == (-0.5, 0.625))
    optimizer.learningRate = 1
    #expect(optimizer.groups.map(\.learningRate) == [1, 1])
  }

  @Test func momentumIsTheFirstBeta() {
    let optimizer = Adam([parameter([1], gradient: [1])])
    #expect(optimizer.groups[0].momentum == 0.9)
    optimizer.groups[0].momentum = 0.8
    #expect(optimizer.options[0].betas == [0.8, 0.999])
    let other = Rprop([parameter([1], gradient: [1])])
    #expect(other.groups[0].momentum == nil)
  }

  /// The state holds what schedulers change of each group, and an unknown or missing name is told.
  @Test func state() throws {
    func make() -> SGD {
      let optimizer = SGD([parameter([1], gradient: [1])], .init(learningRate: 0.1, momentum: 0.9))
      optimizer.addGroup([parameter([1, 2], gradient: [1, 1])]) { $0.learningRate = 0.3 }
      return optimizer
    }
    let (optimizer, other) = (make(), make())
    optimizer.groups[1].learningRate = 0.7
    optimizer.groups[0].momentum = 0.5
    optimizer.step()
    try other.loadState(optimizer.state)
    #expect(other.groups.map(\.learningRate) == [0.1, 0.7])
    #expect(other.groups.map(\.momentum) == [0.5, 0.9])

    func problem(_ change: (inout [String: Tensor]) -> Void) -> String? {
      var state = optimizer.state
      change(&state)
      do {
        try make().loadState(state)
        return nil
      } catch { return "\(error)" }
    }
    #expect(
      problem { $0["1.momentum_buffer"] = .zeros([3]) }
        == "the state of SGD has 1.momentum_buffer of shape [3]; expected [2]")
    #expect(
      problem { $0["1.momentum_buffer"] = .zeros([2], dtype: .float64) }
        == "the optimizer's 1.momentum_buffer has the dtype float64; expected float32")
    #expect(
      problem { $0["1.exp_avg"] = .zeros([2]) }
        == "the state of SGD has 1.exp_avg, which it does not know; expected the state of the same optimizer and options"
    )
    #expect(
      problem { $0["2.momentum_buffer"] = .zeros([2]) }
        == "the state of SGD has 2.momentum_buffer; expected 2 parameters")
    #expect(
      problem { $0["param_groups.1.lr"] = Tensor(Double.nan) }
        == "the state of SGD has param_groups.1.lr of shape []; expected one finite number")
    #expect(problem { $0["step"] = Tensor(1) } != nil)
    // PyTorch's state says nothing of learning rates here; what has none yet may be absent.
    #expect(problem { $0 = ["0.momentum_buffer": .zeros([1])] } == nil)
  }

  @Test func stepsAreChecked() {
    for steps in [-1, 0.5, .nan, .infinity, 1e300] {
      var state = ["0.exp_avg": Tensor.zeros([1]), "0.exp_avg_sq": .zeros([1])]
      state["0.step"] = Tensor(steps)
      #expect(throws: OptimizerStateError.self) {
        try Adam([parameter([1], gradient: [1])]).loadState(state)
      }
    }
  }

  @Test func mistakes() async throws {
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let p = Parameter(.zeros([2]))
      SGD([p]).addGroup([p])
    }
    #expect(
      String(decoding: try #require(twice).standardErrorContent, as: UTF8.self)
        .contains(
          "SGD: found a parameter of shape [2] twice; expected each parameter in one group, once"))
    let range = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Adam([Parameter(.zeros([2]))], .init(betas: [0.9, 1]))
    }
    #expect(
      String(decoding: try #require(range).standardErrorContent, as: UTF8.self)
        .contains("Adam: betas: found [0.9, 1.0]; expected two numbers from 0 to below 1"))
    let matrix = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Muon([Parameter(.zeros([2]))])
    }
    #expect(
      String(decoding: try #require(matrix).standardErrorContent, as: UTF8.self)
        .contains("Muon: found a parameter of shape [2]; expected matrices [out, in]"))
  }
}

@Suite struct ClippingTests {
  struct Case: Decodable {
    let order: Training.Value
    let limit: Double
    let norm: Double
    let gradients: [[Double]]
  }

  @Test func asPyTorch() throws {
    let cases = Training.golden("clipping", as: [Case].self)
    #expect(cases.count == 10)
    for golden in cases {
      let parameters = (0..<3).map { index in
        let parameter = Parameter(.zeros([2, 3], dtype: .float64))
        parameter.gradient = Tensor(
          (0..<6).map { sine(1.7 * Double($0) + Double(10 + index)) }, shape: [2, 3])
        return parameter
      }
      let order = if case .number(let order) = golden.order { order } else { Double.infinity }
      let norm = clipGradientNorm(parameters, to: golden.limit, order: order)
      #expect(abs(norm - golden.norm) < 1e-12 * golden.norm)
      for (parameter, expected) in zip(parameters, golden.gradients) {
        let found = try #require(parameter.gradient).scalars(as: Double.self)
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-12) }
      }
    }
  }

  @Test func byValue() {
    let parameter = Parameter(.zeros([3]))
    parameter.gradient = Tensor([-2, 0.5, 3] as [Float])
    clipGradientValue([parameter, Parameter(.zeros([1]))], to: 1)
    #expect(parameter.gradient?.scalars(as: Float.self) == [-1, 0.5, 1])
    #expect(gradientNorm([Parameter(.zeros([1]))]) == 0)
  }

  @Test func aNormOfNaNChangesNothing() {
    let parameter = Parameter(.zeros([2]))
    parameter.gradient = Tensor([.nan, 4] as [Float])
    #expect(clipGradientNorm([parameter], to: 1).isNaN)
    #expect(parameter.gradient?[1].item() == 4)
  }

  private func sine(_ x: Double) -> Double { Tensor(x).sin().item() }
}
