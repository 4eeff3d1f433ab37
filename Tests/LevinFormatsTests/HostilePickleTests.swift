import LevinFormats
import Testing

/// Pickles that want to run something, or to exhaust the reader: each is refused, or read as data, and never traps.
@Suite struct HostilePickleTests {
  private func open(_ pickle: [UInt8], _ storages: [[UInt8]] = []) throws -> TensorFile {
    try TensorFile(Zipper.torch(pickle, storages).bytes, path: "f")
  }

  /// The error without the byte, which the archive's layout decides.
  private func problem(_ bytes: [UInt8]) -> String? {
    let error = #expect(throws: TensorFileError.self) { try TensorFile(bytes, path: "f") }
    return error.map { $0.problem + ($0.advice.map { ". " + $0 } ?? "") }
  }
  private func problem(pickle parts: [UInt8]...) -> String? {
    problem(Zipper.torch(P.pickle(Array(parts.joined()))).bytes)
  }
  private static let again = ". Levin reads what torch.save writes; copy or download the file again"
  private static let nothing = ". Levin runs nothing, and this file is not to be opened in Python"
  private static let floats = P.storage(count: P.int(4))

  @Test func callsAreDataAndAreNamed() throws {
    let system = P.call("posix", "system", P.text("echo"))
    #expect(
      problem(pickle: system) == "the file asks Python to call posix.system" + Self.nothing)
    let global = P.text("posix") + P.text("system") + [0x93] + P.tuple(P.text("echo")) + [0x52]
    #expect(
      problem(pickle: global) == "the file asks Python to call posix.system" + Self.nothing)
    // Beside weights it costs nothing, and is shown.
    let tensor = P.tensor(Self.floats, shape: [4], strides: [1])
    let file = try open(
      P.pickle(
        P.dictionary(
          P.text("state_dict"), P.dictionary(P.text("w"), tensor), P.text("x"), system)),
      [[UInt8](repeating: 1, count: 16)])
    #expect(file.entries.map(\.name) == ["w"])
    #expect(file.content?["x"].map { "\($0)" } == "posix.system('echo')")
    #expect(file.content?["x"]?.plain.dropped == ["posix.system"])
    #expect(
      problem(pickle: P.dictionary(P.text("epoch"), P.int(3), P.text("x"), system))
        == "the file has no weights: its dictionary has the keys 'epoch', 'x'; expected a dictionary of "
        + "tensors, at the top or under one of 'state_dict', 'model_state_dict', 'model', 'module', "
        + "'net', 'weights'. A value asks Python to call posix.system; Levin runs nothing")
  }

  @Test(
    arguments: [
      ("INST", [0x28, 0x69]), ("OBJ", [0x6f]), ("NEWOBJ_EX", [0x92]), ("EXT1", [0x82, 1]),
      ("EXT2", [0x83]), ("EXT4", [0x84]), ("PERSID", [0x50]), ("DUP", [0x32]), ("POP_MARK", [0x31]),
      ("LIST", [0x6c]), ("DICT", [0x64]), ("INT", [0x49]), ("BYTEARRAY8", [0x96]),
      ("NEXT_BUFFER", [0x97]), ("STRING", [0x53]), ("UNICODE", [0x56]),
    ] as [(String, [UInt8])])
  func otherInstructionsAreRefused(name: String, code: [UInt8]) {
    let number = String(code[code.count > 1 && code[0] == 0x28 ? 1 : 0], radix: 16)
    #expect(
      problem(pickle: code)
        == "the pickle has the instruction 0x\(number), which torch.save does not write"
        + Self.nothing)
  }

  @Test func whatIsCalledAndPersistentIdsHaveOneForm() {
    let form = "what is called is no name, or its arguments are no tuple" + Self.again
    #expect(problem(pickle: P.text("eval") + [0x29, 0x52]) == form)
    #expect(problem(pickle: P.name("builtins", "eval") + P.text("1") + [0x52]) == form)
    let id = "a persistent id that is no storage" + Self.nothing
    #expect(problem(pickle: P.text("x") + [0x51]) == id)
    #expect(
      problem(
        pickle: P.tuple(P.text("module"), P.name("a", "B"), P.text("a.py"), P.text("code")) + [0x51]
      )
        == id)
    #expect(
      problem(
        pickle: P.call(
          "torch._tensor", "_rebuild_from_type_v2", P.name("posix", "system"),
          P.name("torch", "Tensor"), P.tuple(P.text("echo")), [0x4e]))
        == "the file asks Python to call posix.system" + Self.nothing)
  }

  @Test func statesAreForOrderedDictionariesAndObjects() throws {
    let state = P.dictionary(P.text("__class__"), P.int(1))
    #expect(
      problem(pickle: P.int(1) + state + [0x62]) == "a plain value cannot have a state" + Self.again
    )
    let tensor = P.tensor(Self.floats, shape: [4], strides: [1])
    #expect(
      problem(P.file(tensor + state + [0x62]))
        == "a list, a tuple or a tensor cannot have a state" + Self.again)
    #expect(
      problem(P.file(P.tensor(Self.floats, shape: [4], strides: [1], hooks: state)))
        == "a tensor has hooks, which are code" + Self.again)
    // The state of a dictionary is dropped.
    let file = try TensorFile(
      Zipper.torch(
        P.pickle(P.dictionary(P.text("w"), tensor) + state + [0x62]),
        [[UInt8](repeating: 0, count: 16)]
      ).bytes, path: "f")
    #expect(file.content?.pairs?.count == 1)
  }

  @Test func theMemoIsNoArray() throws {
    let file = try open(
      P.pickle(
        P.dictionary(
          P.text("w"), P.tensor(Self.floats, shape: [4], strides: [1]))
          + [0x72, 0xff, 0xff, 0xff, 0xff]), [[UInt8](repeating: 0, count: 16)])
    #expect(file.entries.count == 1)
    #expect(problem(pickle: [0x68, 7]) == "place 7 of the memo is empty" + Self.again)
  }

  @Test func sharedContainersDoNotExplode() throws {
    // Thirty lists, each of which holds the one before ten times.
    var laughs: [UInt8] = [0x5d, 0x71, 0, 0x30]
    for level in 1..<30 {
      laughs += [0x5d, 0x28]
      for _ in 0..<10 { laughs += [0x68, UInt8(level - 1)] }
      laughs += [0x65, 0x71, UInt8(level)]
      // The list before stays in the memo alone.
      if level < 29 { laughs += [0x30] }
    }
    let file = try open(
      P.pickle(
        P.dictionary(
          P.text("state_dict"),
          P.dictionary(P.text("w"), P.tensor(Self.floats, shape: [4], strides: [1])),
          P.text("x"), laughs)), [[UInt8](repeating: 0, count: 16)])
    let value = try #require(file.content?["x"])
    #expect("\(value)".utf8.count < 100_000)
    #expect(value.plain.dropped.last?.hasSuffix("(nested too deeply)") == true)
    // As a key it is refused.
    #expect(
      problem(pickle: [0x7d] + laughs + P.int(1) + [0x73])
        == "the key of a dictionary is no plain value" + Self.again)
  }

  @Test func deepNestingIsReadAndFreed() throws {
    for (open, close) in [([0x5d], [0x61]), ([], [0x85])] as [([UInt8], [UInt8])] {
      var deep: [UInt8] = []
      for _ in 0..<200_000 { deep += open }
      deep += [0x5d]
      for _ in 0..<200_000 { deep += close }
      let file = try self.open(
        P.pickle(
          P.dictionary(
            P.text("state_dict"),
            P.dictionary(P.text("w"), P.tensor(Self.floats, shape: [4], strides: [1])),
            P.text("x"), deep)), [[UInt8](repeating: 0, count: 16)])
      let value = try #require(file.content?["x"])
      #expect("\(value)".utf8.count < 1000)
      #expect(value.plain.dropped.count == 1)
    }
    #expect(
      problem(pickle: [UInt8](repeating: 0x28, count: 200_000))
        == "the pickle has more than 1000 open marks" + Self.again)
  }

  @Test(
    arguments: [
      (
        [0x8b, 0xff, 0xff, 0xff, 0x7f],
        "the pickle needs 2147483647 more bytes, but only 1 are left"
      ),
      ([0x8b, 0xff, 0xff, 0xff, 0xff], "the pickle needs -1 more bytes, but only 1 are left"),
      (
        [0x58, 0xff, 0xff, 0xff, 0xff],
        "the pickle needs 4294967295 more bytes, but only 1 are left"
      ),
      ([0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80], "an impossible length"),
      ([0x4e, 0x74], "an instruction takes the values from a mark, but there is none"),
      ([0x4e, 0x28, 0x30], "an instruction takes a value, but there is none"),
      ([0x7d, 0x28, 0x4e, 0x75], "a key without a value"),
      ([0x7d, 0x4e, 0x61], "no list to append to"),
      ([0x4e, 0x4e], "the pickle ends with 2 values, expected one"),
      ([0x4e, 0x2e], "1 bytes follow the end of the pickle"),
      ([0x63] + [UInt8](repeating: 0x61, count: 300), "expected a name of at most 255 bytes"),
      ([0x80, 6], "pickle protocol 6, expected 2 to 5"),
    ] as [([UInt8], String)])
  func brokenStreams(code: [UInt8], message: String) {
    #expect(problem(pickle: code) == message + Self.again)
  }

  @Test func aStreamWithoutEnd() {
    #expect(
      problem(Zipper.torch([0x80, 2, 0x4e]).bytes)
        == "the pickle needs 1 more bytes, but only 0 are left" + Self.again)
    #expect(
      problem(Zipper.torch([0x4e, 0x2e]).bytes)
        == "expected the first byte of a pickle, 0x80" + Self.again)
  }

  @Test func wrongTensors() {
    let floats = Self.floats
    let cases: [([UInt8], String)] = [
      (
        P.tensor(P.storage(count: P.int(-6)), shape: [4], strides: [1]),
        "storage '0' has -6 elements"
      ),
      (
        P.tensor(P.storage(count: P.int(1 << 62)), shape: [4], strides: [1]),
        "storage '0' has 4611686018427387904 elements"
      ),
      (
        P.tensor(P.storage(count: [0x47, 0x40, 0x10, 0, 0, 0, 0, 0, 0]), shape: [4], strides: [1]),
        "a persistent id that is no storage"
      ),
      (
        P.tensor(floats, offset: -1, shape: [4], strides: [1]),
        "a tensor of shape [4] and strides [1] at -1 has a negative number"
      ),
      (
        P.tensor(floats, shape: [5], strides: [1]),
        "a tensor of shape [5] and strides [1] at 0 ends past the 4 elements of its storage"
      ),
      (
        P.tensor(floats, offset: 4, shape: [], strides: []),
        "a tensor of shape [] and strides [] at 4 ends past the 4 elements of its storage"
      ),
      (
        P.tensor(floats, shape: [2], strides: [-1]),
        "a tensor of shape [2] and strides [-1] at 0 has a negative number"
      ),
      (
        P.tensor(floats, shape: [3], strides: [1 << 62]),
        "a tensor of shape [3] and strides [4611686018427387904] is impossibly large"
      ),
      (
        P.tensor(floats, shape: [1 << 33, 1 << 33], strides: [0, 0]),
        "a tensor of shape [8589934592, 8589934592] and strides [0, 0] is impossibly large"
      ),
      (
        P.tensor(floats, shape: [4], strides: [1, 1]),
        "a tensor of shape [4] and strides [1, 1] has different numbers of them"
      ),
      (
        P.tensor(
          floats, shape: [Int](repeating: 1, count: 9), strides: [Int](repeating: 1, count: 9)),
        "a tensor of shape [1, 1, 1, 1, 1, 1, 1, 1, 1] and strides [1, 1, 1, 1, 1, 1, 1, 1, 1] has 9 "
          + "dimensions, expected at most 8"
      ),
      (
        P.tensor(P.storage(count: P.int(1)), shape: [1_000_000_000_000], strides: [0]),
        "a tensor of shape [1000000000000] and strides [0] repeats the 1 elements of its storage too often"
      ),
      (
        P.tensor(P.storage(key: "../../etc/passwd", count: P.int(4)), shape: [4], strides: [1]),
        "a storage is called '../../etc/passwd', expected digits"
      ),
      (
        P.tensor(P.name("torch", "float32"), shape: [4], strides: [1]),
        "torch._utils._rebuild_tensor_v2 has arguments that torch.save does not write"
      ),
    ]
    for (tensor, message) in cases {
      let found = problem(P.file(tensor))
      #expect(found == message + (message.hasPrefix("a persistent") ? Self.nothing : Self.again))
    }
  }

  @Test func storagesAreOfOneTypeAndOfTheirSize() {
    let long = P.tensor(P.storage("LongStorage", count: P.int(4)), shape: [2], strides: [1])
    let float = P.tensor(Self.floats, shape: [4], strides: [1])
    #expect(
      problem(
        Zipper.torch(
          P.pickle(P.dictionary(P.text("a"), float, P.text("b"), long)),
          [[UInt8](repeating: 0, count: 16)]
        ).bytes) == "storage '0' occurs with two types or two sizes" + Self.again)
    for size in [8, 28] {
      #expect(
        problem(P.file(float, data: size))
          == "not a valid zip archive: 'archive/data/0' has \(size) bytes, expected 16. Copy or download "
          + "the file again")
    }
    #expect(
      problem(Zipper.torch(P.pickle(P.dictionary(P.text("a"), float))).bytes)
        == "the archive lacks 'archive/data/0', which a tensor needs. Copy or download the file again"
    )
  }

  @Test func manyViewsOfOneStorageAreLimited() {
    let view = P.tensor(P.storage(count: P.int(1 << 20)), shape: [1 << 20], strides: [1])
    let pairs = (0..<200).flatMap { P.text("\($0)") + view }
    let file = Zipper.torch(
      P.pickle(P.dictionary(pairs)), [[UInt8](repeating: 0, count: 4 << 20)]
    ).bytes
    #expect(
      problem(file)
        == "the tensors describe more than \(4 * file.count + 16 << 20) bytes, four times the file"
        + Self.again)
  }

  @Test func thePicklesBefore1_6AreChecked() throws {
    let whole = try GoldenFile.bytes("legacy.pt", in: "torch")
    #expect(problem(whole + [0]) == "1 bytes follow the last storage" + Self.again)
    #expect(
      problem(Array(whole.dropLast()))?.hasPrefix("the file is cut short inside storage") == true)
    var endian = whole
    let key = Array("little_endian".utf8)
    let place = try #require(
      endian.indices.first { endian[$0...].starts(with: key) })
    let flag = try #require(endian[place...].firstIndex(of: 0x88))
    endian[flag] = 0x89
    #expect(
      problem(endian) == "the file was written on a big-endian machine. Save it on a common machine"
    )
    for length in stride(from: 15, to: whole.count, by: 1) {
      #expect(throws: TensorFileError.self) { try TensorFile(Array(whole[..<length]), path: "f") }
    }
  }

  @Test func flippedBitsNeverTrap() throws {
    for name in ["state_dict.pt", "views.pt", "hparams.pt", "legacy.pt", "protocol5.pt"] {
      let whole = try GoldenFile.bytes(name, in: "torch")
      for index in stride(from: 0, to: min(whole.count, 3000), by: 7) {
        var damaged = whole
        damaged[index] ^= 1 << UInt8(index % 8)
        guard let file = try? TensorFile(damaged, path: "f") else { continue }
        for entry in file.entries { _ = try? entry.bytes() }
        if let content = file.content { _ = ("\(content)", content.plain) }
      }
    }
  }
}
