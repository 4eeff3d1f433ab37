extension TensorFile {
  /// The type of a tensor's elements in a file, under PyTorch's name.
  public enum ElementType: String, Sendable, Hashable, CaseIterable {
    case bool
    case uint8
    case uint16
    case uint32
    case uint64
    case int8
    case int16
    case int32
    case int64
    case float16
    case bfloat16
    case float32
    case float64
    case float8E4M3 = "float8_e4m3fn"
    case float8E5M2 = "float8_e5m2"
    case float8E4M3FNUZ = "float8_e4m3fnuz"
    case float8E5M2FNUZ = "float8_e5m2fnuz"
    case float8E8M0 = "float8_e8m0fnu"
    case float6E2M3 = "float6_e2m3"
    case float6E3M2 = "float6_e3m2"
    case float4 = "float4_e2m1"
    case complex32
    case complex64
    case complex128

    /// PyTorch's name, such as `float32`.
    public var name: String { rawValue }

    /// The size of an element in bits.
    public var bitCount: Int {
      switch self {
      case .float4: 4
      case .float6E2M3, .float6E3M2: 6
      case .bool, .uint8, .int8, .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ,
        .float8E8M0:
        8
      case .uint16, .int16, .float16, .bfloat16: 16
      case .uint32, .int32, .float32, .complex32: 32
      case .uint64, .int64, .float64, .complex64: 64
      case .complex128: 128
      }
    }

    /// The size of an array of `shape` in bytes; nil if it is no whole number of them, or beyond the address space.
    public func byteCount(of shape: [Int]) -> Int? {
      var bits = bitCount
      var isEmpty = false
      for size in shape {
        guard size >= 0 else { return nil }
        isEmpty = isEmpty || size == 0
        let (product, overflow) = bits.multipliedReportingOverflow(by: max(size, 1))
        guard !overflow else { return nil }
        bits = product
      }
      if isEmpty { return 0 }
      return bits % 8 == 0 ? bits / 8 : nil
    }
  }
}
