internal import LevinSystem
public import LevinTensor
public import LevinTensorBoard

extension SummaryWriter {
  /// Adds a point of a curve, from a tensor with one element (traps for other sizes).
  public func addScalar(_ tag: String, _ value: Tensor, step: Int = 0) {
    addScalar(tag, value.item(), step: step)
  }

  /// Adds a histogram of a tensor's elements; bins are PyTorch's `tensorflow`, `auto`, a count or edges.
  ///
  /// Returns whether there was anything to count; false if all elements are NaN or there are none.
  @discardableResult
  public func addHistogram(
    _ tag: String, _ values: Tensor, step: Int = 0, bins: HistogramBins = .tensorflow,
    maximumBins: Int? = nil
  ) -> Bool {
    addHistogram(tag, values.doubles, step: step, bins: bins, maximumBins: maximumBins)
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
    if predictions.dtype == .float32 {
      addPRCurve(
        tag, shares: labels.doubles, predictions: predictions.scalars(as: Float.self), step: step,
        thresholdCount: thresholdCount, weights: weights?.doubles)
    } else {
      addPRCurve(
        tag, shares: labels.doubles, predictions: predictions.doubles, step: step,
        thresholdCount: thresholdCount, weights: weights?.doubles)
    }
  }

  /// Adds a precision-recall curve for each class: labels `[samples]`, probabilities `[samples, classes]`.
  public func addPRCurves(
    _ tag: String, labels: Tensor, predictions: Tensor, step: Int = 0, thresholdCount: Int = 127
  ) {
    guard predictions.rank == 2 else {
      fail("addPRCurves", "shape \(predictions.shape)", expected: "[samples, classes]")
    }
    let (labels, classes) = (labels.doubles, predictions.transposed())
    for index in 0..<classes.shape[0] {
      let isOfClass = labels.map { Float($0 == Double(index) ? 1 : 0) }
      addPRCurve(
        "\(tag)/class_\(index)", labels: Tensor(isOfClass, shape: [labels.count]),
        predictions: classes[index], step: step, thresholdCount: thresholdCount)
    }
  }

  /// Adds sound of one channel, -1…1, from a tensor of any shape.
  public func addAudio(_ tag: String, _ sound: Tensor, sampleRate: Int = 44100, step: Int = 0) {
    addAudio(
      tag, sound.to(.float32).scalars(as: Float.self), sampleRate: sampleRate, step: step)
  }

  /// Adds a mesh: `vertices` `[points, 3]`, `colors` (0…255) and `faces` (indices) likewise; PyTorch's leading
  /// dimension of 1 is allowed.
  public func addMesh(
    _ tag: String, vertices: Tensor, colors: Tensor? = nil, faces: Tensor? = nil,
    configuration: String = "{}", step: Int = 0
  ) {
    func integers(_ tensor: Tensor) -> [[Int]] {
      tensor.to(.int64).points(for: "addMesh").map { $0.map { Int($0) } }
    }
    addMesh(
      tag, vertices: vertices.points(for: "addMesh").map { $0.map { Float($0) } },
      colors: colors.map(integers), faces: faces.map(integers), configuration: configuration,
      step: step)
  }

  /// Adds points for the Projector: `rows` `[points, dimensions]`, with a line of metadata and a picture of
  /// `labelImages` `[points, channels, height, width]` for each.
  ///
  /// Throws if a file cannot be written.
  public func addEmbedding(
    _ tag: String = "default", _ rows: Tensor, metadata: [[String]]? = nil,
    header: [String]? = nil, labelImages: Tensor? = nil, step: Int = 0
  ) throws {
    try addEmbedding(
      tag, rows.rows(for: "addEmbedding"), metadata: metadata, header: header,
      sprites: labelImages.map {
        PixelImage.images($0, layout: .nchw, for: "addEmbedding")
      }, step: step)
  }
}
