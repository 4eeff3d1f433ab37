import Levin

/// The calls of hooks, in order.
final class Trace {
  var lines: [String] = []
}

/// The boring data, with a note for each method.
final class TracingData: BoringData {
  let trace: Trace
  init(_ trace: Trace) { self.trace = trace }
  private func note(_ text: String) { trace.lines.append("D.\(text)") }

  override func prepareData() async throws { note("prepareData") }
  override func setup(stage: Stage) throws { note("setup(\(stage.rawValue))") }
  override func teardown(stage: Stage) throws { note("teardown(\(stage.rawValue))") }
  override func trainDataLoader() throws -> DataLoader<Tensor> {
    note("trainDataLoader")
    return try super.trainDataLoader()
  }
  override func validationDataLoader() throws -> DataLoader<Tensor>? {
    note("validationDataLoader")
    return try super.validationDataLoader()
  }
  override func testDataLoader() throws -> DataLoader<Tensor> {
    note("testDataLoader")
    return try super.testDataLoader()
  }
  override func predictDataLoader() throws -> DataLoader<Tensor> {
    note("predictDataLoader")
    return try super.predictDataLoader()
  }
}
