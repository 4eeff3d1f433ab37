import LevinNN
import LevinTensor
import Testing

@Suite struct AveragedModelTests {
  private func set(_ model: Linear, _ value: Double) {
    model.weight.assign(Tensor.full([1, 2], value, dtype: .float32))
  }

  /// The mean of all states, and the sum of all states times what the decay leaves of each.
  @Test func averages() throws {
    let values = [1.0, 4, -2, 8]
    let model = Linear(2, 1)
    let (equal, exponential) = (
      AveragedModel(model), AveragedModel(model, .exponential(decay: 0.75))
    )
    for value in values {
      set(model, value)
      equal.update(model)
      exponential.update(model)
    }
    func weight(_ average: AveragedModel) throws -> Double {
      try average.withAverages(in: model) { Double(model.weight.value[0, 0].item()) }
    }
    #expect(abs(try weight(equal) - 2.75) < 1e-6)
    let decayed = 0.75 * 0.75 * 0.75 * 1 + 0.25 * (0.75 * 0.75 * 4 + 0.75 * -2 + 8)
    #expect(abs(try weight(exponential) - decayed) < 1e-6)
    #expect(model.weight.value[0, 0].item() == 8, "the model has its own state again")
    #expect((equal.count, exponential.count) == (4, 4))
  }

  @Test func stateGoesOn() throws {
    let model = Linear(2, 1)
    let (whole, other) = (AveragedModel(model), AveragedModel(Linear(2, 1)))
    set(model, 3)
    whole.update(model)
    try other.loadState(
      Dictionary(uniqueKeysWithValues: whole.stateDictionary.map { ($0.name, $0.tensor) }))
    #expect(other.stateDictionary.map(\.name) == ["n_averaged", "module.weight", "module.bias"])
    set(model, 5)
    for average in [whole, other] { average.update(model) }
    let target = Linear(2, 1)
    try other.apply(to: target)
    #expect(target.weight.value.scalars(as: Float.self) == [4, 4])
    #expect(throws: StateError.self) { try other.loadState(["n_averaged": Tensor(1 as Int64)]) }
  }

  /// The mean of the batches' means, and of their unbiased variances.
  @Test func batchNormalization() {
    let norm = BatchNorm1d(1)
    let model = Sequential(norm)
    model.train(false)
    let batches = [[1, 3], [5, 9], [0, 2]].map { Tensor($0.map { Float($0) }, shape: [2, 1]) }
    updateBatchNormalization(of: model, over: batches) { _ = model($0) }
    #expect(abs((norm.runningMean?.value[0].item() ?? 0) - (2 + 7 + 1) / 3) < 1e-6)
    #expect(abs((norm.runningVariance?.value[0].item() ?? 0) - (2 + 8 + 2) / 3) < 1e-6)
    #expect(norm.momentum == 0.1)
    #expect(!model.isTraining)
  }
}
