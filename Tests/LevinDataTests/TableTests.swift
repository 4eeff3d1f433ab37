import Foundation
import LevinData
import Testing

@Suite struct TableTests {
  private func table(_ text: String) throws -> Table {
    try Table(csv: Array(text.utf8), path: "t.csv")
  }

  @Test func quotesBreaksAndBlanksAreRead() throws {
    let text = "Path,View,Age\r\n\"a, b\",\"PA \"\"erect\"\"\",61\r\n\"two\nlines\",,\r\nc,AP,7"
    for text in [text, "\u{feff}" + text, text + "\r\n\r\n"] {
      let table = try table(text)
      #expect(table.names == ["Path", "View", "Age"])
      #expect(try table.texts("Path") == ["a, b", "two\nlines", "c"])
      #expect(try table.texts("View") == ["PA \"erect\"", nil, "AP"])
      #expect(try table.optionalNumbers("Age") == [61, nil, 7])
      #expect(table.rows[2]["View"] == "AP" && table.rows[1]["View"] == nil)
    }
  }

  @Test func columnsHaveTypes() throws {
    let table = try table("a,b,c\n1.0,-1,x\n2,0.5,y\n,nan,x\n")
    #expect(try table.filling(["a"], with: "0").integers("a") == [1, 2, 0])
    #expect(try table.optionalNumbers("b") == [-1, 0.5, nil])
    let (names, labels) = try table.classes("c")
    #expect(names == ["x", "y"] && labels == [0, 1, 0])
  }

  @Test func rowsAndCellsAreChosen() throws {
    let table = try table("id,view,label\n1,PA,-1\n2,LL,1\n3,PA,\n")
    let frontal = table.filtered { $0["view"] == "PA" }
    #expect(try frontal.integers("id") == [1, 3])
    let labels = try frontal.replacing(["label"], ["-1": "1"]).filling(["label"], with: "0")
    #expect(try labels.numbers("label") == [1, 0])
    #expect(try table.selecting(["label", "id"]).names == ["label", "id"])
    #expect(try table[[2, 0]].integers("id") == [3, 1])
    #expect(try table.adding("half", ["a", nil, "b"]).texts("half") == ["a", nil, "b"])
    #expect(try table.grouped(by: "view").map(\.rows) == [[0, 2], [1]])
  }

  @Test func tablesAreJoinedByKeys() throws {
    let images = try table("dicom,study\nx,10\ny,11\nz,10\nw,99\n")
    let studies = try table("study,label,dicom\n11,0,q\n10,1,q\n12,1,q\n")
    let joined = try images.joined(with: studies, on: ["study"])
    #expect(joined.names == ["dicom", "study", "label"])
    #expect(try joined.texts("dicom") == ["x", "y", "z"])
    #expect(try joined.texts("label") == ["1", "0", "1"])
    let all = try images.joined(with: studies, on: ["study"], keepsAll: true)
    #expect(try all.texts("label") == ["1", "0", "1", nil])
    let error = #expect(throws: TableError.self) {
      try studies.joined(with: images, on: ["study"])
    }
    #expect(error?.description == "t.csv:4: the key 10 comes twice in the table that is joined")
  }

  @Test func wrongRowsAreNamedByLine() throws {
    func message(_ text: String, _ body: (Table) throws -> Void = { _ in }) -> String {
      do {
        try body(table(text))
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(message("") == "t.csv:1: found no line; expected the names of the columns")
    #expect(message("a,b\n1,2\n3\n") == "t.csv:3: found 1 cells; expected 2, as many as columns")
    #expect(message("a,b\n\"x\ny\",2\n3\n").hasPrefix("t.csv:4: "))
    #expect(message("a,a\n") == "t.csv:1: two columns are named a")
    #expect(message("a\n\"x\n") == "t.csv:2: a quote is not closed")
    #expect(
      message("a\n\"x\"y\n")
        == "t.csv:2: something follows a closed quote; quotes inside of one are doubled")
    #expect(
      message("a,b\n1,2\n") { _ = try $0.texts("c") }
        == "t.csv:1: no column is named c; there are a, b")
    #expect(
      message("a\n1\nx\n") { _ = try $0.numbers("a") }
        == "t.csv:3: found 'x' in the column a; expected a number")
    #expect(
      message("a,b\n1,2\n,3\n") { _ = try $0.numbers("a") }
        == "t.csv:3: found a blank in the column a; fill it (filling(_:with:)) or leave its row out"
    )
    #expect(
      message("a\n1.5\n") { _ = try $0.integers("a") }
        == "t.csv:2: found '1.5' in the column a; expected a whole number")
  }

  /// Made by `printf 'a,b\n1,2\n' | gzip -n`.
  @Test func compressedFilesAreRead() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("levin-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let bytes: [UInt8] = [
      0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0x4b, 0xd4, 0x49, 0xe2, 0x32, 0xd4, 0x31, 0xe2,
      0x02,
      0x00, 0x7b, 0x07, 0x97, 0x0a, 0x08, 0, 0, 0,
    ]
    let path = folder.appendingPathComponent("t.csv.gz").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try Table(contentsOf: path).integers("b") == [2])
  }
}
