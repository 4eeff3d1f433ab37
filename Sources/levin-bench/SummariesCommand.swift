import ArgumentParser
import LevinTensorBoard

/// Every kind of value in one run.
struct SummariesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summaries",
    abstract: "Writes every kind of value that TensorBoard shows, once or more.",
    discussion: """
      Tests hold the files against what PyTorch's writer makes of the same inputs, and look at \
      them in TensorBoard.
      """)

  @Argument(help: "The folder of the run; it is made.")
  var folder: String

  func run() throws {
    let writer = try SummaryWriter(directory: folder)
    try SummariesProgram(writer: writer).run()
    try writer.close()
  }
}
