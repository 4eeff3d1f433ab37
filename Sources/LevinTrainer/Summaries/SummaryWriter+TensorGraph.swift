public import LevinNN
public import LevinTensor
public import LevinTensorBoard

extension SummaryWriter {
  /// Adds the graph of a layer, traced on an example.
  public func addGraph(_ layer: Layer, _ input: Tensor) {
    addGraph(GraphSummary(tracing: layer, input: input) { layer(input) })
  }
  /// Adds the graph of what a module computes from an example: `addGraph(model, x) { model($0) }`.
  public func addGraph(_ module: Module, _ input: Tensor, forward: (Tensor) -> Tensor) {
    addGraph(GraphSummary(tracing: module, input: input) { forward(input) })
  }
}
