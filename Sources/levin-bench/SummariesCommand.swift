import ArgumentParser
import Levin

/// Writes every kind of value to one run.
struct SummariesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summaries",
    abstract: "Writes every kind of value that TensorBoard shows, once or more.",
    discussion: """
      Tests compare the files with what PyTorch's writer makes of the same inputs, and view \
      them in TensorBoard.
      """)

  @Argument(help: "The folder of the run; it is created.")
  var folder: String

  @Flag(help: "Writes the graph of a traced network, and nothing else.")
  var traced = false

  func run() throws {
    let writer = try SummaryWriter(directory: folder)
    if traced {
      writer.addGraph(Sequential(Linear(4, 8), ReLU(), Linear(8, 2)), Tensor.zeros([1, 4]))
    } else {
      try SummariesProgram(writer: writer).run()
    }
    try writer.close()
  }
}
