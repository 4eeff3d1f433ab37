import Foundation
import LevinFormats
import Testing

/// Files of torch, Lightning, numpy and safetensors against what these say is in them.
@Suite struct TensorFileGoldenTests {
  enum Expected: Decodable {
    case null, flag(Bool), text(String), number(String)
    private enum CodingKeys: String, CodingKey { case number }

    init(from decoder: any Decoder) throws {
      if let object = try? decoder.container(keyedBy: CodingKeys.self) {
        self = .number(try object.decode(String.self, forKey: .number))
      } else {
        let value = try decoder.singleValueContainer()
        self =
          if value.decodeNil() { .null } else if let flag = try? value.decode(Bool.self) {
            .flag(flag)
          } else { .text(try value.decode(String.self)) }
      }
    }
  }

  static let expected: [String: [String: Expected]] = {
    let data = FileManager.default.contents(atPath: GoldenFile.path("expected.json", in: "torch"))
    return (try? JSONDecoder().decode([String: [String: Expected]].self, from: data ?? Data()))
      ?? [:]
  }()

  /// What a tensor is, in the words of expected.json.
  static func told(_ entry: TensorFile.Entry) throws -> String {
    "\(entry.typeName) \(entry.shape) \(crc32(try entry.bytes()))"
  }

  @Test(arguments: expected.keys.sorted())
  func everyValueIsThatOfItsOwnLibrary(name: String) throws {
    let file = try TensorFile(path: GoldenFile.path(name, in: "torch"))
    for (path, expected) in try #require(Self.expected[name]) {
      guard let content = file.content, content.kind != .opaque else {
        let entry = try #require(file[path], "\(path)")
        guard case .text(let text) = expected else { continue }
        #expect(try Self.told(entry) == text, "\(path)")
        continue
      }
      var value: PickleValue? = content
      for part in path.components(separatedBy: " > ") where !path.isEmpty {
        value = value?[part] ?? Int(part).flatMap { value?[$0] }
      }
      let found = try #require(value, "\(path)")
      switch expected {
      case .null: #expect(found.isNone, "\(path)")
      case .flag(let flag): #expect(found.bool == flag, "\(path)")
      case .number(let text):
        if let number = Int(text) {
          #expect(found.int == number, "\(path)")
        } else {
          #expect(found.double?.bitPattern == Double(text)?.bitPattern, "\(path)")
        }
      case .text(let text):
        if let tensor = found.tensor {
          #expect(try Self.told(tensor) == text, "\(path)")
        } else {
          #expect(found.text == text, "\(path)")
        }
      }
    }
  }

  @Test func thereAreAllKinds() {
    #expect(Self.expected.keys.count { $0.hasSuffix(".ckpt") } == 16)
    #expect(Self.expected.keys.count { $0.hasSuffix(".pt") } >= 13)
    // Optimizer states are among what is compared.
    #expect(
      Self.expected["amsgrad.ckpt"]?["optimizer_states > 0 > state > 3 > max_exp_avg_sq"] != nil)
  }

  private func open(_ name: String) throws -> TensorFile {
    try TensorFile(path: GoldenFile.path(name, in: "torch"))
  }
  private func floats(_ entry: TensorFile.Entry?) throws -> [Float] {
    try #require(entry).bytes().withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  @Test func theWeightsOfACheckpointAreItsEntries() throws {
    let names = ["net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias"]
    let checkpoint = try open("lightning.ckpt")
    #expect(checkpoint.format == .torch)
    #expect(checkpoint.entries.map(\.name) == names)
    #expect(checkpoint.content?["pytorch-lightning_version"]?.text == "2.6.6")
    #expect(
      checkpoint.content?["optimizer_states"]?[0]?["state"]?[3]?["exp_avg"]?.tensor?.shape == [2])
    let tutorial = try open("tutorial.pt")
    #expect(tutorial.entries.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    #expect(try floats(tutorial["0.weight"])[0] == -1.4900000095367432)
    #expect(try open("legacy.pt").format == .legacyTorch)
    #expect(try floats(open("legacy.pt")["0.weight"])[0] == -1.4900000095367432)
  }

  @Test func viewsAreRowMajor() throws {
    let views = try open("views.pt")
    #expect(try floats(views["row"]) == [-0.5, -0.25, 0, 0.25])
    #expect(try floats(views["t"])[..<4] == [-1.5, -0.5, 0.5, -1.25])
    #expect(try floats(views["block"]) == [-0.25, 0, 0.75, 1])
    #expect(try floats(views["step"]) == [-1.5, -1, -0.5, 0, 0.5, 1])
    #expect(try floats(views["expand"]) == [Float](repeating: 2.5, count: 6))
    #expect(try floats(views["nc"]) == (0..<16).map { (Float($0) - 8) / 4 })
    #expect(try #require(views["whole"]).isTied(to: #require(views["again"])))
    #expect(try !#require(views["whole"]).isTied(to: #require(views["t"])))
    #expect(try open("tied.ckpt").entries.filter { $0.name.hasSuffix("weight") }.count == 3)
  }

  @Test func oddValuesAreKeptAndShown() throws {
    let tutorial = try #require(try open("tutorial.pt").content)
    #expect(tutorial["big"]?.kind == .opaque)
    #expect(tutorial["big"].map { "\($0)" } == "<int beyond 64 bits>")
    #expect(tutorial["device"]?.text == "cuda:1")
    #expect(tutorial["dtype"]?.typeName == "torch.bfloat16")
    #expect(tutorial["counter"]?["a"]?.int == 2)
    #expect(tutorial["set"]?[0]?.int == 7)
    #expect(tutorial["complex"].map { "\($0)" } == "__builtin__.complex(1.0, 2.0)")
    #expect(tutorial["name"].map { "\($0)" } == #"'é\n'"#)
    #expect(tutorial["flags"].map { "\($0)" } == "(True, False, None)")
  }

  @Test func hyperparametersUnfold() throws {
    let plain = try #require(try open("hparams.pt").content?["hyper_parameters"]).plain
    #expect(
      "\(plain.value)" == #"""
        {"ns":{"lr":0.1,"layers":[1,2]},"simple":{"a":1},"path":"data/mnist","np":0.25,"npi":-3,"array":[[0.0,1.0],[2.0,3.0]],"when":"2026-01-02T03:04:05.000006","day":"2026-01-02","length":3600.0,"color":"red","default":{"a":[1]},"deque":[1,2],"activation":"torch.nn.modules.activation.ReLU"}
        """#)
    #expect(plain.dropped == [])
  }

  @Test func tensorsThatLevinDoesNotReadAreRefusedOneByOne() throws {
    let file = try open("unusual.pt")
    #expect(try floats(file["ok"]) == [1, 1])
    let messages = try ["quantized", "coo", "csr", "meta", "conj", "nested"].map { name in
      let entry = try #require(file[name])
      let error = #expect(throws: TensorFileError.self) { try entry.bytes() }
      return try #require(error).description.replacing(file.path, with: "FILE")
    }
    #expect(
      messages == [
        "FILE: 'quantized' is a quantized tensor (torch._utils._rebuild_qtensor), which Levin does not "
          + "read. Call dequantize() before saving.",
        "FILE: 'coo' is a sparse tensor (torch._utils._rebuild_sparse_tensor), which Levin does not read. "
          + "Call to_dense() before saving.",
        "FILE: 'csr' is a sparse tensor (torch._utils._rebuild_sparse_tensor), which Levin does not read. "
          + "Call to_dense() before saving.",
        "FILE: 'meta' is a tensor of the device 'meta', without values "
          + "(torch._utils._rebuild_meta_tensor_no_storage), which Levin does not read. Save it from "
          + "another device.",
        "FILE: 'conj' is a conjugated view (torch._utils._rebuild_tensor_v2), which Levin does not read. "
          + "Save tensor.resolve_conj().resolve_neg(), of a common type.",
        "FILE: 'nested' is a nested tensor (torch._utils._rebuild_nested_tensor), which Levin does not "
          + "read. Call to_padded_tensor() before saving.",
      ])
    let objects = try open("objects.npy")
    let error = #expect(throws: TensorFileError.self) { try objects.entries[0].bytes() }
    #expect(
      error?.description.replacing(objects.path, with: "FILE")
        == "FILE: byte 0: 'tensor' is an array of Python objects ('|O'), which Levin does not read. "
        + "Convert it to numbers before saving.")
  }

  @Test func aWholeModuleIsReadWithoutItsCode() throws {
    for name in ["whole_model.pt", "legacy_module.pt"] {
      let file = try open(name)
      #expect(
        file.entries.map(\.name) == [
          "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
          "1.num_batches_tracked", "2.weight", "2.bias",
        ])
      #expect(try floats(file["0.weight"])[..<2] == [-2.25, -2])
      #expect(try floats(file["2.bias"]) == [5])
      #expect(
        file.notices == [
          "The file is a whole module of the class torch.nn.modules.container.Sequential; its weights "
            + "were read, and its code was not run."
        ])
    }
  }

  @Test func whatIsNoWeightsFileIsRefusedByName() throws {
    func message(_ bytes: [UInt8]) throws -> String? {
      #expect(throws: TensorFileError.self) { try TensorFile(bytes, path: "f") }?.description
    }
    #expect(
      try message(GoldenFile.bytes("script.pt", in: "torch"))
        == "f: a TorchScript program, which Levin does not run. Save its state_dict().")
    let tar = [UInt8](repeating: 0, count: 257) + Array("ustar\u{0}00".utf8)
    let old =
      "f: a file from PyTorch before 0.1.10, which Levin does not read. Load it with an old PyTorch and "
      + "save it again."
    #expect(try message(tar) == old)
    #expect(try message(Array("PYTORCH1".utf8)) == old)
    #expect(
      try message([0x80, 4, 0x4e, 0x2e])
        == "f: a pickle, but none that torch.save wrote. Levin runs nothing; load it in Python only if you "
        + "trust it, and save the tensors as safetensors.")
    #expect(
      try message([1, 2, 3])
        == "f: no file of tensors that Levin knows: it begins with 01 02 03. Expected safetensors, a file "
        + "of torch.save, .npy or .npz.")
  }

  @Test func eightBitFloatsWidenAsInTorch() throws {
    let (narrow, wide) = (try open("dtypes.safetensors"), try open("widened.safetensors"))
    #expect(wide.entries.count == 5)
    for expected in wide.entries {
      let entry = try #require(narrow[expected.name])
      #expect(entry.elementType?.widened == .float32)
      let expected = try floats(expected)
      var found = [Float](repeating: 0, count: expected.count)
      try found.withUnsafeMutableBytes { try entry.readWidened(into: $0) }
      for (index, pair) in zip(found, expected).enumerated() {
        #expect(
          pair.0.bitPattern == pair.1.bitPattern || pair.0.isNaN && pair.1.isNaN,
          "\(entry.name) \(index)")
      }
    }
    #expect(narrow["float4"]?.elementType == .float4)
    #expect(narrow["float4"]?.byteCount == 4)
  }

  @Test func shardsAreOneFile() throws {
    let folder = GoldenFile.path("sharded", in: "torch")
    for path in [folder, folder + "/model.safetensors.index.json"] {
      let file = try TensorFile(path: path)
      #expect(file.format == .shardedSafetensors)
      #expect(Set(file.entries.map(\.name)) == ["a.weight", "b.weight", "c"])
      #expect(try floats(file["b.weight"]) == [0, 1, 2, 3])
      #expect(file.notices == [])
    }
  }
}
