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
    private func slow(
      _ bytes: some Sequence<UInt8>, polynomial: UInt32 = 0x82F6_3B78
    ) -> UInt32 {
      var crc = ~UInt32(0)
      for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ polynomial : crc >> 1 }
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

    /// Every number of blocks of 64 and 16 bytes, and every rest.
    @Test func everyLength() {
      var draws = Draws(seed: 16)
      let bytes = (0..<700).map { _ in UInt8(truncatingIfNeeded: draws.next() >> 30) }
      for count in bytes.indices {
        for (isa, value) in onEachISA({ levin_crc32c(0, bytes, count) }) {
          #expect(value == slow(bytes[..<count]), "\(isa) \(count)")
        }
      }
    }

    /// With x86's instructions from 64 bytes on; the plain build leaves all to zlib.
    @Test func theChecksumOfGzip() {
      var draws = Draws(seed: 17)
      let bytes = (0..<9000).map { _ in UInt8(truncatingIfNeeded: draws.next() >> 30) }
      // From the catalogue of CRC algorithms.
      #expect(slow(Array("123456789".utf8), polynomial: 0xEDB8_8320) == 0xCBF4_3926)
      for count in Array(64..<700) + [4096, 8999, 9000] {
        let before = Array(bytes[count...].prefix(100))
        let start = slow(before, polynomial: 0xEDB8_8320)
        let expected = slow(before + bytes[..<count], polynomial: 0xEDB8_8320)
        for (isa, sum) in onEachISA({
          var sum = start
          return levin_crc32(&sum, bytes, count) ? sum : nil
        }) {
          #if arch(x86_64)
            #expect(sum == (isa == .plain ? nil : expected), "\(isa) \(count)")
          #else
            #expect(sum == nil || sum == expected, "\(isa) \(count)")
          #endif
        }
      }
    }

    @Test func tooFewBytesAreLeftToZlib() {
      var crc: UInt32 = 5
      #if arch(x86_64)
        #expect(!levin_crc32(&crc, Array("123456789".utf8), 9))
        #expect(crc == 5)
      #else
        crc = 0
        #expect(!levin_crc32(&crc, Array("123456789".utf8), 9) || crc == 0xCBF4_3926)
      #endif
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
