internal import CLevinRuntime
internal import LevinSystem

/// A block of memory for tensors.
///
/// It is memory of the host, 64-byte aligned, whose freed blocks are kept for reuse; or, as a ``DeviceStorage``,
/// memory of another device.
class Storage {
  /// The beginning of the block; nil if it is not memory of the host.
  final let host: UnsafeMutableRawPointer?
  final let byteCount: Int

  /// Allocates memory of the host; traps if the system has no more.
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

  /// The device that the memory belongs to.
  var device: Device { .cpu }
}

/// A block of memory that a backend owns.
final class DeviceStorage: Storage {
  private let backend: any Backend
  /// The object that ``Backend/allocate(_:)`` returned; the memory is freed when it is released.
  let memory: AnyObject

  init(byteCount: Int, on backend: any Backend) {
    self.backend = backend
    memory = backend.allocate(byteCount)
    super.init(elsewhere: byteCount)
  }

  override var device: Device { Device(backend) }
}
