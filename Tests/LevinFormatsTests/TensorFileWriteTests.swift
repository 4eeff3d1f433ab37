import LevinFormats
import LevinSystem
import Testing

@Suite struct TensorFileWriteTests {
  private let weights = TensorFile.Source(
    "w", .float32, shape: [2, 3], bytes: (0..<6).flatMap { Zipper.little(Float($0).bitPattern) })

  /// torch.load reads exactly this file, with weights_only and with mmap.
  @Test func aStateDictionaryHasTheBytesThatTorchIsKnownToRead() throws {
    try withFolder { folder in
      try TensorFile.write([weights], to: folder + "/w.pt")
      let bytes = try FileBytes.read(folder + "/w.pt")
      #expect(bytes.count == 782)
      #expect(
        SHA256.hexadecimal(of: bytes)
          == "989b95c92d640e165f684b0cc8ff098a037041c47f305f23c6fdc6f1e135c535")
      let file = try TensorFile(path: folder + "/w.pt")
      #expect(file.format == .torch)
      #expect(file.entries.map(\.name) == ["w"])
      #expect(try file["w"]?.withBytes { Array($0) } == weights.copy())
    }
  }

  @Test func aTreeComesBack() throws {
    try withFolder { folder in
      let path = folder + "/t.ckpt"
      let tied = TensorFile.Source("a", .int64, shape: [], identity: 7) { body in
        try Zipper.little(Int64(-5)).withUnsafeBytes(body)
      }
      let value: TorchValue = [
        "epoch": 3, "big": .int(.max), "small": .int(.min),
        "ints": [-1, 255, 256, 65535, 65536, -129],
        "loss": 0.125, "flag": true, "nothing": nil, "é\n": "ü", "empty": [],
        "betas": .tuple([0.9, 0.999]), "none": .tuple([]), "nested": ["x": ["y": 1]],
        "state_dict": .state([tied, TensorFile.Source("e", .bool, shape: [0, 2], bytes: [])]),
        "again": .tensor(tied),
        "optimizer": .dictionary([(key: 0, value: .tensor(weights))]),
      ]
      try TorchFile.write(value, to: path)
      let file = try TensorFile(path: path)
      let content = try #require(file.content)
      #expect(
        content["ints"].map { "\($0)" } == "[-1, 255, 256, 65535, 65536, -129]")
      #expect(content["big"]?.int == .max && content["small"]?.int == .min)
      #expect(content["loss"]?.double == 0.125)
      #expect(content["flag"]?.bool == true && content["nothing"]?.isNone == true)
      #expect(content["é\n"]?.text == "ü")
      #expect(content["betas"].map { "\($0)" } == "(0.9, 0.999)")
      #expect(content["nested"]?["x"]?["y"]?.int == 1)
      #expect(file.entries.map(\.name) == ["a", "e"])
      #expect(file.entries.map(\.shape) == [[], [0, 2]])
      #expect(content["optimizer"]?[0]?.tensor?.shape == [2, 3])
      #expect(try #require(content["again"]?.tensor).isTied(to: file.entries[0]))
      #expect(try content["again"]?.tensor?.bytes() == Zipper.little(Int64(-5)))
      let first = try FileBytes.read(path)
      try TorchFile.write(value, to: path)
      #expect(try FileBytes.read(path) == first)
    }
  }

  @Test func anyFormatBecomesAnyOther() throws {
    try withFolder { folder in
      let golden = try TensorFile(path: GoldenFile.path("views.pt", in: "torch"))
      let sources = try golden.entries.map { try TensorFile.Source($0) }
      for name in ["a.safetensors", "a.npz", "a.pt", "a.PTH", "a.bin"] {
        try TensorFile.write(sources, to: "\(folder)/\(name)", metadata: ["k": "v"])
        let file = try TensorFile(path: "\(folder)/\(name)")
        #expect(Set(file.entries.map(\.name)) == Set(golden.entries.map(\.name)))
        for entry in golden.entries {
          let found = try #require(file[entry.name])
          #expect(found.shape == entry.shape && found.elementType == entry.elementType)
          #expect(try found.bytes() == entry.bytes(), "\(name) \(entry.name)")
        }
        if name == "a.safetensors" { #expect(file.metadata == ["k": "v"]) }
      }
      let error = #expect(throws: TensorFileError.self) {
        try TensorFile.write(sources, to: folder + "/a.txt")
      }
      #expect(
        error?.problem == "the end of the name says no format")
      let twice = #expect(throws: TensorFileError.self) {
        try TensorFile.write([weights, weights], to: folder + "/b.pt")
      }
      #expect(twice?.description == "\(folder)/b.pt: two tensors are called 'w'.")
      let narrow = #expect(throws: TensorFileError.self) {
        try TensorFile.write(
          [.init("f", .float8E5M2, shape: [1], bytes: [0])], to: folder + "/b.pt")
      }
      #expect(
        narrow?.problem
          == "'f' is of the type float8_e5m2, for which torch.save has no plain storage")
      let complex = #expect(throws: TensorFileError.self) {
        try TensorFile.write(
          [.init("c", .complex128, shape: [], bytes: [UInt8](repeating: 0, count: 16))],
          to: folder + "/b.safetensors")
      }
      #expect(complex?.problem == "'c' is of the type complex128, which safetensors lacks")
      #expect(
        try FolderListing(folder).names == ["a.PTH", "a.bin", "a.npz", "a.pt", "a.safetensors"])
    }
  }

  @Test func shardsAreFilledInOrder() throws {
    try withFolder { folder in
      let golden = try TensorFile(path: GoldenFile.path("sharded", in: "torch"))
      let order = ["a.weight", "b.weight", "c"]
      let sources = try order.map { try TensorFile.Source(#require(golden[$0])) }
      try TensorFile.writeShards(sources, toFolder: folder, maximumByteCount: 24)
      // Python's safetensors and Hugging Face's index have exactly these bytes.
      for name in [
        "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
        "model.safetensors.index.json",
      ] {
        let expected = try FileBytes.read(GoldenFile.path("sharded/\(name)", in: "torch"))
        if name.hasSuffix("json") {
          #expect(try FileBytes.read("\(folder)/\(name)") == expected)
        } else {
          let (found, golden) = (
            try SafetensorsFile(path: "\(folder)/\(name)"),
            try SafetensorsFile(expected, path: name)
          )
          #expect(found.entries.map(\.name) == golden.entries.map(\.name))
        }
      }
      let file = try TensorFile(path: folder)
      #expect(file.entries.count == 3)
      try TensorFile.writeShards(sources, toFolder: folder)
      #expect(try !FolderListing(folder).names.contains("model.safetensors.index.json"))
      #expect(try TensorFile(path: folder + "/model.safetensors").entries.count == 3)
    }
  }

  @Test func anIndexIsChecked() throws {
    try withFolder { folder in
      let path = folder + "/model.safetensors.index.json"
      func problem(_ index: String) throws -> String? {
        try AtomicFile.write(Array(index.utf8), to: path)
        do {
          _ = try TensorFile(path: path)
          return nil
        } catch { return "\(error)".replacing(folder, with: "F") }
      }
      try TensorFile.write([weights], to: folder + "/a.safetensors")
      try TensorFile.write([weights], to: folder + "/b.safetensors")
      #expect(
        try problem(
          #"{"metadata": {"x": [1, {"y": "}"}], "z": null}, "weight_map": {"w": "a.safetensors"}}"#)
          == nil)
      #expect(
        try problem(#"{"weight_map": {"w": "a.safetensors", "v": "a.safetensors"}}"#)
          == "F/model.safetensors.index.json: 'v' is said to be in 'a.safetensors', which lacks it. Copy or "
          + "download the files again.")
      #expect(
        try problem(#"{"weight_map": {"w": "a.safetensors", "v": "b.safetensors"}}"#)
          == "F/model.safetensors.index.json: 'w' is in 'a.safetensors' and in 'b.safetensors', expected one "
          + "of them.")
      for name in [
        "../a.safetensors", "/a.safetensors", "c:a.safetensors", "x\\\\a.safetensors", "a.txt",
      ] {
        #expect(
          try problem("{\"weight_map\": {\"w\": \"\(name)\"}}")?.hasSuffix(
            "expected a .safetensors or .bin file beside the index.") == true)
      }
      #expect(
        try problem(#"{"weight_map": {"w": 1}}"#)
          == "F/model.safetensors.index.json: byte 21: not a valid index of safetensors files: expected '\"'."
      )
      #expect(
        try problem(#"{"metadata": {}, "files": []}"#)
          == "F/model.safetensors.index.json: byte 29: not a valid index of safetensors files: expected a "
          + "weight_map.")
    }
  }
}

extension TensorFile.Source {
  /// The elements.
  func copy() throws -> [UInt8] {
    try withFolder { folder in
      try TensorFile.write([self], to: folder + "/a.safetensors")
      return try SafetensorsFile(path: folder + "/a.safetensors").entries[0].entry.bytes
    }
  }
}
