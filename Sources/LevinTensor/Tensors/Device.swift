internal import CLevinRuntime
internal import LevinSystem
internal import Synchronization

/// Where the elements of a tensor lie, and what computes on them (PyTorch's `torch.device`).
public struct Device: Sendable, Hashable, CustomStringConvertible {
  /// nil for the processor, whose kernels are called without asking.
  let backend: (any Backend)?

  private init() { backend = nil }

  /// The device that a backend computes on; one backend is one device.
  package init(_ backend: any Backend) { self.backend = backend }

  /// The processor, and the memory of this process.
  public static let cpu = Device()

  private static let registered = Mutex<[Device]>([])

  /// Makes a backend that was found, or loaded, known under its name.
  ///
  /// Traps where another has it.
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

  /// The devices that there are, the processor first.
  public static var all: [Device] { [cpu] + registered.withLock { $0 } }

  /// The device of that name; nil where there is none.
  public init?(named name: String) {
    guard let device = Device.all.first(where: { $0.name == name }) else { return nil }
    self = device
  }

  /// Its name, as `cpu`.
  public var name: String { backend?.name ?? "cpu" }

  /// The name.
  public var description: String { name }

  /// Waits until all that was asked of the device is done (PyTorch's `torch.cuda.synchronize`); errors of that work trap here
  /// at the latest.
  public func synchronize() { backend?.synchronize() }

  /// Whether both are the same device.
  public static func == (a: Device, b: Device) -> Bool { a.backend === b.backend }

  /// Takes in which device it is.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(backend.map(ObjectIdentifier.init))
  }

  /// The device on which this thread makes tensors where none is named.
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

/// Runs `body` with new tensors of this thread made on `device` where none is named (PyTorch's `with torch.device(…)`).
///
/// Results of operations lie where their operands do, in any case.
public func withDevice<Result>(_ device: Device, _ body: () throws -> Result) rethrows -> Result {
  try device.whileCurrent(body)
}

extension Tensor {
  /// Where the elements lie.
  public var device: Device { storage.device }

  /// The same elements on another device; this tensor where it lies there.
  ///
  /// As PyTorch's `to`: the gradient is copied back to where this tensor lies.
  public func to(_ device: Device) -> Tensor {
    let here = self.device
    guard device != here else { return self }
    let result = Tensor(uninitialized: shape, dtype, on: device)
    Kernels.copy(self, into: result)
    guard Tape.records(self) else { return result }
    return result.recorded(
      GradientNode("to(_:)", edge) { step in step.give(0, step.gradient.to(here)) })
  }

  /// A tensor with elements that are still to be written, on `device`.
  init(uninitialized shape: Shape, _ dtype: DType, on device: Device) {
    let byteCount = ShapeChecks.byteCount(of: shape, dtype)
    let storage =
      device.backend.map { DeviceStorage(byteCount: byteCount, on: $0) }
      ?? Storage(byteCount: byteCount)
    self.init(storage: storage, shape: shape, dtype: dtype)
  }

  /// A tensor with elements that are still to be written, where `other` lies.
  init(uninitialized shape: Shape, _ dtype: DType, like other: Tensor) {
    if other.isOnHost {
      self.init(uninitialized: shape, dtype)
    } else {
      self.init(uninitialized: shape, dtype, on: other.device)
    }
  }

  var isOnHost: Bool { storage.isOnHost }
}
