import LevinTensor
import Testing

/// The default is process-wide: each test runs in its own process.
@Suite struct DefaultDTypeTests {
  /// Expected: torch 2.13 after torch.set_default_dtype(torch.float64).
  @Test func itIsWhatFloatingPointTensorsAreMadeOf() async {
    await #expect(processExitsWith: .success) {
      setDefaultDType(.float64)
      let whole = Tensor([1, 2] as [Int64])
      let doubles = [
        Tensor.zeros([2]), .ones([2]), .eye(2), .linspace(0, 1, count: 3), .rand([2]), .randn([20]),
        .uniform([2], 0, 1), .full([2], 0.5), .arange(0.0, 2.0), whole + 0.5, whole / 2,
        whole.sqrt(), whole / whole, Tensor([true]) * 1.5, whole.to(.float64).mean(),
        whole.logSoftmax(dimension: 0), Parameter(.zeros([2])).value,
      ]
      for (index, tensor) in doubles.enumerated() {
        precondition(tensor.dtype == .float64, "tensor \(index) is of \(tensor.dtype)")
      }
      // Tensors with their own dtype keep it.
      precondition(Tensor([Float(1)]).dtype == .float32)
      precondition((Tensor([Float(1)]) + 0.5).dtype == .float32)
      precondition(Tensor.zeros([2], dtype: .float32).dtype == .float32)
      precondition(Tensor.full([2], 1).dtype == .int64)
      precondition((whole + 1).dtype == .int64)
      precondition(DType.default == .float64)
      setDefaultDType(.float32)
      precondition(Tensor.zeros([2]).dtype == .float32 && (whole / 2).dtype == .float32)
    }
  }

  // torch.manual_seed(0); torch.rand(2, dtype=torch.float64)
  @Test func randomNumbersAreDrawnInIt() async {
    await #expect(processExitsWith: .success) {
      setDefaultDType(.float64)
      seedEverything(0)
      let drawn = Tensor.rand([2]).scalars(as: Double.self)
      precondition(drawn == [0.9700530018065531, 0.707819864399788], "\(drawn)")
    }
  }

  @Test func integersAreRefused() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      setDefaultDType(.int64)
    }
    #expect(
      String(decoding: try #require(result).standardErrorContent, as: UTF8.self).contains(
        "setDefaultDType(_:): found int64; expected a floating-point dtype"))
  }
}
