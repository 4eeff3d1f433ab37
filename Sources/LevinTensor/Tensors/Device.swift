internal import CLevinRuntime
internal import LevinSystem
internal import Synchronization

/// The location of a tensor's elements, and what computes on them (PyTorch's `torch.device`).
public struct Device: Sendable, Hashable, CustomStringConvertible {
  /// nil for the CPU, whose kernels are called directly.
  let backend: (any Backend)?

  private init() { backend = nil }

  /// Creates the device of a backend; one backend is one device.
  package init(_ backend: any Backend) { self.backend = backend }

  /// The CPU, with the memory of this process.
  public static let cpu = Device()

  private static let registered = Mutex<[Device]>([])

  /// Registers a backend under its name.
  ///
  /// Traps if another one has that name.
  package static func register(_ backend: any Backend) {
    let isNew = registered.withLock { devices in
      if devices.contains(where: { $0.backend === backend }) { return true }
      if backend.name == "cpu" || devices.contains(where: { $0.name == backend.name }) {
        return false
      }
      devices.append(Device(backend))
      return true
    }
    guard isNew else {
      fail("Device", "two devices named \(backend.name)", expected: "a name for each")
    }
  }

  /// All devices, beginning with the CPU.
  public static var all: [Device] { [cpu] + registered.withLock { $0 } }

  /// Returns the device called `name`; nil if there is none.
  public init?(named name: String) {
    guard let device = Device.all.first(where: { $0.name == name }) else { return nil }
    self = device
  }

  /// The name, such as `cpu`.
  public var name: String { backend?.name ?? "cpu" }

  /// The name.
  public var description: String { name }

  /// Waits until all work of the device is done (PyTorch's `torch.cuda.synchronize`); errors of that work trap here
  /// at the latest.
  public func synchronize() { backend?.synchronize() }

  /// Whether both are the same device.
  public static func == (a: Device, b: Device) -> Bool { a.backend === b.backend }

  /// Hashes the identity of the device.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(backend.map(ObjectIdentifier.init))
  }

  /// The default device for new tensors of this thread.
  static var current: Device {
    guard let pointer = levin_tape().pointee.device else { return .cpu }
    return Unmanaged<Holder>.fromOpaque(pointer).takeUnretainedValue().device
  }

  private final class Holder {
    let device: Device
    init(_ device: Device) { self.device = device }
  }

  fileprivate func whileCurrent<Result>(_ body: () throws -> Result) rethrows -> Result {
    let (tape, holder) = (levin_tape(), Holder(self))
    let before = tape.pointee.device
    tape.pointee.device = Unmanaged.passUnretained(holder).toOpaque()
    defer { tape.pointee.device = before }
    return try withExtendedLifetime(holder) { try body() }
  }
}

/// Runs `body` with `device` as the default for new tensors of this thread (PyTorch's `with torch.device(…)`).
///
/// The results of operations are always on the device of their operands.
public func withDevice<Result>(_ device: Device, _ body: () throws -> Result) rethrows -> Result {
  try device.whileCurrent(body)
}

extension Tensor {
  /// The device of the elements.
  public var device: Device { storage.device }

  /// The same elements on another device; this tensor if it is already there.
  ///
  /// As in PyTorch's `to`, the gradient is copied back to this tensor's device.
  public func to(_ device: Device) -> Tensor {
    let here = self.device
    guard device != here else { return self }
    let result = Tensor(uninitialized: shape, dtype, on: device)
    Kernels.copy(self, into: result)
    guard Tape.records(self) else { return result }
    return result.recorded(
      GradientNode("to(_:)", edge) { step in step.give(0, step.gradient.to(here)) })
  }

  /// Creates a tensor on `device` whose elements are not initialized.
  init(uninitialized shape: Shape, _ dtype: DType, on device: Device) {
    let byteCount = ShapeChecks.byteCount(of: shape, dtype)
    let storage =
      device.backend.map { DeviceStorage(byteCount: byteCount, on: $0) }
      ?? Storage(byteCount: byteCount)
    self.init(storage: storage, shape: shape, dtype: dtype)
  }

  /// Creates a tensor on the device of `other` whose elements are not initialized.
  init(uninitialized shape: Shape, _ dtype: DType, like other: Tensor) {
    if other.isOnHost {
      self.init(uninitialized: shape, dtype)
    } else {
      self.init(uninitialized: shape, dtype, on: other.device)
    }
  }

  var isOnHost: Bool { storage.isOnHost }
}
