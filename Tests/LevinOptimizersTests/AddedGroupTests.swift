import LevinOptimizers
import LevinTensor
import Testing

/// Groups of parameters that an optimizer gets during a training.
@Suite struct AddedGroupTests {
  private func optimizer() -> Optimizer { SGD([Parameter(Tensor.zeros([2]))], learningRate: 1) }

  @Test func schedulersFollow() throws {
    let optimizer = optimizer()
    let scheduler = ExponentialLR(optimizer, .init(gamma: 0.5))
    scheduler.step()
    optimizer.addGroup([Parameter(Tensor.zeros([1]))], name: "late", learningRate: 8)
    #expect(optimizer.groups.map(\.learningRate) == [0.5, 8])
    #expect(optimizer.groups[1].name == "late")
    // Saved before it has stepped with the group.
    #expect(scheduler.state["base_lrs"] == [1, 8])
    scheduler.step()
    #expect(optimizer.groups.map(\.learningRate) == [0.25, 4])

    let other = self.optimizer()
    let copy = ExponentialLR(other, .init(gamma: 0.5))
    other.addGroup([Parameter(Tensor.zeros([1]))], learningRate: 1)
    try copy.loadState(scheduler.state)
    try other.loadState(optimizer.state)
    scheduler.step()
    copy.step()
    #expect(other.groups.map(\.learningRate) == [0.125, 2])
  }

  /// A schedule with a value for each group cannot know those of a new one.
  @Test func schedulersWithValuesForGroupsTrap() async {
    await #expect(processExitsWith: .failure) {
      let optimizer = SGD([Parameter(Tensor.zeros([2]))], learningRate: 1)
      let scheduler = OneCycleLR(optimizer, .init(maxRates: [1], totalSteps: 10))
      optimizer.addGroup([Parameter(Tensor.zeros([1]))], learningRate: 8)
      scheduler.step()
    }
  }
}
