internal import ArgumentParser
internal import LevinFormats

/// `levin weights FILE`: shows what a file of tensors holds.
struct WeightsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show the tensors of a file: names, types, shapes, bytes and checksums.",
    discussion: """
      The checksum is the CRC-32 of the elements, little endian and row-major: zlib.crc32(tensor.numpy().tobytes()) in Python. \
      Of a training's checkpoint, hyperparameters and everything else follow; a value that only Python could build is shown by \
      the name that it asks Python to call.
      """)

  @Argument(help: "A file of tensors, or the folder of a sharded one.", completion: .file())
  var file: String

  @Flag(help: "Print JSON with everything.")
  var json = false

  func run() throws {
    try Output.reportingErrors {
      let listing = try WeightsListing(TensorFile(path: file))
      if json {
        try Output.data(listing.json.pretty() + "\n")
      } else {
        try Output.page(listing.lines(.current()))
      }
    }
  }
}
