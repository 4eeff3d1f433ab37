import Foundation
import Levin
import LevinFormats
import Testing
import TorchExchange

@testable import LevinTrainer

extension TrainerTests {
  /// Checkpoints of Lightning's, from which a training goes on, and Levin's own in that format.
  @Suite struct LightningCheckpointTests {
    /// The module of scripts/golden/make_torch_files.py.
    final class GoldenNetwork: LightningModule<Tensor> {
      let net: Sequential
      let configure: (Sequential) -> any OptimizerConfiguration
      var losses: [Double] = []
      var rates: [Double] = []

      init(tied: Bool = false, _ configure: @escaping (Sequential) -> any OptimizerConfiguration) {
        if tied {
          let (first, last) = (Linear(3, 3), Linear(3, 3))
          last.weight = first.weight
          net = Sequential(first, BatchNorm1d(3), last)
        } else {
          net = Sequential(Linear(3, 4), ReLU(), Linear(4, 2))
        }
        self.configure = configure
        super.init()
      }
      override func configureOptimizers() -> any OptimizerConfiguration { configure(net) }
      override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
        let loss = net(batch).squared().mean()
        losses.append(loss.item())
        if !automaticOptimization {
          for optimizer in optimizers { optimizer.zeroGradients() }
          try manualBackward(loss)
          for optimizer in optimizers { try optimizer.step() }
        }
        return loss
      }
      override func onTrainEnd() throws {
        rates = optimizers.flatMap(\.optimizer.groups).map(\.learningRate)
      }
      override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
        log("val/loss", net(batch).squared().mean())
      }
    }

    /// Rows of three numbers, in steps of a quarter around 0.
    struct Grid: Dataset {
      let count: Int
      func batch(at indices: ArraySlice<Int>) -> Tensor {
        let half = count * 3 / 2
        var values: [Float] = []
        for row in indices {
          for column in 0..<3 { values.append(Float(row * 3 + column - half) / 4) }
        }
        return Tensor(values, shape: [indices.count, 3])
      }
    }

    final class GoldenLoaders: LightningDataModule<Tensor> {
      override func trainDataLoader() throws -> DataLoader<Tensor> {
        DataLoader(Grid(count: 8), batchSize: 2)
      }
      override func validationDataLoader() throws -> DataLoader<Tensor>? {
        DataLoader(Grid(count: 4), batchSize: 2)
      }
    }

    static func module(_ name: String) -> GoldenNetwork {
      func halved(_ optimizer: Optimizer) -> LearningRateScheduler {
        StepLR(optimizer, .init(stepSize: 1, gamma: 0.5))
      }
      switch name {
      case "sgd": return GoldenNetwork { SGD($0.parameters, learningRate: 0.1) }
      case "momentum":
        return GoldenNetwork {
          MultiStepLR(
            SGD($0.parameters, .init(learningRate: 0.01, momentum: 0.9, nesterov: true)),
            .init(milestones: [1, 2]))
        }
      case "amsgrad":
        return GoldenNetwork {
          CosineAnnealingLR(
            AdamW($0.parameters, .init(learningRate: 0.01, amsgrad: true)), .init(tMax: 10))
        }
      case "rmsprop":
        return GoldenNetwork {
          OneCycleLR(
            RMSprop($0.parameters, .init(learningRate: 0.01, momentum: 0.5, centered: true)),
            .init(maxRates: [0.1], totalSteps: 20))
        }
      case "warmup":
        return GoldenNetwork {
          let optimizer = RMSprop($0.parameters, .init(learningRate: 0.01, momentum: 0.5))
          return SequentialLR(
            [
              LinearLR(optimizer, .init(startFactor: 0.5, totalIters: 3)),
              OneCycleLR(optimizer, .init(maxRates: [0.1], totalSteps: 20)),
            ], milestones: [3]
          ).every(.step)
        }
      case "adagrad":
        return GoldenNetwork {
          ReduceLROnPlateau(Adagrad($0.parameters, learningRate: 0.01), monitor: "val/loss")
        }
      case "adadelta": return GoldenNetwork { Adadelta($0.parameters) }
      case "adamax": return GoldenNetwork { Adamax($0.parameters) }
      case "nadam": return GoldenNetwork { NAdam($0.parameters) }
      case "rprop": return GoldenNetwork { Rprop($0.parameters) }
      case "manual":
        let module = GoldenNetwork {
          [
            Adam($0[0].parameters, learningRate: 0.01), SGD($0[2].parameters, learningRate: 0.1),
          ] as [Optimizer]
        }
        module.automaticOptimization = false
        return module
      case "groups":
        return GoldenNetwork { net in
          (net[0] as? Linear)?.bias?.requiresGradient = false
          let optimizer = AdamW(net[0].parameters, learningRate: 0.1)
          optimizer.addGroup(net[2].parameters) { $0.learningRate = 0.01 }
          return optimizer
        }
      default:
        return GoldenNetwork(tied: name == "tied") {
          halved(Adam($0.parameters, learningRate: 0.01))
        }
      }
    }

    static var resumed: JSON {
      get throws { try JSON(file: "../torch/resumed.json") }
    }

    private func trained(
      _ name: String, from path: String?, epochs: Int = 5, to target: String? = nil
    ) async throws -> (GoldenNetwork, Trainer) {
      let module = Self.module(name)
      let trainer = Trainer.quiet(maxEpochs: epochs)
      try await trainer.fit(module, dataModule: GoldenLoaders(), checkpointPath: path)
      return (module, trainer)
    }

    /// Fifteen kinds of checkpoints that Lightning 2.6.6 wrote, and how it goes on from them.
    @Test func aTrainingGoesOnAsInLightning() async throws {
      let resumed = try Self.resumed
      #expect(resumed.members.count == 15)
      for (name, golden) in resumed.members {
        let (module, trainer) = try await trained(
          name, from: goldenPath("torch/\(name).ckpt"))
        let wanted = golden["losses"].list.map { $0.number ?? .nan }
        #expect(module.losses.count == wanted.count, "\(name)")
        // Those that diverge multiply the differences in the last bits.
        // In the middle of an epoch, Lightning begins again with the first batch of the data, and Levin goes on.
        let compared = name == "middle" ? 0 : 6
        for (found, wanted) in zip(module.losses, wanted).prefix(compared) where wanted.isFinite {
          #expect(abs(found - wanted) <= 1e-4 * wanted, "\(name): \(found), \(wanted)")
        }
        #expect(trainer.globalStep == golden["global_step"].int, "\(name)")
        let wantedRates = golden["rates"].list.compactMap(\.number)
        #expect(
          module.rates.count == wantedRates.count
            && zip(module.rates, wantedRates).allSatisfy { abs($0 - $1) <= 1e-9 },
          "\(name): \(module.rates)")
      }
    }

    /// A checkpoint that Lightning could open is as exact for Levin as one of its own.
    @Test(arguments: ["c.safetensors", "c.ckpt"])
    func aTrainingGoesOnExactly(file: String) async throws {
      final class Saving: Callback {
        let path: String
        init(_ path: String) { self.path = path }
        override func onTrainBatchEnd(
          _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
        ) throws {
          if module.batchStep == 7 { try trainer.saveCheckpoint(to: path) }
        }
      }
      final class Shuffled: BoringData {
        override init() {
          super.init()
          (trainCount, shuffles) = (20, true)
        }
      }
      try await withTemporaryFolder { folder in
        let path = folder + "/" + file
        seedEverything(3)
        let whole = BoringModule()
        try await Trainer.quiet(maxEpochs: 3, callbacks: [Saving(path)])
          .fit(whole, dataModule: Shuffled())
        seedEverything(4)
        let resumed = BoringModule()
        let trainer = Trainer.quiet(maxEpochs: 3)
        try await trainer.fit(resumed, dataModule: Shuffled(), checkpointPath: path)
        #expect(trainer.globalStep == 15)
        #expect(resumed.bits == whole.bits)
      }
    }

    /// States of callbacks that both have come from Lightning's file, and go into one as Lightning wrote them.
    @Test func statesOfCallbacksGoThereAndBack() async throws {
      func states(_ path: String) throws -> PickleValue {
        let file = try TensorFile(
          try Array(Data(contentsOf: URL(fileURLWithPath: path))), path: path)
        return try #require(file.content?["callbacks"])
      }
      for name in ["lightning", "middle", "manual"] {
        let path = goldenPath("torch/\(name).ckpt")
        let checkpoint = try Checkpoint(path: path)
        if name == "lightning" {
          let early = EarlyStopping(monitor: "val/loss")
          try early.restore(try #require(checkpoint.callbackStates[early.stateKey]))
          #expect(early.waitCount == 0 && abs((early.bestScore ?? 0) - 183.4278) < 1e-3)
          let best = ModelCheckpoint(monitor: "val/loss")
          try best.restore(try #require(checkpoint.callbackStates[best.stateKey]))
          #expect(best.bestModelPath == "/run/epoch=1-step=8.ckpt")
          #expect(best.lastModelPath == "/run/last.ckpt")
          #expect(abs((best.bestModelScore ?? 0) - 183.4278) < 1e-3)
        }
        try await withTemporaryFolder { folder in
          let copy = folder + "/copy.ckpt"
          let translated = try checkpoint.callbackStates.map { key, text in
            (TorchValue.text(key), try #require(try CallbackState.lightning(key, text)))
          }
          let weights = [TensorFile.Source("weight", Tensor.zeros([1]))]
          try TorchFile.write(
            [
              "state_dict": .state(weights),
              "callbacks": .dictionary(translated.map { ($0.0, $0.1) }),
            ], to: copy)
          let (old, new) = (try states(path), try states(copy))
          #expect(old.pairs?.count == new.pairs?.count)
          for (key, value) in old.pairs ?? [] {
            let name = try #require(key.text)
            let other = try #require(new[name])
            #expect(try plain(other) == plain(value), "\(name)")
          }
        }
      }
    }

    /// What PyTorch's OneCycleLR looks for in the groups, also if a SequentialLR holds it.
    @Test func limitsOfACycleInASequence() async throws {
      try await withTemporaryFolder { folder in
        let path = folder + "/warmup.ckpt"
        let module = Self.module("warmup")
        let trainer = Trainer.quiet(maxEpochs: 1, callbacks: [Saving(path)])
        try await trainer.fit(module, dataModule: GoldenLoaders())
        let file = try TensorFile(path: path)
        let group = try #require(file.content?["optimizer_states"]?[0]?["param_groups"]?[0])
        func number(_ key: String) -> Double { group[key]?.double ?? .nan }
        // torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=20).
        #expect(abs(number("initial_lr") - 0.004) < 1e-15 && number("max_lr") == 0.1)
        #expect(abs(number("min_lr") - 4e-7) < 1e-15)
        #expect(number("base_momentum") == 0.85 && number("max_momentum") == 0.95)
      }
    }

    /// Each scheduler has the rates of its own optimizer, and each group its own initial rate.
    @Test func schedulersOfSeveralOptimizers() async throws {
      final class Network: LightningModule<Tensor> {
        let net = Sequential(Linear(3, 4), ReLU(), Linear(4, 2))
        override func configureOptimizers() -> any OptimizerConfiguration {
          automaticOptimization = false
          let first = SGD(net[0].parameters, learningRate: 0.25)
          let second = SGD(net[2].parameters, learningRate: 0.5)
          return Optimization(
            ["first": first, "second": second],
            schedulers: [
              StepLR(second, .init(stepSize: 1, gamma: 0.5)),
              StepLR(first, .init(stepSize: 1, gamma: 0.1)),
            ])
        }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          for optimizer in optimizers { optimizer.zeroGradients() }
          try manualBackward(net(batch).squared().mean())
          for optimizer in optimizers { try optimizer.step() }
          if batchIndex == 0 { for scheduler in schedulers { scheduler.step() } }
          return nil
        }
        override func validationStep(_ batch: Tensor, batchIndex: Int) -> Any? { nil }
      }
      try await withTemporaryFolder { folder in
        let path = folder + "/several.ckpt"
        try await Trainer.quiet(maxEpochs: 1, callbacks: [Saving(path)])
          .fit(Network(), dataModule: GoldenLoaders())
        for path in [path, folder + "/again.ckpt"] {
          let file = try TensorFile(path: path)
          func rates(_ index: Int) -> [Double] {
            (file.content?["lr_schedulers"]?[index]?["_last_lr"]?.elements ?? [])
              .compactMap(\.double)
          }
          #expect(rates(0) == [0.25])
          #expect(rates(1).count == 1 && abs((rates(1).first ?? 0) - 0.025) < 1e-15)
          func initial(_ index: Int) -> Double? {
            file.content?["optimizer_states"]?[index]?["param_groups"]?[0]?["initial_lr"]?.double
          }
          #expect(initial(0) == 0.25 && initial(1) == 0.5)
          // Levin's own file says it, too.
          let own = folder + "/own.safetensors"
          try Checkpoint(path: path).write(to: own)
          try Checkpoint(path: own).write(to: folder + "/again.ckpt")
        }
      }
    }

    private final class Saving: Callback {
      let path: String
      init(_ path: String) { self.path = path }
      override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
        try trainer.saveCheckpoint(to: path)
      }
    }

    /// A tree of numbers and texts, with tensors as numbers.
    private func plain(_ value: PickleValue) throws -> [String] {
      if let pairs = value.pairs {
        return try pairs.flatMap { key, value in
          try plain(value).map { "\(key.text ?? "?"): \($0)" }
        }
        .sorted()
      }
      if let tensor = value.tensor { return ["\(Float(try Tensor(tensor).item()))"] }
      if let number = value.double { return ["\(Float(number))"] }
      return [value.text ?? (value.isNone ? "None" : "?")]
    }

    /// Levin, Lightning, Levin and Lightning train an epoch each; the losses are those of Levin alone.
    @Test(.enabled(if: PythonTorch.isThere, "no PyTorch: set LEVIN_TORCH to a Python that has it"))
    func aStateThatPyTorchTrainsOnComesBack() async throws {
      for name in ["lightning", "momentum", "amsgrad", "rmsprop", "warmup", "adagrad", "groups"] {
        try await withTemporaryFolder { folder in
          let start = folder + "/start.safetensors"
          let first = Self.module(name)
          try first.saveWeights(to: start)
          let whole = Self.module(name)
          try whole.loadWeights(from: start)
          try await Trainer.quiet(maxEpochs: 4).fit(whole, dataModule: GoldenLoaders())
          var losses: [Double] = []
          var path: String?
          for epoch in 1...4 {
            let next = folder + "/\(epoch).ckpt"
            if epoch % 2 == 1 {
              let module = Self.module(name)
              if path == nil { try module.loadWeights(from: start) }
              try await Trainer.quiet(maxEpochs: epoch, callbacks: [Saving(next)])
                .fit(module, dataModule: GoldenLoaders(), checkpointPath: path)
              losses += module.losses
            } else {
              losses += try PythonTorch.run(
                script: "make_lightning_resumed.py", name, path ?? "", "\(epoch)", next,
                as: [Double].self)
            }
            path = next
          }
          #expect(losses.count == whole.losses.count, "\(name)")
          for (found, wanted) in zip(losses, whole.losses) {
            #expect(
              abs(found - wanted) <= 1e-5 * max(abs(wanted), 1), "\(name): \(found), \(wanted)")
          }
        }
      }
    }
  }
}
