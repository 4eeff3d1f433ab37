internal import ArgumentParser

/// `levin weights`: the commands about files of tensors.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "List, compare and convert files of tensors.",
    discussion: """
      Reads safetensors (also sharded), PyTorch's .pt and .pth, Lightning's .ckpt, NumPy's .npy and .npz, decided by content. \
      Nothing in a file is executed.
      """,
    subcommands: [
      WeightsListCommand.self, WeightsDiffCommand.self, WeightsConvertCommand.self,
    ], defaultSubcommand: WeightsListCommand.self)
}
