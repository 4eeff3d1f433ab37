import Synchronization

/// A block of memory under tensors, 64-byte aligned; freed blocks are kept and used again.
final class Storage {
  let pointer: UnsafeMutableRawPointer
  let byteCount: Int
  private let capacity: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    (pointer, capacity) = StoragePool.take(byteCount)
  }

  deinit { StoragePool.give(back: pointer, capacity: capacity) }
}

/// Free blocks by size class: powers of two and the middle between them, up to 64 MiB; larger ones go to the system.
private enum StoragePool {
  private struct Blocks {
    // Addresses, because a pointer is not Sendable; each is owned by the pool while it is listed.
    var free: [[UInt]] = Array(repeating: [], count: 64)
    var kept = 0
  }
  private static let blocks = Mutex(Blocks())
  private static let mostKept = 1 << 30
  private static let largest = 64 << 20

  private static func sizeClass(_ byteCount: Int) -> (index: Int, capacity: Int) {
    let least = max(byteCount, 64)
    let exponent = Int.bitWidth - (least - 1).leadingZeroBitCount
    let half = (1 << exponent) / 4 * 3
    return least <= half ? (2 * exponent - 1, half) : (2 * exponent, 1 << exponent)
  }

  static func take(_ byteCount: Int) -> (UnsafeMutableRawPointer, Int) {
    guard byteCount <= largest else {
      return (.allocate(byteCount: byteCount, alignment: 64), byteCount)
    }
    let (index, capacity) = sizeClass(byteCount)
    let kept = blocks.withLock { blocks -> UInt? in
      guard let address = blocks.free[index].popLast() else { return nil }
      blocks.kept -= capacity
      return address
    }
    if let kept, let pointer = UnsafeMutableRawPointer(bitPattern: kept) {
      return (pointer, capacity)
    }
    return (.allocate(byteCount: capacity, alignment: 64), capacity)
  }

  static func give(back pointer: UnsafeMutableRawPointer, capacity: Int) {
    let address = UInt(bitPattern: pointer)
    let isKept =
      capacity <= largest
      && blocks.withLock { blocks in
        guard blocks.kept + capacity <= mostKept else { return false }
        blocks.free[sizeClass(capacity).index].append(address)
        blocks.kept += capacity
        return true
      }
    if !isKept { pointer.deallocate() }
  }
}
