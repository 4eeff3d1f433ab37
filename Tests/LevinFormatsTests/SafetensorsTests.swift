import LevinFormats
import Testing

@Suite struct SafetensorsTests {
  /// A file with the given header and `count` bytes of data.
  private func file(_ header: String, dataCount: Int = 0) -> [UInt8] {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    return length + Array(header.utf8) + [UInt8](repeating: 0, count: dataCount)
  }

  @Test func readsWhatThePythonLibraryWrote() throws {
    let file = try SafetensorsFile(path: GoldenFile.path("seven.safetensors"))
    #expect(file.metadata == ["quote\"\\": "line\nbreak, é, \u{1}"])
    #expect(file.entries.count == 7)
    let weight = try #require(file["model.0.weight"])
    #expect(weight.dtype == "F32" && weight.shape == [3, 2])
    #expect(weight.bytes[4..<8] == [0, 0, 0x20, 0xc0])  // -2.5
    #expect(file["a scalar"]?.shape == [])
    #expect(file["a scalar"]?.bytes == [7, 0, 0, 0, 0, 0, 0, 0])
    #expect(file["bytes"]?.bytes == [0, 128, 255])
    #expect(file["flags"]?.dtype == "BOOL")
    #expect(file["empty"]?.shape == [0, 4])
    #expect(file["nothing"] == nil)
  }

  @Test func writesAlignedInAFixedOrderAndReadsBack() throws {
    var file = SafetensorsFile()
    file.metadata = ["b": "2\n", "a": "\"\u{1}"]
    file.entries = [
      ("flag", .init(dtype: "BOOL", shape: [], bytes: [1])),
      ("w", .init(dtype: "F32", shape: [1, 2], bytes: [1, 2, 3, 4, 5, 6, 7, 8])),
      ("é", .init(dtype: "I64", shape: [1], bytes: [9, 0, 0, 0, 0, 0, 0, 0])),
      ("v", .init(dtype: "F32", shape: [0], bytes: [])),
    ]
    let bytes = file.encoded()
    // Python's safetensors loads exactly these bytes.
    let header =
      #"{"__metadata__":{"a":"\"\u0001","b":"2\n"},"é":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"#
      + #""w":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},"v":{"dtype":"F32","shape":[0],"#
      + #""data_offsets":[16,16]},"flag":{"dtype":"BOOL","shape":[],"data_offsets":[16,17]}}"#
    let padded = header.utf8.count + (8 - header.utf8.count % 8) % 8
    #expect(bytes[0] == UInt8(padded & 0xff) && bytes[1] == UInt8(padded >> 8))
    #expect(String(decoding: bytes[8..<8 + header.utf8.count], as: UTF8.self) == header)
    #expect(Array(bytes.suffix(17)) == [9, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1])

    let again = try SafetensorsFile(bytes, path: "again")
    #expect(again.metadata == file.metadata)
    #expect(again.entries.map(\.name) == ["é", "w", "v", "flag"])
    for (name, entry) in file.entries { #expect(again[name] == entry) }
    #expect(again.encoded() == bytes)
  }

  @Test func everyCutAndNoFlippedBitTraps() throws {
    let file = try GoldenFile.bytes("seven.safetensors")
    for length in file.indices {
      #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(Array(file[..<length]), path: "cut")
      }
    }
    var refused = 0
    for place in 0..<400 {
      for bit in 0..<8 {
        var damaged = file
        damaged[place] ^= 1 << bit
        do { _ = try SafetensorsFile(damaged, path: "damaged") } catch { refused += 1 }
      }
    }
    #expect(refused > 2000)
  }

  @Test(
    arguments: [
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#, 8,
        "61: not a valid safetensors file: the header is damaged: expected '}'."
      ),
      (#"{"a":1}"#, 0, "13: not a valid safetensors file: the header is damaged: expected '{'."),
      (
        #"{"a":{"dtype":"F32","shape":[2]}}"#, 8,
        "9: not a valid safetensors file: the header is damaged: expected dtype, shape and data_offsets."
      ),
      (
        #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8,
        "37: not a valid safetensors file: the header is damaged: expected a whole number from 0 to 2^63 - 1."
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775808]}}"#, 8,
        "58: not a valid safetensors file: the header is damaged: expected a whole number from 0 to 2^63 - 1."
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}"#, 8,
        "61: not a valid safetensors file: the header is damaged: expected dtype, shape or data_offsets."
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#,
        16, "62: not a valid safetensors file: 'a' occurs twice in the header."
      ),
      (
        #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8,
        "9: not a valid safetensors file: 'a' has 8 bytes, but its shape and dtype need 12."
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8,
        "9: not a valid safetensors file: the bytes of 'a' start at 8 of the data, expected 0."
      ),
      (
        #"{"a":{"dtype":"F32","shape":[9223372036854775807,8],"data_offsets":[0,8]}}"#, 8,
        "9: not a valid safetensors file: the shape of 'a' is impossibly large."
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#,
        8, "62: not a valid safetensors file: the bytes of 'b' start at 4 of the data, expected 8."
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9,
        "70: not a valid safetensors file: 1 bytes follow the last entry."
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4,
        "66: not a valid safetensors file: the file is cut short: it has 66 bytes, expected 70."
      ),
      (
        #"{"__metadata__":{"a":"\ud800"}}"#, 0,
        "36: not a valid safetensors file: the header is damaged: expected a whole surrogate pair."
      ),
    ] as [(String, Int, String)])
  func errorsSayWhatAndWhere(header: String, dataCount: Int, message: String) throws {
    let error = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(file(header, dataCount: dataCount), path: "m.safetensors")
    }
    #expect(error?.description == "m.safetensors: byte " + message)
  }

  @Test func oneUnknownDTypeDoesNotHideTheOthers() throws {
    let bytes = file(
      #"{"__metadata__":null,"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]},"#
        + #""b":{"dtype":"F4","shape":[2,2],"data_offsets":[8,10]},"#
        + #""c":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[10,13]}}"#, dataCount: 13)
    let found = try TensorFile(bytes, path: "m")
    #expect(found.entries.map(\.typeName) == ["F33", "float4_e2m1", "float6_e2m3"])
    #expect(try found["b"]?.bytes() == [0, 0])
    let error = #expect(throws: TensorFileError.self) { try found["a"]?.bytes() }
    #expect(
      error?.description
        == "m: byte 29: 'a' has the unknown dtype 'F33'. Convert it in Python to one of the format's types."
    )
    #expect(try SafetensorsFile(bytes, path: "m")["a"]?.dtype == "F33")
    // Three elements of six bits are no whole number of bytes.
    #expect(throws: SafetensorsError.self) {
      try TensorFile(
        file(#"{"c":{"dtype":"F6_E2M3","shape":[3],"data_offsets":[0,3]}}"#, dataCount: 3),
        path: "m")
    }
  }

  @Test func boolsAreZeroOrOne() throws {
    var bytes = file(#"{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}"#, dataCount: 3)
    bytes[bytes.count - 2] = 2
    #expect(try TensorFile(bytes, path: "m")["a"]?.bytes() == [0, 1, 0])
  }

  @Test func theHeadersLengthIsCapped() throws {
    let bytes: [UInt8] = [255, 255, 255, 255, 255, 255, 255, 255, 0x7b, 0x7d]
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(bytes, path: "m") }
    #expect(
      error?.description == "m: byte 0: not a valid safetensors file: the header claims to have "
        + "18446744073709551615 bytes, but at most 2 are possible.")
    // Everything that the header declares counts, not only the first missing array.
    let two =
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"U8","shape":[5],"data_offsets":[8,13]}}"#
    let cut = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(file(two, dataCount: 3), path: "m")
    }
    #expect(cut?.problem == .wrongFileLength(found: two.count + 11, expected: two.count + 21))
    let short = #expect(throws: SafetensorsError.self) { try SafetensorsFile([1, 0], path: "m") }
    #expect(
      short?.description
        == "m: byte 2: not a valid safetensors file: it ends inside its first eight "
        + "bytes, the length of the header.")
  }

  @Test func whatIsNoSafetensorsFileIsToldFromADamagedOne() throws {
    let error = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(Array("root:x:0:0:root:/root:/bin/bash\n".utf8), path: "/etc/passwd")
    }
    #expect(
      error?.description
        == "/etc/passwd: not a safetensors file: byte 8 is not '{', which begins the header.")
  }

  /// The checksum is that of the content, so another order in the file, or other spaces, do not change it.
  @Test func theChecksumCoversAllContentInAnyOrder() throws {
    func checksum(_ change: (inout SafetensorsFile) -> Void = { _ in }) -> UInt32 {
      var file = SafetensorsFile()
      file.entries = [
        ("a", .init(dtype: "U8", shape: [2, 1], bytes: [1, 2])),
        ("b", .init(dtype: "U8", shape: [1], bytes: [3])),
      ]
      file.metadata = ["k": "v", "sum": "?"]
      change(&file)
      return file.checksum(leavingOut: "sum")
    }
    // Computed in Python: crc32c over the bytes that the documentation of `checksum` describes.
    #expect(checksum() == 0x6b1f_26fa)
    #expect(checksum { $0.entries.reverse() } == checksum())
    #expect(checksum { $0.metadata["sum"] = "!" } == checksum())
    let changes: [(inout SafetensorsFile) -> Void] = [
      { $0.entries[0].name = "c" }, { $0.entries[0].entry.dtype = "I8" },
      { $0.entries[0].entry.shape = [1, 2] }, { $0.entries[0].entry.bytes[1] = 3 },
      { $0.entries.removeLast() }, { $0.metadata["k"] = "w" }, { $0.metadata["l"] = "v" },
      { $0.metadata["k"] = nil },
    ]
    #expect(Set(changes.map { checksum($0) } + [checksum()]).count == changes.count + 1)
  }

  @Test func aWronglyBuiltEntryTraps() async {
    await #expect(processExitsWith: .failure) {
      var file = SafetensorsFile()
      file.entries = [("a", .init(dtype: "F32", shape: [2], bytes: [1]))]
      _ = file.encoded()
    }
  }
}
