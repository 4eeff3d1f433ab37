internal import ArgumentParser
internal import Foundation
internal import LevinTensorBoard

/// `levin events repair`: copies the whole records of a damaged file to a new one.
struct EventsRepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Copy every whole record of an event file into a new one.",
    discussion: """
      Records with wrong checksums, bytes that belong to no record, and records that are not events are left out; all others \
      are kept byte for byte. TensorBoard does not read a replaced file again: put the new file in place of the old one, \
      then restart it.
      """)

  @Argument(help: "The damaged file.", completion: .file())
  var file: String

  @Option(name: .shortAndLong, help: "The file to write.", completion: .file())
  var output: String

  @Flag(help: "Replace the output file if it exists.")
  var force = false

  func run() throws {
    try Output.page(try Self.repair(file, to: output, force: force))
  }

  static func repair(_ file: String, to output: String, force: Bool) throws -> [String] {
    let manager = FileManager.default
    func real(_ path: String) -> String { URL(filePath: path).resolvingSymlinksInPath().path }
    guard real(file) != real(output) else {
      throw RunsError("\(output) is the damaged file itself; give another output file")
    }
    guard !RunPaths.isFolder(output) else {
      throw RunsError("\(output) is a folder; give the file to write")
    }
    guard force || !manager.fileExists(atPath: output) else {
      throw RunsError("\(output) already exists; --force replaces it")
    }
    let repair = try EventFileRepair(file, to: output)
    var lines = repair.damage.map { "left out: " + printable($0.description) }
    let lost = repair.damage.reduce(0) { $0 + $1.end - $1.offset }
    lines.append(
      "\(output): \(repair.keptRecords) records kept (\(repair.keptBytes) bytes), \(lost) bytes left out"
    )
    if !URL(filePath: output).lastPathComponent.contains("tfevents") {
      lines.append("note: TensorBoard opens only files with 'tfevents' in their names")
    }
    return lines
  }
}
