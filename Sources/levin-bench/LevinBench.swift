import ArgumentParser

/// The measurements of Levin; `scripts/bench` compares them with those of other programs.
@main
struct LevinBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "levin-bench",
    abstract: "Measures Levin on this machine.",
    discussion: """
      Each measurement is printed as text in a terminal and as one line of JSON elsewhere. Those \
      that train read MNIST from LEVIN_MNIST, or else from MNIST/raw in the working directory. Build with \
      -c release: a debug build measures nothing of interest.
      """,
    subcommands: [
      LatencyCommand.self, PeakCommand.self, EpochCommand.self, FitCommand.self, StepsCommand.self,
      OverheadCommand.self, ContendedCommand.self, ProductCommand.self, ScalarAddCommand.self,
      ReadCommand.self, WeightsCommand.self, WriteCommand.self, WriteImageCommand.self,
      SummariesCommand.self, OperationsCommand.self, MemoryCommand.self, DataCommand.self,
      ChestXRaysCommand.self,
    ])
}
