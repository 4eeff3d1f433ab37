import Foundation
import LevinNN
import LevinTensor
import Testing

@Suite struct ModuleScopeTests {
  private final class Places: OperationObserver {
    var found: [String] = []
    func operationEnded(_ operation: ObservedOperation) {
      guard operation.depth == 0 else { return }
      found.append("\(operation.name.prefix { $0 != "(" }): \(operation.module ?? "-")")
    }
  }

  private final class Net: Module {
    let features = Sequential(Linear(4, 3), ReLU(), Linear(3, 2), Tanh())
    let loss = CrossEntropyLoss()
    func callAsFunction(_ x: Tensor) -> Tensor { call { features(x) * 2 } }
  }

  @Test func operationsKnowTheirModule() {
    let (net, places) = (Net(), Places())
    observingOperations(by: places) {
      _ = net.loss(net(.zeros([2, 4])), Tensor([0, 1] as [Int64]))
      _ = MSELoss()(.zeros([2]), .zeros([2]))
      _ = TripletMarginLoss()(.zeros([2, 2]), .zeros([2, 2]), .zeros([2, 2]))
      _ = Tensor.zeros([1]).exp()
    }
    #expect(
      places.found == [
        "linear: Linear \"features.0\"", "relu: ReLU \"features.1\"",
        "linear: Linear \"features.2\"", "tanh: Tanh \"features.3\"", "*: Net",
        "crossEntropy: CrossEntropyLoss", "mseLoss: MSELoss",
        "tripletMarginLoss: TripletMarginLoss", "exp: -",
      ])
  }

  /// A ReLU fused into the product computes the same as a ReLU alone, with or without observers.
  @Test func fusedLayersComputeTheSame() {
    let net = Net().features
    let x = Tensor((0..<8).map { Float($0 * $0 % 7) - 3 }, shape: [2, 4])
    let apart = net.layers.reduce(x) { $1($0) }
    let together = net(x)
    let observed = observingOperations(by: Places()) { net(x) }
    #expect(together.scalars(as: Float.self) == apart.scalars(as: Float.self))
    #expect(observed.scalars(as: Float.self) == apart.scalars(as: Float.self))
  }

  @Test func anomaliesNameTheModule() {
    let net = Net()
    let linear = net.features.layers[2] as! Linear
    linear.weight.value = Tensor.full([2, 3], Float.nan)
    let error = #expect(throws: AnomalyError.self) {
      try withAnomalyDetection { _ = net(.zeros([2, 4])) }
    }
    #expect(error?.module == "Linear \"features.2\"")
    #expect(
      error?.description
        == "linear(weight:bias:relu:) in Linear \"features.2\": found NaN in its result [2, 2] float32, "
        + "computed from [2, 3] float32, [2, 3] float32 with NaN, [2] float32; expected numbers; "
        + "its inputs have NaN already: look at the data")
  }

  @Test func anomaliesOfGradientsNameTheModule() {
    final class Root: Layer {
      let inner = Square()
      final class Square: Layer {
        override func forward(_ input: Tensor) -> Tensor { (input * 0).sqrt() }
      }
      override func forward(_ input: Tensor) -> Tensor { inner(input + 1) }
    }
    let (root, x) = (Root(), Tensor([1.0]).requiringGradient())
    let error = #expect(throws: AnomalyError.self) {
      try withAnomalyDetection { root(x).sum().backward() }
    }
    #expect(error?.isBackward == true)
    #expect(error?.operation == "*")
    #expect(error?.module == "Square \"inner\"")
  }

  /// Two threads call one module and run backward passes, each with its own numbers; the accumulated gradient is the
  /// sum.
  @Test func twoThreadsShareAModule() async {
    let net = Net()
    func loss(_ factor: Int) -> Tensor {
      let x = Tensor((0..<8).map { Float($0 % 5 * factor) / 8 }, shape: [2, 4])
      return net.loss(net(x), Tensor([0, 1] as [Int64]))
    }
    for factor in 1...2 { loss(factor).backward() }
    let expected = net.parameters.map { $0.gradient!.scalars(as: Float.self).map { $0 * 25 } }
    for parameter in net.parameters { parameter.zeroGradient() }
    nonisolated(unsafe) let compute = loss
    await withTaskGroup(of: Void.self) { group in
      for factor in 1...2 {
        group.addTask { for _ in 0..<25 { compute(factor).backward() } }
      }
    }
    for (parameter, expected) in zip(net.parameters, expected) {
      for (found, expected) in zip(parameter.gradient!.scalars(as: Float.self), expected) {
        #expect(abs(found - expected) <= 1e-4 * max(1, abs(expected)))
      }
    }
  }
}
