import LevinTensor
import Testing

@Suite struct AnomalyTests {
  @Test func aResultThatIsNotANumberIsNamed() {
    let x = Tensor([1, -1] as [Float])
    let error = #expect(throws: AnomalyError.self) {
      try withAnomalyDetection { _ = (x * 2).log().exp() + 1 }
    }
    #expect(
      error?.description
        == "log(): found NaN in its result [2] float32, computed from [2] float32; expected numbers; "
        + "look at the values of its inputs")
    #expect(error?.isBackward == false)
  }

  @Test func aComposedOperationIsNamedAsTheProgramCallsIt() {
    let x = Tensor([Double](), shape: [0])
    let error = #expect(throws: AnomalyError.self) { try withAnomalyDetection { _ = x.mean() } }
    #expect(error?.operation == "mean(dimensions:)")
  }

  @Test func inputsThatAreNaNAreToldApart() {
    let x = Tensor([1, .nan] as [Float])
    let error = #expect(throws: AnomalyError.self) { try withAnomalyDetection { _ = x + 1 } }
    #expect(
      error?.description
        == "+: found NaN in its result [2] float32, computed from [2] float32 with NaN, [] float32; "
        + "expected numbers; its inputs have NaN already: look at the data")
    // A NaN that an operation removes does not count.
    #expect(throws: Never.self) { try withAnomalyDetection { _ = x.replacingNaN() * 2 } }
  }

  // torch 2.13 with detect_anomaly: "Function 'SqrtBackward0' returned nan values in its 0th output."
  @Test func aGradientThatIsNotANumberIsNamed() {
    let x = Tensor([4.0, 0]).requiringGradient()
    let error = #expect(throws: AnomalyError.self) {
      try withAnomalyDetection {
        Tensor.where(x .> 0, x.sqrt(), x.zerosLike()).sum().backward()
      }
    }
    #expect(
      error?.description
        == "the gradient of sqrt(): found NaN in the gradient [2] float64, computed from [2] float64; "
        + "expected numbers; look for 0/0, √0, log 0 or ∞ − ∞ in its derivative")
    #expect(error?.isBackward == true)
  }

  // torch 2.13: "Function 'MulBackward0' returned nan values in its 0th output."
  @Test func aGradientIsNamedByTheStepThatMadeIt() {
    let x = Tensor(0.0).requiringGradient()
    let error = #expect(throws: AnomalyError.self) {
      try withAnomalyDetection { (x * 0).sqrt().backward() }
    }
    #expect(error?.operation == "*")
    #expect(error?.isBackward == true)
  }

  /// Without the forward pass inside, PyTorch and Levin only know the name.
  @Test func aForwardPassFromBeforeIsKnownByName() {
    let x = Tensor(0.0).requiringGradient()
    let y = (x * 0).sqrt()
    let error = #expect(throws: AnomalyError.self) { try withAnomalyDetection { y.backward() } }
    #expect(error?.operation == "*")
    #expect(error?.inputs == [])
  }

  @Test func infinitiesAreNoAnomalies() throws {
    let x = Tensor([0.0, 1]).requiringGradient()
    let y = try withAnomalyDetection {
      let y = x.log()
      y.sum().backward()
      return y
    }
    #expect(y.scalars(as: Double.self) == [-.infinity, 0])
    #expect(x.gradient?.scalars(as: Double.self) == [.infinity, 1])
  }

  @Test func anErrorOfTheBodyComesFirst() {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try withAnomalyDetection {
        _ = Tensor([-1.0]).log()
        throw Stop()
      }
    }
  }
}
