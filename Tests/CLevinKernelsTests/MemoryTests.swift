import CLevinKernels
import Testing

@Suite struct MemoryTests {
  /// Sizes at and around the steps between one size of block and the next.
  private static let sizes: [Int] = (5...27).flatMap { exponent -> [Int] in
    let whole = 1 << exponent
    return [whole - 1, whole, whole + 1, whole / 2 * 3, whole / 2 * 3 + 1]
  }

  @Test func everyBlockIsAlignedAndAsLargeAsAskedFor() throws {
    for size in [0, 1] + Self.sizes {
      for _ in 0..<2 {
        let block = try #require(levin_take_memory(size))
        #expect(UInt(bitPattern: block) % 64 == 0, "\(size) bytes")
        // The address sanitizer and the system answer a write beyond the end.
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
