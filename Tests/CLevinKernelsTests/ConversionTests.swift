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

    /// As torch.tensor(x).to(dtype) on x86-64: values that do not fit become the least integer, bytes are its low
    /// ones.
    @Test func floatsTruncateAndWrap() {
      let x: [Float] = [
        1.9, -1.9, 0, -0.0, .nan, .infinity, -.infinity, 3e9, -3e9, 255.9, 256, 300.7, 1e-30,
      ]
      let least = Int32.min
      #expect(
        convert(x, .float32, .int32, filledWith: Int32(7))
          == [1, -1, 0, 0, least, least, least, least, least, 255, 256, 300, 0])
      #expect(
        convert(x, .float32, .int64, filledWith: Int64(7)) == [
          1, -1, 0, 0, .min, .min, .min, 3_000_000_000, -3_000_000_000, 255, 256, 300, 0,
        ])
      #expect(
        convert(x, .float32, .uInt8, filledWith: UInt8(7))
          == [1, 255, 0, 0, 0, 0, 0, 0, 0, 255, 0, 44, 0])
      #expect(
        convert(x, .float32, .bool, filledWith: UInt8(7))
          == [1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1])
      #expect(convert([0.1, 1e300], .float64, .float32, filledWith: Float(7)) == [0.1, .infinity])
    }

    /// Against Swift's own Float16, over all its bit patterns and values between them.
    @Test func halvesRoundToTheNearest() {
      let all = (0...UInt16.max).map { $0 }
      let patterns = convert(all, .float16, .float32, filledWith: UInt32(7))
      let widened = patterns.map { Float(bitPattern: $0) }
      #if !(os(macOS) && arch(x86_64))
        #expect(bits(widened) == bits(all.map { Float(Float16(bitPattern: $0)) }))
        var draws = Draws(seed: 20)
        let x =
          draws.floats(20_000, in: -70_000...70_000) + draws.floats(20_000, in: -1e-4...1e-4)
          + widened.filter { !$0.isNaN }.map { $0.nextUp } + [.infinity, 65_519.99, 65_520]
        #expect(
          convert(x, .float32, .float16, filledWith: UInt16(7)) == x.map { Float16($0).bitPattern })
      #endif
    }

    /// As torch.tensor(x).to(torch.bfloat16) rounds.
    @Test func brainHalvesRoundToTheNearest() {
      let x: [Float] = [1, 1.00390625, 1.01171875, -3.14159, 3.4e38, .infinity, 0x1p-133]
      let narrow = convert(x, .float32, .bFloat16, filledWith: UInt16(7))
      #expect(narrow == [0x3f80, 0x3f80, 0x3f82, 0xc049, 0x7f80, 0x7f80, 0x0001])
      #expect(
        convert(narrow, .bFloat16, .float32, filledWith: Float(7)).prefix(4)
          == [1, 1, 1.015625, -3.140625])
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
