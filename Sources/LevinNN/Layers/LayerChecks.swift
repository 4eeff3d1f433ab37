internal import LevinSystem
internal import LevinTensor

/// Checks of layers over images; the messages name the layer.
enum LayerChecks {
  /// Checks a number of at least `least` for each of `rank` dimensions.
  static func sizes(
    _ sizes: any SpatialSizes, _ name: String, _ rank: Int, least: Int, for layer: String
  ) -> [Int] {
    ShapeChecks.sizes(
      sizes.sizes(rank: rank), of: sizes, name, rank: rank, least: least, for: layer)
  }

  /// Amounts of padding that are no name.
  static func sizes(
    _ sizes: any ConvolutionPadding, _ name: String, _ rank: Int, least: Int, for layer: String
  ) -> [Int] {
    ShapeChecks.sizes(
      sizes.sizes(rank: rank), of: sizes, name, rank: rank, least: least, for: layer)
  }

  static func channels(_ inputs: Int, _ outputs: Int, groups: Int, for layer: String) {
    guard inputs >= 1, outputs >= 1 else {
      fail(
        "\(layer)(\(inputs), \(outputs))", "\(inputs) input and \(outputs) output channels",
        expected: "at least 1 of each")
    }
    guard groups >= 1, inputs % groups == 0, outputs % groups == 0 else {
      fail(
        "\(layer)(\(inputs), \(outputs))", "\(groups) groups",
        expected: "a number that divides the channels")
    }
  }

  /// `[batch, channels, …]` with `rank` spatial dimensions, or the same without `batch`; any channels where none are given.
  static func images(_ input: Tensor, channels: Int? = nil, rank: Int, of layer: Layer) {
    let places = ["length", "height, width", "depth, height, width"][rank - 1]
    guard input.rank == rank + 2 || input.rank == rank + 1 else {
      layer.refuse(
        input, expected: "[batch, \(channels.map { "\($0)" } ?? "channels"), \(places)]")
    }
    guard let channels, input.shape[input.rank - rank - 1] != channels else { return }
    layer.refuse(
      input, expected: "\(channels) channels",
      hint: "they are dimension \(input.rank - rank - 1) of the input")
  }
}
