internal import LevinSystem
public import LevinOptimizers
public import LevinTensor

// What a module needs in manual optimization:
//
//     init() { super.init(); automaticOptimization = false }
//     override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
//       let optimizer = optimizer()
//       optimizer.zeroGradients()
//       let loss = loss(batch)
//       try manualBackward(loss)
//       try optimizer.step()
//       return loss
//     }
extension LightningModuleBase {
  /// The optimizers of the training; empty outside of one.
  public final var optimizers: [LightningOptimizer] { trainer?.activeFit?.optimizers ?? [] }

  /// The schedulers of the training; empty outside of one.
  ///
  /// In manual optimization the module steps them itself.
  public final var schedulers: [LearningRateScheduler] { trainer?.activeFit?.schedulers ?? [] }

  /// An optimizer of the training by its number; traps if there is none.
  public final func optimizer(_ index: Int = 0) -> LightningOptimizer {
    guard optimizers.indices.contains(index) else {
      fail(
        "optimizer(_:)", "number \(index) of \(optimizers.count) optimizers",
        expected: "one that configureOptimizers() returned, within a training")
    }
    return optimizers[index]
  }

  /// An optimizer of the training by the name that ``Optimization`` gave it; traps if there is none.
  public final func optimizer(_ name: String) -> LightningOptimizer {
    guard let found = optimizers.first(where: { $0.name == name }) else {
      fail(
        "optimizer(_:)", "'\(name)'",
        expected: "one of \(optimizers.compactMap(\.name).joined(separator: ", "))",
        hint: "return an Optimization with names from configureOptimizers()")
    }
    return found
  }

  /// Whether a batch belongs to an optimizer, where optimizers take turns by the frequencies of ``Optimization``; traps
  /// if there is no optimizer of that name.
  public final func isTurn(of name: String, batchIndex: Int) -> Bool {
    let chosen = optimizer(name)
    var place = batchIndex % optimizers.reduce(0) { $0 + $1.frequency }
    for other in optimizers {
      if place < other.frequency { return other === chosen }
      place -= other.frequency
    }
    return false
  }

  /// Computes the gradients in manual optimization, with the hooks before and after.
  public final func manualBackward(_ loss: Tensor) throws {
    guard let trainer, let fit = trainer.activeFit else { return loss.backward() }
    try fit.computeGradients(of: loss)
  }
}
