import LevinTensor
import Testing

/// Records what it receives, one line per operation: ends after beginnings, parts indented.
private final class Recorder: OperationObserver {
  var lines: [String] = []
  func operationBegan(_ operation: ObservedOperation) {
    #expect(operation.outputs.isEmpty)
    lines.append(String(repeating: "  ", count: operation.depth) + operation.name)
  }
  func operationEnded(_ operation: ObservedOperation) {
    let inputs = operation.inputs.map { "\($0.shape)" }.joined(separator: " ")
    let outputs = operation.outputs.map { "\($0.shape)" }.joined(separator: " ")
    let attributes = operation.attributes.map { " \($0)" }.joined()
    lines.append(
      String(repeating: "  ", count: operation.depth) + "= \(inputs) -> \(outputs)"
        + attributes + (operation.isBackward ? " backward" : ""))
  }
}

@Suite struct ObserverTests {
  private func lines(_ body: () -> Void) -> [String] {
    let recorder = Recorder()
    observingOperations(by: recorder, body)
    return recorder.lines
  }

  @Test func operationsAreReportedRecordedOrNot() {
    let x = Tensor.ones([2, 3])
    let expected = ["+", "= [2, 3] [3] -> [2, 3]", "tanh()", "= [2, 3] -> [2, 3]"]
    #expect(lines { _ = (x + Tensor.ones([3])).tanh() } == expected)
    #expect(lines { _ = (x.requiringGradient() + Tensor.ones([3])).tanh() } == expected)
    #expect(lines { withoutGradients { _ = (x + Tensor.ones([3])).tanh() } } == expected)
  }

  @Test func whatIsComposedHasItsPartsInside() {
    let x = Tensor.ones([2, 3])
    #expect(
      lines { _ = x.mean(dimensions: [1]) } == [
        "mean(dimensions:)",
        "  sum(dimensions:)", "  = [2, 3] -> [2] dimensions: [1] keepDimension: false",
        "  /", "  = [2] [] -> [2]",
        "= [2, 3] -> [2] dimensions: [1] keepDimension: false",
      ])
    let outermost = lines { _ = x.softmax(dimension: 1) }.filter { !$0.hasPrefix(" ") }
    #expect(outermost == ["softmax(dimension:)", "= [2, 3] -> [2, 3] dimension: 1"])
  }

  /// Operations that are another one under a different name, which is the one that is reported.
  private static let otherNames = [
    "+=": "+", "-=": "-", "*=": "*", "/=": "/", "max": "maximum", "min": "minimum",
    "unflattened": "reshaped", "movingDimensions": "permuted", "chunked": "split",
    "broadcast": "expanded", "contiguous": "cloned", "at": "subscript", "diag": "diagonal",
  ]

  /// Reported under its base name, whatever computes it.
  @Test(arguments: DifferentiableOperation.all.indices)
  func eachOperationReportsItself(index: Int) {
    func base(_ name: some StringProtocol) -> String { String(name.prefix { $0 != "(" }) }
    let operation = DifferentiableOperation.all[index]
    let inputs = operation.numbers
    let reported = lines { _ = operation.function(inputs) }
      .filter { !$0.hasPrefix(" ") && !$0.hasPrefix("= ") }.map(base)
    let name = base(operation.name)
    #expect(
      reported.contains(name) || Self.otherNames[name].map(reported.contains) ?? false,
      "\(operation.name): \(reported)")
  }

  @Test func severalResultsAreReportedTogether() {
    let x = Tensor.ones([4, 2])
    #expect(
      lines { _ = x.split([1, 3]) }
        == ["split(_:dimension:)", "= [4, 2] -> [1, 2] [3, 2] dimension: 0"])
    #expect(
      lines { _ = x.max(dimension: 0) }.last == "= [4, 2] -> [2] [2] dimension: 0")
  }

  @Test func stepsBackwardAreOperationsWithParts() {
    let x = Tensor([2.0, 3]).requiringGradient()
    let y = (x * x).sum()
    #expect(
      lines { y.backward() } == [
        "sum(dimensions:)",
        "  reshaped(to:)", "  = [] -> [1]", "  expanded(to:)", "  = [1] -> [2]",
        "= [] -> [2] backward",
        "*", "  *", "  = [2] [2] -> [2]", "  *", "  = [2] [2] -> [2]", "= [2] -> [2] [2] backward",
      ])
    #expect(x.gradient?.scalars(as: Double.self) == [4, 6])
  }

  /// Checks of arguments are not operations of the program.
  @Test func checksAreNotReported() {
    let x = Tensor([6, 7] as [Int64])
    #expect(
      lines { _ = x.divided(by: Tensor([2, 3] as [Int64]), rounding: .floor) }
        == ["divided(by:rounding: .floor)", "= [2] [2] -> [2]"])
  }

  @Test func observersStandBesideEachOtherAndLeaveInOrder() {
    let (outer, inner) = (Recorder(), Recorder())
    let x = Tensor.ones([1])
    observingOperations(by: outer) {
      _ = x.exp()
      observingOperations(by: inner) { _ = x.log() }
      _ = x.sin()
    }
    _ = x.cos()
    #expect(outer.lines.filter { !$0.hasPrefix("=") } == ["exp()", "log()", "sin()"])
    #expect(inner.lines.filter { !$0.hasPrefix("=") } == ["log()"])
  }

  @Test func otherThreadsAreNotObserved() async {
    let recorder = Recorder()
    let started = observingOperations(by: recorder) {
      Task.detached { _ = Tensor.ones([1]).exp() }
    }
    await started.value
    #expect(recorder.lines.isEmpty)
  }

  /// The values do not depend on observers.
  @Test func observingChangesNothing() {
    func compute() -> ([Double], [Double]) {
      var x = Tensor([0.5, 1.5, 2.5, 3]).requiringGradient()
      let leaf = x
      x[1] = Tensor(4.0)
      x *= 2
      let (top, places) = x.topK(2)
      let y = (top.softmax(dimension: 0) * top).sum() + x.gathered(0, places).norm()
      y.backward()
      return ([y.item()], leaf.gradient!.scalars(as: Double.self))
    }
    let plain = compute()
    let observed = observingOperations(by: Recorder()) { compute() }
    #expect(plain == observed)
  }
}
