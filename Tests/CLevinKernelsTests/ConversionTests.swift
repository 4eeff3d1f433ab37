import CLevinKernels
import Testing

extension KernelTests {
  @Suite struct ConversionTests {
    private func convert<From, To: Equatable>(
      _ values: [From], _ from: LevinType, _ to: LevinType, filledWith filler: To
    ) -> [To] {
      let results = onEachISA {
        var out = [To](repeating: filler, count: values.count)
        values.withUnsafeBytes { source in
          out.withUnsafeMutableBytes { destination in
            if let source = source.baseAddress, let destination = destination.baseAddress {
              levin_convert(values.count, source, from, destination, to)
            }
          }
        }
        return out
      }
      for (isa, result) in results { #expect(result == results[0].result, "\(isa)") }
      return results[0].result
    }

    @Test func floatsTruncateAndClamp() {
      let x: [Float] = [
        1.9, -1.9, 0, -0.0, .nan, .infinity, -.infinity, 3e9, -3e9, 255.9, 256, 1e-30,
      ]
      #expect(
        convert(x, .float32, .int32, filledWith: Int32(7))
          == [1, -1, 0, 0, 0, .max, .min, .max, .min, 255, 256, 0])
      #expect(
        convert(x, .float32, .int64, filledWith: Int64(7))
          == [1, -1, 0, 0, 0, .max, .min, 3_000_000_000, -3_000_000_000, 255, 256, 0])
      #expect(
        convert(x, .float32, .uInt8, filledWith: UInt8(7))
          == [1, 0, 0, 0, 0, 255, 0, 255, 0, 255, 255, 0])
      #expect(
        convert(x, .float32, .bool, filledWith: UInt8(7)) == [1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
      #expect(convert([0.1, 1e300], .float64, .float32, filledWith: Float(7)) == [0.1, .infinity])
    }

    @Test func integersWidenAndNarrow() {
      let x: [Int64] = [0, 1, -1, 300, .max, .min, 1 << 32]
      #expect(
        convert(x, .int64, .int32, filledWith: Int32(7)) == x.map { Int32(truncatingIfNeeded: $0) })
      #expect(
        convert(x, .int64, .uInt8, filledWith: UInt8(7)) == x.map { UInt8(truncatingIfNeeded: $0) })
      #expect(convert(x, .int64, .float32, filledWith: Float(7)) == x.map { Float($0) })
      #expect(convert(x, .int64, .bool, filledWith: UInt8(7)) == [0, 1, 1, 1, 1, 1, 1])
      let bytes = (0...255).map { UInt8($0) }
      #expect(convert(bytes, .uInt8, .float32, filledWith: Float(7)) == bytes.map { Float($0) })
      #expect(convert(bytes, .uInt8, .int64, filledWith: Int64(7)) == bytes.map { Int64($0) })
      #expect(convert([0, 1] as [UInt8], .bool, .float64, filledWith: 7.0) == [0, 1])
      #expect(convert([5, -5] as [Int32], .int32, .int32, filledWith: Int32(7)) == [5, -5])
    }
  }
}
