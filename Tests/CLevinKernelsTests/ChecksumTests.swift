import CLevinRuntime
import Testing

extension KernelTests {
  @Suite struct ChecksumTests {
    /// RFC 3720, appendix B.4.
    static let published: [(bytes: [UInt8], crc: UInt32)] = [
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E),
      (Array((0..<32).reversed()), 0x113F_DB5C),
      (Array("123456789".utf8), 0xE306_9283),
      ([], 0),
    ]

    @Test(arguments: published.indices)
    func publishedVectors(index: Int) {
      let (bytes, crc) = Self.published[index]
      for (isa, value) in onEachISA({ levin_crc32c(0, bytes, bytes.count) }) {
        #expect(value == crc, "\(isa)")
      }
    }

    /// Bit by bit, straight from the polynomial.
    private func slow(_ bytes: some Sequence<UInt8>) -> UInt32 {
      var crc = ~UInt32(0)
      for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
      }
      return ~crc
    }

    @Test func everyLengthAndOffset() {
      var draws = Draws(seed: 15)
      let bytes = (0..<9000).map { _ in UInt8(truncatingIfNeeded: draws.next() >> 30) }
      let ranges = [0..<1, 1..<8, 3..<19, 5..<300, 1..<4097, 7..<9000, 0..<8192]
      for range in ranges {
        let expected = slow(bytes[range])
        for (isa, value) in onEachISA({
          bytes.withUnsafeBytes { buffer in
            let part = UnsafeRawBufferPointer(rebasing: buffer[range])
            return part.baseAddress.map { levin_crc32c(0, $0, part.count) } ?? 0
          }
        }) {
          #expect(value == expected, "\(isa) \(range)")
        }
      }
    }

    @Test func continues() {
      let bytes = Array("the quick brown fox jumps over the lazy dog".utf8)
      for cut in [0, 1, 8, 20, bytes.count] {
        let first = levin_crc32c(0, bytes, cut)
        let rest = Array(bytes[cut...])
        #expect(levin_crc32c(first, rest, rest.count) == slow(bytes))
      }
    }
  }
}
