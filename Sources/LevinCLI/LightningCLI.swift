public import LevinTrainer

/// A command line for a model and its data: `fit`, `test`, … with dotted options.
public struct LightningCLI<Batch, Model, Data>
where
  Model: LightningModule<Batch> & Configurable, Data: LightningDataModule<Batch> & Configurable
{
  public init(model: Model.Type, data: Data.Type) {}
  /// Parses `arguments` and runs; ends the process with the right exit status.
  public func main(_ arguments: [String]? = nil) async { fatalError("skeleton") }
}
