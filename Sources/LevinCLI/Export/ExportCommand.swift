internal import ArgumentParser
internal import LevinONNX
internal import LevinSystem
internal import LevinTensor
internal import LevinTrainer

/// `levin export CHECKPOINT`: writes the program's model as ONNX, with the weights of a checkpoint.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the model of a checkpoint as ONNX (opset 17).",
    discussion: """
      onnxruntime and other software run the file without Swift. The hyperparameters are those in the checkpoint. What the module's \
      forward computes from one input is in the file; its example input, or --input, says the shape.
      """)

  @Argument(
    help: "A checkpoint: a file, the folder of a run, last or best.",
    completion: RunCompletion.checkpoint)
  var checkpoint: String
  @Option(
    name: .shortAndLong, help: "The file to write.", completion: .file(extensions: ["onnx"]))
  var output = "model.onnx"
  @Option(
    help: ArgumentHelp(
      "The shape of one sample, without the batch; by default that of the module's example input.",
      valueName: "1,28,28"))
  var input: String?
  @Option(
    help: "The type of the input.", completion: .list(ExportCommand.dtypes.keys.sorted()))
  var dtype = "float32"
  @Option(help: "The number of samples in a batch; by default any.")
  var batch: Int?
  @Option(help: "The model that the checkpoint is of, if it does not say so itself.")
  var model: String?
  @Flag(help: "Replace the output if it is there.")
  var overwrite = false

  private static let dtypes = Dictionary(
    uniqueKeysWithValues: DType.allCases.map { ($0.name, $0) })
  private static let largestElementCount = 1 << 28
  private static let largestBatch = 1 << 16

  func validate() throws {
    if let input, Self.sizes(input) == nil {
      throw ValidationError(
        "--input: found '\(input)'; expected sizes such as 1,28,28, with at most "
          + "\(Self.largestElementCount) elements")
    }
    if Self.dtypes[dtype] == nil {
      throw ValidationError(
        "--dtype: found '\(dtype)'; expected one of \(Self.dtypes.keys.sorted().joined(separator: ", "))"
      )
    }
    if let batch, !(1...Self.largestBatch).contains(batch) {
      throw ValidationError("--batch: found \(batch); expected 1 to \(Self.largestBatch)")
    }
  }

  /// The sizes of a sample; nil if they are none.
  private static func sizes(_ text: String) -> [Int]? {
    var (sizes, count) = ([Int](), 1)
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let size = Int(word), size > 0 else { return nil }
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows, product <= largestElementCount else { return nil }
      sizes.append(size)
      count = product
    }
    return sizes
  }

  /// Exports one of the program's models.
  ///
  /// - Parameter runs: The folder of all runs, in which `last` and `best` are searched for.
  func run(_ models: [SavedModel], runs: String) throws {
    try Output.reportingErrors { try Output.page(try export(models, runs: runs)) }
  }

  /// Writes the file; returns what to print.
  func export(_ models: [SavedModel], runs: String) throws -> [String] {
    guard overwrite || !FileBytes.isFile(output) && !FileSystem.isFolder(output) else {
      throw RunsError("\(output) is there; --overwrite replaces it, --output names another file")
    }
    let path = try CheckpointPath.resolve(checkpoint, parent: runs)
    let saved = try Checkpoint(path: path)
    let module = try SavedModel.chosen(model, for: saved, path: path, among: models)
      .make(saved, path)
    let example = try example(for: module)
    let exported = try failing(of: module, example) {
      try module.onnxModel(example, dynamicBatch: batch == nil)
    }
    try exported.write(to: output)
    return [printable("\(output): \(type(of: module)) of \(path)")]
      + (exported.inputs + exported.outputs).map { "  \($0)" }
  }

  /// A batch of the wanted number of samples, of which no two are the same if they are numbers.
  private func example(for module: LightningModuleBase) throws -> Tensor {
    guard let shape = input.flatMap(Self.sizes) else {
      guard let example = module.exampleInput else {
        throw RunsError(
          "\(type(of: module)) has no example input; expected --input with the shape of a sample, such as --input 1,28,28"
        )
      }
      guard let batch, let count = example.shape.first, count > 0 else { return example }
      return example.indexSelected(0, Tensor((0..<batch).map { Int64($0 % count) }))
    }
    let type = Self.dtypes[dtype] ?? .float32
    let full = Shape([batch ?? 3] + shape)
    // Indices below 1 are in every table.
    guard type.isFloatingPoint else { return .zeros(full, dtype: type) }
    return Tensor.rand(full, generator: Generator(seed: 0)).to(type)
  }

  /// Ends the process with status 2 if `body` traps, as it does if the example does not fit the module.
  private func failing<Result>(
    of module: LightningModuleBase, _ example: Tensor, _ body: () throws -> Result
  ) rethrows -> Result {
    let what = "\(type(of: module)) with an input \(example.dtype.name)\(example.shape)"
    let hook = FailureHook { message in
      Output.printError("error: \(what): \(message)")
      CurrentProcess.exit(2)
    }
    return try FailureHook.$current.withValue(hook, operation: body)
  }
}
