import LevinTensor
import Testing

/// The results of torch.result_type and of the operators of torch 2.13.
@Suite struct PromotionTests {
  @Test func numbersAreWeak() {
    let bytes = Tensor([1, 2] as [UInt8])
    #expect((bytes + 300).dtype == .uint8)
    #expect((bytes + 300).scalars(as: UInt8.self) == [45, 46])
    #expect((bytes * 0.5).dtype == .float32)
    #expect((Tensor([true]) + 1).dtype == .int64)
    #expect((Tensor([true]) + true).dtype == .bool)
    #expect((Tensor([1.5]) * 2).dtype == .float64)
    #expect((Tensor(Int32(1)) + 5).dtype == .int32)
    #expect((Tensor([1] as [Float]).to(.float16) * 0.1).dtype == .float16)
  }

  @Test func scalarTensorsCountByKind() {
    let ints = Tensor([1, 2] as [Int32])
    #expect((ints + Tensor(Int64(5))).dtype == .int32)
    #expect((ints + Tensor(5.0)).dtype == .float64)
    #expect((Tensor([1] as [Float]) + Tensor(5.0)).dtype == .float32)
    #expect((Tensor([1] as [Float]) + Tensor([5.0])).dtype == .float64)
    #expect((Tensor([1] as [UInt8]) + Tensor([5] as [Int32])).dtype == .int32)
    #expect(
      (Tensor([1] as [Float]).to(.float16) + Tensor([1] as [Float]).to(.bfloat16)).dtype == .float32
    )
  }

  @Test func comparisonsNarrowTheirNumbersFirst() {
    // torch.tensor([1], dtype=torch.uint8).lt(-1) is True: -1 becomes 255.
    #expect((Tensor([1] as [UInt8]) .< -1).item() == 1)
    #expect((Tensor([true]) .== 1).dtype == .bool)
  }

  @Test func integersDivideToFloats() {
    let x = Tensor([7, -7] as [Int64])
    #expect((x / 2).scalars(as: Float.self) == [3.5, -3.5])
    #expect(x.divided(by: Tensor(2), rounding: .floor).scalars(as: Int64.self) == [3, -4])
    #expect(x.divided(by: Tensor(2), rounding: .truncate).scalars(as: Int64.self) == [3, -3])
    #expect(x.remainder(dividingBy: Tensor(4)).scalars(as: Int64.self) == [3, 1])
    #expect(x.sum().dtype == .int64)
    #expect(Tensor([200, 100] as [UInt8]).sum().item() == 300)
    #expect(x.sqrt().dtype == .float32)
  }

  @Test func mistakesTrap() async {
    await #expect(processExitsWith: .failure) { _ = -Tensor([true]) }
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).mean() }
    await #expect(processExitsWith: .failure) {
      _ = Tensor([1, 2]).divided(by: Tensor([1, 0]), rounding: .floor)
    }
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).requiringGradient() }
  }

  /// Operations of three tensors compute in the dtype of all of them, not of the two that come first.
  @Test func threeDTypes() {
    let limited = Tensor([4, 9] as [UInt8]).clamped(Tensor(Int64(-5)), Tensor([6.5, 8] as [Float]))
    #expect(limited.dtype == .float32)
    #expect(limited.scalars(as: Float.self) == [4, 8])
    let (six, third) = (Tensor(Int64(6)), Tensor([Float(1) / 3]))
    let wide = Double(Float(1) / 3)
    let sum = Tensor([1.0]).addingProduct(of: six, and: third)
    #expect(sum.scalars(as: Double.self) == [1 + 6 * wide])
    let quotient = Tensor([1.0]).addingQuotient(of: six, and: third)
    #expect(quotient.scalars(as: Double.self) == [1 + 6 / wide])
  }
}
