extension Run {
  /// A name under which a run has values, all of one kind.
  public struct Tag: Sendable, Hashable {
    /// The kind of the values.
    public enum Kind: Sendable, Hashable {
      case scalar, text, image, histogram, audio, graph, runMetadata
      case hyperparameters, precisionRecallCurve, mesh, customScalarLayout
      /// A tensor that belongs to none of TensorBoard's own plugins; the plugin's name is usually empty.
      case tensor(plugin: String)
    }

    /// The tag itself.
    public var name: String
    /// The kind of its values.
    public var kind: Kind
    /// The metadata of the tag's first event, as in TensorBoard.
    public var metadata: SummaryMetadata
    /// The number of points.
    public var count = 0
  }
}

extension Run.Tag.Kind {
  /// The kind of a tag whose first value is `value`.
  init(_ value: SummaryValue) {
    switch value.content {
    case .scalar: self = .scalar
    case .image: self = .image
    case .histogram: self = .histogram
    case .audio: self = .audio
    case .none, .tensor, .obsoleteHistogram:
      switch value.metadata?.pluginName ?? "" {
      case "scalars": self = .scalar
      case "text": self = .text
      case "images": self = .image
      case "histograms": self = .histogram
      case "audio": self = .audio
      case "hparams": self = .hyperparameters
      case "pr_curves": self = .precisionRecallCurve
      case "mesh": self = .mesh
      case "custom_scalars": self = .customScalarLayout
      case let plugin: self = .tensor(plugin: plugin)
      }
    }
  }

  /// Whether a later value fits the kind of the tag.
  func accepts(_ content: SummaryValue.Content) -> Bool {
    switch content {
    case .scalar: return self == .scalar
    case .image: return self == .image
    case .histogram: return self == .histogram
    case .audio: return self == .audio
    case .tensor(let tensor): return self != .scalar || tensor.scalar != nil
    case .none, .obsoleteHistogram: return self != .scalar
    }
  }

  /// The kind in words, in the plural.
  public var name: String {
    switch self {
    case .scalar: "scalars"
    case .text: "texts"
    case .image: "images"
    case .histogram: "histograms"
    case .audio: "sounds"
    case .graph: "graphs"
    case .runMetadata: "run metadata"
    case .hyperparameters: "hyperparameters"
    case .precisionRecallCurve: "precision-recall curves"
    case .mesh: "meshes"
    case .customScalarLayout: "layouts of custom scalars"
    case .tensor(let plugin): plugin.isEmpty ? "tensors" : "values of the plugin \(plugin)"
    }
  }
}
