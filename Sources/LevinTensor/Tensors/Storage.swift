internal import CLevinRuntime
internal import LevinSystem

/// A block of memory for tensors.
///
/// It is memory of the host, 64-byte aligned, whose freed blocks are kept for reuse; or borrowed memory, such as a
/// file's; or, as a ``DeviceStorage``, memory of another device.
class Storage {
  /// The beginning of the block; nil if it is not memory of the host.
  final let host: UnsafeMutableRawPointer?
  final let byteCount: Int
  /// What keeps borrowed memory; nil if the memory is this object's own.
  private final let owner: AnyObject?

  /// Allocates memory of the host; traps if the system has no more.
  init(byteCount: Int) {
    self.byteCount = byteCount
    guard let pointer = levin_take_memory(byteCount) else {
      fail(
        "a tensor", "\(byteCount) bytes, for which the system has no memory",
        expected: "less at a time")
    }
    host = pointer
    owner = nil
  }

  /// Memory that `owner` keeps as it is; nothing writes to it.
  init(borrowing bytes: UnsafeRawBufferPointer, of owner: AnyObject) {
    byteCount = bytes.count
    host = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
    self.owner = owner
  }

  fileprivate init(elsewhere byteCount: Int) {
    self.byteCount = byteCount
    host = nil
    owner = nil
  }

  deinit { if let host, owner == nil { levin_give_memory_back(host, byteCount) } }

  /// Whether the memory may be written to.
  final var isWritable: Bool { owner == nil }

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
