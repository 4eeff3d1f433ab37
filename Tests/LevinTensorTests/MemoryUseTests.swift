import LevinTensor
import Testing

/// The memory of tensors, and the copies made.
///
/// One test at a time, and no other suite in parallel: the counts are process-wide.
@Suite(.serialized) struct MemoryUseTests {
  @Test func blocksCountWhileTheyLive() {
    let before = Tensor.memoryInUse
    var x: Tensor? = .zeros([1000])
    #expect(Tensor.memoryInUse == before + 4000)
    var view = x?[100...]
    x = nil
    // A view holds all of it.
    #expect(Tensor.memoryInUse == before + 4000)
    view = nil
    #expect(Tensor.memoryInUse == before)
    _ = view
  }

  @Test func peakRemembers() {
    // Above what the pool keeps, too.
    for count in [1000, 20 << 20] {
      Tensor.resetPeakMemoryInUse()
      let before = Tensor.memoryInUse
      #expect(Tensor.peakMemoryInUse == before)
      do { _ = Tensor.zeros([count]) }
      #expect(Tensor.memoryInUse == before)
      #expect(Tensor.peakMemoryInUse == before + 4 * count)
    }
    Tensor.resetPeakMemoryInUse()
    #expect(Tensor.peakMemoryInUse == Tensor.memoryInUse)
  }

  @Test func tenThousandStepsEndWhereTheyBegan() {
    let parameter = Parameter(Tensor.ones([4, 8]))
    var running = Tensor.zeros([8])
    func loss() -> Tensor {
      let x = parameter.value.transposed()
      return (x[1..<5] * x[2..<6].flipped(0)).sum() + x.expanded(to: [2, 8, 4]).mean()
    }
    func step(_ number: Int) {
      loss().backward()
      parameter.update { value, gradient in
        value[.all, number % 8] = value[.all, number % 8] - gradient[.all, 0] * 0.001
      }
      parameter.zeroGradient()
      running[number % 8] += 1
      running[0..<4] = running[4..<8]
    }
    step(0)
    let (before, copied) = (Tensor.memoryInUse, Tensor.copiesOnWrite)
    for number in 1...10_000 { step(number) }
    #expect(Tensor.memoryInUse == before)
    // Nothing else held what was written to, except for the value of the last line, 8 floats.
    #expect(Tensor.copiesOnWrite == copied + 10_000 * 32)
  }

  @Test func copiesShowWhoHeldWhat() {
    func copied(_ body: () -> Void) -> Int {
      let before = Tensor.copiesOnWrite
      body()
      return Tensor.copiesOnWrite - before
    }
    var x = Tensor.zeros([100])
    #expect(copied { x[3] = Tensor(Float(1)) } == 0)
    var kept: Tensor? = x[0..<2]
    #expect(copied { x[3] = Tensor(Float(2)) } == 400)
    // Nothing else holds the copy.
    #expect(copied { x[3] = Tensor(Float(3)) } == 0)
    #expect(kept?.scalars(as: Float.self) == [0, 0])
    kept = nil
    let parameter = Parameter(Tensor.zeros([10]))
    #expect(copied { parameter.assign(.ones([10])) } == 0)
    kept = parameter.value.detached()
    #expect(copied { parameter.assign(.zeros([10])) } == 40)
    #expect(kept?.sum().item() == 10)
  }
}
