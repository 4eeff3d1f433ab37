import CLevinRuntime
import Testing

@Suite struct MemoryTests {
  /// Sizes at and around the boundaries between block sizes.
  private static let sizes: [Int] = (5...27).flatMap { exponent -> [Int] in
    let whole = 1 << exponent
    return [whole - 1, whole, whole + 1, whole / 2 * 3, whole / 2 * 3 + 1]
  }

  @Test func everyBlockIsAlignedAndAsLargeAsAskedFor() throws {
    for size in [0, 1] + Self.sizes {
      for _ in 0..<2 {
        let block = try #require(levin_take_memory(size))
        #expect(UInt(bitPattern: block) % 64 == 0, "\(size) bytes")
        // The address sanitizer and the system detect a write beyond the end.
        if size > 0 {
          block.storeBytes(of: 1, as: UInt8.self)
          (block + size - 1).storeBytes(of: 2, as: UInt8.self)
        }
        levin_give_memory_back(block, size)
      }
    }
  }

  @Test func blocksInUseDoNotOverlap() throws {
    let sizes = (0..<500).map { 1 + $0 * 37 % 700 }
    for _ in 0..<2 {
      let blocks = try sizes.map { try #require(levin_take_memory($0)) }
      for (i, block) in blocks.enumerated() {
        block.initializeMemory(as: UInt8.self, repeating: UInt8(i % 251), count: sizes[i])
      }
      for (i, block) in blocks.enumerated() {
        let bytes = UnsafeRawBufferPointer(start: block, count: sizes[i])
        #expect(bytes.allSatisfy { $0 == UInt8(i % 251) }, "block \(i)")
      }
      for (block, size) in zip(blocks, sizes) { levin_give_memory_back(block, size) }
    }
  }

  @Test func threadsDoNotGetEachOthersBlocks() async {
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<4 {
        group.addTask {
          (0..<2000).allSatisfy { turn in
            let size = 64 + turn % 5 * 100
            guard let block = levin_take_memory(size) else { return false }
            block.initializeMemory(as: UInt8.self, repeating: UInt8(task), count: size)
            let bytes = UnsafeRawBufferPointer(start: block, count: size)
            defer { levin_give_memory_back(block, size) }
            return bytes.allSatisfy { $0 == UInt8(task) }
          }
        }
      }
      for await isOwn in group { #expect(isOwn) }
    }
  }
}

extension KernelTests {
  @Suite struct PopulationTests {
    @Test(arguments: [0, 100, 5 << 20])
    func fillingIsDoneOnceAndOnlyTheBodyWrites(size: Int) throws {
      for (_, found) in onEachISA({ fill(size) }) {
        #expect(found.calls == 1)
        #expect(found.bytes.prefix(size / 2).allSatisfy { $0 == 2 })
        #expect(found.bytes.dropFirst(size / 2).allSatisfy { $0 == 1 })
      }
    }

    private struct Found: Equatable {
      var calls: Int
      var bytes: [UInt8]
    }

    /// Memory full of ones; the body writes its first half.
    private func fill(_ size: Int) -> Found {
      var calls = 0
      var bytes = [UInt8](repeating: 1, count: size)
      withUnsafeMutablePointer(to: &calls) { calls in
        bytes.withUnsafeMutableBufferPointer { bytes in
          levin_prefer_large_pages(bytes.baseAddress!, bytes.count)
          var work = (bytes: bytes, calls: calls)
          levin_while_populating(bytes.baseAddress!, bytes.count, &work) { context in
            let work = context.assumingMemoryBound(
              to: (bytes: UnsafeMutableBufferPointer<UInt8>, calls: UnsafeMutablePointer<Int>).self
            ).pointee
            work.calls.pointee += 1
            work.bytes[..<(work.bytes.count / 2)].update(repeating: 2)
          }
        }
      }
      return Found(calls: calls, bytes: bytes)
    }
  }
}
