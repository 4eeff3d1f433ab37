import Foundation
import LevinFormats
import LevinNN
import LevinTensor
import Testing

/// Tensors and modules in files of other programs (made by scripts/golden/make_torch_files.py).
@Suite struct WeightFileTests {
  private static func golden(_ name: String) -> String {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    parts += ["Golden", "torch", Substring(name)]
    return parts.joined(separator: "/")
  }
  private func network() -> Sequential {
    Sequential {
      Linear(3, 4)
      ReLU()
      Linear(4, 2)
    }
  }
  /// (0…n-1 minus n/2) / 4 plus `index`, as the script fills parameters.
  private func grid(_ count: Int, plus index: Float) -> [Float] {
    (0..<count).map { (Float($0) - Float(count / 2)) / 4 + index }
  }
  private func withFile(_ name: String, _ body: (String) throws -> Void) throws {
    let path = "/tmp/levin-weights-\(UInt64.random(in: 0...UInt64.max))-\(name)"
    defer { try? removeFile(path) }
    try body(path)
  }
  private func removeFile(_ path: String) throws { _ = path.withCString { unlink($0) } }

  /// Tensors of a file use its memory, and no step, assignment or replacement of the file shows through.
  @Test(arguments: ["safetensors", "pt", "npz"])
  func tensorsStayInTheirFileUntilTheyAreWritten(format: String) throws {
    try withFile("mapped.\(format)") { path in
      let values = Tensor.arange(300_000).to(.float32)
      try save(["a": values, "b": values * 2], to: path)
      let before = Tensor.memoryInUse
      var state = try load(path)
      #expect(Tensor.memoryInUse - before < 1000)
      // Nothing else holds these tensors; the file does not allow writing.
      let b = try #require(state["b"])
      guard var a = state.removeValue(forKey: "a") else { throw CancellationError() }
      a += 1
      #expect(a.isEqual(to: values + 1))
      var other = try #require(try load(path)["a"])
      other[0] = Tensor(7)
      #expect(other.isEqual(to: Tensor.concatenated([Tensor([7]), values[1...]])))
      let parameter = Parameter(try #require(try load(path)["a"]))
      parameter.gradient = values
      parameter.update { value, gradient in value -= gradient }
      #expect(parameter.value.isEqual(to: values * 0))
      #expect(b.isEqual(to: values * 2))
      #expect(try load(path)["a"]?.isEqual(to: values) == true)

      try save(["a": values * 3], to: path)
      #expect(b.isEqual(to: values * 2))

      let model = Linear(300_000, 1, bias: false)
      let held = Tensor.memoryInUse
      try model.loadState(["weight": try #require(load(path)["a"]).reshaped(to: [1, 300_000])])
      #expect(Tensor.memoryInUse - held < 1000)
      let after = Tensor.copiesOnWrite
      model.parameters[0].assign(values.reshaped(to: [1, 300_000]))
      #expect(Tensor.copiesOnWrite == after, "a parameter has memory of its own")
    }
  }

  /// Elements that do not lie where the processor expects them are copied.
  @Test func unalignedTensorsLoad() throws {
    try withFile("odd.safetensors") { path in
      let header =
        #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"#
        + #""b":{"dtype":"F32","shape":[2],"data_offsets":[3,11]},"#
        + #""c":{"dtype":"F32","shape":[0],"data_offsets":[11,11]}}"#
      var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init)
      bytes += Array(header.utf8) + [1, 2, 3]
      for value in [Float(1.5), -2] { bytes += withUnsafeBytes(of: value.bitPattern, Array.init) }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let state = try load(path)
      #expect(state["a"]?.scalars(as: UInt8.self) == [1, 2, 3])
      #expect(state["b"]?.scalars(as: Float.self) == [1.5, -2])
      #expect(state["c"]?.shape == [0])
    }
  }

  @Test(arguments: ["state_dict.pt", "protocol4.pt", "protocol5.pt"])
  func torchWeightsLoad(name: String) throws {
    let model = network()
    let report = try model.loadWeights(from: Self.golden(name))
    #expect(report.unmatched.isEmpty && report.notices.isEmpty)
    let values = model.parameters.map { $0.value.scalars(as: Float.self) }
    #expect(
      values == [grid(12, plus: 0), grid(4, plus: 1), grid(8, plus: 2), grid(2, plus: 3)])
  }

  @Test func lightningWeightsLoadByPrefixAndByName() throws {
    let (model, other) = (network(), network())
    try model.loadWeights(from: Self.golden("lightning.ckpt"), prefix: "net.")
    try other.loadWeights(from: Self.golden("lightning.ckpt")) { String($0.dropFirst(4)) }
    #expect(
      model.parameters.map { $0.value.scalars(as: Float.self) }
        == other.parameters.map { $0.value.scalars(as: Float.self) })
    let error = #expect(throws: StateError.self) {
      try model.loadWeights(from: Self.golden("lightning.ckpt"))
    }
    #expect(
      error?.description == """
        the weights do not fit the model:
          0.weight: missing
          0.bias: missing
          2.weight: missing
          2.bias: missing
          net.0.bias: the model has no such parameter
          net.0.weight: the model has no such parameter
          net.2.bias: the model has no such parameter
          net.2.weight: the model has no such parameter
        """)
    let report = try model.loadWeights(from: Self.golden("state_dict.pt"), strict: false) {
      $0 == "0.bias" ? "0.bais" : $0
    }
    #expect(report.unmatched.missing == ["0.bias"] && report.unmatched.unexpected == ["0.bais"])
    #expect(report.unmatched.nearest == ["0.bias": "0.bais"])
  }

  @Test func namesOfWrappersAreRemovedIfThatMakesAllFit() throws {
    let model = network()
    for (prefix, origin) in [("module.", "DataParallel"), ("_orig_mod.", "torch.compile")] {
      try withFile("a.safetensors") { path in
        try save(model.stateDictionary.map { (prefix + $0.name, $0.tensor) }, to: path)
        let report = try network().loadWeights(from: path)
        #expect(
          report.notices == ["The names in the file lost '\(prefix)', which \(origin) adds."])
        try save(
          model.stateDictionary.map { (prefix + $0.name, $0.tensor) } + [("x", .zeros([1]))],
          to: path)
        #expect(throws: StateError.self) { try network().loadWeights(from: path) }
      }
    }
  }

  @Test func oldFilesWithoutCountersAndWithTwoNamesOfOneTensorLoad() throws {
    let tied = Sequential {
      Linear(3, 3)
      BatchNorm1d(3)
    }
    try withFile("a.pt") { path in
      var state = tied.stateDictionary.filter { !$0.name.hasSuffix("num_batches_tracked") }
      state.append(("decoder.weight", state[0].tensor))
      try save(state, to: path)
      let report = try tied.loadWeights(from: path)
      #expect(report.unmatched.isEmpty)
    }
  }

  @Test(arguments: ["a.safetensors", "a.npz", "a.pt", "a.ckpt"])
  func tensorsOfEveryTypeComeBack(name: String) throws {
    let tensors: [String: Tensor] = [
      "f32": Tensor([1.5, -2] as [Float]), "f64": Tensor([1.5] as [Double]),
      "i32": Tensor([1, -2] as [Int32]), "i64": Tensor([1, .min] as [Int64]),
      "u8": Tensor([0, 255] as [UInt8]), "bool": Tensor([true, false]),
      "f16": Tensor([1.5, -2] as [Float]).to(.float16),
      "bf16": Tensor([1.5] as [Float]).to(.bfloat16),
      "view": Tensor([[1, 2, 3], [4, 5, 6]] as [[Float]]).transposed(0, 1),
      "scalar": Tensor(2.5 as Float), "empty": .zeros([0, 3]),
    ]
    try withFile(name) { path in
      try save(tensors, to: path)
      let found = try load(path)
      #expect(found.keys.sorted() == tensors.keys.sorted())
      for (key, tensor) in tensors {
        let other = try #require(found[key])
        #expect(other.dtype == tensor.dtype && other.shape == tensor.shape)
        #expect(
          other.withUnsafeBytes { Array($0) } == tensor.withUnsafeBytes { Array($0) }, "\(key)")
      }
    }
  }

  @Test func narrowTypesWidenAndOthersAreRefused() throws {
    let found = try load(Self.golden("plain.npz"))
    #expect(found["a/b"]?.dtype == .float64)
    let dtypes = try TensorFile(path: Self.golden("dtypes.pt"))
    let types = try ["int8", "int16", "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2"]
      .map {
        let tensor = try Tensor(#require(dtypes[$0]))
        #expect(
          tensor.to(.float64).scalars(as: Double.self)
            == ($0.hasPrefix("f") ? [0, 1, 1.5, 2] : [0, 1, 1, 2]))
        return tensor.dtype
      }
    #expect(types == [.int32, .int32, .int32, .int64, .int64, .float32, .float32])
    let error = #expect(throws: TensorFileError.self) { try load(Self.golden("dtypes.pt")) }
    #expect(
      error?.problem == "'complex64' is of the type complex64, which Levin does not compute with")
  }
}
