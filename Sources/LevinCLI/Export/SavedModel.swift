internal import LevinConfiguration
internal import LevinTrainer

/// A model of the program, which checkpoints hold the hyperparameters and weights of.
struct SavedModel {
  /// The name of its class.
  let name: String
  /// Makes it from a checkpoint.
  let make: (Checkpoint, _ path: String) throws -> LightningModuleBase

  /// A model of a class.
  static func of<Model: LightningModuleBase & Configurable>(_ type: Model.Type) -> SavedModel {
    SavedModel(name: "\(type)") { try type.restored(from: $0, path: $1) }
  }

  /// The model that a checkpoint is of, or the one that is named.
  static func chosen(
    _ name: String?, for checkpoint: Checkpoint, path: String, among models: [SavedModel]
  ) throws -> SavedModel {
    let names = models.map(\.name)
    let all = names.joined(separator: ", ")
    if let name {
      if let model = models.first(where: { $0.name == name }) { return model }
      throw RunsError(
        "--model: unknown model '\(name)'; "
          + (KeyName.nearest(to: name, in: names).map { "did you mean '\($0)'?" }
            ?? "expected \(names.count == 1 ? "" : "one of ")\(all)"))
    }
    guard checkpoint.moduleHyperparameters != nil else {
      throw RunsError(
        "checkpoint '\(path)': it holds no hyperparameters of a module; expected a checkpoint that a training wrote"
      )
    }
    guard let name = checkpoint.moduleName else {
      if models.count == 1 { return models[0] }
      throw RunsError(
        "checkpoint '\(path)': it does not say which model it is of; expected --model with one of \(all)"
      )
    }
    if let model = models.first(where: { $0.name == name }) { return model }
    throw RunsError(
      "checkpoint '\(path)': it is of \(name); expected a model of \(Program.name): \(all). "
        + "If the class was renamed, choose it with --model")
  }
}
