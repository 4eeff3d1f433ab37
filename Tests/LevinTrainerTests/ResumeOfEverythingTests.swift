import Foundation
import Levin
import Testing

extension TrainerTests {
  /// A training with schedulers, several optimizers, metric objects, loaders of any kind or a data module's state goes on
  /// to the bit from any batch.
  @Suite struct ResumeOfEverythingTests {
    enum Kind: String, CaseIterable {
      case schedulers, plateauByStep, manual, metricObjects, stream, combined, accumulation
    }

    /// Batches as dictionaries, so that combined loaders fit.
    final class Module: LightningModule<[String: Tensor]> {
      let kind: Kind
      let (layer, other) = (Linear(4, 2), Linear(4, 2))
      let squared = MeanSquaredError()
      let metrics = MetricCollection(["worst": MeanAbsoluteError()])
      init(_ kind: Kind) {
        self.kind = kind
        super.init()
        automaticOptimization = kind != .manual
      }

      override func configureOptimizers() throws -> any OptimizerConfiguration {
        let optimizer = Adam(parameters, learningRate: 0.05)
        switch kind {
        case .schedulers:
          return try Optimization(
            CosineAnnealingLR(optimizer, .init(tMax: 9)).every(.step),
            ExponentialLR(optimizer, .init(gamma: 0.9)),
            ReduceLROnPlateau(optimizer, .init(factor: 0.5, patience: 0), monitor: "val/x"))
        case .plateauByStep:
          return ReduceLROnPlateau(optimizer, .init(factor: 0.9, patience: 1), monitor: "loss")
            .every(.step, frequency: 2)
        case .manual:
          return Optimization(
            [
              "first": Adam(layer.parameters, learningRate: 0.05),
              "second": SGD(other.parameters, learningRate: 0.1),
            ])
        default: return optimizer
        }
      }

      private func output(_ batch: [String: Tensor]) -> Tensor {
        batch.sorted { $0.key < $1.key }.map { layer($0.value) + other($0.value) }
          .reduce(Tensor(Float(0)), +)
      }

      override func trainingStep(_ batch: [String: Tensor], batchIndex: Int) throws -> Tensor? {
        let result = output(batch)
        let loss = (result - 1).squared().mean()
        log("loss", loss, onStep: true, onEpoch: true)
        squared(result.detached(), result.detached().onesLike())
        log("squared", squared, onStep: true, onEpoch: true)
        _ = metrics(result.detached(), result.detached().onesLike())
        logDictionary(metrics, onStep: false, onEpoch: true)
        guard kind == .manual else { return loss }
        let (first, second) = (optimizer("first"), optimizer("second"))
        try first.toggled {
          first.zeroGradients()
          try manualBackward(loss)
          try first.step()
        }
        if batchIndex % 2 == 0 {
          second.zeroGradients()
          try manualBackward((output(batch) - 1).squared().mean())
          try second.step()
        }
        return loss
      }
      override func validationStep(_ batch: [String: Tensor], batchIndex: Int) throws -> Any? {
        log("val/x", output(batch).mean())
      }
      var bits: [UInt32] {
        parameters.flatMap { $0.value.scalars(as: Float.self).map(\.bitPattern) }
      }
    }

    final class Loaders: LightningDataModule<[String: Tensor]> {
      let kind: Kind
      /// Counts epochs, to be restored.
      var asked = 0
      init(_ kind: Kind) { self.kind = kind }

      private func rows(_ count: Int, shuffle: Bool = false) -> DataLoader<Tensor> {
        DataLoader(BoringSet(count: count), batchSize: 4, shuffle: shuffle)
      }
      private func named(_ loader: BatchLoader<Tensor>) -> BatchLoader<[String: Tensor]> {
        CombinedLoader(["all": loader])
      }
      override func trainDataLoader() -> BatchLoader<[String: Tensor]> {
        switch kind {
        case .stream:
          SequenceLoader {
            (0..<5).map { ["all": BoringSet(count: 40).batch(at: Array($0 * 4..<$0 * 4 + 4)[...])] }
          }
        case .combined:
          CombinedLoader(
            ["a": rows(20, shuffle: true), "b": rows(8, shuffle: true)], mode: .maxSizeCycle)
        default: named(rows(18, shuffle: true))
        }
      }
      override func validationDataLoader() -> BatchLoader<[String: Tensor]>? { named(rows(8)) }
      override func setup(stage: Stage) { asked += 1 }
      override func state() -> String? { "\(asked)" }
      override func restore(_ state: String) { asked += 10 * (Int(state) ?? 0) }
    }

    func fit(
      _ kind: Kind, _ data: Loaders, in folder: String, from path: String? = nil,
      stopAfter batches: Int? = nil
    ) async throws -> ([UInt32], RecordingLogger) {
      final class Saver: Callback {
        let batches: Int?
        let path: String
        init(_ batches: Int?, _ path: String) { (self.batches, self.path) = (batches, path) }
        override func onTrainBatchEnd(
          _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
        ) throws {
          guard trainer.batchStep == batches else { return }
          try trainer.saveCheckpoint(to: path)
          trainer.stop("enough")
        }
      }
      let (module, logger) = (Module(kind), RecordingLogger())
      let trainer = Trainer.quiet(
        maxEpochs: 4, root: folder, callbacks: [Saver(batches, folder + "/stopped.safetensors")],
        logger: logger
      ) {
        $0.accumulateGradBatches = kind == .accumulation ? 2 : 1
        $0.enableCheckpointing = false
      }
      try await trainer.fit(module, dataModule: data, checkpointPath: path)
      return (module.bits, logger)
    }

    @Test(arguments: Kind.allCases)
    func goesOnToTheBit(kind: Kind) async throws {
      // Between the steps of accumulated gradients nothing can be saved.
      let stops = kind == .accumulation ? [4, 5, 12] : [3, 5, 7, 12]
      try await withTemporaryFolder { folder in
        seedEverything(7)
        let (expected, whole) = try await fit(kind, Loaders(kind), in: folder)
        for batches in stops {
          seedEverything(7)
          _ = try await fit(kind, Loaders(kind), in: folder, stopAfter: batches)
          seedEverything(99)
          let data = Loaders(kind)
          let (found, rest) = try await fit(
            kind, data, in: folder, from: folder + "/stopped.safetensors")
          #expect(found == expected, "after batch \(batches)")
          #expect(data.asked == 11)
          for name in ["loss_step", "loss_epoch", "squared_epoch", "worst", "val/x"] {
            let values = rest.values(of: name)
            #expect(!values.isEmpty, "\(name)")
            #expect(
              values == whole.values(of: name).suffix(values.count), "\(name) after \(batches)")
          }
        }
      }
    }
  }
}
