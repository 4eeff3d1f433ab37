internal import LevinSystem

// Turns tensors into operands of a backend, and copies elements to and from devices.

extension Kernels {
  /// The backend of the device that all operands share; there may be scalars of the host among them.
  static func backend(_ operands: Tensor...) -> any Backend { backend(operands) }

  static func backend(_ operands: [Tensor]) -> any Backend {
    let device = ShapeChecks.device(of: operands, for: "a kernel")
    guard let backend = device.backend else {
      fail("a kernel", "operands on cpu", expected: "a device's")
    }
    return backend
  }

  /// ``copy(_:into:)`` if one of the two is not on the host; a copy between devices goes through the host.
  static func betweenDevices(_ x: Tensor, into result: Tensor) {
    if result.isOnHost {
      CPU.copy(x.onHost(), into: result)
    } else if x.device == result.device || x.isOnHost && x.rank == 0 {
      backend(x, result).copy(x.operand(as: result), into: result.operand)
    } else {
      let whole = Tensor(uninitialized: x.shape, x.dtype, like: result)
      write(x.onHost(), into: whole)
      copy(whole, into: result)
    }
  }

  /// Copies from the host's memory to that of another device; both are contiguous, have one shape and dtype, and use
  /// all of their storage.
  private static func write(_ x: Tensor, into result: Tensor) {
    guard let storage = result.storage as? DeviceStorage else { return }
    x.withUnsafeBytes { backend(result).write($0, to: storage.memory) }
  }

  /// Copies from another device's memory to the host's; both are contiguous, have one shape and dtype, and use all of
  /// their storage.
  static func read(_ x: Tensor, into result: Tensor) {
    guard let storage = x.storage as? DeviceStorage else { return }
    let bytes = UnsafeMutableRawBufferPointer(start: result.address, count: result.byteCount)
    withExtendedLifetime(result.storage) { backend(x).read(storage.memory, into: bytes) }
  }

  /// Sets all elements of `result` to a number.
  static func fill(_ result: Tensor, with number: Number) {
    let isZero =
      switch number {
      case .bool(let value): !value
      case .int(let value): value == 0
      case .double(let value): value == 0 && value.sign == .plus
      }
    if isZero, result.isOnHost, result.isContiguous {
      result.address.initializeMemory(as: UInt8.self, repeating: 0, count: result.byteCount)
    } else {
      copy(Tensor(number, dtype: result.dtype), into: result)
    }
  }
}

extension Tensor {
  /// This tensor as an operand of a backend.
  var operand: Operand {
    if let storage = storage as? DeviceStorage {
      return Operand(
        .memory(storage.memory), offset: offset, shape: shape, strides: layout.allStrides,
        dtype: dtype)
    }
    return Operand(
      .number(number), shape: shape, strides: [Int](repeating: 0, count: rank), dtype: dtype)
  }

  /// The same, repeated to the result's shape.
  func operand(as result: Tensor) -> Operand {
    shape == result.shape ? operand : operand.expanded(to: result.shape)
  }
}
