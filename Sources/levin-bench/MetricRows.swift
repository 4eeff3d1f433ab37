import Levin

/// Metrics over whole epochs, and steps of optimizers; `scripts/bench.d/peers/torch_metrics.py` has the same rows in
/// torchmetrics and PyTorch.
extension OperationRow {
  /// Metric objects that take batches, and return the value at the end.
  static func metrics() -> [OperationRow] {
    func rows(_ what: String, batches: Int, size: Int) -> [OperationRow] {
      let scores = (0..<batches).map { _ in Tensor.randn([size, 10]) }
      let probabilities = (0..<batches).map { _ in Tensor.rand([size]) }
      let classes = (0..<batches).map { _ in Tensor.randint(0..<10, [size]) }
      let targets = (0..<batches).map { _ in Tensor.randint(0..<2, [size]) }
      func row(
        _ name: String, _ metric: Metric, _ predictions: [Tensor], _ targets: [Tensor]
      ) -> OperationRow {
        OperationRow("\(name), \(what)") {
          for (p, t) in zip(predictions, targets) { metric.update(p, t) }
          defer { metric.reset() }
          return metric.compute()
        }
      }
      return [
        row("accuracy", Accuracy(.multiclass(10, average: .micro)), scores, classes),
        row("F1", F1Score(.multiclass(10, average: .macro)), scores, classes),
        row("confusion matrix", ConfusionMatrix(.multiclass(10)), scores, classes),
        row("AUROC", AUROC(.binary), probabilities, targets),
      ]
    }
    let model = Sequential(Linear(784, 128), ReLU(), Linear(128, 64), ReLU(), Linear(64, 10))
    let (optimizer, lossFunction) = (Adam(model.parameters), CrossEntropyLoss())
    let images = Tensor.rand([64, 784])
    let accuracy = Accuracy(.multiclass(10, average: .micro))
    let (scores, classes) = (Tensor.randn([64, 10]), Tensor.randint(0..<10, [64]))
    return rows("100 batches of 64", batches: 100, size: 64)
      + rows("one batch of 1 M", batches: 1, size: 1_000_000)
      + [
        OperationRow("accuracy, one update of 64") {
          accuracy.update(scores, classes)
          return scores
        },
        OperationRow("a training step of 64 digits") {
          optimizer.zeroGradients()
          let loss = lossFunction(model(images), classes)
          loss.backward()
          optimizer.step()
          return loss
        },
      ]
  }

  /// One step of each optimizer with the parameters of the tutorial's model.
  static func optimizers() -> [OperationRow] {
    func row<Options>(
      _ name: String, _ make: ([Parameter], Options) -> TypedOptimizer<Options>,
      _ change: (inout Options) -> Void = { _ in }
    ) -> OperationRow {
      let shapes: [Shape] = [[128, 784], [128], [64, 128], [64], [10, 64], [10]]
      let parameters = shapes.map { Parameter(Tensor.randn($0) * 0.05) }
      for parameter in parameters { parameter.gradient = Tensor.randn(parameter.shape) * 0.01 }
      let matrices = parameters.filter { name != "Muon" || $0.shape.rank == 2 }
      let optimizer = make(matrices, Options(change))
      return OperationRow(name) {
        optimizer.step()
        return parameters[5].value
      }
    }
    return [
      row("SGD", SGD.init), row("SGD with momentum", SGD.init) { $0.momentum = 0.9 },
      row("SGD with momentum and decay", SGD.init) {
        ($0.momentum, $0.weightDecay) = (0.9, 1e-4)
      },
      row("Adam", Adam.init), row("AdamW", AdamW.init), row("NAdam", NAdam.init),
      row("RAdam", RAdam.init), row("Adamax", Adamax.init), row("RMSprop", RMSprop.init),
      row("Adagrad", Adagrad.init), row("Adadelta", Adadelta.init), row("ASGD", ASGD.init),
      row("Rprop", Rprop.init), row("Adafactor", Adafactor.init), row("Muon", Muon.init),
    ]
  }
}
