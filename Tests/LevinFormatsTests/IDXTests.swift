import LevinFormats
import Testing

@Suite struct IDXTests {
  /// Two images of 1×3 bytes.
  private let file: [UInt8] = [
    0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6,
  ]

  @Test func readsTypeShapeAndData() throws {
    let array = try IDXArray(file, path: "x", elementType: .uint8, rank: 3)
    #expect(array.elementType == .uint8)
    #expect(array.shape == [2, 1, 3])
    #expect(Array(array.bytes[array.payloadOffset...]) == [1, 2, 3, 4, 5, 6])
  }

  @Test func otherElementTypesHaveTheirWidth() throws {
    let doubles = [0, 0, 0x0e, 1, 0, 0, 0, 2] + [UInt8](repeating: 0, count: 16)
    #expect(try IDXArray(doubles, path: "x").shape == [2])
    #expect(throws: IDXError.self) { try IDXArray(Array(doubles.dropLast()), path: "x") }
  }

  @Test(arguments: [
    (
      "magic",
      "digits: byte 0: not an IDX file: magic number 0x1f8b0803, expected 0x000008 and the number of dimensions."
    ),
    ("type", "digits: byte 2: the magic number says elements of int32, expected uint8."),
    ("rank", "digits: byte 3: the magic number says 1 dimension, expected 3."),
    ("header", "digits: byte 10: the data ends inside the header, which has 16 bytes."),
    ("short", "digits: byte 16: 5 bytes follow the header, expected 6 for dimensions [2, 1, 3]."),
    ("long", "digits: byte 16: 7 bytes follow the header, expected 6 for dimensions [2, 1, 3]."),
    (
      "overflow",
      "digits: byte 4: the dimensions [4294967295, 4294967295, 4294967295] are impossibly large."
    ),
  ])
  func errorsSayWhatAndWhere(damage: String, message: String) throws {
    var file = file
    switch damage {
    case "magic": file.replaceSubrange(0..<4, with: [0x1f, 0x8b, 8, 3])
    case "type": file[2] = 0x0c
    case "rank": file[3] = 1
    case "header": file.removeLast(12)
    case "short": file.removeLast()
    case "long": file.append(7)
    default: file.replaceSubrange(4..<16, with: repeatElement(0xff, count: 12))
    }
    let error = #expect(throws: IDXError.self) {
      try IDXArray(file, path: "digits", elementType: .uint8, rank: 3)
    }
    #expect(error?.description == message + " Delete the file and download it again.")
  }
}
