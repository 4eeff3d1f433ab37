public import ArgumentParser
import Foundation
public import Levin

/// Draws a small dataset for trying out a training.
struct MiniatureCommand: ParsableCommand {
  static let about =
    "Draw a small dataset with the folders, tables and files of CheXpert or MIMIC-CXR-JPG."
  static let configuration = CommandConfiguration(
    commandName: "\(Program.name) miniature", abstract: about)

  @Argument(help: "The folder to write into; the dataset gets a folder of its own there.")
  var folder: String
  @Option(help: "The number of patients; 2 of 15 of them validate.")
  var patients = 1500
  @Option(help: "The dataset that is imitated.")
  var layout = ChestXRayMiniature.Layout.cheXpert
  @Option(help: "The number of training images that are damaged or missing.")
  var damaged = 0
  @Option(help: "The seed of labels and pictures.")
  var seed: UInt64 = 0

  func validate() throws {
    guard (2...60000).contains(patients) else {
      throw ValidationError("--patients: found \(patients); expected 2 to 60000")
    }
    let most = patients - max(patients * 2 / 15, 1) - 1
    guard (0...most).contains(damaged) else {
      throw ValidationError("--damaged: found \(damaged); expected 0 to \(most)")
    }
  }

  func run() throws {
    let contents = try ChestXRayMiniature(
      patientCount: patients, damagedCount: damaged, seed: seed
    ).write(to: folder, layout: layout)
    print("\(contents.folder): \(patients) patients, \(contents.imageCount) images")
    for path in contents.damaged { print("damaged: \(path)") }
  }

  /// Parses and runs; ends the process with status 2 if the arguments are wrong, and with 1 if writing fails.
  static func start(_ arguments: [String]) async {
    do {
      let command = try parse(arguments)
      await Program.run { try command.run() }
    } catch {
      let text = fullMessage(for: error)
      guard !exitCode(for: error).isSuccess else { return print(text) }
      let message = text.hasPrefix("Error: ") ? "error: " + text.dropFirst(7) : text
      FileHandle.standardError.write(Data((message + "\n").utf8))
      Foundation.exit(2)
    }
  }
}

extension ChestXRayMiniature.Layout: ExpressibleByArgument {}
