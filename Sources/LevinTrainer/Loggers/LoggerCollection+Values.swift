public import LevinNN
public import LevinTensor
public import LevinTensorBoard

extension LoggerCollection {
  /// Adds a point of a curve.
  public func addScalar(_ tag: String, _ value: Double, step: Int = 0) {
    logMetrics([(tag, value)], step: step)
  }
  /// Adds a point of a curve, from a tensor with one element (traps for other sizes).
  public func addScalar(_ tag: String, _ value: Tensor, step: Int = 0) {
    addScalar(tag, value.item(), step: step)
  }
  /// Adds a point to several curves in one chart; each curve is its own run below this one.
  public func addScalars(_ tag: String, _ values: KeyValuePairs<String, Double>, step: Int = 0) {
    write { try $0.addScalars(tag, values, step: step) }
  }
  /// Adds a histogram of a tensor's elements.
  public func addHistogram(
    _ tag: String, _ values: Tensor, step: Int = 0, bins: HistogramBins = .tensorflow,
    maximumBins: Int? = nil
  ) {
    write { $0.addHistogram(tag, values, step: step, bins: bins, maximumBins: maximumBins) }
  }
  /// Adds a histogram that is already counted (PyTorch's `add_histogram_raw`).
  public func addHistogramRaw(_ tag: String, _ histogram: HistogramSummary, step: Int = 0) {
    write { $0.addHistogram(tag, histogram, step: step) }
  }
  /// Adds a precision-recall curve.
  ///
  /// - Parameters:
  ///   - labels: Whether each sample belongs to the class, 0 or 1, or to what degree.
  ///   - predictions: Probabilities.
  public func addPRCurve(
    _ tag: String, labels: Tensor, predictions: Tensor, step: Int = 0, thresholdCount: Int = 127,
    weights: Tensor? = nil
  ) {
    write {
      $0.addPRCurve(
        tag, labels: labels, predictions: predictions, step: step, thresholdCount: thresholdCount,
        weights: weights)
    }
  }
  /// Adds a precision-recall curve for each class: labels `[samples]`, probabilities `[samples, classes]`.
  public func addPRCurves(
    _ tag: String, labels: Tensor, predictions: Tensor, step: Int = 0, thresholdCount: Int = 127
  ) {
    write {
      $0.addPRCurves(
        tag, labels: labels, predictions: predictions, step: step, thresholdCount: thresholdCount)
    }
  }
  /// Adds sound of one channel, -1…1.
  public func addAudio(_ tag: String, _ sound: Tensor, sampleRate: Int = 44100, step: Int = 0) {
    write { $0.addAudio(tag, sound, sampleRate: sampleRate, step: step) }
  }
  /// Adds a mesh, or without faces a point cloud: `[points, 3]` each.
  public func addMesh(
    _ tag: String, vertices: Tensor, colors: Tensor? = nil, faces: Tensor? = nil,
    configuration: String = "{}", step: Int = 0
  ) {
    write {
      $0.addMesh(
        tag, vertices: vertices, colors: colors, faces: faces, configuration: configuration,
        step: step)
    }
  }
  /// Adds points `[points, dimensions]` for the Projector, with a line of metadata and a picture for each.
  public func addEmbedding(
    _ tag: String = "default", _ rows: Tensor, metadata: [[String]]? = nil,
    header: [String]? = nil, labelImages: Tensor? = nil, step: Int = 0
  ) {
    write {
      try $0.addEmbedding(
        tag, rows, metadata: metadata, header: header, labelImages: labelImages, step: step)
    }
  }
  /// Sets the charts of the Custom Scalars tab; once per run.
  public func addCustomScalars(_ categories: [ChartCategory]) {
    write { $0.addCustomScalars(categories) }
  }
  /// Adds hyperparameters with the resulting metrics, in their own run below this one.
  public func addHyperparameters(
    _ hyperparameters: KeyValuePairs<String, HyperparameterValue>,
    metrics: KeyValuePairs<String, Double>, runName: String? = nil, step: Int = 0
  ) {
    write {
      try $0.addHyperparameters(hyperparameters, metrics: metrics, runName: runName, step: step)
    }
  }
  /// Adds the graph of a layer, traced on an example.
  public func addGraph(_ layer: Layer, _ input: Tensor) { write { $0.addGraph(layer, input) } }
  /// Adds the graph of what a module computes from an example: `addGraph(self, x) { self($0) }`.
  public func addGraph(_ module: Module, _ input: Tensor, forward: (Tensor) -> Tensor) {
    write { $0.addGraph(module, input, forward: forward) }
  }
}
