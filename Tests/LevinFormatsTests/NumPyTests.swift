import LevinFormats
import LevinSystem
import Testing

@Suite struct NumPyTests {
  private func array(_ header: String, _ bytes: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let length = Zipper.little(UInt32(header.utf8.count))
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length.prefix(version == 1 ? 2 : 4)
      + Array(header.utf8) + bytes
  }

  @Test(
    arguments: [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }   \n",
      "{\"shape\":(2,1),\"descr\":\"<f4\",\"fortran_order\":False}",
      "{'shape': (2L, 1L), 'fortran_order': True, 'descr': '<f4'}",
      "  { 'shape' : ( 2 , 1 , ) , 'fortran_order' : False , 'descr' : '=f4' , } ",
    ])
  func headersOfEveryForm(header: String) throws {
    for version: UInt8 in 1...3 {
      let file = try TensorFile(array(header, Array(1...8), version: version), path: "f")
      #expect(file.format == .npy)
      #expect(file["tensor"]?.shape == [2, 1])
      #expect(file["tensor"]?.elementType == .float32)
      #expect(try file["tensor"]?.bytes() == Array(1...8))
    }
  }

  @Test(
    arguments: [
      (
        "{'descr': '<f4', 'fortran_order': False}", 50,
        "the header lacks descr, fortran_order or shape"
      ),
      ("{'descr': '<f4', 'descr': '<f4'}", 34, "the key 'descr' occurs twice"),
      ("{'x': 1}", 15, "expected descr, fortran_order or shape, found 'x'"),
      ("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}", 44, "expected True or False"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 61,
        "expected a size, a whole number"
      ),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", 62,
        "expected a comma in the shape"
      ),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': 1}", 60, "expected '('"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 61,
        "expected a size, a whole number"
      ),
      ("{'descr': __import__('os').system('echo')}", 20, "expected a text"),
      ("{'descr': [('a', '<f4')]}", 20, "an array of records, which Levin does not read"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", 64,
        "expected the end of the header"
      ),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 65,
        "4 bytes follow the header, expected 8 for the shape [2]"
      ),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", 63, "X"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 9)}", 85,
        "4 bytes follow the header, expected an impossible number for the shape [4611686018427387904, 9]"
      ),
    ] as [(String, Int, String)])
  func headersThatAreRefused(header: String, place: Int, message: String) throws {
    if message == "X" {
      #expect(
        try TensorFile(array(header, [1, 2, 3, 4]), path: "f")["tensor"]?.bytes() == [1, 2, 3, 4])
      return
    }
    let error = #expect(throws: TensorFileError.self) {
      try TensorFile(array(header, [1, 2, 3, 4]), path: "f")
    }
    #expect(error?.problem == "not a valid .npy array: " + message)
    #expect(error?.offset == place)
  }

  @Test func arraysWithoutNumbersAreNamed() throws {
    for (description, kind) in [
      ("|O", "Python objects"), ("<U3", "texts"), ("|S3", "texts"), ("<M8[ns]", "dates"),
      ("<m8", "durations"), ("|V3", "raw bytes"), ("<f16", "long floats"),
      ("<q8", "an unknown type"),
    ] {
      let file = try TensorFile(
        array("{'descr': '\(description)', 'fortran_order': False, 'shape': (1,)}", [0, 0, 0]),
        path: "f")
      #expect(file["tensor"]?.typeName == kind)
      #expect(throws: TensorFileError.self) { try file["tensor"]?.bytes() }
    }
  }

  @Test func writesWhatNumPyWrites() throws {
    try withFolder { folder in
      let bytes = (0..<6).flatMap { Zipper.little(Float($0).bitPattern) }
      let source = TensorFile.Source("x", .float32, shape: [2, 3], bytes: bytes)
      try TensorFile.write([source], to: folder + "/a.npy")
      // numpy.save(path, numpy.arange(6, dtype="<f4").reshape(2, 3))
      let written = try FileBytes.read(folder + "/a.npy")
      #expect(written == (try GoldenFile.bytes("float32.npy", in: "torch")))
      #expect(written.count == 152 && crc32(written) == 0x2a00_e94f)

      let scalar = TensorFile.Source("s/t", .bfloat16, shape: [], bytes: [0x80, 0x3f])
      let empty = TensorFile.Source("e", .int64, shape: [0, 3], bytes: [])
      try TensorFile.write([source, scalar, empty], to: folder + "/a.npz")
      let archive = try TensorFile(path: folder + "/a.npz")
      #expect(archive.format == .npz)
      #expect(archive.entries.map(\.name) == ["x", "s/t", "e"])
      #expect(archive.entries.map(\.shape) == [[2, 3], [], [0, 3]])
      #expect(archive.entries.map(\.elementType) == [.float32, .bfloat16, .int64])
      #expect(try archive["x"]?.bytes() == bytes)
      let error = #expect(throws: TensorFileError.self) {
        try TensorFile.write([source, scalar], to: folder + "/b.npy")
      }
      #expect(
        error?.description == "\(folder)/b.npy: 2 tensors, but an .npy file holds one. Use .npz.")
      #expect(throws: TensorFileError.self) {
        try TensorFile.write(
          [.init("f", .float8E4M3, shape: [1], bytes: [0])], to: folder + "/b.npy")
      }
      #expect(!FileSystem.exists(folder + "/b.npy"))
    }
  }

  @Test func deflatedArraysInflateToTheirSize() throws {
    let zeros = try GoldenFile.bytes("zeros.npz", in: "torch")
    let file = try TensorFile(zeros, path: "f")
    #expect(try file["w"]?.bytes() == [UInt8](repeating: 0, count: 8000))
    // 106 packed bytes behind a local header with the extra field of 20 bytes.
    let start = zeros.count - 22 - 46 - 5 - 106
    for change in [0, 50, 100] {
      var damaged = zeros
      damaged[start + change] ^= 0x10
      #expect(throws: TensorFileError.self) {
        let file = try TensorFile(damaged, path: "f")
        _ = try file.entries.first?.bytes()
      }
    }
  }

  @Test func anImpossibleSizeIsNotAllocated() {
    var zipper = Zipper([("a.npy", [1, 2, 3])])
    zipper.entries[0].method = 8
    zipper.entries[0].size = 1 << 31
    zipper.entries[0].packedSize = 3
    let error = #expect(throws: TensorFileError.self) { try TensorFile(zipper.bytes, path: "f") }
    #expect(
      error?.problem
        == "not a valid zip archive: 'a.npy' claims to inflate from 3 bytes to 2147483648, which is "
        + "impossible")
  }
}
