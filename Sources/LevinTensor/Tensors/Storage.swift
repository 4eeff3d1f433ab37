internal import CLevinRuntime
internal import LevinSystem

/// A block of memory under tensors: the host's, 64-byte aligned, where freed blocks are kept and used again; or, as a
/// ``DeviceStorage``, memory of another device.
class Storage {
  /// Where the block begins; nil where it is no memory of the host.
  final let host: UnsafeMutableRawPointer?
  final let byteCount: Int

  /// Memory of the host; traps where the system has no more.
  init(byteCount: Int) {
    self.byteCount = byteCount
    guard let pointer = levin_take_memory(byteCount) else {
      fail(
        "a tensor", "\(byteCount) bytes, for which the system has no memory",
        expected: "less at a time")
    }
    host = pointer
  }

  fileprivate init(elsewhere byteCount: Int) {
    self.byteCount = byteCount
    host = nil
  }

  deinit { if let host { levin_give_memory_back(host, byteCount) } }

  final var isOnHost: Bool { host != nil }

  /// What owns the memory.
  var device: Device { .cpu }
}

/// A block of memory that a backend owns.
final class DeviceStorage: Storage {
  private let backend: any Backend
  /// What ``Backend/allocate(_:)`` gave; it is freed when this is released.
  let memory: AnyObject

  init(byteCount: Int, on backend: any Backend) {
    self.backend = backend
    memory = backend.allocate(byteCount)
    super.init(elsewhere: byteCount)
  }

  override var device: Device { Device(backend) }
}
