import Levin
import Testing

extension TrainerTests {
  @Suite struct HookOrderTests {
    /// Every call, in the order in which PyTorch Lightning makes them.
    @Test func hooksAreCalledInLightningsOrder() async throws {
      try await withTemporaryFolder { folder in
        let trace = Trace()
        let logger = RecordingLogger()
        logger.onCall = { trace.lines.append($0) }
        let trainer = Trainer.quiet(
          root: folder, callbacks: [TracingCallback(trace)], logger: logger
        ) {
          $0.numSanityValSteps = 1
          $0.limitTrainBatches = 2
          $0.limitValBatches = 1
          $0.limitTestBatches = 1
          $0.limitPredictBatches = 1
        }
        let (module, data) = (TracingModule(trace), TracingData(trace))
        trace.lines.append("=== fit")
        try await trainer.fit(module, dataModule: data)
        trace.lines.append("=== test")
        try await trainer.test(module, dataModule: data, verbose: false)
        trace.lines.append("=== validate")
        try await trainer.validate(module, dataModule: data, verbose: false)
        trace.lines.append("=== predict")
        _ = try await trainer.predict(module, dataModule: data)
        let expected = try goldenText("trainer/hooks.txt").split(separator: "\n").map(String.init)
        let difference = trace.lines.difference(from: expected)
        #expect(difference.isEmpty)
        #expect(names(in: folder + "/checkpoints") == ["epoch=1-step=4.safetensors"])
      }
    }
  }
}
